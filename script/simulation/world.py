"""What everybody works with: the registry, the clock, users, debtors, the journal."""

import logging
import traceback
from collections import Counter, defaultdict
from datetime import timedelta
from random import Random

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying

from .days import is_working_day
from .journal import Act, Journal

_logger = logging.getLogger(__name__)
ACCOUNTANT, MANAGER, DIRECTOR = "sophie", "helene", "antoine"
COLLECTORS = ("claire", "marc", "nadia")


class World:
    """One simulated life.

    :ivar list companies: whose offices are lived through in this process
    :ivar list all_companies: all of them
    :ivar Journal journal: what was done
    :ivar dict refusals: {(who or where, what was refused): how often}
    :ivar list failures: errors that nobody expects, with their traceback
    """

    def __init__(self, database, connection, clock, seed):
        self.registry = Registry(database)
        self.database = database
        self.connection = connection
        self.clock = clock
        self.seed = seed
        self.chance = Random(f"world-{seed}")
        self.journal = Journal()
        self.users = {}
        self.companies = []
        self.all_companies = []
        self.debtors = []
        self.by_partner = {}
        self.by_email = {}
        self.agenda = defaultdict(list)
        self.bank = defaultdict(list)
        self.undo = defaultdict(list)
        self.post = defaultdict(list)
        self.address = ""
        self.senders = {}
        self.disputed = {}
        self.judgements = defaultdict(list)
        self.learnt = defaultdict(list)
        self.courts = defaultdict(list)
        self.offered = set()
        self.bounces = 0
        self.refusals = Counter()
        self.blocked = Counter()
        self.reactions = Counter()
        self.failures = []
        self._notes = self._puts = None
        self._known = {}

    # === PEOPLE === #

    def act(self, login, work, company=None, what=None):
        """Let a colleague do something in a transaction of its own, as the web client would.

        :param callable work: takes the environment; its result is returned
        :param int company: the only company he works in meanwhile; None: both
        :param str what: the work in words, for the report
        :return: what the work returns; None when it was refused or broke
        """
        others = [one for one in self.all_companies if one not in self.companies]
        companies = [company] if company else [*self.companies, *others]
        context = {"allowed_company_ids": companies, "lang": "fr_FR", "tz": "Europe/Paris"}
        return self._do(self.users[login], context, work, f"{login}: {what or work.__name__}")

    def found(self, work, **context):
        """Do something while the world is being made, before its first day."""
        with self.registry.cursor() as cursor:
            env = api.Environment(cursor, SUPERUSER_ID, context)
            result = work(env)
            cursor.commit()
        self.registry.signal_changes()
        return result

    def as_system(self, work, what):
        """Do what the system does by itself: take a mail in."""
        return self._do(SUPERUSER_ID, {}, work, what)

    def _do(self, uid, context, work, what):
        # What another process has changed may be in a cache of this one.
        self.registry.check_signaling()
        with self.registry.cursor() as cursor:
            env = api.Environment(cursor, uid, context)
            try:
                result = retrying(lambda: self._begin(work, env), env)
                cursor.commit()
                # What was rolled back has not taken place.
                self.journal.keep(self._notes)
                for where, key, value in self._puts:
                    where[key].append(value)
                return result
            except UserError as error:
                cursor.rollback()
                self.refuse(what, str(error))
            except Exception:
                cursor.rollback()
                self.fail(what, traceback.format_exc())
            finally:
                self._notes = self._puts = None
        return None

    def _begin(self, work, env):
        self._notes, self._puts = [], []
        return work(env)

    def refuse(self, what, why):
        """Remember that somebody was refused something: right or wrong, the report shows it."""
        self.refusals[what, " ".join(why.split())[:160]] += 1

    def fail(self, what, trace):
        """Remember an error that nobody expects."""
        self.failures.append((self.clock.moment, what, trace))
        _logger.info("simulation: %s failed\n%s", what, trace)

    # === TIME === #

    @property
    def day(self):
        """Return the simulated day."""
        return self.clock.day

    def is_working(self):
        """Tell whether the office works today."""
        return is_working_day(self.day)

    def plan(self, days, debtor, does, **detail):
        """Put something on a debtor's agenda: today at the earliest."""
        day = self.day + timedelta(days=max(days, 0))
        self.put(self.agenda, day, (debtor, does, detail))

    def put(self, where, key, value):
        """Put something into a diary, once the transaction in which it was decided is committed."""
        if self._puts is None:
            where[key].append(value)
        else:
            self._puts.append((where, key, value))

    def note(self, kind, debtor, **detail):
        """Write into the journal, once the transaction in which it took place is committed."""
        act = Act(self.day, self.clock.moment, kind, debtor.name, debtor.partner_id, detail)
        if self._notes is None:
            self.journal.keep([act])
        else:
            self._notes.append(act)

    # === READ PAST ODOO === #

    def ref(self, name):
        """Return the id of a record of the add-on."""
        if name not in self._known:
            query = "SELECT res_id FROM ir_model_data WHERE module = %s AND name = %s"
            ((self._known[name],),) = self.rows(query, "recouvrement_creances", name)
        return self._known[name]

    def finds(self, query, *parameters):
        """Tell whether there is any work: nobody opens a list whose counter shows nothing."""
        return bool(self.rows(f"{query} LIMIT 1", *parameters))

    def rows(self, query, *parameters):
        """Return what a query finds, as tuples."""
        with self.connection.cursor() as cursor:
            cursor.execute(query, parameters or None)
            return cursor.fetchall()

    def read_open(self, debtor, company=None):
        """Return [(move id, number, residual, currency, due date, company id)] of what he owes."""
        return self.rows(
            """
            SELECT line.move_id, move.name, SUM(line.amount_residual_currency), currency.name,
                   MIN(line.date_maturity), line.company_id
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
              JOIN account_account account ON account.id = line.account_id
              JOIN res_currency currency ON currency.id = line.currency_id
             WHERE line.partner_id = %s
               AND account.account_type = 'asset_receivable'
               AND line.parent_state = 'posted'
               AND line.reconciled IS NOT TRUE
               AND line.balance > 0
               AND move.move_type = 'out_invoice'
               AND line.company_id = ANY(%s)
          GROUP BY line.move_id, move.name, currency.name, line.company_id
          ORDER BY MIN(line.date_maturity), line.move_id
            """,
            debtor.partner_id,
            [company] if company else self.companies,
        )
