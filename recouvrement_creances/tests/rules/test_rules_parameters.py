from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from odoo.tests import BaseCase, tagged

from ...rules.limitation import NATURES
from ...rules.parameters import (
    CERTAINTIES,
    PARAMETERS,
    MissingLegalValue,
    Parameter,
    parameter_on,
    value_on,
)

TODAY = date(2026, 11, 21)


@tagged("post_install", "-at_install")
class TestRulesParameters(BaseCase):
    """Legal numbers: dated, sourced, and missing ones are named instead of guessed."""

    def test_every_value_says_where_it_comes_from(self):
        for name, parameters in PARAMETERS.items():
            for parameter in parameters:
                with self.subTest(name=name):
                    self.assertTrue(parameter.article)
                    self.assertTrue(parameter.source)
                    self.assertTrue(parameter.unit)
                    self.assertIn(parameter.certainty, CERTAINTIES)

    def test_the_values_of_a_name_follow_each_other_without_overlap(self):
        for name, parameters in PARAMETERS.items():
            for earlier, later in pairwise(parameters):
                with self.subTest(name=name):
                    self.assertEqual(earlier.valid_until + timedelta(days=1), later.valid_from)

    def test_every_name_has_a_value_today(self):
        for name in PARAMETERS:
            with self.subTest(name=name):
                self.assertIsNotNone(value_on(name, TODAY))

    def test_an_unknown_name_is_named(self):
        with self.assertRaisesRegex(MissingLegalValue, "no.such.rule"):
            parameter_on("no.such.rule", TODAY)

    def test_a_day_without_value_is_named(self):
        # The indemnity exists since 1 January 2013.
        with self.assertRaisesRegex(MissingLegalValue, r"indemnity\.amount.*2012-12-31"):
            parameter_on("indemnity.amount", date(2012, 12, 31))

    def test_first_and_last_day_count(self):
        value = Parameter(1, "", "", "", "", date(2026, 1, 1), date(2026, 1, 31))
        self.assertTrue(value.holds_on(date(2026, 1, 1)))
        self.assertTrue(value.holds_on(date(2026, 1, 31)))
        self.assertFalse(value.holds_on(date(2025, 12, 31)))
        self.assertFalse(value.holds_on(date(2026, 2, 1)))

    def test_the_table_of_default_values(self):
        # Written out a second time, so that a change of the law's table is a decision.
        expected = {
            "late.professional.margin": Decimal("10"),
            "late.public.margin": Decimal("8"),
            "late.floor.multiple": 3,
            "judgement.increase": Decimal("5"),
            "judgement.increase.delay": 2,
            "indemnity.amount": Decimal("40"),
            "indemnity.amount.public": Decimal("40"),
            "insolvency.interest.deferral": 12,
            "notice.days.professional": 8,
            "notice.days.consumer": 15,
            "notice.electronic.window": 15,
            "limitation.professional": 60,
            "limitation.consumer": 24,
            "limitation.transport": 12,
            "limitation.public": 48,
            "limitation.title": 120,
            "limitation.alarms.long": (12, 6, 3, 1),
            "contact.per_day": 1,
            "contact.per_week": 3,
            "contact.per_month.consumer": 4,
        }
        for name, value in expected.items():
            with self.subTest(name=name):
                self.assertEqual(value_on(name, TODAY), value)

    def test_every_nature_of_claim_has_its_period(self):
        for nature in NATURES:
            self.assertGreater(value_on(f"limitation.{nature}", TODAY), 0)
