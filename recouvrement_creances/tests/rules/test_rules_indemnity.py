from dataclasses import replace
from datetime import date

from odoo.tests import BaseCase, tagged

from ...rules.indemnity import LateInvoice, fixed_indemnity
from ...rules.parameters import MissingLegalValue
from .common import D

DUE = date(2026, 6, 30)
LATE = date(2026, 7, 1)
INVOICE = LateInvoice("professional", DUE)


@tagged("post_install", "-at_install")
class TestRulesIndemnity(BaseCase):
    """EUR 40 for each late invoice, from professionals only, and the exclusions."""

    def assert_indemnity(self, amount, reason, invoice, as_of=LATE):
        indemnity = fixed_indemnity(invoice, as_of)
        self.assertEqual((indemnity.amount, indemnity.reason), (D(amount), reason))
        self.assertTrue(indemnity.article)

    def test_it_is_due_from_the_first_day_of_delay(self):
        self.assert_indemnity("0", "not_late", INVOICE, DUE)
        self.assert_indemnity("40", "", INVOICE, LATE)

    def test_it_stays_due_after_a_late_payment(self):
        # Paid one day late, asked half a year later.
        late = replace(INVOICE, settled_on=LATE)
        self.assert_indemnity("40", "", late, date(2026, 12, 31))

    def test_paid_on_the_due_date_is_in_time(self):
        in_time = replace(INVOICE, settled_on=DUE)
        self.assert_indemnity("0", "not_late", in_time, date(2026, 12, 31))

    def test_a_public_body_owes_it(self):
        public = replace(INVOICE, debtor_kind="public")
        self.assert_indemnity("40", "", public)
        self.assertEqual(fixed_indemnity(public, LATE).article, "CCP L2192-13, D2192-35")

    def test_a_consumer_never_owes_it(self):
        self.assert_indemnity("0", "consumer", replace(INVOICE, debtor_kind="consumer"))

    def test_an_insurance_indemnity_does_not_bear_it(self):
        self.assert_indemnity(
            "0", "insurance_indemnity", replace(INVOICE, is_insurance_indemnity=True)
        )

    def test_due_before_the_opening_of_insolvency_keeps_it(self):
        self.assert_indemnity("40", "", replace(INVOICE, insolvency_date=LATE))

    def test_due_on_or_after_the_opening_excludes_it(self):
        for opening in (DUE, date(2026, 6, 1)):
            with self.subTest(opening=opening):
                self.assert_indemnity(
                    "0", "due_after_opening", replace(INVOICE, insolvency_date=opening)
                )

    def test_it_is_claimed_once(self):
        self.assert_indemnity("0", "already_claimed", replace(INVOICE, already_claimed=True))

    def test_an_unknown_kind_of_debtor_is_refused(self):
        with self.assertRaises(ValueError):
            fixed_indemnity(replace(INVOICE, debtor_kind="company"), LATE)

    def test_before_2013_there_is_no_amount(self):
        with self.assertRaisesRegex(MissingLegalValue, "2012-12-31"):
            fixed_indemnity(LateInvoice("professional", date(2012, 12, 30)), LATE)
