from datetime import date

from odoo.fields import Command
from odoo.tests import tagged

from ..ledger.common import NOW, ChargeCommon

DUE = date(2026, 9, 30)
SOON = date(2026, 12, 11)
FAR = "2099-12-31"


@tagged("post_install", "-at_install")
class TestUserDefaults(ChargeCommon):
    """Odoo lets anybody keep defaults for a field: what the flow works out does not take them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.root.ref("recouvrement_creances.collection_reason_waiver_gesture")
        cls.invoice = cls._invoice(1000, DUE)
        cls.case = cls.root["collection.case"].search([("partner_id", "=", cls.debtor.id)])

    def _keep(self, user, model, **values):
        """Keep defaults as the user does in debug mode, for himself."""
        defaults = self.env["ir.default"].with_user(user)
        for name, value in values.items():
            defaults.set(model, name, value, user_id=True)

    def _waive(self, **vals):
        values = {
            "case_id": self.case.id,
            "item_ids": [Command.set(self._item(self.invoice).ids)],
            "reason_id": self.reason.id,
            "share": "amount",
            **vals,
        }
        return self.env["collection.waiver"].with_user(self.accountant).create(values)

    def test_waiver_takes_no_default_of_what_is_worked_out(self):
        self.company.sudo().write(
            {
                "collection_waiver_limit": 999,
                "collection_waiver_account_id": self.company_data["default_account_expense"].id,
            }
        )
        self.other_currency.rate_ids.rate = 2
        self._keep(
            self.accountant,
            "collection.waiver",
            currency_id=self.other_currency.id,
            means="write_off",
            tolerance=5000,
            last_date=FAR,
            decided_by_id=self.personas["finance_director"].id,
            decided_on=FAR,
        )
        first = self._waive(amount=990, condition_date=SOON, note="A customer of thirty years")
        # What a person chooses may have a default of his own.
        self._keep(self.accountant, "collection.waiver", note="As usual")
        second = self._waive(amount=1)
        worked_out = {
            "currency_id": self.euro.id,
            "means": "credit_note",
            "tolerance": 0,
            "decided_by_id": self.accountant.id,
            "decided_on": NOW,
        }
        self.assertRecordValues(
            first | second,
            [
                {**worked_out, "last_date": SOON, "note": "A customer of thirty years"},
                {**worked_out, "last_date": False, "note": "As usual"},
            ],
        )

    def test_limit_is_counted_in_the_currency_of_the_debt(self):
        """A thousand pounds are 500 euros here, which anybody could give up."""
        self.company.sudo().collection_waiver_limit = 999
        self.other_currency.rate_ids.rate = 2
        self._keep(self.accountant, "collection.waiver", currency_id=self.other_currency.id)
        waiver = self._waive(amount=1000, note="A customer of thirty years")
        self.assertEqual((waiver.state, waiver.currency_id), ("requested", self.euro))

    def test_promise_takes_no_default_of_what_is_judged(self):
        self._keep(
            self.collector,
            "collection.promise",
            tolerance=5000,
            date_start="2026-01-01",
            settled_on=FAR,
            last_date=FAR,
        )
        promise = (
            self.env["collection.promise"]
            .with_user(self.collector)
            .create(
                {
                    "case_id": self.case.id,
                    "item_ids": [Command.set(self._item(self.invoice).ids)],
                    "amount": 1000,
                    "date": SOON,
                }
            )
        )
        self.assertRecordValues(
            promise,
            [{"tolerance": 0, "date_start": NOW, "settled_on": False, "last_date": SOON}],
        )

    def test_schedule_takes_no_default_of_what_the_flow_writes(self):
        self._keep(
            self.collector,
            "collection.schedule",
            date_start="2026-01-01",
            ended_on="2026-01-02",
            signed_on="2026-01-01",
        )
        schedule = (
            self.env["collection.schedule"]
            .with_user(self.collector)
            ._propose(
                self.case.with_user(self.collector),
                self._item(self.invoice).with_user(self.collector),
                count=3,
                first_date=date(2027, 1, 5),
            )
        )
        self.assertFalse(schedule.date_start or schedule.ended_on or schedule.signed_on)

    def test_evidence_takes_no_default_at_all(self):
        self._keep(self.collector, "collection.evidence", erased_on="2026-01-01", subject="Forged")
        action = self.root["collection.action"].create(
            {"company_id": self.company.id, "case_id": self.case.id, "channel": "call"}
        )
        evidence = self.env["collection.evidence"].with_user(self.collector)._note(action, "failed")
        self.assertFalse(evidence.erased_on or evidence.subject)
        self.assertFalse(evidence._find_break(self.company))
