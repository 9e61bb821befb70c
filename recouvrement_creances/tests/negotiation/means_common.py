from odoo.fields import Command

from ..common import CollectionCommon

CONCLUSION = "Income fell by a third in January"


class MeansCommon(CollectionCommon):
    """A consumer who cannot pay, whose case a collector follows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.personas["manager"]
        cls.debtor = cls._debtor(
            "Jeanne Petit",
            is_company=False,
            street="1 rue Basse",
            zip="69003",
            city="Lyon",
            phone="+33 6 11 22 33 44",
        )

    def setUp(self):
        super().setUp()
        self._overdue_invoice(40, amount=1200.0, partner=self.debtor)
        self._decide()
        self.case = self._case(self.debtor)
        self.case.user_id = self.collector
        self.income = self.root.ref("recouvrement_creances.collection_reason_nonpayment_income")

    def _as(self, user, model):
        """Return a model as a user of the company."""
        return self.root[model].with_user(user).with_context(allowed_company_ids=self.company.ids)

    def _assess(self, user=None, lines=True, **vals):
        """Return an assessment of the household: 300.00 are left each month."""
        return self._as(user or self.collector, "collection.assessment").create(
            {
                "case_id": self.case.id,
                "household_size": 3,
                "line_ids": [
                    Command.create({"kind": kind, "amount": amount, "period": period})
                    for kind, amount, period in (
                        ("wages", 1500, "month"),
                        ("family_benefits", 300, "quarter"),
                        ("rent", 900, "month"),
                        ("insurance", 1200, "year"),
                        ("consumer_loan", 300, "month"),
                    )
                    if lines
                ],
                "recommendation": "schedule",
                "instalment_count": 4,
                "instalment_amount": 300,
                "conclusion": CONCLUSION,
                **vals,
            }
        )

    def _report(self, user=None, **vals):
        """Return a report of the collector, with a month of extra time as the proposed way."""
        return self._as(user or self.collector, "collection.hardship").create(
            {
                "case_id": self.case.id,
                "nonpayment_reason_id": self.income.id,
                "facts": CONCLUSION,
                "way": "extra_time",
                "until": "2026-04-16",
                "manager_id": self.manager.id,
                **vals,
            }
        )

    def _decide_on(self, report, event="approve", user=None, **vals):
        """Decide through the dialog; return what it opens."""
        dialog = self._as(user or self.manager, "collection.hardship.decision").create(
            {"hardship_id": report.id, "event": event, "note": "As agreed", **vals}
        )
        return dialog.action_apply()
