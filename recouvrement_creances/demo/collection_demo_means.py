from datetime import timedelta

from odoo import api, models
from odoo.fields import Command

# What Thierry Vasseur declared: kind, amount, per, detail.
DECLARED = (
    ("wages", 1420.0, "month", ""),
    ("family_benefits", 276.0, "month", ""),
    ("rent", 640.0, "month", ""),
    ("energy", 410.0, "quarter", ""),
    ("insurance", 540.0, "year", "logement et voiture"),
    ("food", 450.0, "month", ""),
    ("consumer_loan", 145.0, "month", "prêt auto"),
)


class CollectionDemoMeans(models.AbstractModel):
    """Tells of two debtors who cannot pay: one decided, one that waits for the manager."""

    _name = "collection.demo.means"
    _description = "Collection demonstration: debtors in hardship"

    # === BUSINESS === #

    @api.model
    def _tell(self, debtors, users, today):
        """Assess a household and report it, decide; report a company, undecided."""
        household = self._assess(debtors["vasseur"], today)
        report = self._report(
            household.case_id,
            users["helene"],
            assessment_id=household.id,
            facts="Heures supplémentaires supprimées depuis trois mois ; veut payer par mois.",
            reason="income",
            way="schedule",
            instalment_count=household.instalment_count,
            instalment_amount=household.instalment_amount,
        )
        report.with_user(users["helene"])._decide(
            "approve", "Budget vérifié sur pièces : échéancier sans frais."
        )
        case = self.env["collection.case"]._open_for(debtors["autoecole"], self.env.company)
        self._report(
            case,
            users["helene"],
            facts="Trois clients lui doivent 9 000 € ; le premier paie à la fin du mois.",
            reason="unpaid_themselves",
            way="extra_time",
            until=today + timedelta(days=21),
        )

    def _assess(self, partner, today):
        case = self.env["collection.case"]._open_for(partner, self.env.company)
        assessment = (
            self.env["collection.assessment"]
            .with_user(case.user_id)
            .create(
                {
                    "case_id": case.id,
                    "date": today - timedelta(days=2),
                    "household_size": 3,
                    "line_ids": [
                        Command.create(
                            {"kind": kind, "amount": amount, "period": period, "label": label}
                        )
                        for kind, amount, period, label in DECLARED
                    ],
                    "conclusion": "Revenus en baisse, charges courantes payées ; peut payer une "
                    "partie chaque mois.",
                    "recommendation": "schedule",
                }
            )
        )
        proposal = assessment._propose()
        assessment.write(
            {
                "instalment_count": proposal.count,
                "instalment_amount": float(proposal.amount),
                "letter_note": "Nous restons à votre disposition pour en parler.",
            }
        )
        assessment.action_conclude()
        return assessment

    def _report(self, case, manager, reason, **values):
        reason = self.env.ref(f"recouvrement_creances.collection_reason_nonpayment_{reason}")
        return (
            self.env["collection.hardship"]
            .with_user(case.user_id)
            .create(
                {
                    "case_id": case.id,
                    "nonpayment_reason_id": reason.id,
                    "manager_id": manager.id,
                    **values,
                }
            )
        )
