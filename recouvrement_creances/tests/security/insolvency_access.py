"""Who may do what with insolvency: its rows of the matrix, and an example of each record."""

from ..common import TODAY
from .litigation_access import COLLECTORS, LINES, READ

CHANGED = {
    **READ,
    "collector": "rw r rw .",
    "accountant": "rw rw rw .",
    "manager": "rw rw rw .",
}
INSOLVENCY_BOUND = {
    "collection.insolvency": {
        **READ,
        "collector": "crw r crw .",
        "accountant": "crw crw crw .",
        "manager": "crw crw crw .",
    },
    "collection.insolvency.event": READ,
    "collection.insolvency.claim": CHANGED,
    "collection.insolvency.declaration": CHANGED,
    "collection.insolvency.declaration.line": READ,
    "collection.insolvency.dividend": LINES,
    "collection.publication": READ,
}
INSOLVENCY_DIALOGS = {
    "collection.insolvency.step": dict.fromkeys(COLLECTORS, "crw"),
    "collection.insolvency.closing": dict.fromkeys(COLLECTORS, "crw"),
    "collection.insolvency.sending": dict.fromkeys(COLLECTORS, "crw"),
    "collection.publication.import": dict.fromkeys(("accountant", "manager"), "crw"),
}


def make_insolvency(case, item):
    """Return {model: a record of the case}; nothing is held, as nothing was judged yet."""
    record = case.env["collection.insolvency"].create(
        {
            "partner_id": case.partner_id.id,
            "company_id": case.company_id.id,
            "kind": "reorganisation",
        }
    )
    own = {"insolvency_id": record.id}
    declaration = case.env["collection.insolvency.declaration"].create(
        {**own, "version": 1, "opening_date": TODAY}
    )
    return {
        "collection.insolvency": record,
        "collection.insolvency.event": case.env["collection.insolvency.event"].create(
            {**own, "code": "contest", "date": TODAY}
        ),
        "collection.insolvency.claim": case.env["collection.insolvency.claim"].create(
            {**own, "item_id": item.id}
        ),
        "collection.insolvency.declaration": declaration,
        "collection.insolvency.declaration.line": case.env[
            "collection.insolvency.declaration.line"
        ].create({"declaration_id": declaration.id, "number": "INV/1", "due_date": TODAY}),
        "collection.insolvency.dividend": case.env["collection.insolvency.dividend"].create(
            {**own, "due_date": TODAY, "amount": 10}
        ),
        "collection.publication": case.env["collection.publication"].create(
            {
                "company_id": case.company_id.id,
                "partner_id": case.partner_id.id,
                "case_id": case.id,
                "reference": f"A{case.id}",
                "published_on": TODAY,
                "type": "initial",
                "effect": "opening",
            }
        ),
    }
