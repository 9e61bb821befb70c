"""What the database says at the end of a simulated day, read by plain SQL, each part once."""

from collections import defaultdict
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import cached_property

from psycopg2.extras import NamedTupleCursor

from . import queries
from .blocked import Blocked
from .mails import read_mail
from .places import local_day
from .shelves import Shelf
from .touched import find_touched

CENT = Decimal("0.005")
DAYS_BACK = 40  # caps look back 30 days
LEFT = ("sent", "done")  # the states of a contact that took place


class Books:
    """One database on one day, with what the auditor remembers of the days before."""

    def __init__(self, connection, day):
        self.connection = connection
        self.day = day
        self.date = day.date
        self.memory = day.memory
        self.companies = tuple(day.companies)
        self.yesterday = self.memory.get("facts", {})
        self.today = {}  # what the families leave for tomorrow
        self._touched = {}
        self._asked = {}

    def rows(self, query, **parameters):
        """Return what a query finds, as named tuples."""
        with self.connection.cursor(cursor_factory=NamedTupleCursor) as cursor:
            cursor.execute(query, {"companies": self.companies, "day": self.date, **parameters})
            return cursor.fetchall()

    def once(self, query):
        """Return what a query finds, however often it is asked for on one evening."""
        if query not in self._asked:
            self._asked[query] = self.rows(query)
        return self._asked[query]

    def shelf(self, name):
        """Return {id: row} of a query whose rows are kept from day to day, the first one first."""
        shelves = self.memory.setdefault("shelves", {})
        if name not in shelves:
            shelves[name] = Shelf(*queries.SHELVES[name])
        return shelves[name].read(self.rows)

    def read(self):
        """Read what most families look at."""
        for name in queries.SHELVES:
            getattr(self, name)
        for part in ("cases", "debtors", "evidence", "mails", "blocked"):
            getattr(self, part)

    def remember(self):
        """Keep for tomorrow what only a comparison of two evenings can tell."""
        self.today["residuals"] = {line.id: line.residual for line in self.lines.values()}
        self.memory["facts"] = self.today

    def count(self, name, number=1):
        """Count what was compared: an auditor that compares nothing finds nothing."""
        counts = self.memory.setdefault("compared", defaultdict(int))
        counts[name] += number

    # === LEDGER === #

    @cached_property
    def lines(self):
        """{id: receivable journal item of a customer}, open and settled."""
        return self.shelf("lines")

    @cached_property
    def lines_of_moves(self):
        """{entry: its receivable journal items}."""
        found = defaultdict(list)
        for line in self.lines.values():
            found[line.move_id].append(line)
        return found

    @cached_property
    def matchings(self):
        """{debit journal item: its matchings, in the order in which they were made}."""
        found = defaultdict(list)
        for row in self.shelf("matchings").values():
            found[row.debit_id].append(row)
        return found

    @cached_property
    def credits(self):
        """{(company, debtor, currency): what he paid too much, or is credited, unallocated}."""
        found = defaultdict(Decimal)
        for line in self.lines.values():
            if line.state == "posted" and line.balance < 0 and line.residual < 0:
                found[line.company_id, line.debtor_id, line.currency_id] -= line.residual
        return found

    @cached_property
    def company_credits(self):
        """{(company, debtor): the same in the company's currency}."""
        found = defaultdict(Decimal)
        for line in self.lines.values():
            is_open = line.state == "posted" and not line.reconciled
            if is_open and line.balance < 0 and line.residual < 0:
                found[line.company_id, line.debtor_id] -= line.residual_company
        return found

    def is_claim(self, line):
        """Tell whether a journal item is something that is still owed."""
        return (
            line.state == "posted"
            and not line.reconciled
            and line.balance > 0
            and (line.residual > 0 or line.residual_company > 0)
        )

    @cached_property
    def digits(self):
        """{currency: its number of decimals}, as the step of its roundings says."""
        return {
            row.id: max(0, -Decimal(str(row.rounding)).normalize().as_tuple().exponent)
            for row in self.rows("SELECT id, rounding FROM res_currency")
        }

    # === COLLECTION === #

    @cached_property
    def cases(self):
        """{id: case}."""
        return {row.id: row for row in self.rows(queries.CASES)}

    @cached_property
    def items(self):
        """{id: item}."""
        return self.shelf("items")

    @cached_property
    def items_of_cases(self):
        """{case: its items}."""
        found = defaultdict(list)
        for item in self.items.values():
            found[item.case_id].append(item)
        return found

    @cached_property
    def cases_of_debtors(self):
        """{(company, debtor): his cases, closed ones too}."""
        found = defaultdict(list)
        for case in self.cases.values():
            found[case.company_id, case.debtor_id].append(case)
        return found

    @cached_property
    def debtors(self):
        """{partner: who he is and where he lives}."""
        return {row.id: row for row in self.rows(queries.DEBTORS)}

    @cached_property
    def policies(self):
        """{id: policy}."""
        return {row.id: row for row in self.rows("SELECT * FROM collection_policy")}

    @cached_property
    def levels(self):
        """{id: level}."""
        return {row.id: row for row in self.rows("SELECT * FROM collection_level")}

    @cached_property
    def ladders(self):
        """{policy: its active levels, the lowest first}."""
        found = defaultdict(list)
        for level in sorted(self.levels.values(), key=lambda level: level.delay_days):
            if level.active:
                found[level.policy_id].append(level)
        return found

    @cached_property
    def actions(self):
        """{id: action}."""
        return self.shelf("actions")

    @cached_property
    def actions_of_day(self):
        """The contacts that took place on this day."""
        return [
            action
            for action in self.actions.values()
            if action.contact_date == self.date and action.state in LEFT
        ]

    @cached_property
    def told(self):
        """{action: the items that it speaks of}."""
        found = defaultdict(list)
        for row in self.shelf("told").values():
            found[row.action_id].append(row)
        return found

    @cached_property
    def evidence(self):
        """The last days' evidence of contacts, without its bodies, the first one first.

        Evidence never changes (the chain is checked apart): what was read once is kept.
        """
        known = self.memory.get("evidence", [])
        new = self.rows(queries.EVIDENCE, after=known[-1].id if known else 0)
        since = datetime.combine(self.date - timedelta(days=DAYS_BACK), time())
        found = [row for row in known if row.occurred_at > since] + new
        self.memory["evidence"] = found
        return found

    @cached_property
    def evidence_of_day(self):
        """What took place on this day, in the debtor's company's calendar."""
        return [row for row in self.evidence if self.local_day(row.occurred_at) == self.date]

    @cached_property
    def evidence_of_actions(self):
        """{action: its evidence of the last days}."""
        found = defaultdict(list)
        for row in self.evidence:
            found[row.action_id].append(row)
        return found

    def local_day(self, moment):
        """Return the day of a moment in UTC, as the companies count days."""
        return local_day(moment)

    # === RUNS === #

    @cached_property
    def runs(self):
        """The daily runs of this day."""
        return self.rows(queries.RUNS)

    @cached_property
    def judged(self):
        """The companies of which agreements were judged on this day."""
        return {run.company_id for run in self.runs}

    def touched(self, run):
        """Return (debtors, cases, whether policies) that changed since a run had begun."""
        if run.id not in self._touched:
            self._touched[run.id] = find_touched(self, run)
        return self._touched[run.id]

    @cached_property
    def bank_days(self):
        """{company: the working days that a transfer takes}."""
        return {row.id: row.days or 0 for row in self.rows(queries.BANK_DAYS)}

    # === MAILS AND PEOPLE === #

    @cached_property
    def mails(self):
        """The day's mails, read."""
        return [read_mail(mail) for mail in self.day.mails]

    @cached_property
    def moments(self):
        """{Message-Id: when the mail was taken by the mail server}."""
        return {mail.message_id: mail.moment for mail in self.mails}

    @cached_property
    def acts(self):
        """{debtor: what he did or what was done to him today, in order}."""
        found = defaultdict(list)
        entries = getattr(self.day.journal, "entries", self.day.journal) or ()
        for act in entries:
            if act.day == self.date and act.partner_id:
                found[act.partner_id].append(act)
        return found

    def name(self, case_id):
        """Return how a case is named in findings."""
        case = self.cases[case_id]
        return f"{case.name} ({self.debtors[case.debtor_id].name})"

    @cached_property
    def evidence_of_cases(self):
        """{case: its evidence of the last days}."""
        found = defaultdict(list)
        for row in self.evidence:
            if row.action_id:
                found[row.case_id].append(row)
        return found

    @cached_property
    def blocked(self):
        """What keeps items from being asked for, at the end of the day."""
        return Blocked(self)
