from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import TODAY
from .common import DisputeCommon, day


@tagged("post_install", "-at_install")
class TestNonpaymentReason(DisputeCommon):
    """Why debtors do not pay: noted from everywhere, kept, counted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cash_flow = cls._reason("cash_flow")
        cls.oversight = cls._reason("oversight")

    @classmethod
    def _reason(cls, name):
        return cls.root.ref(f"recouvrement_creances.collection_reason_nonpayment_{name}")

    def test_history_keeps_every_reason_with_its_source(self):
        own = self.case.with_user(self.collector)
        own._note_nonpayment_reason(self.oversight, "call", day(-2))
        own._note_nonpayment_reason(self.cash_flow, "email")
        self.assertEqual(self.case.nonpayment_reason_id, self.cash_flow)
        notes = self.case.reason_note_ids
        self.assertEqual(notes.mapped("source"), ["email", "call"])
        self.assertEqual(notes.mapped("noted_on"), [TODAY, day(-2)])
        self.assertEqual((notes[0].user_id, notes[0].amount_open), (self.collector, 1500))

    def test_change_by_hand_is_kept_too(self):
        self.case.with_user(self.collector).nonpayment_reason_id = self.oversight
        self.case.with_user(self.collector).nonpayment_reason_id = self.oversight
        self.assertEqual(self.case.reason_note_ids.source, "hand")

    def test_call_notes_its_reason(self):
        dialog = self.root["collection.contact.outcome"].with_user(self.collector)
        dialog.create(
            {
                "case_id": self.case.id,
                "outcome": "refuses",
                "nonpayment_reason_id": self.cash_flow.id,
            }
        ).action_apply()
        note = self.case.reason_note_ids
        self.assertEqual((note.reason_id, note.source), (self.cash_flow, "call"))
        self.assertEqual(note.user_id, self.collector)

    def test_dialog_notes_what_a_mail_says(self):
        dialog = self.root["collection.reason.entry"].with_user(self.collector)
        dialog.create({"case_id": self.case.id, "reason_id": self.oversight.id}).action_apply()
        self.assertEqual(self.case.reason_note_ids.source, "email")

    def test_other_reasons_and_other_people_are_refused(self):
        hold = self.root.ref("recouvrement_creances.collection_reason_hold_other")
        with self.assertRaisesRegex(UserError, "something else"):
            self.case.with_user(self.collector)._note_nonpayment_reason(hold, "call")
        for persona in ("reader", "other_collector"):
            with self.subTest(persona=persona), self.assertRaises(AccessError):
                self.case.with_user(self.personas[persona])._note_nonpayment_reason(
                    self.oversight, "call"
                )

    def test_history_is_changed_by_nobody(self):
        self.case._note_nonpayment_reason(self.oversight, "call")
        note = self.case.reason_note_ids.with_user(self.manager)
        with self.assertRaises(AccessError):
            note.reason_id = self.cash_flow
        with self.assertRaises(AccessError):
            note.unlink()

    def test_reason_that_was_noted_is_not_deleted(self):
        self.case._note_nonpayment_reason(self.oversight, "call")
        self.case._note_nonpayment_reason(self.cash_flow, "call")
        with self.assertRaisesRegex(UserError, "archive it"):
            self.oversight.unlink()

    def test_amounts_are_summed_by_reason(self):
        foreign = self._overdue_invoice(20, 700, partner=self.partner_b)
        self._decide()
        self.case._note_nonpayment_reason(self.cash_flow, "call")
        self._case(self.partner_b)._note_nonpayment_reason(self.oversight, "call")
        cases = self.root["collection.case"].with_user(self.personas["reader"])
        for group, keys in (
            ("nonpayment_reason_id", (self.cash_flow, self.oversight)),
            ("nonpayment_kind", ("professional", "oversight")),
        ):
            rows = cases._read_group(
                [("company_id", "=", self.company.id)], [group], ["amount_overdue:sum"]
            )
            found = {key if isinstance(key, str) else key.id: amount for key, amount in rows}
            first, second = (key if isinstance(key, str) else key.id for key in keys)
            with self.subTest(group=group):
                self.assertEqual((found[first], found[second]), (1500, foreign.amount_residual))
        measures = cases.fields_get(["amount_overdue", "amount_open"], ["aggregator"])
        self.assertEqual({field["aggregator"] for field in measures.values()}, {"sum"})

    def test_dispute_of_a_call_is_opened_with_its_part(self):
        dialog = self.root["collection.contact.outcome"].with_user(self.collector)
        values = {"case_id": self.case.id, "outcome": "disputes", "note": "Scratched"}
        dialog.create(
            {
                **values,
                "dispute_category_id": self.category.id,
                "dispute_item_ids": [(6, 0, self._item(self.invoice).ids)],
                "dispute_amount": 250,
                "next_date": day(5),
            }
        ).action_apply()
        dispute = self.case.dispute_ids
        self.assertEqual((dispute.amount, dispute.how, dispute.owner_id), (250, "call", self.sales))
        self.assertEqual((dispute.deadline, dispute.description), (day(5), "Scratched"))
        with self.assertRaisesRegex(UserError, "the one invoice"):
            dialog.create({**values, "channel": "task", "dispute_amount": 5}).action_apply()
