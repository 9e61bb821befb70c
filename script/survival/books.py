"""What the database and the mail server hold after a run, read past Odoo."""

import email
import email.policy
from collections import Counter

import psycopg2
from psycopg2.extras import RealDictCursor

ACTIONS = """
    SELECT action.id, action.state, action.channel, action.failure_reason, action.cycle,
           action.xmin::text AS claim, action.mail_id, action.contact_date,
           mail.state AS mail_state,
           message.email_from, partner.email AS address, level.number AS level
      FROM collection_action action
      JOIN collection_case debt ON debt.id = action.case_id
      JOIN res_partner partner ON partner.id = debt.partner_id
      JOIN collection_level level ON level.id = action.level_id
 LEFT JOIN mail_mail mail ON mail.id = action.mail_id
 LEFT JOIN mail_message message ON message.id = mail.mail_message_id
  ORDER BY action.id
"""
CRONS = {"run": "ir_cron_run_collection", "send": "ir_cron_send_collection"}


class Books:
    """Reads one database, and turns the clock of its claims and scheduled actions."""

    def __init__(self, site, database=None):
        self.site = site
        self.database = database or site.database
        variables = site.ground.variables()
        self._server = {"host": variables.get("PGHOST"), "user": variables.get("PGUSER")}
        self.connection = self._connect(self.database)
        self._notifier = self._connect("postgres")

    def _connect(self, database):
        connection = psycopg2.connect(dbname=database, **self._server)
        connection.autocommit = True
        return connection

    def close(self):
        """Leave the database."""
        self.connection.close()
        self._notifier.close()

    def rows(self, query, *parameters):
        """Return what a query finds, as dicts."""
        with self.connection.cursor(cursor_factory=RealDictCursor) as cursor:
            cursor.execute(query, parameters or None)
            return cursor.fetchall() if cursor.description else []

    def value(self, query, *parameters):
        """Return the only value that a query finds."""
        (row,) = self.rows(query, *parameters)
        (value,) = row.values()
        return value

    # === ACTIONS === #

    def actions(self, *states):
        """Return the actions, with their debtors' addresses; of some states only, if given."""
        return [row for row in self.rows(ACTIONS) if not states or row["state"] in states]

    def states(self):
        """Count the actions by state."""
        return Counter(row["state"] for row in self.actions())

    def addresses(self, *states):
        """Return the debtors' addresses of actions in these states, sorted."""
        return sorted(row["address"] for row in self.actions(*states))

    def runs(self):
        """Return the runs, the first one first."""
        return self.rows("SELECT * FROM collection_run ORDER BY id")

    def evidence(self, kind):
        """Count the pieces of evidence of a kind by action."""
        rows = self.rows("SELECT action_id FROM collection_evidence WHERE kind = %s", kind)
        return Counter(row["action_id"] for row in rows)

    def doubted(self):
        """Return the actions that were being handed over when their process died.

        Of the mails of one claim, which leave in order, that is the first one that Odoo does
        not know to have left.
        """
        claims = {}
        for row in sorted(self.actions("sending"), key=lambda row: row["mail_id"]):
            if row["mail_state"] == "outgoing":
                # By their transaction: two processes may claim in the same second.
                claims.setdefault((row["claim"], row["email_from"]), row["id"])
        return set(claims.values())

    # === PORTFOLIO === #

    def only(self, first, last):
        """Leave debtors of these numbers in the portfolio; the others' invoices are excluded."""
        self.rows(
            "UPDATE account_move_line line SET no_followup = "
            "       right(partner.name, 3)::int NOT BETWEEN %s AND %s "
            "  FROM res_partner partner "
            " WHERE partner.id = line.partner_id AND partner.name LIKE 'Debtor %%'",
            first,
            last,
        )

    # === CLOCKS === #

    def age_claims(self):
        """Make claims an hour old instead of waiting until they count as lost."""
        self.rows(
            "UPDATE collection_action SET claimed_at = claimed_at - interval '1 hour' "
            "WHERE state = 'sending'"
        )

    def make_due(self, *names):
        """Make scheduled actions due without touching their rows, which a job may hold."""
        for name in names:
            self.rows(
                "INSERT INTO ir_cron_trigger (cron_id, call_at) "
                "SELECT res_id, now() AT TIME ZONE 'UTC' - interval '1 minute' "
                "FROM ir_model_data WHERE module = 'recouvrement_creances' AND name = %s",
                CRONS[name],
            )

    def wake(self):
        """Wake the schedulers up, as Odoo does when something becomes due."""
        with self._notifier.cursor() as cursor:
            cursor.execute("SELECT pg_notify('cron_trigger', %s)", [self.database])

    def nothing_left(self):
        """Tell whether there was a run and nothing waits to be sent any more."""
        runs = self.runs()
        return (
            bool(runs)
            and all(run["state"] in ("done", "cancelled") for run in runs)
            and not self.actions("confirmed", "sending")
        )


class Mails:
    """What the mail server kept."""

    def __init__(self, site):
        self.folder = site.mails

    def all(self):
        """Return every mail, parsed."""
        return [
            email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            for path in sorted(self.folder.glob("*.eml"))
        ]

    def count(self):
        """Count the mails without reading them."""
        return sum(1 for _path in self.folder.glob("*.eml"))

    def by_address(self):
        """Count the mails by recipient."""
        return Counter(path.stem.split("-", 1)[1] for path in self.folder.glob("*.eml"))

    def began(self):
        """Return {address: moment at which the sending of the last mail to it began}."""
        return {mail["X-Caught-For"]: float(mail["X-Caught-At"]) for mail in self.all()}
