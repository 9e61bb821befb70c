"""Schedules and instalments stand where a replay of the matchings puts them.

Payments pay the oldest instalment first; what a credit note or a loss takes off shortens the plan
from its end; what the debts had received before the plan does not count.
"""

from decimal import Decimal

from .agreements import add_working_days
from .books import CENT
from .finding import Finding

SCHEDULES = """
    SELECT * FROM collection_schedule
     WHERE company_id IN %(companies)s AND state NOT IN ('draft', 'to_approve', 'cancelled')
"""
COVERED = """
    SELECT cover.* FROM collection_schedule_item cover
      JOIN collection_schedule schedule ON schedule.id = cover.schedule_id
     WHERE schedule.company_id IN %(companies)s
  ORDER BY cover.id
"""
INSTALMENTS = """
    SELECT * FROM collection_instalment WHERE company_id IN %(companies)s
  ORDER BY due_date, number
"""
JUDGED = ("signed", "running", "late", "completed")


def check(books):
    """Yield schedules that do not add up, and those of which the ledger says something else."""
    covers, lines = {}, {}
    for row in books.rows(COVERED):
        covers.setdefault(row.schedule_id, []).append(row)
    for row in books.rows(INSTALMENTS):
        lines.setdefault(row.schedule_id, []).append(row)
    for schedule in books.rows(SCHEDULES):
        subject = f"{books.name(schedule.case_id)}, schedule {schedule.name}"
        own = lines.get(schedule.id, [])
        yield from _check_sums(subject, schedule, covers.get(schedule.id, []), own)
        if schedule.state in JUDGED and schedule.company_id in books.judged:
            plan = _Plan(books, schedule, covers.get(schedule.id, []), own)
            plan.bank_days = books.bank_days[schedule.company_id]
            yield from plan.check(subject)


def _check_sums(subject, schedule, covers, lines):
    sums = (
        sum((line.amount for line in lines), Decimal(0)),
        sum((cover.amount for cover in covers), Decimal(0)),
    )
    for found in sums:
        if abs(found - schedule.amount_total) > CENT:
            yield Finding(
                "a schedule adds up", subject, str(schedule.amount_total), f"{sums[0]}, {sums[1]}"
            )


class _Plan:
    """One schedule, replayed."""

    def __init__(self, books, schedule, covers, lines):
        self.books = books
        self.schedule = schedule
        self.covers = covers
        self.lines = lines
        self.bank_days = 0
        self.payments = []  # [(value date, amount)]
        self.reduced = Decimal(0)
        self.is_known = all(self._read(cover) for cover in covers)

    def _read(self, cover):
        """Add what a debt has received beyond what it had; tell whether that is certain."""
        item = self.books.items.get(cover.item_id)
        line = self.books.lines.get(item.line_id) if item else None
        if cover.charge_id or line is None or line.state != "posted":
            return False
        before = line.amount - cover.amount
        if before < -CENT:
            return False
        for one in sorted(self.books.matchings.get(line.id, ()), key=lambda m: (m.day, m.id)):
            counted = one.amount - min(before, one.amount)
            before = max(before - one.amount, Decimal(0))
            if one.kind == "other":
                return False
            if one.kind == "payment" and counted:
                self.payments.append((one.day, counted))
            elif counted:
                self.reduced += counted
        return True

    def check(self, subject):
        """Yield what contradicts the replay."""
        if not self.is_known:
            return
        self.books.count("schedules")
        wanted = self._judge()
        for line, states in zip(self.lines, wanted, strict=True):
            self.books.count(f"instalments: {line.state}")
            if line.state not in states:
                yield Finding(
                    "instalments follow the matchings",
                    f"{subject}, instalment {line.number} of {line.due_date}",
                    " or ".join(states),
                    line.state,
                )
        states = self._judge_whole(wanted)
        if self.schedule.state not in states:
            yield Finding(
                "schedules follow the matchings", subject, " or ".join(states), self.schedule.state
            )

    def _amounts(self):
        """Return what is left of each instalment once credit notes took the last ones off."""
        amounts = [line.amount for line in self.lines]
        left = self.reduced
        for number in range(len(amounts) - 1, -1, -1):
            taken = min(left, amounts[number])
            amounts[number] -= taken
            left -= taken
        return amounts

    def _judge(self):
        """Return the states allowed of each instalment."""
        today = self.books.date
        payments = sorted(payment for payment in self.payments if payment[0] <= today)
        states, due = [], Decimal(0)
        for line, amount in zip(self.lines, self._amounts(), strict=True):
            due += amount
            last = add_working_days(line.due_date, self.bank_days)
            settled = _reached(payments, due)
            in_time = _sum(payments, last) - (due - amount)
            if amount <= 0:
                # Nothing is owed of it; when it was taken off decides how it is called.
                states.append(("kept", "late", "pending", "void"))
            elif settled:
                states.append(("kept",) if settled <= last else ("late",))
            elif today <= last:
                states.append(("pending",))
            elif in_time > CENT:
                states.append(("partly_kept",))
            else:
                so_far = _sum(payments, today) - (due - amount)
                states.append(("partly_kept", "broken") if so_far > CENT else ("broken",))
        return states

    def _judge_whole(self, wanted):
        rest = sum(self._amounts(), Decimal(0)) - _sum(self.payments, self.books.date)
        if rest <= CENT:
            return ("completed",)
        if any(set(states) & {"broken", "partly_kept"} for states in wanted):
            return ("late",)
        down = [
            states
            for line, states in zip(self.lines, wanted, strict=True)
            if line.kind == "down_payment" and "pending" in states
        ]
        return ("signed",) if self.schedule.begins_with_down_payment and down else ("running",)


def _reached(payments, amount):
    """Return the value date on which payments had reached a sum; None when they have not."""
    so_far = Decimal(0)
    for day, paid in payments:
        so_far += paid
        if so_far >= amount - Decimal("0.0001"):
            return day
    return None


def _sum(payments, until):
    return sum((amount for day, amount in payments if day <= until), Decimal(0))
