from datetime import date, timedelta
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ...rules.deadline_rules import DEADLINES, compute_coded
from ...rules.distances import ABROAD, NEAR
from ...rules.insolvency import (
    COMPANY,
    CONSUMER,
    GROUNDS,
    KINDS,
    STEPS,
    Declared,
    is_payment_forbidden,
    split_due,
    steps_of,
)
from ...rules.places import find_place
from ...rules.transitions import INSOLVENCY

OPENING = date(2026, 3, 2)
# Published on, creditor abroad, alarm, legal day.
DECLARATIONS = (
    # A Sunday: the alarm on the Friday before, the legal day on Monday.
    ("2026-03-03", False, "2026-04-30", "2026-05-04"),
    ("2026-03-17", False, "2026-05-15", "2026-05-18"),
    # Easter Monday.
    ("2026-02-06", False, "2026-04-03", "2026-04-07"),
    # 14 July.
    ("2026-05-14", False, "2026-07-13", "2026-07-15"),
    # No 30 or 31 February; a leap year has the 29th.
    ("2026-12-30", False, "2027-02-26", "2027-03-01"),
    ("2027-12-30", False, "2028-02-29", "2028-02-29"),
    ("2027-12-29", False, "2028-02-29", "2028-02-29"),
    # Abroad: two months more.
    ("2026-12-30", True, "2027-04-30", "2027-04-30"),
    ("2027-10-31", True, "2028-02-29", "2028-02-29"),
    ("2026-03-03", True, "2026-07-03", "2026-07-03"),
    ("2026-03-04", True, "2026-07-03", "2026-07-06"),
    ("2026-09-11", True, "2027-01-11", "2027-01-11"),
)


@tagged("post_install", "-at_install")
class TestRulesInsolvency(BaseCase):
    """What proceedings stop and what follows from their steps, without a database."""

    def test_declarations_are_due_on_these_days(self):
        place = find_place("FR", "75002")
        for published, is_abroad, alarm, legal in DECLARATIONS:
            with self.subTest(published=published, is_abroad=is_abroad):
                found, _parameter = compute_coded(
                    "insolvency.declaration",
                    date.fromisoformat(published),
                    place.is_holiday,
                    distance=ABROAD if is_abroad else NEAR,
                )
                self.assertEqual((found.alarm.isoformat(), found.legal.isoformat()), (alarm, legal))

    def test_every_deadline_of_a_step_has_its_rule(self):
        for code, step in STEPS.items():
            with self.subTest(step=code):
                self.assertLessEqual({*step.opens, *step.closes, *step.drops}, DEADLINES.keys())
                if step.event:
                    self.assertTrue(any(step.event in row for row in INSOLVENCY.values()))
                if step.becomes:
                    self.assertIn(step.becomes, KINDS)

    def test_what_is_opened_can_be_closed(self):
        opened = {code for step in STEPS.values() for code in step.opens if code}
        closed = {code for step in STEPS.values() for code in (*step.closes, *step.drops)}
        published = {code for kind in KINDS.values() for code in kind.publication}
        # The declaration is closed by its sending.
        self.assertLessEqual(opened | published - {"insolvency.declaration"}, closed)

    def test_companies_and_consumers_have_their_own_steps(self):
        for kind, procedure in KINDS.items():
            with self.subTest(kind=kind):
                for code in steps_of(kind):
                    self.assertIn(procedure.family, STEPS[code].families)
        self.assertIn("contest", steps_of("liquidation"))
        self.assertNotIn("contest", steps_of("overindebtedness"))
        self.assertEqual({kind.family for kind in KINDS.values()}, {COMPANY, CONSUMER})
        self.assertEqual([kind for kind, one in KINDS.items() if not one.stays], ["conciliation"])

    def test_what_falls_due_on_the_opening_day_is_to_come(self):
        def debt(due, amount):
            return Declared(Decimal(amount), Decimal("1.50"), Decimal(40), due)

        before, on_the_day = OPENING - timedelta(days=1), OPENING
        due, coming = split_due([debt(before, 100), debt(on_the_day, 50)], OPENING)
        self.assertEqual((due, coming), (Decimal("141.50"), Decimal("91.50")))
        self.assertEqual(split_due([], OPENING), (0, 0))

    def test_payments_are_forbidden_until_the_plan(self):
        plan = (date(2026, 9, 1), None)
        ended = (date(2026, 9, 1), date(2027, 2, 1))
        for paid_on, plans, forbidden in (
            (date(2026, 3, 1), (), False),
            (date(2026, 3, 2), (), True),
            (date(2030, 1, 1), (), True),
            (date(2026, 8, 31), [plan], True),
            (date(2026, 9, 1), [plan], False),
            (date(2027, 1, 31), [ended], False),
            (date(2027, 2, 1), [ended], True),
            (date(2027, 4, 1), [ended, (date(2027, 3, 1), None)], False),
        ):
            with self.subTest(paid_on=paid_on, plans=plans):
                self.assertEqual(is_payment_forbidden(paid_on, OPENING, plans), forbidden)

    def test_only_what_ends_well_frees_the_debtor(self):
        self.assertEqual({one for one, freed in GROUNDS.items() if freed}, {"paid", "overturned"})
