"""Who may do what with disputes and reasons: their rows of the matrix, and an example of each."""

from odoo.fields import Command

from ..common import TODAY

READ = {
    role: "r r r ." for role in ("reader", "collector", "accountant", "manager", "finance_director")
}
DISPUTE_BOUND = {
    "collection.dispute": {
        **READ,
        "collector": "rw r rw .",
        "accountant": "rw rw rw .",
        "manager": "rw rw rw .",
    },
    "collection.dispute.line": READ,
    "collection.reason.note": READ,
}
COLLECTORS = ("collector", "accountant", "manager")
DISPUTE_DIALOGS = {
    # Owners of disputes need no role: what they may answer is asked when they do.
    "collection.dispute.answer": dict.fromkeys([*READ, "invoicing"], "crw"),
    "collection.dispute.decision": dict.fromkeys(COLLECTORS, "crw"),
    "collection.dispute.decision.line": dict.fromkeys(COLLECTORS, "crwd"),
    "collection.dispute.entry": dict.fromkeys(COLLECTORS, "crw"),
    "collection.dispute.entry.line": dict.fromkeys(COLLECTORS, "crwd"),
    "collection.reason.entry": dict.fromkeys(COLLECTORS, "crw"),
}


def make_dispute(case, item):
    """Return {model: a record of the case}."""
    category = case.env["collection.dispute.category"].search([], limit=1)
    line = {"item_id": item.id, "currency_id": case.currency_id.id, "amount": 40}
    dispute = case.env["collection.dispute"].create(
        {
            "name": case.name,
            "case_id": case.id,
            "company_id": case.company_id.id,
            "category_id": category.id,
            "how": "call",
            "opened_on": TODAY,
            "deadline": TODAY,
            "line_ids": [Command.create(line)],
        }
    )
    case._note_nonpayment_reason(category.nonpayment_reason_id, "hand")
    return {
        "collection.dispute": dispute,
        "collection.dispute.line": dispute.line_ids,
        "collection.reason.note": case.reason_note_ids,
    }
