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

    # === SHARED POLICIES === #

    def _manager_of(self, *companies):
        """Return a manager who works in these companies; the first one is before him."""
        return self.personas["manager"].copy(
            {
                "login": "-".join(["manager", *(str(company.id) for company in companies)]),
                "company_id": companies[0].id,
                "company_ids": [Command.set([company.id for company in companies])],
            }
        )

    def _shared_policy(self):
        """Return the policy that the sister company follows and this one could."""
        policy = self.other_company.sudo().collection_policy_id
        self.assertFalse(policy.company_id)
        return policy

    def test_shared_policy_is_not_changed_by_a_manager_of_one_company(self):
        policy = self._shared_policy().with_user(self.personas["manager"])
        level = policy.level_ids
        changes = (
            policy.action_revise,
            policy.action_archive,
            policy.unlink,
            lambda: policy.write({"minimum_amount": 10}),
            lambda: policy.write({"company_id": self.company.id}),
            lambda: level.write({"delay_days": 9}),
            level.unlink,
            lambda: level.step_ids.write({"mode": "manual"}),
            lambda: level.copy({"delay_days": 60}),
        )
        for number, change in enumerate(changes):
            with (
                self.subTest(number),
                self.assertRaisesRegex(AccessError, "shared with Sister company"),
                self.env.cr.savepoint(),
            ):
                change()
        self.assertEqual((policy.state, policy.active), ("confirmed", True))

    def test_shared_policy_is_confirmed_for_nobody_else(self):
        draft = self._make_policy([(5, "email")], confirm=False, company_id=False)
        self._invoice_of(self.other_company)
        self.root["collection.refresh"]._refresh(self.other_company, TODAY)
        with self.assertRaisesRegex(AccessError, "shared with Sister company"):
            draft.with_user(self.personas["manager"]).action_confirm()
        self.assertEqual(draft.state, "draft")

    def test_shared_policy_is_changed_by_a_manager_of_all_companies_that_collect(self):
        policy = self._shared_policy().with_user(self._manager_of(self.company, self.other_company))
        policy.action_revise()
        policy.minimum_amount = 10
        policy.action_confirm()
        self.assertEqual((policy.state, policy.minimum_amount), ("confirmed", 10))

    def test_administrator_changes_a_shared_policy(self):
        manager = self.personas["manager"]
        manager.sudo().group_ids += self.root.ref("base.group_system")
        policy = self._shared_policy().with_user(manager)
        policy.action_revise()
        self.assertEqual(policy.state, "draft")

    def test_copy_of_a_shared_policy_belongs_to_ones_own_company(self):
        manager = self.personas["manager"]
        policy = self._shared_policy().with_user(manager)
        copy = policy.copy()
        self.assertEqual((copy.company_id, len(copy.level_ids)), (self.company, 1))
        copy.minimum_amount = 10
        copy.action_confirm()
        everybodys = policy.with_user(self._manager_of(self.company, self.other_company)).copy()
        self.assertFalse(everybodys.company_id)

    def test_new_policy_belongs_to_ones_own_company_where_others_collect(self):
        self._invoice_of(self.other_company)
        self.root["collection.refresh"]._refresh(self.other_company, TODAY)
        policies = self.root["collection.policy"]
        for user, owner in (
            (self.personas["manager"], self.company),
            (self._manager_of(self.company, self.other_company), self.root["res.company"]),
        ):
            with self.subTest(user=user.login):
                self.assertEqual(policies.with_user(user).create({"name": "New"}).company_id, owner)

    def test_order_of_shared_policies_is_free(self):
        policy = self._shared_policy().with_user(self.personas["manager"])
        policy.sequence = 12
        self.assertEqual(policy.sequence, 12)

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
