from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ...models.mixins.collection_creditworthy import ADVICE_LABELS, PROFILE_LABELS
from ...rules.payer import (
    ADVICES,
    PROFILES,
    Exposure,
    PayerFacts,
    advise,
    is_to_do,
    net_late,
    profile_of,
    weighted_days,
)


@tagged("post_install", "-at_install")
class TestRulesPayer(BaseCase):
    """A profile follows from facts, and what is proposed from the profile and what is at stake."""

    def test_days_are_weighted_by_amount(self):
        for payments, days in (
            ([(10, 100)], 10),
            ([(0, 900), (100, 100)], 10),
            # Early money does not make up for late money.
            ([(-100, 900), (100, 100)], 10),
            ([(-5, 100)], 0),
        ):
            with self.subTest(payments=payments):
                found = weighted_days((late, Decimal(amount)) for late, amount in payments)
                self.assertEqual(found, days)
        self.assertIsNone(weighted_days([]))
        self.assertIsNone(weighted_days([(3, Decimal(0))]))

    def test_profile_follows_from_facts(self):
        for facts, profile in (
            (PayerFacts(None), "unknown"),
            (PayerFacts(Decimal(10)), "punctual"),
            (PayerFacts(Decimal(11)), "slow"),
            (PayerFacts(Decimal(30)), "slow"),
            (PayerFacts(Decimal(31)), "late"),
            (PayerFacts(Decimal(0), promises_broken=1), "punctual"),
            (PayerFacts(Decimal(0), promises_broken=2), "risky"),
            (PayerFacts(None, incidents=1), "risky"),
            (PayerFacts(Decimal(0), is_insolvent=True), "risky"),
        ):
            with self.subTest(facts=facts):
                self.assertEqual(profile_of(facts), profile)

    def test_proposal_follows_from_profile_and_stake(self):
        calm = Exposure(Decimal(100))
        late = Exposure(Decimal(100), overdue=Decimal(10))
        over = Exposure(Decimal(100), limit=Decimal(50))
        over_late = Exposure(Decimal(100), overdue=Decimal(10), limit=Decimal(50))
        for profile, exposure, advice in (
            ("punctual", calm, "keep"),
            ("slow", late, "keep"),
            ("late", calm, "shorten"),
            ("unknown", over, "shorten"),
            ("punctual", over_late, "block"),
            ("risky", calm, "prepay"),
            ("risky", late, "block"),
        ):
            with self.subTest(profile=profile, exposure=exposure):
                self.assertEqual(advise(profile, exposure), advice)

    def test_only_what_is_stricter_than_what_stands_is_still_to_do(self):
        for advice, standing, is_open in (
            ("keep", "keep", False),
            ("shorten", "keep", True),
            ("shorten", "shorten", False),
            ("prepay", "shorten", True),
            ("prepay", "block", False),
            ("block", "prepay", True),
            ("block", "block", False),
        ):
            with self.subTest(advice=advice, standing=standing):
                self.assertEqual(is_to_do(advice, standing), is_open)

    def test_what_is_late_is_a_part_of_what_is_at_stake(self):
        for late, credits, due, expected in (
            (1000, 0, 1500, 1000),
            (1000, 600, 900, 400),
            (1000, 1300, -300, 0),
            # More is to be credited than to be invoiced.
            (1000, 0, 800, 800),
            (1000, 0, -5, 0),
        ):
            with self.subTest(late=late, credits=credits, due=due):
                found = net_late(Decimal(late), Decimal(credits), Decimal(due))
                self.assertEqual(found, expected)

    def test_insurance_covers_what_it_covers(self):
        self.assertEqual(Exposure(Decimal(100), insured=Decimal(80)).uncovered, 20)
        self.assertEqual(Exposure(Decimal(100), insured=Decimal(180)).uncovered, 0)
        self.assertFalse(Exposure(Decimal(100)).is_over)
        self.assertFalse(Exposure(Decimal(100), limit=Decimal(100)).is_over)

    def test_every_word_has_a_label(self):
        self.assertEqual([name for name, _label in PROFILE_LABELS], list(PROFILES))
        self.assertEqual([name for name, _label in ADVICE_LABELS], list(ADVICES))
