import time
import uuid
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, config

# Handing a chunk over takes so long at most; what a slow mail server leaves goes later.
SECONDS_FOR_HAND_OVER = 60
# A claim older than this belongs to a process that has died.
CLAIM_MINUTES = 15
# ... and one older than this was made before a backup of the machine was restored.
OWN_CLAIM_HOURS = 6


class CollectionClaim(models.AbstractModel):
    """What a process has taken to hand over: whose it is, whether it may still leave, its end.

    Claims are committed before anything leaves; one that is found later belongs to a process that
    has died, or to a database that was restored.
    """

    _name = "collection.claim"
    _description = "Claim of contacts to hand over"

    @api.model
    def _claim(self, actions):
        """Note that this process is about to hand these actions over."""
        actions._apply_event(
            "claim",
            {
                # The database's clock: those of several hosts may disagree.
                "claimed_at": self.env.cr.now().replace(microsecond=0),
                "claim_key": f"{self._get_database_identity()}/{uuid.uuid4().hex}",
            },
        )
        self._remember_amounts(actions)

    @api.model
    def _remember_amounts(self, actions):
        """Keep what is due at the moment that messages are written."""
        actions.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE collection_action action SET claimed_amount = (%s) WHERE action.id IN %s",
                self._select_due(),
                tuple(actions.ids),
            )
        )
        actions.invalidate_recordset(["claimed_amount"])

    def _select_due(self):
        """Return what is due of an action's items, as the ledger says now."""
        return SQL(
            """
            SELECT COALESCE(SUM(ledger.amount_residual), 0)
              FROM collection_action_item line
              JOIN collection_item item ON item.id = line.item_id
              JOIN account_move_line ledger ON ledger.id = item.move_line_id
             WHERE line.action_id = action.id AND ledger.parent_state = 'posted'
            """
        )

    @api.model
    def _find_changed(self, action_ids, today):
        """Return the ids of claimed actions that may not leave as they were written.

        Asked right before they leave: a payment, a credit note or a hold came in between.

        :param date today: the day on which holds run
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT action.id
                  FROM collection_action action
                 WHERE action.id IN %s AND (%s OR EXISTS (%s))
                """,
                tuple(action_ids),
                self._is_due_changed(),
                self._select_new_holds(today),
            )
        )
        return [row[0] for row in rows]

    @api.model
    def _find_next_mail(self, mail_ids, today):
        """Return the e-mail that leaves next, and whether it may leave as it was written.

        Asked once for each message, so the many that nothing happened to take the short way: what
        is due is the same, and nothing is held.

        :param date today: the day on which holds run
        :return: (id, True or False); (None, True) when all have left
        """
        if not mail_ids:
            return None, True
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT action.id, action.mail_id, %s OR EXISTS (
                       SELECT FROM collection_hold hold
                        WHERE hold.case_id = action.case_id AND hold.state = 'open')
                  FROM mail_mail mail
                  JOIN collection_action action ON action.mail_id = mail.id
                 -- Of both: PostgreSQL would read every action there ever was up to the first mail.
                 WHERE action.mail_id IN %s AND mail.id IN %s AND mail.state = 'outgoing'
              ORDER BY mail.id LIMIT 1
                """,
                self._is_due_changed(),
                tuple(mail_ids),
                tuple(mail_ids),
            )
        )
        for action_id, mail_id, is_doubtful in rows:
            return mail_id, not (is_doubtful and self._find_changed([action_id], today))
        return None, True

    def _is_due_changed(self):
        """Return the condition that another amount is due than an action was written with."""
        return SQL("ABS((%s) - COALESCE(action.claimed_amount, 0)) > 0.004", self._select_due())

    def _select_new_holds(self, today):
        """Return the holds that stop an action and that the guard has not seen."""
        return SQL(
            """
            SELECT FROM collection_hold hold
             WHERE hold.case_id = action.case_id
               AND hold.state = 'open'
               AND hold.date_start <= %(today)s
               AND (hold.date_end IS NULL OR hold.date_end >= %(today)s)
               AND (%(whole)s OR %(fresh)s)
            """,
            today=today,
            # The guard let none of these through: one that runs now is new.
            whole=SQL(
                "hold.arose_before IS NULL AND NOT EXISTS "
                "(SELECT FROM collection_hold_line held WHERE held.hold_id = hold.id)"
            ),
            # A dispute of what the message speaks of, an insolvency; a false alarm costs a second
            # look.
            fresh=SQL(
                """
                hold.write_date >= action.claimed_at - INTERVAL '10 seconds'
                AND (hold.arose_before IS NOT NULL
                     OR EXISTS (SELECT FROM collection_hold_line held
                                  JOIN collection_action_item line ON line.item_id = held.item_id
                                 WHERE held.hold_id = hold.id AND line.action_id = action.id))
                """
            ),
        )

    @api.model
    def _get_database_identity(self):
        """Return what tells this database from one that was restored or copied from it."""
        self.env.cr.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
        return self.env.cr.fetchone()[0]

    @api.model
    def _filter_own_claims(self, actions):
        """Return the claims that were made here, and not before a backup was restored.

        The age covers snapshots of disks and virtual machines: a live installation settles a
        claim within half an hour.
        """
        identity = f"{self._get_database_identity()}/"
        oldest = self.env.cr.now() - timedelta(hours=OWN_CLAIM_HOURS)
        return actions.filtered(
            lambda action: (
                (action.claim_key or "").startswith(identity) and action.claimed_at > oldest
            )
        )

    @api.model
    def _settle_surely(self, service, actions, as_of, interrupted):
        """Note what became of a handing over, again when another process noted something too.

        The results are committed by then: reading them twice gives the same.
        """
        executor = self.env["collection.executor"]

        def settle():
            service._settle(actions, as_of, interrupted)
            executor._checkpoint()

        executor._repeat_on_conflict(settle)

    @api.model
    def _get_hand_over_deadline(self, actions):
        """Return when to stop handing over: well before Odoo would kill this process for it, and
        before the debtors' hours are over.
        """
        in_cron = bool(self.env.context.get("ir_cron_progress_id"))
        limit = config["limit_time_real_cron"] if in_cron else config["limit_time_real"]
        if limit < 0:
            limit = config["limit_time_real"]
        seconds = min(limit / 2, SECONDS_FOR_HAND_OVER) if limit else SECONDS_FOR_HAND_OVER
        now = fields.Datetime.now()
        closing = self.env["collection.guard"]._find_closing(actions, now)
        if closing:
            # Nothing leaves in the very second in which they close.
            seconds = min(seconds, (closing - now).total_seconds() - 1)
        return time.monotonic() + seconds

    def _settle_lost_claims(self, company):
        """Find out what became of claims whose process has died."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM collection_action
                 WHERE company_id = %s AND state = 'sending' AND claimed_at < %s
                   FOR UPDATE SKIP LOCKED
                """,
                company.id,
                self.env.cr.now() - timedelta(minutes=CLAIM_MINUTES),
            )
        )
        lost = self.env["collection.action"].browse([row[0] for row in rows])
        for (channel, day), actions in lost.grouped(
            lambda action: (action.channel, company._get_collection_day(action.claimed_at))
        ).items():
            self.env[f"collection.channel.{channel}"]._settle(actions, day, actions)
