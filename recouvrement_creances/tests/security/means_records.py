"""What stands in the table of rights on debtors' means, and how its records are made."""

from odoo.fields import Command

from ..common import TODAY

# What others wrote of debtors' means: for managers, who look after sensitive situations.
MEANS = {
    **{
        model: {"manager": "crwd crwd crwd ."}
        for model in (
            "collection.assessment",
            "collection.assessment.line",
            "collection.assessment.fact",
        )
    },
    "collection.hardship": {"manager": "cr cr cr ."},
}
FACT = {"kind": "court_filing", "date": TODAY, "description": "Safeguard", "source": "BODACC"}


def make_means(env, case, manager):
    """Return {model: a record of the case}, written by nobody of the roles.

    :param manager: whose rights who decides has, in the case's company
    """
    household, business = env["collection.assessment"].create(
        [{"case_id": case.id, "kind": kind} for kind in ("person", "company")]
    )
    household.line_ids = [Command.create({"kind": "wages", "amount": 1500})]
    business.fact_ids = [Command.create(FACT)]
    company = {"company_id": case.company_id.id, "company_ids": [Command.set(case.company_id.ids)]}
    decides = manager.copy({"login": f"decides_{case.id}", **company})
    reason = env.ref("recouvrement_creances.collection_reason_nonpayment_income")
    report = env["collection.hardship"].create(
        {
            "case_id": case.id,
            "nonpayment_reason_id": reason.id,
            "facts": "Means have fallen",
            "way": "schedule",
            "manager_id": decides.id,
        }
    )
    return {
        "collection.assessment": household,
        "collection.assessment.line": household.line_ids,
        "collection.assessment.fact": business.fact_ids,
        "collection.hardship": report,
    }
