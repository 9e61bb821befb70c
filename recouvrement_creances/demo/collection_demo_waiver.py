from datetime import timedelta
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Command

# Who asks.
ACCOUNTANT = "sophie"


class Request(NamedTuple):
    """A waiver that was asked for.

    :ivar values: how much of the debtor's overdue invoices
    :ivar until: days from today by which the rest has to be paid; None: no condition
    """

    debtor: str
    values: dict
    note: str
    until: int | None = None


REQUESTS = (
    # Within what accountants give up by themselves: booked at once.
    Request(
        "ambulances",
        {"share": "amount", "amount": 100.0},
        "Deux poignées rayées à la pose : geste convenu au téléphone.",
    ),
    # Above it: waits for the manager.
    Request(
        "chocolaterie",
        {"share": "percentage", "percentage": 5.0},
        "Propose de solder tout de suite si nous abandonnons cinq pour cent.",
        until=21,
    ),
)


class CollectionDemoWaiver(models.AbstractModel):
    """Tells of the waivers: one that was carried out, one that waits for an approval."""

    _name = "collection.demo.waiver"
    _description = "Collection demonstration: waivers"

    # === BUSINESS === #

    @api.model
    def _tell(self, company, debtors, users, today):
        """Ask for the waivers as an accountant does; those within the limit are booked."""
        reason = self.env.ref("recouvrement_creances.collection_reason_waiver_gesture")
        waivers = self.env["collection.waiver"].with_user(users[ACCOUNTANT])
        for request in REQUESTS:
            case = self.env["collection.case"]._open_for(debtors[request.debtor], company)
            waivers.create(
                {
                    "case_id": case.id,
                    "item_ids": [Command.set(case._get_waivable_items().ids)],
                    "reason_id": reason.id,
                    "note": request.note,
                    "condition_date": request.until is not None
                    and today + timedelta(days=request.until),
                    **request.values,
                }
            )
