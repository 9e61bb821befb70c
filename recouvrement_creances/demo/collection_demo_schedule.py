from datetime import timedelta
from typing import NamedTuple

from odoo import api, models


class Plan(NamedTuple):
    """A schedule of the story.

    :ivar first: days from today to the first instalment
    :ivar signed: days from today to the signature on paper; None: not signed
    :ivar paid: how many instalments were paid, each on its day
    """

    debtor: str
    count: int
    first: int
    note: str
    signed: int | None = None
    paid: int = 0
    frequency: str = "month"


SCHEDULES = (
    Plan(
        "transports",
        6,
        -26,
        "Perte d'un gros client : paie en six fois, tous les quinze jours ; tenu jusqu'ici.",
        signed=-30,
        paid=2,
        frequency="two_weeks",
    ),
    Plan(
        "camping",
        4,
        -12,
        "Saison courte : premier versement promis avec les arrhes d'été.",
        signed=-20,
    ),
    Plan("plomberie", 30, 25, "Demande trente mois : c'est plus que le scénario n'autorise."),
    Plan("augustin", 5, 15, "Travaux dans la salle : propose cinq mensualités, signera en ligne."),
)


class CollectionDemoSchedule(models.AbstractModel):
    """Tells of schedules: one runs, one is late, one waits for approval, one for a signature."""

    _name = "collection.demo.schedule"
    _description = "Collection demonstration: schedules"

    # === BUSINESS === #

    @api.model
    def _tell(self, company, debtors, today):
        """Agree on the schedules, book their payments, let the ledger judge them."""
        state = self.env["ir.actions.report"].get_wkhtmltopdf_state()
        if state in ("install", "broken"):
            # Agreements cannot be printed here: the rest of the story does without them.
            return
        for planned in SCHEDULES:
            case = self.env["collection.case"]._open_for(debtors[planned.debtor], company)
            self._agree(case, planned, today)
        self.env["collection.settlement"]._judge_due(company, today)

    def _agree(self, case, planned, today):
        # As the collector of the case, in sudo mode as the whole demonstration is loaded.
        schedules_sudo = self.env["collection.schedule"].with_user(case.user_id).sudo()
        schedule = schedules_sudo._propose(
            case,
            case.open_item_ids,
            count=planned.count,
            first_date=today + timedelta(days=planned.first),
            frequency=planned.frequency,
            requested_by="debtor",
            note=planned.note,
        )
        schedule._submit()
        if planned.signed is None:
            return
        day = today + timedelta(days=planned.signed)
        # The paper that comes back from the scanner is the agreement that was sent.
        paper = schedule.agreement_id.raw
        schedule._sign_on_paper(day, case.partner_id.name, paper)
        bank = self.env["account.journal"].search(
            [("company_id", "=", case.company_id.id), ("type", "=", "bank")], limit=1
        )
        for line in schedule._get_lines()[: planned.paid]:
            schedule._register_payment(bank, line.amount, line.due_date)
