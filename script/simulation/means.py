"""Consumers who cannot pay: the report to a manager, and what they declare of their means."""

from datetime import timedelta

from . import courts
from .dialogs import open_dialog

ASSESSED_AFTER = 3  # days: he sends his papers first
MORE_TIME = 30  # days
DECLARED = {
    "resource_ids": (("wages", 1450.0), ("family_benefits", 150.0)),
    "charge_ids": (("rent", 820.0), ("energy", 140.0), ("food", 420.0)),
}


def report(env, world, debtor, case, action):
    """Fill in the report that the dialog of the call opens; the means are assessed days later."""
    if action.get("res_model") != "collection.hardship" or action.get("res_id"):
        return
    dialog = open_dialog(env, action)
    dialog.way = "extra_time"
    dialog.until = world.day + timedelta(days=MORE_TIME)
    dialog.facts = "Revenus réduits depuis deux mois, loyer à payer d'abord."
    dialog.save()
    world.note("hardship_reported", debtor, company=case.company_id.id)
    courts.plan(
        world,
        ASSESSED_AFTER,
        case.company_id.id,
        env.user.login,
        "assess means",
        lambda env, one=case.id: _assess(env, world, debtor, one),
    )


def _assess(env, world, debtor, case_id):
    """Note what a debtor has declared, and conclude what he can pay."""
    action = {"res_model": "collection.assessment", "context": {"default_case_id": case_id}}
    form = open_dialog(env, action)
    for name, lines in DECLARED.items():
        for kind, amount in lines:
            with getattr(form, name).new() as line:
                line.kind, line.amount = kind, amount
    form.recommendation = "schedule"
    form.instalment_count, form.instalment_amount = 6, 60.0
    form.conclusion = "Revenus réduits depuis deux mois ; six mensualités de 60 euros possibles."
    form.save().action_conclude()
    world.note("assessed", debtor, company=env.company.id)
