from datetime import timedelta

from odoo.tests import tagged

from ..common import TODAY
from .insolvency_common import OPENED, InsolvencyCommon


@tagged("post_install", "-at_install")
class TestLetterAfterOpening(InsolvencyCommon):
    """A letter about later debts takes off what was received since the opening, and no more."""

    def setUp(self):
        super().setUp()
        self.earlier = self._owe(60, 1000)
        self._credit(300, OPENED - timedelta(days=20))

    def _credit(self, amount, day, **values):
        """Post a credit note that nobody has matched with an invoice."""
        return self._create_invoice_one_line(
            move_type="out_refund",
            price_unit=amount,
            tax_ids=[],
            partner_id=self.debtor,
            invoice_date=day,
            post=True,
            **values,
        )

    def _block(self):
        """Return what a letter to the debtor says of the sum to pay."""
        self._decide()
        case = self._case(self.debtor)
        case.invalidate_recordset()
        action = self.root["collection.run"]._propose_for(case).action_ids
        (block,) = self.root["collection.correspondence"]._get_frame(action)["blocks"]
        return block["due"], block["credit"], block["net"]

    def test_before_the_opening_all_that_is_in_credit_is_taken_off(self):
        self.assertEqual(self._block(), (1000, 300, 700))

    def test_what_was_in_credit_at_the_opening_stays_with_the_debts_before_it(self):
        self._record()
        self._owe_later(500)
        self.assertEqual(self._block(), (500, 0, 500))

    def test_what_was_received_since_is_taken_off(self):
        self._record()
        self._owe_later(500)
        self._credit(100, TODAY - timedelta(days=2))
        self.assertEqual(self._block(), (500, 100, 400))

    def test_a_later_credit_note_on_an_earlier_debt_stays_with_it(self):
        self._record()
        self._owe_later(500)
        note = self._credit(50, TODAY, reversed_entry_id=self.earlier.id)
        # Odoo matches it by itself; somebody has undone that.
        note.line_ids.remove_move_reconcile()
        self.assertEqual(self._block(), (500, 0, 500))

    def test_once_no_earlier_debt_is_open_what_is_left_counts(self):
        self._record()
        self._owe_later(500)
        self._pay(self.earlier)
        self.assertEqual(self._block(), (500, 300, 200))
