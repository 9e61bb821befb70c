from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged

from ..common import TODAY
from .insolvency_common import OPENED, InsolvencyCommon


@tagged("post_install", "-at_install")
class TestDeclarationCharges(InsolvencyCommon):
    """Charges of earlier debts are earlier too, whenever they are booked, and declared once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor.collection_debtor_kind = "professional"
        cls.root.ref("base.EUR").active = True
        for code in ("763100", "758100"):
            cls.root["account.account"].create(
                {
                    "name": code,
                    "code": code,
                    "account_type": "income_other",
                    "company_ids": [Command.link(cls.company.id)],
                }
            )

    def _claim(self, invoice, day=TODAY):
        case = self._case(self.debtor).with_user(self.accountant)
        charges = self.root["collection.charge"].with_user(self.accountant)
        return charges._claim(case, self._item(invoice), day, day).sudo()

    def _declare(self, record):
        declarations = self.root["collection.insolvency.declaration"].with_user(self.accountant)
        return declarations._prepare_for(record.with_user(self.accountant))

    def _entry_items(self, charges):
        self._decide()
        items = self.env["collection.item"].union(*map(self._item, charges.move_id))
        self.assertEqual(items.move_id, charges.move_id)
        return items

    def test_charges_booked_after_the_judgement_are_declared_with_their_invoice_alone(self):
        self.company.sudo().collection_charge_booking = "claim"
        invoice = self._owe(60, 1000)
        eve = OPENED - timedelta(days=1)
        due = self.root["collection.interest"]._compute_items(self._item(invoice), eve)
        due = due[self._item(invoice).id].charges
        booked = self._entry_items(self._claim(invoice))
        record = self._record()
        declaration = self._declare(record)
        self.assertEqual(declaration.line_ids.item_id, self._item(invoice))
        self.assertAlmostEqual(declaration.line_ids.interest, float(due.interest.total))
        total = declaration.amount_total
        # Nor are they later debts, which go on being collected.
        self.assertEqual(record.amount_later, 0)
        self.assertLessEqual(booked, record._find_earlier())
        # Who says so by hand changes nothing of it.
        record._list_claims()
        record.claim_ids.filtered(lambda claim: claim.item_id in booked).write(
            {"side": "earlier", "side_reason": "Charges of earlier invoices"}
        )
        declaration.action_compute()
        self.assertEqual(declaration.amount_total, total)
        self.assertEqual(len(declaration.line_ids), 1)

    def test_charges_claimed_before_and_booked_since_are_declared_once(self):
        with self.on(-20) as day:
            invoice = self._owe(60, 1000)
            charges = self._claim(invoice, day)
        charges._book(TODAY)
        booked = self._entry_items(charges)
        record = self._record()
        declaration = self._declare(record)
        declared = declaration.line_ids.filtered(lambda line: line.item_id in booked)
        self.assertEqual(len(declared), len(booked))
        self.assertFalse(declaration.line_ids.charge_id)
        self.assertEqual(record.amount_later, 0)

    def test_charges_claimed_since_of_what_was_paid_before_are_declared(self):
        invoice = self._owe(60, 1000)
        self._register_payment(invoice, payment_date=OPENED - timedelta(days=5))
        other = self._owe(50, 300)
        charges = self._claim(invoice)
        record = self._record()
        declaration = self._declare(record)
        told = declaration.line_ids.filtered("charge_id")
        self.assertEqual(told.charge_id, charges)
        self.assertFalse(any(told.mapped("is_coming")))
        interest = charges.filtered("amount_interest")
        line = told.filtered(lambda line: line.charge_id == interest)
        self.assertEqual(line.interest, interest.amount_interest)
        interest._waive(0.5)
        declaration.action_compute()
        line = declaration.line_ids.filtered(lambda line: line.charge_id == interest)
        self.assertAlmostEqual(line.interest, interest.amount_interest - 0.5)
        # Booked, they are the same claim.
        total = declaration.amount_total
        charges._book(TODAY)
        self._entry_items(charges)
        declaration.action_compute()
        self.assertEqual(declaration.amount_total, total)
        self.assertEqual(declaration.line_ids.item_id, self._item(other))
        self.assertEqual(record.amount_later, 0)

    def _take_back(self, invoice, amount):
        """Take an invoice back by a credit note of today, wholly or in part."""
        note = self._create_invoice_one_line(
            move_type="out_refund",
            price_unit=amount,
            tax_ids=[],
            partner_id=self.debtor,
            invoice_date=TODAY,
            post=True,
        )
        lines = (invoice | note).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        lines.reconcile()

    def test_charges_claimed_since_of_what_was_never_owed_are_not_declared(self):
        """A credit note takes the invoice back, whatever its day."""
        invoice, other = self._owe(60, 1000), self._owe(50, 300)
        charges = self._claim(invoice)
        record = self._record()
        self._take_back(invoice, 1000)
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual(set(charges.mapped("state")), {"claimed"})
        declaration = self._declare(record)
        self.assertFalse(declaration.line_ids.charge_id)
        self.assertEqual(declaration.line_ids.item_id, self._item(other))

    def test_charges_of_what_was_paid_late_are_declared_though_the_rest_was_taken_back(self):
        invoice = self._owe(60, 1000)
        self._owe(50, 300)
        self._register_payment(invoice, amount=400, payment_date=OPENED - timedelta(days=5))
        charges = self._claim(invoice)
        record = self._record()
        self._take_back(invoice, 600)
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual(self._declare(record).line_ids.charge_id, charges)

    def test_a_statement_of_earlier_and_later_debts_is_named_with_what_to_do(self):
        """Nobody knew of the opening when it was claimed."""
        self.company.sudo().collection_charge_booking = "claim"
        earlier, later = self._owe(60, 1000), self._owe_later(800)
        items = self._item(earlier) | self._item(later)
        charges = self.root["collection.charge"].with_user(self.accountant)
        case = self._case(self.debtor).with_user(self.accountant)
        mixed = charges._claim(case, items, TODAY, TODAY)
        booked = self._entry_items(mixed.sudo())
        record = self._record()
        declaration = self._declare(record)
        # Held as a whole, while only the part of the earlier invoice is declared.
        self.assertLessEqual(booked, record._find_earlier())
        self.assertEqual(declaration.line_ids.item_id, self._item(earlier))
        self.assertEqual(record._find_mixed_charges(), mixed.sudo())
        for words in (
            *mixed.mapped("name"),
            later.name,
            "claim the charges of the later debts anew",
        ):
            self.assertIn(words, record.mixed_charges_note)
        self.assertNotIn(earlier.name, record.mixed_charges_note)
        total = declaration.amount_total
        mixed.action_cancel()
        anew = charges._claim(case, self._item(later), TODAY, TODAY)
        later_items = self._entry_items(anew.sudo())
        record.invalidate_recordset()
        self.assertFalse(record.mixed_charges_note)
        self.assertFalse(later_items & record._find_earlier())
        declaration.action_compute()
        self.assertEqual(declaration.amount_total, total)
