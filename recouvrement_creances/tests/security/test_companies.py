from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import TODAY, CollectionCommon


@tagged("post_install", "-at_install")
class TestCompanies(CollectionCommon):
    """Each company collects for itself: its ledger, its cases, its proof."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.setup_other_company(name="Sister company")["company"]
        cls._give_bank_account(cls.other_company)
        cls.other_company.sudo().write(
            {
                "collection_policy_id": cls._make_policy([(5, "email")], company_id=False).id,
                "collection_email": "sister@company.example",
            }
        )

    def _invoice_of(self, company, days_late=6, partner=None, amount=500.0):
        due = TODAY - timedelta(days=days_late)
        invoice = (
            self.root["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "out_invoice",
                    "company_id": company.id,
                    "partner_id": (partner or self.partner_a).id,
                    "invoice_date": due - timedelta(days=30),
                    "invoice_date_due": due,
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        Command.create({"name": "Work", "price_unit": amount, "tax_ids": False})
                    ],
                }
            )
        )
        invoice.action_post()
        return invoice

    def _case_of(self, company):
        return self.root["collection.case"].search([("company_id", "=", company.id)])

    def test_run_of_one_company_leaves_the_ledger_of_the_other(self):
        self._invoice_of(self.company)
        other = self._invoice_of(self.other_company)
        with self._mail_server() as sink:
            self._run()
            self.assertEqual(len(sink.messages), 1)
            self.assertFalse(self._case_of(self.other_company))
            self.assertFalse(self._item(other))
            self._run(self.other_company)
        self.assertEqual(len(sink.messages), 2)

    def test_one_debtor_has_a_case_in_each_company(self):
        first = self._invoice_of(self.company, amount=500)
        second = self._invoice_of(self.other_company, amount=70)
        with self._mail_server() as sink:
            self._run()
            self._run(self.other_company)
        cases = self._item(first).case_id, self._item(second).case_id
        self.assertNotEqual(*cases)
        self.assertEqual([case.amount_open for case in cases], [500, 70])
        self.assertEqual(cases[0].partner_id, cases[1].partner_id)
        texts = [message.get_body(("html",)).get_content() for message in sink.messages]
        self.assertEqual(["70.00" in text for text in texts], [False, True])

    def test_message_leaves_in_the_name_of_its_own_company(self):
        self._invoice_of(self.company)
        self._invoice_of(self.other_company)
        with self._mail_server() as sink:
            self._run()
            self._run(self.other_company)
        senders = [message["From"] for message in sink.messages]
        self.assertIn("collection@company.example", senders[0])
        self.assertIn("sister@company.example", senders[1])

    def test_credit_in_one_company_covers_nothing_in_the_other(self):
        invoice = self._invoice_of(self.company, amount=500)
        refund = self._invoice_of(self.other_company, amount=900)
        refund._reverse_moves([{"invoice_date": TODAY, "date": TODAY}]).action_post()
        self._decide()
        self.assertVerdict(invoice, "remind")

    def test_hold_in_one_company_stops_nothing_in_the_other(self):
        first = self._invoice_of(self.company)
        second = self._invoice_of(self.other_company)
        with self._mail_server() as sink:
            self._decide()
            self._hold(self._item(first).case_id)
            self._run()
            self._run(self.other_company)
        self.assertEqual(len(sink.messages), 1)
        self.assertEqual(self._item(second).level_id.number, 1)

    def test_nothing_of_the_other_company_is_seen(self):
        self._invoice_of(self.other_company)
        with self._mail_server():
            run = self._run(self.other_company)
        case = self._case_of(self.other_company)
        self._hold(case)
        records = (
            case,
            case.item_ids,
            case.hold_ids,
            case.action_ids,
            case.action_ids.line_ids,
            case.evidence_ids,
            run,
            run.count_ids,
        )
        for persona in ("reader", "manager", "finance_director"):
            for record in records:
                own = record.with_user(self.personas[persona])
                with self.subTest(persona=persona, model=record._name):
                    self.assertTrue(record)
                    self.assertFalse(own.search([("id", "in", record.ids)]))
                    with self.assertRaises(AccessError):
                        own.read(["display_name"])

    def test_chains_of_evidence_are_apart(self):
        self._invoice_of(self.company)
        self._invoice_of(self.other_company)
        with self._mail_server():
            self._run()
            self._run(self.other_company)
        evidence = self.root["collection.evidence"]
        for company in (self.company, self.other_company):
            chain = evidence.search([("company_id", "=", company.id)], order="position")
            self.assertEqual(chain.mapped("position"), list(range(1, len(chain) + 1)))
            self.assertFalse(chain[0].previous_hash)
            self.assertFalse(evidence._find_break(company))

    def test_run_is_not_made_for_a_company_that_is_not_ones_own(self):
        with self.assertRaises(AccessError):
            self.root["collection.run"].with_user(self.personas["manager"]).create(
                {"company_id": self.other_company.id}
            )

    def test_run_does_not_carry_cases_of_the_other_company(self):
        self._invoice_of(self.company)
        self._invoice_of(self.other_company)
        self._decide()
        self.root["collection.refresh"]._refresh(self.other_company, TODAY)
        cases = self._case_of(self.company) | self._case_of(self.other_company)
        with self.assertRaises(UserError):
            self.root["collection.run"]._propose_for(cases)

    def test_policy_of_one_company_is_not_followed_in_the_other(self):
        self._make_policy(
            [(1, "email")],
            confirm=False,
            company_id=self.other_company.id,
            domain=f"[('id', '=', {self.partner_a.id})]",
        ).action_confirm()
        invoice = self._invoice_of(self.company, days_late=3)
        other = self._invoice_of(self.other_company, days_late=3)
        self._decide()
        self.root["collection.refresh"]._refresh(self.other_company, TODAY)
        self.root["collection.decision"]._decide(self.other_company, TODAY)
        self.assertVerdict(invoice, "too_soon")
        self.assertVerdict(other, "remind")

    def test_company_does_not_take_the_policy_of_another(self):
        with self.assertRaises(ValidationError):
            self.other_company.sudo().collection_policy_id = self.policy
        archived = self._make_policy([(5, "email")], company_id=False)
        archived.active = False
        with self.assertRaises(ValidationError):
            self.other_company.sudo().collection_policy_id = archived

    def test_daily_work_goes_through_every_company(self):
        self._invoice_of(self.company)
        self._invoice_of(self.other_company)
        with self._mail_server() as sink:
            self.root["collection.run"]._cron_run_daily()
        self.assertEqual(len(sink.messages), 2)

    def test_company_that_fails_does_not_stop_the_other(self):
        self._invoice_of(self.company)
        self._invoice_of(self.other_company)
        runs = self.root["collection.run"]
        genuine = type(runs)._run_company

        def break_one(records, company):
            if company == self.company:
                raise ValueError("broken ledger")
            return genuine(records, company)

        self.patch(type(runs), "_run_company", break_one)
        with (
            self._mail_server() as sink,
            self.assertLogs("odoo.addons.recouvrement_creances", "ERROR"),
        ):
            runs._cron_run_daily()
        self.assertEqual(len(sink.messages), 1)
        failed = runs.search([("company_id", "=", self.company.id), ("date", "=", TODAY)])
        self.assertEqual(failed.state, "failed")
        self.assertIn("broken ledger", failed.error)
