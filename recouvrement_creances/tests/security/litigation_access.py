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
    "collection.handover": LINES,
    "collection.handover.check": READ,
    "collection.handover.route": READ,
    "collection.handover.decision": READ,
    "collection.handover.link": READ,
    "collection.legal.document": LINES,
    "collection.debtor.check": {
        **READ,
        "collector": "cr r cr .",
        "accountant": "cr cr cr .",
        "manager": "cr cr cr .",
    },
}
LITIGATION_SETTINGS = (
    "collection.court",
    "collection.procedure",
    "collection.procedure.step",
    "collection.procedure.deadline",
    "collection.route.parameter",
)
# Directors say who stands in; what was decided by a rule keeps it.
APPROVAL_RULES = {
    "reader": "r",
    "collector": "r",
    "accountant": "r",
    "manager": "crw",
    "finance_director": "rw",
}
COLLECTORS = ("collector", "accountant", "manager")
LITIGATION_DIALOGS = {
    "collection.court.import": {"manager": "crw"},
    "collection.deadline.closing": dict.fromkeys(COLLECTORS, "crw"),
    "collection.handover.step": dict.fromkeys(COLLECTORS, "crw"),
    "collection.handover.verdict": dict.fromkeys(("manager", "finance_director"), "crw"),
    "collection.proceeding.payment": dict.fromkeys(("accountant", "manager"), "crw"),
    "collection.proceeding.step": dict.fromkeys(COLLECTORS, "crw"),
    "collection.step.undoing": {"manager": "crw"},
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
        **make_handover(case, item),
        "collection.proceeding": proceeding,
        "collection.proceeding.event": event,
        "collection.proceeding.cost": proceeding.cost_ids,
        "collection.proceeding.receipt": proceeding.receipt_ids,
        "collection.deadline": proceeding._open_deadlines(["order.fees"], TODAY),
    }


def make_handover(case, item):
    """Return {model: a record of the case} of what is handed over."""
    handover = case.env["collection.handover"].create(
        {"case_id": case.id, "item_ids": [Command.set(item.ids)]}
    )
    company = {"company_id": case.company_id.id, "user_id": case.env.uid}
    moment = {"handover_id": handover.id, "given_at": TODAY, "expires_at": TODAY}
    links = case.env["collection.handover.link"]
    return {
        "collection.handover": handover,
        "collection.handover.check": handover.check_ids[:1],
        "collection.handover.route": handover.route_ids[:1],
        "collection.handover.decision": case.env["collection.handover.decision"].create(
            {"handover_id": handover.id, "decision": "requested", "decided_at": TODAY, **company}
        ),
        "collection.handover.link": links.create(
            {**moment, "partner_id": case.partner_id.id, **links._draw()}
        ),
        "collection.legal.document": case.env["collection.legal.document"].create(
            {"case_id": case.id, "kind": "order", "name": "Order", "content": "JVBERi0x"}
        ),
        "collection.debtor.check": case.env["collection.debtor.check"].create(
            {"case_id": case.id, "kind": "identity", "source": "Register"}
        ),
    }
