from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import TODAY, CollectionCommon

SOON = TODAY + timedelta(days=5)
REASON = "recouvrement_creances.collection_reason_hold_payment_announced"
STOPPING = {"default_stops_interest": True, "default_interest_ground": "None"}


@tagged("post_install", "-at_install")
class TestGivenDefaults(CollectionCommon):
    """What a person may not give, he does not get in by a default of his own either."""

    def setUp(self):
        super().setUp()
        self.personas["invoicing"].group_ids += self.env.ref("base.group_partner_manager")
        self.invoice = self._overdue_invoice(6, amount=1000)
        self._decide()
        self.case = self._case()

    def _create(self, model, values, persona="collector", **context):
        model = self.env[model].with_user(self.personas[persona])
        return model.with_context(**context).create(values)

    def _pause(self, **context):
        values = {
            "case_id": self.case.id,
            "reason_id": self.root.ref(REASON).id,
            "date_end": SOON,
        }
        return self._create("collection.hold", values, **context)

    def _keep(self, persona, model, **values):
        defaults = self.env["ir.default"].with_user(self.personas[persona])
        for name, value in values.items():
            defaults.set(model, name, value, user_id=True)

    # === HOLDS === #

    def test_collector_stops_no_interest_by_a_default(self):
        self._keep("collector", "collection.hold", stops_interest=True, interest_ground="None")
        for context in ({}, STOPPING):
            hold = self._pause(**context)
            self.assertFalse(hold.stops_interest or hold.interest_ground)

    def test_collector_makes_no_hold_of_another_kind_by_a_default(self):
        hold = self._pause(
            default_kind="insolvency",
            default_arose_before="2030-01-01",
            default_released_on="2026-01-01",
        )
        self.assertRecordValues(
            hold, [{"kind": "manual", "arose_before": False, "released_on": False}]
        )

    def test_hold_of_a_promise_takes_no_default_of_who_notes_it(self):
        self._keep("collector", "collection.hold", stops_interest=True, interest_ground="None")
        promise = self._create(
            "collection.promise",
            {
                "case_id": self.case.id,
                "item_ids": [Command.set(self._item(self.invoice).ids)],
                "amount": 1000,
                "date": SOON,
            },
        )
        self.assertEqual(promise.hold_id.kind, "promise")
        self.assertFalse(promise.hold_id.sudo().stops_interest)

    def test_what_belongs_to_insolvency_is_not_given_by_hand(self):
        hold = self._pause()
        with self.assertRaisesRegex(UserError, "Record the insolvency"):
            hold.with_user(self.collector).arose_before = date(2000, 1, 1)

    # === RUNS === #

    def test_run_by_hand_is_never_the_day_of_the_company(self):
        run = self._create(
            "collection.run",
            {"company_id": self.company.id, "case_ids": [Command.set(self.case.ids)]},
            default_origin="daily",
            default_date="2020-01-01",
            default_error="Forged",
        )
        self.assertRecordValues(run, [{"origin": "manual", "date": TODAY, "error": False}])
        self.assertFalse(self.root["collection.run"]._find_unfinished(self.company))

    # === WHAT ODOO'S RECORDS CARRY === #

    def test_who_writes_invoices_chooses_no_policy_by_a_default(self):
        values = {"move_type": "out_invoice", "partner_id": self.partner_a.id}
        with self.assertRaises(AccessError):
            self._create(
                "account.move",
                values,
                "invoicing",
                default_collection_policy_id=self.policy.id,
            )
        self._keep("invoicing", "account.move", collection_policy_id=self.policy.id)
        with self.assertRaises(AccessError):
            self._create("account.move", values, "invoicing")

    def test_who_makes_partners_chooses_nothing_of_collection_by_a_default(self):
        values = {"name": "New customer", "is_company": True}
        chosen = (
            {"default_collection_trader": "no"},
            {"default_collection_prepays": True},
            {"default_collection_owes_indemnity": False},
        )
        for context in chosen:
            with self.subTest(context), self.assertRaises(AccessError), self.env.cr.savepoint():
                self._create("res.partner", values, "invoicing", **context)
        self._keep("invoicing", "res.partner", collection_trader="no")
        with self.assertRaises(AccessError):
            self._create("res.partner", values, "invoicing")

    def test_collector_insures_nobody_by_a_default(self):
        values = {"name": "New customer", "is_company": True}
        insured = {
            "collection_insured_amount": 5000,
            "collection_insured_until": "2026-03-21",
            "collection_insurer_id": self.partner_b.id,
        }
        for name, value in insured.items():
            context = {f"default_{name}": value}
            with self.subTest(context), self.assertRaises(AccessError), self.env.cr.savepoint():
                self._create("res.partner", values, **context)
        self._keep("collector", "res.partner", collection_insured_amount=5000)
        with self.assertRaises(AccessError):
            self._create("res.partner", values)

    def test_defaults_of_the_whole_company_bind_everybody(self):
        self.env["ir.default"].sudo().set("res.partner", "collection_trader", "no")
        partner = self._create("res.partner", {"name": "New customer"}, "invoicing")
        self.assertEqual(partner.sudo().collection_trader, "no")

    def test_judgement_takes_no_file_by_a_default(self):
        """Who sees the case would not see it."""
        file = self._create("ir.attachment", {"name": "Own", "raw": b"own"}, "accountant")
        values = {
            "case_id": self.case.id,
            "name": "Tribunal de commerce, 1",
            "date": TODAY,
            "item_ids": [Command.set(self._item(self.invoice).ids)],
        }
        default = {"default_attachment_ids": [Command.link(file.id)]}
        with self.assertRaises(ValidationError):
            self._create("collection.judgement", values, "accountant", **default)
