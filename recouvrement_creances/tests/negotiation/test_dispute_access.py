from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import DisputeCommon

FORM = {
    name: {}
    for name in (
        "name",
        "amount",
        "state",
        "deadline",
        "description",
        "can_work",
        "can_answer",
        "invoiced",
    )
}


@tagged("post_install", "-at_install")
class TestDisputeAccess(DisputeCommon):
    """Whoever looks into a dispute reads and answers that one, and nothing else of collection."""

    def setUp(self):
        super().setUp()
        proof = self.root["ir.attachment"].create({"name": "photo.txt", "raw": b"scratched"})
        self.dispute = self._open(300, attachments=proof.with_user(self.collector))
        self.proof = proof
        self.own = self.dispute.with_user(self.sales)

    def test_salesperson_reads_his_dispute_as_the_screen_does(self):
        [values] = self.own.web_read(
            {
                **FORM,
                "partner_id": {"fields": {"display_name": {}}},
                "category_id": {"fields": {"display_name": {}}},
                "user_id": {"fields": {"display_name": {}}},
                "line_ids": {
                    "fields": {
                        name: {}
                        for name in ("invoice_name", "due_date", "amount_residual", "amount")
                    }
                },
                "conversation_ids": {"fields": {"preview": {}}},
            }
        )
        self.assertEqual((values["can_work"], values["can_answer"]), (False, True))
        self.assertEqual(values["category_id"]["display_name"], self.category.name)
        self.assertEqual(values["line_ids"][0]["amount_residual"], 1000)
        self.assertIn(self.invoice.name, values["invoiced"])
        self.assertEqual(self.proof.with_user(self.sales).raw, b"scratched")
        self.assertIn("Two doors", self.own.description)

    def test_form_opens_for_the_salesperson(self):
        views = self.own.get_views([(False, "form"), (False, "list"), (False, "search")])
        arch = views["views"]["form"]["arch"]
        self.assertIn("action_answer", arch)
        for name in ("action_decide", "action_cancel", 'name="hold_id"', "action_open_case"):
            self.assertNotIn(name, arch)

    def test_dialog_shows_nothing_of_disputes_of_others(self):
        other = self._open(200, category=self._get_category("price"), invoice=self.other)
        self.assertNotEqual(other.owner_id, self.sales)
        answers = self.root["collection.dispute.answer"].with_user(self.sales)
        values = {"dispute_id": other.id, "opinion": "unfounded", "answer": "x"}
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            answers.new(values).description  # noqa: B018
        with self.assertRaises(AccessError):
            answers.create(values)
        own = answers.create({**values, "dispute_id": self.own.id})
        self.assertIn("Two doors", own.description)

    def test_salesperson_answers_and_writes_on_it(self):
        answers = self.root["collection.dispute.answer"].with_user(self.sales)
        answers.create(
            {"dispute_id": self.own.id, "opinion": "unfounded", "answer": "Delivered as ordered"}
        ).action_apply()
        self.assertEqual(self.dispute.state, "answered")
        said = "More tomorrow"
        message = self.own.message_post(body=said, message_type="comment")
        self.assertIn(message, self.dispute.message_ids)

    def test_salesperson_sees_nothing_else_of_collection(self):
        other = self._open(100, self.other, category=self._get_category("price"))
        foreign = other.with_user(self.sales)
        self.assertFalse(foreign.has_access("read"))
        self.assertEqual(foreign.search([]), self.own)
        self.assertEqual(foreign.line_ids.search([]), self.own.line_ids)
        with self.assertRaises(AccessError):
            foreign._answer("unfounded", "Not mine")
        item = self._item(self.invoice)
        for record in (self.case, item, self.dispute.hold_id, self.dispute.hold_id.line_ids):
            with self.subTest(model=record._name):
                self.assertFalse(record.with_user(self.sales).has_access("read"))
        for model in self.registry:
            if model.startswith("collection.") and not self.registry[model]._abstract:
                allowed = self.root[model].with_user(self.sales).has_access("read")
                with self.subTest(model=model):
                    self.assertEqual(
                        allowed,
                        model
                        in (
                            "collection.dispute",
                            "collection.dispute.line",
                            "collection.dispute.answer",
                        ),
                    )

    def test_documents_of_other_disputes_stay_closed(self):
        proof = self.root["ir.attachment"].create({"name": "secret.txt", "raw": b"secret"})
        self._open(
            100,
            self.other,
            category=self._get_category("price"),
            attachments=proof.with_user(self.collector),
        )
        with self.assertRaises(AccessError):
            proof.with_user(self.sales).read(["raw"])

    def test_salesperson_decides_nothing(self):
        for button in ("action_ask", "action_cancel", "action_reopen"):
            with self.subTest(button=button), self.assertRaises(AccessError):
                getattr(self.own, button)()
        with self.assertRaises(AccessError):
            self.own._decide("founded", "Mine")
        for values in ({"owner_id": self.collector.id}, {"deadline": False}, {"amount": 1}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                self.own.write(values)
        with self.assertRaises(AccessError):
            self.own.create({"name": "x"})
        with self.assertRaises(AccessError):
            self.own.unlink()

    def test_salesperson_reads_no_more_once_somebody_else_looks_into_it(self):
        self.dispute.with_user(self.collector).owner_id = self.accountant
        self.assertFalse(self.own.has_access("read"))
        with self.assertRaises(AccessError):
            self.proof.with_user(self.sales).read(["raw"])

    def test_who_makes_the_credit_note_reads_the_dispute(self):
        invoicing = self.personas["invoicing"]
        self.company.sudo().collection_accountant_id = invoicing
        self._decided(self.dispute, "founded")
        self.assertEqual(self.dispute.activity_ids.user_id, invoicing)
        own = self.dispute.with_user(invoicing)
        self.assertTrue(own.has_access("read"))
        self.assertEqual(own.action_make_credit_note()["res_model"], "account.move.reversal")

    def test_collector_works_on_his_own_cases_only(self):
        foreign = self.dispute.with_user(self.personas["other_collector"])
        self.assertTrue(foreign.has_access("read"))
        with self.assertRaises(AccessError):
            foreign._decide("unfounded", "No")
        with self.assertRaises(AccessError):
            self._open(100, self.other, user=self.personas["other_collector"])

    def test_readers_open_nothing(self):
        for persona in ("reader", "finance_director", "invoicing"):
            with self.subTest(persona=persona), self.assertRaises(AccessError):
                self._open(100, self.other, user=self.personas[persona])

    def test_owner_is_an_active_colleague_of_the_company(self):
        elsewhere = self.setup_other_company()["company"]
        outsider = new_test_user(
            self.root,
            login="collection_outsider",
            groups="base.group_user",
            company_id=elsewhere.id,
            company_ids=[Command.set(elsewhere.ids)],
        )
        own = self.dispute.with_user(self.collector)
        with self.assertRaisesRegex(ValidationError, "choose an active colleague"):
            own.owner_id = outsider
        self.category.with_company(self.company).owner_id = self.sales
        self.sales.sudo().active = False
        self.assertEqual(self._open(100, self.other).owner_id, self.collector)

    def test_files_of_others_do_not_become_documents(self):
        foreign = self.root["ir.attachment"].create(
            {"name": "pay.txt", "raw": b"x", "res_model": "res.company", "res_id": self.company.id}
        )
        entries = self.root["collection.dispute.entry"].with_user(self.collector)
        entry = entries.create(
            {
                "case_id": self.case.id,
                "category_id": self.category.id,
                "line_ids": [
                    Command.create(
                        {"item_id": self._item(self.other).id, "is_chosen": True, "amount": 5}
                    )
                ],
                "attachment_ids": [Command.set(foreign.ids)],
            }
        )
        with self.assertRaises(AccessError):
            entry.action_apply()
        self.assertEqual(foreign.res_model, "res.company")

    def test_over_disputes_stay_as_they_were(self):
        self._decided(self.dispute, "unfounded")
        with self.assertRaisesRegex(UserError, "is over"):
            self.dispute.with_user(self.collector).owner_id = self.accountant
