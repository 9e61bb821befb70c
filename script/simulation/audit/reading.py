"""An independent reading of the rules: the one verdict of each open item of a case.

In the order of the design: paid, not collectible, insolvency, handed over, time-barred, disputed,
schedule, promise, held, no policy, not due, covered, below the minimum, notice running, too soon,
ladder done; else it is to be reminded of.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from .books import LEFT
from .ladder import next_level
from .silence import claimable

# The verdict that each reason gives, the first one first.
OF_REASONS = (
    ("insolvent", "insolvency"),
    ("handed_over", "handed_over"),
    ("time_barred", "time_barred"),
    ("disputed", "disputed"),
    ("scheduled", "schedule"),
    ("promised", "promise"),
    ("paused", "held"),
)
CONSUMER_YEARS = 2  # C. conso L218-2
DOUBT = None


@dataclass
class Read:
    """What the reading found for one item."""

    verdict: str = ""
    earliest: date | None = None


class Reading:
    """The verdicts of cases at the end of a run, what it has sent counted."""

    def __init__(self, books):
        self.books = books
        self.contacts = defaultdict(set)  # {case: days of contact}; a day takes one
        self.notices = defaultdict(list)  # {item: formal notices given of it}
        self.has_events = {row.item_id for row in books.rows(EVENTS)}
        for action in books.actions.values():
            if action.state in LEFT:
                self._read_action(action)

    def _read_action(self, action):
        is_task = action.channel == "task" and (action.step_channel or "task") == "task"
        if not (is_task or action.is_incoming) and action.contact_date:
            self.contacts[action.case_id].add(action.contact_date)
        if action.is_notice:
            for one in self.books.told[action.id]:
                if one.level_id and one.level_id == action.level_id:
                    self.notices[one.item_id].append(action)

    def read(self, case):
        """Return {item: Read} of the open items of a case."""
        books = self.books
        items = [item for item in books.items_of_cases[case.id] if item.is_open]
        found = {item.id: Read(self._read_alone(item)) for item in items}
        covered, left = self._allocate(case, items)
        for item in items:
            if found[item.id].verdict == "" and item.id in covered:
                found[item.id].verdict = "covered"
        total = sum(left[item.id] for item in items if found[item.id].verdict == "")
        for item in items:
            if found[item.id].verdict == "":
                self._read_together(item, total, found[item.id])
        return found

    # === ONE ITEM === #

    def _read_alone(self, item):
        """Return the verdict that bears on the item alone, "" without one, DOUBT in doubt."""
        books = self.books
        line = books.lines.get(item.line_id)
        if line is None or not books.is_claim(line):
            return "paid"
        if line.no_followup or line.payment_state == "blocked":
            return "not_collectible"
        reasons = set(books.blocked.reasons.get(item.id, ()))
        is_barred = self._is_barred(item, line)
        if is_barred is DOUBT:
            return DOUBT
        if is_barred:
            reasons.add("time_barred")
        for reason, verdict in OF_REASONS:
            if reason in reasons:
                return verdict
        policy = self.policy_of(item, line)
        if policy is None:
            return "no_policy"
        if line.due >= books.date:
            level = self._next(item, line, policy)
            is_early = level is None or level.delay_days >= 0
            if is_early or line.due + timedelta(days=level.delay_days) > books.date:
                return "not_due"
        return ""

    def _is_barred(self, item, line):
        case = self.books.cases[item.case_id]
        debtor = self.books.debtors[case.debtor_id]
        if debtor.kind != "consumer":
            return False
        if item.id in self.has_events or line.claim_nature or debtor.claim_nature:
            return DOUBT
        start = min(day for day in (line.due, line.delivery_date, line.claim_start) if day)
        return start + relativedelta(years=CONSUMER_YEARS) < self.books.date

    def policy_of(self, item, line):
        """Return the confirmed policy that counts for an item: the invoice's, else the case's."""
        policies = self.books.policies
        policy = policies.get(line.own_policy_id)
        if policy is None or not policy.active:
            policy = policies.get(self.books.cases[item.case_id].policy_id)
        if policy is None or not policy.active or policy.state != "confirmed":
            return None
        return policy if self.books.ladders[policy.id] else None

    def _next(self, item, line, policy):
        former = self.books.levels.get(item.level_id)
        return next_level(self.books, policy.id, former, line.due < self.books.date)

    # === THE WHOLE CASE === #

    def _allocate(self, case, items):
        """Return (items that credits cover, {item: what is left to claim, company currency}).

        Credits go to the oldest items first, each in its own currency.
        """
        books = self.books
        so_far = defaultdict(Decimal)
        covered, left = set(), {}
        for item in sorted(items, key=self._by_age):
            line = books.lines.get(item.line_id)
            if line is None:
                left[item.id] = Decimal(0)
                continue
            credit = books.credits.get((case.company_id, case.debtor_id, line.currency_id), 0)
            amount = claimable(books, item, line)
            so_far[line.currency_id] += amount
            if credit > 0 and so_far[line.currency_id] <= credit:
                covered.add(item.id)
            rest = max(min(amount, so_far[line.currency_id] - credit), Decimal(0))
            left[item.id] = (
                rest * line.residual_company / line.residual if line.residual else Decimal(0)
            )
        return covered, left

    def _by_age(self, item):
        line = self.books.lines.get(item.line_id)
        return (line.due if line else date.max, item.id)

    def _read_together(self, item, total, found):
        books = self.books
        line = books.lines[item.line_id]
        policy = self.policy_of(item, line)
        if total < (policy.minimum_amount or 0):
            found.verdict = "below_minimum"
            return
        if any(self._runs(notice) for notice in self.notices[item.id]):
            found.verdict = "notice_running"
            return
        level = self._next(item, line, policy)
        if level is None:
            found.verdict = "ladder_done"
            return
        found.earliest = self._earliest(item, line, policy, level)
        found.verdict = "too_soon" if found.earliest > books.date else "remind"

    def _runs(self, notice):
        return notice.next_level_from is None or notice.next_level_from > self.books.date

    def _earliest(self, item, line, policy, level):
        """Return the first day of the next level: its own wait, the spacing and the caps."""
        former, contacted_on = self.books.levels.get(item.level_id), item.contacted_on
        days = [line.due + timedelta(days=level.delay_days)]
        if former and former.delay_days >= 0 and contacted_on:
            days.append(contacted_on + timedelta(days=level.delay_days - former.delay_days))
        past = sorted(self.contacts[item.case_id], reverse=True)
        if past:
            days.append(past[0] + timedelta(days=policy.minimum_days_between or 0))
        for cap, window in ((policy.weekly_cap, 7), (policy.monthly_cap, 30)):
            if cap and len(past) >= cap:
                days.append(past[cap - 1] + timedelta(days=window))
        return max(days)


EVENTS = """
    SELECT collection_item_id AS item_id FROM collection_item_collection_limitation_event_rel
     UNION
    SELECT collection_item_id FROM collection_item_collection_judgement_rel
"""
