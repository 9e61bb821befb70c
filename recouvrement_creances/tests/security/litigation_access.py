"""Who may do what in litigation: its rows of the matrix, and an example of each record."""

from odoo.fields import Command

from ..common import TODAY

READ = {
    role: "r r r ." for role in ("reader", "collector", "accountant", "manager", "finance_director")
}
LINES = {
    **READ,
    "collector": "crwd r crwd .",
    "accountant": "crwd crwd crwd .",
    "manager": "crwd crwd crwd .",
}
LITIGATION_BOUND = {
    "collection.proceeding": {
        **READ,
        "collector": "rw r rw .",
        "accountant": "crw crw crw .",
        "manager": "crw crw crw .",
    },
    "collection.proceeding.event": READ,
    "collection.proceeding.cost": LINES,
    "collection.proceeding.receipt": LINES,
    "collection.deadline": READ,
}
LITIGATION_SETTINGS = (
    "collection.court",
    "collection.procedure",
    "collection.procedure.step",
    "collection.procedure.deadline",
)
COLLECTORS = ("collector", "accountant", "manager")
LITIGATION_DIALOGS = {
    "collection.deadline.closing": dict.fromkeys(COLLECTORS, "crw"),
    "collection.proceeding.step": dict.fromkeys(COLLECTORS, "crw"),
}


def make_litigation(case, item):
    """Return {model: a record of the case}."""
    procedure = case.env.ref("recouvrement_creances.collection_procedure_order_commercial")
    proceeding = case.env["collection.proceeding"].create(
        {
            "case_id": case.id,
            "procedure_id": procedure.id,
            "item_ids": [Command.set(item.ids)],
            "principal_claimed": 100,
            "amount_claimed": 100,
            "cost_ids": [Command.create({"name": "Clerk", "estimate": 30})],
            "receipt_ids": [Command.create({"amount": 10})],
        }
    )
    event = case.env["collection.proceeding.event"].create(
        {"proceeding_id": proceeding.id, "step_id": procedure.step_ids[0].id, "date": TODAY}
    )
    return {
        "collection.proceeding": proceeding,
        "collection.proceeding.event": event,
        "collection.proceeding.cost": proceeding.cost_ids,
        "collection.proceeding.receipt": proceeding.receipt_ids,
        "collection.deadline": proceeding._open_deadlines(["order.fees"], TODAY),
    }
