from datetime import timedelta
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Command

PAPER = b"%PDF-1.4\n% Acte num\xc3\xa9ris\xc3\xa9 pour la d\xc3\xa9monstration\n"
SUED, ACCOUNTANT = "terrassement", "sophie"
PREFIX = "recouvrement_creances.collection_procedure_"
NUMBER = "2026IP00418"


class Taken(NamedTuple):
    """A step that was taken so many days ago, with the name of its paper."""

    step: str
    days_ago: int
    paper: str


STEPS = (
    Taken("file", 75, "Requête en injonction de payer.pdf"),
    Taken("fees", 70, "Reçu du greffe.pdf"),
    Taken("grant", 58, "Ordonnance.pdf"),
    Taken("serve", 24, "Procès-verbal de signification.pdf"),
)
COSTS = (
    # What for, who, expected, real, recoverable.
    ("Greffe : injonction de payer", "court", 33.47, 33.47, True),
    ("Signification de l'ordonnance", "commissioner", 51.58, 58.20, True),
    ("Rédaction de la requête", "lawyer", 150.0, 0.0, False),
)


class CollectionDemoLitigation(models.AbstractModel):
    """Tells of an order for payment that was served, and whose deadlines run."""

    _name = "collection.demo.litigation"
    _description = "Collection demonstration: court"

    # === BUSINESS === #

    @api.model
    def _tell(self, company, debtors, users, today):
        """Open the proceeding and record its steps, on their days."""
        case = self.env["collection.case"]._open_for(debtors[SUED], company)
        procedure = self.env.ref(f"{PREFIX}order_commercial")
        # As the accountant, in sudo mode as the whole demonstration is loaded.
        proceedings_sudo = self.env["collection.proceeding"].with_user(users[ACCOUNTANT]).sudo()
        proceeding = proceedings_sudo._open(case, case.open_item_ids, procedure)
        for taken in STEPS:
            values = {"number": NUMBER} if taken.step == "grant" else {}
            if taken.step == "grant":
                values["amount_granted"] = proceeding.amount_claimed
            proceeding._record_step(
                self.env.ref(f"{PREFIX}step_order_commercial_{taken.step}"),
                today - timedelta(days=taken.days_ago),
                self._make_paper(case, taken.paper),
                **values,
            )
        proceeding.cost_ids = [
            Command.create(
                {
                    "name": name,
                    "kind": kind,
                    "estimate": estimate,
                    "amount": amount,
                    "is_recoverable": is_recoverable,
                    "date": today,
                }
            )
            for name, kind, estimate, amount, is_recoverable in COSTS
        ]
        self.env["collection.deadline"]._warn(company, today)

    def _make_paper(self, case, name):
        return self.env["ir.attachment"].create(
            {"name": name, "raw": PAPER, "res_model": case._name, "res_id": case.id}
        )
