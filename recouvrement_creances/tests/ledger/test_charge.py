import json
from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import NOW, ChargeCommon


@tagged("post_install", "-at_install")
class TestCharge(ChargeCommon):
    """Charges are claimed once, frozen, told to the debtor and kept as evidence."""

    def test_claim_freezes_amounts_and_segments(self):
        invoice = self._invoice(1000, date(2026, 9, 30))
        charge = self._claim()
        self.assertRecordValues(
            charge,
            [
                {
                    "state": "claimed",
                    "amount_interest": 21.06,
                    "amount_indemnity": 40.0,
                    "amount_total": 61.06,
                    "currency_id": self.euro.id,
                    "debtor_kind": "professional",
                    "move_id": False,
                }
            ],
        )
        interest = charge.line_ids.filtered(lambda line: line.kind == "interest")
        self.assertEqual(interest.number, invoice.name)
        self.assertEqual((interest.date_start, interest.date_end), (date(2026, 10, 1), NOW))
        self.assertEqual(
            interest.segments,
            [
                {
                    "start": "2026-10-01",
                    "end": "2026-12-01",
                    "days": 62,
                    "base": "1000.00",
                    "rate": "12.40",
                    "divisor": 365,
                    "amount": "21.06",
                }
            ],
        )

    def test_nothing_is_claimed_twice(self):
        self._invoice(1000, date(2026, 9, 30))
        self._claim(as_of=date(2026, 10, 31))
        with self.assertRaisesRegex(UserError, "Nothing can be claimed"):
            self._claim(as_of=date(2026, 10, 31))
        second = self._claim()
        # The 31 days of November and 1 December: no second indemnity.
        self.assertEqual(second.line_ids.kind, "interest")
        self.assertEqual(second.line_ids.date_start, date(2026, 11, 1))
        self.assertEqual(second.amount_total, 10.53)

    def test_rate_corrected_later_counts_for_what_is_not_claimed_only(self):
        invoice = self._invoice(1000, date(2026, 9, 30))
        charge = self._claim(as_of=date(2026, 10, 31))
        self.root["collection.rate"].search(
            [("kind", "=", "ecb"), ("date_start", "=", "2026-07-01")]
        ).rate = 3.4
        self.assertEqual(charge.amount_interest, 10.53)
        self.assertEqual(self._segments(invoice), [(31, "1000.00", "13.40", "11.38")])

    def test_cancelled_claim_may_be_claimed_again(self):
        self._invoice(1000, date(2026, 9, 30))
        charge = self._claim()
        letter = charge.action_id
        charge.action_cancel()
        self.assertEqual((charge.state, letter.state), ("cancelled", "cancelled"))
        self.assertEqual(self._claim().amount_total, 61.06)

    def test_charges_of_an_invoice_paid_since_are_claimed(self):
        invoice = self._invoice(1000, date(2026, 9, 30))
        self._pay_on(invoice, date(2026, 10, 31))
        self.root["collection.refresh"]._refresh(self.company, NOW)
        self.assertFalse(self._case(self.debtor).is_open)
        self.assertEqual(self._claim().amount_total, 50.53)

    def test_missing_half_year_is_named_on_the_statement(self):
        old = self._invoice(1000, date(2024, 5, 31))
        self._invoice(1000, date(2026, 9, 30))
        self.root["collection.rate"].search(
            [("kind", "=", "ecb"), ("date_start", "=", "2024-07-01")]
        ).unlink()
        charge = self._claim()
        self.assertIn(old.name, charge.left_out)
        self.assertNotIn(old, charge.line_ids.invoice_id)

    def test_missing_half_year_stops_the_claim_and_names_it(self):
        old = self._invoice(1000, date(2024, 5, 31))
        self.root["collection.rate"].search(
            [("kind", "=", "ecb"), ("date_start", "=", "2024-07-01")]
        ).unlink()
        with self.assertRaisesRegex(UserError, f"^{old.name}: The rate in force from 07/01/2024"):
            self._claim()
        self.assertFalse(self._case(self.debtor).charge_ids)

    def test_dialog_names_the_missing_half_year_too(self):
        old = self._invoice(1000, date(2024, 5, 31))
        self.root["collection.rate"].search(
            [("kind", "=", "ecb"), ("date_start", "=", "2024-07-01")]
        ).unlink()
        dialog = self.env["collection.charge.claim"].with_user(self.accountant)
        dialog = dialog.with_context(default_case_id=self._case(self.debtor).id)
        with self.assertRaisesRegex(UserError, f"^{old.name}: The rate in force from 07/01/2024"):
            Form(dialog).save().action_apply()
        self._invoice(1000, date(2026, 9, 30))
        result = Form(dialog).save().action_apply()
        charge = self.root["collection.charge"].browse(result["res_id"])
        self.assertIn(old.name, charge.left_out)

    def test_each_currency_has_a_statement_and_indemnities_are_in_euros(self):
        self._invoice(1000, date(2026, 9, 30), currency_id=self.other_currency.id)
        charges = self._claim()
        self.assertEqual(
            {charge.currency_id: charge.amount_total for charge in charges},
            {self.other_currency: 21.06, self.euro: 40.0},
        )

    def test_statement_is_a_letter_with_its_document_and_evidence(self):
        invoice = self._invoice(1000, date(2026, 9, 30))
        charge = self._claim()
        self.assertEqual(charge.action_id.state, "planned")
        self.assertTrue(charge.attachment_id.raw.startswith(b"%PDF"))
        evidence = charge.action_id.evidence_ids
        self.assertEqual(evidence.kind, "prepared")
        self.assertEqual(evidence.attachment_ids, charge.attachment_id)
        facts = json.loads(evidence.payload)["facts"]
        self.assertEqual(facts["total"], 61.06)
        self.assertEqual(facts["charges"][0]["invoice"], invoice.name)
        self.assertFalse(self.root["collection.evidence"]._find_break(self.company))

    def test_case_shows_what_can_be_claimed_and_why(self):
        self._invoice(1000, date(2026, 9, 30))
        case = self._case(self.debtor).with_user(self.personas["reader"])
        self.assertIn("21.06", case.charge_table)
        self.assertIn("12.40", case.charge_table)
        self._claim()
        case.invalidate_recordset()
        self.assertIn("Nothing can be claimed", case.charge_table)

    def test_dialog_claims_chosen_items_only(self):
        first = self._invoice(1000, date(2026, 9, 30))
        self._invoice(500, date(2026, 10, 31))
        dialog = self.env["collection.charge.claim"].with_user(self.accountant)
        form = Form(dialog.with_context(default_case_id=self._case(self.debtor).id))
        self.assertEqual(len(form.line_ids), 2)
        with form.line_ids.edit(1) as line:
            line.is_chosen = False
        result = form.save().action_apply()
        charge = self.root["collection.charge"].browse(result["res_id"])
        self.assertEqual(charge.line_ids.invoice_id, first)

    def test_interest_is_not_claimed_ahead_of_today(self):
        self._invoice(1000, date(2026, 9, 30))
        with self.assertRaisesRegex(UserError, "up to today"):
            self._claim(as_of=date(2026, 12, 31))

    def test_collectors_and_finance_directors_claim_nothing(self):
        self._invoice(1000, date(2026, 9, 30))
        for persona in ("collector", "finance_director", "reader"):
            with self.subTest(persona=persona), self.assertRaises(AccessError):
                self._claim(persona=persona)

    def test_items_of_another_debtor_are_not_claimed_with_these(self):
        self._invoice(1000, date(2026, 9, 30))
        stranger = self._invoice(500, date(2026, 9, 30), partner=self._debtor("Somebody Else"))
        dialog = self.env["collection.charge.claim"].with_user(self.accountant)
        wizard = dialog.create({"case_id": self._case(self.debtor).id})
        # As no screen does: the lines are what the browser says.
        wizard.line_ids[0].item_id = self._item(stranger)
        with self.assertRaisesRegex(UserError, "on items of Late Payer only"):
            wizard.action_apply()

    def _work_elsewhere(self):
        """Let the accountant work in another company only; return the context of it."""
        elsewhere = self.setup_other_company(name="Sister company")["company"]
        self.accountant.sudo().write(
            {"company_ids": [Command.set(elsewhere.ids)], "company_id": elsewhere.id}
        )
        return {"allowed_company_ids": elsewhere.ids}

    def test_statement_of_another_company_is_not_cancelled(self):
        self._invoice(1000, date(2026, 9, 30))
        charge = self._claim()
        own = charge.with_context(**self._work_elsewhere())
        with self.assertRaises(AccessError):
            own.action_cancel()
        self.assertEqual(charge.sudo().state, "claimed")

    def test_dialog_tells_nothing_of_another_company(self):
        self._invoice(1000, date(2026, 9, 30))
        case = self._case(self.debtor)
        dialog = self.env["collection.charge.claim"].with_user(self.accountant)
        own = dialog.with_context(**self._work_elsewhere())
        with self.assertRaises(AccessError):
            own.create({"case_id": case.id}).line_ids.mapped("number")

    def test_days_that_a_returned_payment_had_taken_off_are_claimed(self):
        invoice = self._invoice(1000, date(2026, 9, 30))
        self._pay_on(invoice, date(2026, 10, 10))
        first = self._claim(as_of=date(2026, 11, 15))
        self.assertEqual(first.amount_interest, 3.40)
        invoice.line_ids.remove_move_reconcile()
        second = self._claim()
        # 11 October to 1 December: the days after the payment were not claimed with the first.
        self.assertEqual(second.line_ids.date_start, date(2026, 10, 11))
        self.assertEqual([segment["days"] for segment in second.line_ids.segments], [52])

    def test_indemnity_is_told_by_the_articles_of_the_debtor(self):
        self._invoice(1000, date(2026, 9, 30))
        town = self._debtor("Late Town", collection_debtor_kind="public")
        self._invoice(1000, date(2026, 9, 30), partner=town)
        for debtor, article in ((self.debtor, "D441-5"), (town, "CCP L2192-13, D2192-35")):
            line = self._claim(debtor).line_ids.filtered(lambda one: one.kind == "indemnity")
            self.assertIn(article, line.detail)

    def test_statement_is_never_deleted_nor_moved_past_its_buttons(self):
        self._invoice(1000, date(2026, 9, 30))
        charge = self._claim().sudo()
        with self.assertRaises(UserError):
            charge.unlink()
        with self.assertRaises(UserError):
            charge.state = "paid"
