"""Proceedings: opened from a handover that a court is to decide on, and taken step by step.

The accountant records what courts do; what has been paid since, or what an insolvency has
interrupted, goes no further.
"""

from datetime import timedelta

from .courts import add_paper, plan
from .dialogs import open_dialog
from .world import ACCOUNTANT

OURS = "recouvrement_creances."
# Days since the step before.
DAYS = {
    "close": 30,
    "clerk": 8,
    "costs": 8,
    "date": 5,
    "entitle": 38,
    "enforce": 12,
    "fees": 6,
    "file": 4,
    "grant": 18,
    "hear": 20,
    "judge": 25,
    "lawyer": 8,
    "lawyer_asked": 8,
    "month": 32,
    "notify": 10,
    "oppose": 20,
    "record": 6,
    "reject": 20,
    "serve": 12,
}
# A hearing that is obtained for a summons leaves the time to serve and to file it (CPC 754, 856).
HEARD_AFTER = {"date": 60}
END = ("entitle", "enforce", "close")
TRIED = ("hear", "judge", "notify")
# {procedure: its usual way, and others that it takes now and then}
WAYS = {
    "order_commercial": (
        ("file", "fees", "grant", "serve", *END),
        ("file", "fees", "grant", "serve", "oppose", "clerk", "costs", *TRIED, *END),
        ("file", "fees", "reject", "close"),
    ),
    "order_civil": (
        ("file", "grant", "serve", *END),
        ("file", "grant", "serve", "oppose", *TRIED, *END),
        ("file", "reject", "close"),
    ),
    "traders": (("serve", "month", "record", "entitle", "notify", "enforce", "close"),),
    "small_claims": (("file", "entitle", "enforce", "close"), ("file", "reject", "close")),
    "summons": (("date", "serve", "file", *TRIED, *END),),
    "interim": (("serve", "file", *TRIED, *END),),
    "european_order": (("file", "grant", "serve", *END),),
}
USUAL = 0.7
# Where a proceeding of which nothing is due any more is closed; elsewhere it is withdrawn.
CLOSED_AT_ONCE = ("draft", "rejected", "enforceable", "enforcement", "settled")
# The share of debtors who pay once this has taken place.
PAYING = {"serve": 0.2, "judge": 0.2, "enforce": 0.5}
# Said where something speaks against a step that took place all the same.
REASON = "Vu avec la direction"


def start(env, world, handover):
    """Open the proceeding that was chosen, and plan its first step."""
    action = handover.action_start_proceeding()
    if not action:
        # What was paid since is decided on first.
        return
    proceeding = env["collection.proceeding"].browse(action["res_id"])
    debtor, company = world.by_partner[handover.partner_id.id], handover.company_id.id
    world.note(
        "proceeding_opened",
        debtor,
        handover=handover.id,
        company=company,
        proceeding=proceeding.id,
    )
    usual, *others = WAYS[_get_key(proceeding)]
    way = usual if not others or world.chance.random() < USUAL else world.chance.choice(others)
    _plan_step(world, company, proceeding.id, way)


def _get_key(proceeding):
    (name,) = proceeding.procedure_id.get_external_id().values()
    return name.removeprefix(f"{OURS}collection_procedure_")


def _plan_step(world, company, proceeding_id, way):
    name, *rest = way
    plan(
        world,
        DAYS[name],
        company,
        ACCOUNTANT,
        f"proceeding: {name}",
        lambda env: _take_step(env, world, proceeding_id, name, rest),
    )


def _take_step(env, world, proceeding_id, name, rest):
    """Record what the court has done; nothing is due any more: end it."""
    proceeding = env["collection.proceeding"].browse(proceeding_id)
    debtor = world.by_partner[proceeding.partner_id.id]
    company = proceeding.company_id.id
    if debtor.is_silenced:
        # The opening of proceedings over all that he owes has interrupted it (C. com. L622-21).
        world.note("proceeding_interrupted", debtor, proceeding=proceeding_id, company=company)
        return
    if not proceeding.item_ids.filtered("is_open"):
        name, rest = ("close" if proceeding.state in CLOSED_AT_ONCE else "withdraw"), ()
    step = env.ref(f"{OURS}collection_procedure_step_{_get_key(proceeding)}_{name}")
    if proceeding._find_missing_approval(step, world.day):
        # What was paid since is decided on first; it starts again from there.
        if proceeding.handover_id.state in ("approved", "sending", "transmitted", "accepted"):
            proceeding.handover_id.action_start_proceeding()
        return
    dialog = open_dialog(env, proceeding.action_record_step())
    dialog.step_id = step
    if step.has_hearing:
        days = HEARD_AFTER.get(name, DAYS["hear"])
        dialog.hearing = world.clock.moment + timedelta(days=days)
    if step.needs_document:
        add_paper(env, f"{name}.pdf")(dialog)
    if dialog.obstacles and dialog.may_explain:
        dialog.reason = REASON
    dialog.save().action_apply()
    kind = {"close": "proceeding_closed", "withdraw": "proceeding_withdrawn"}.get(name, "court")
    world.note(kind, debtor, proceeding=proceeding_id, step=name, company=company)
    if debtor.chance.random() < PAYING.get(name, 0):
        world.plan(debtor.chance.randint(3, 10), debtor, "transfer", company=company)
    if rest:
        _plan_step(world, company, proceeding_id, rest)
