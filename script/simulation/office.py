"""Manager and finance director: disputes, approvals, some granted and some refused."""

from datetime import timedelta

from .dialogs import fill, open_dialog, press
from .world import ACCOUNTANT, DIRECTOR, MANAGER

REFUSED = 0.3  # of what the finance director is asked
DAYS_TO_LOOK = 3  # into a dispute
WAITING = {
    "collection.schedule": "to_approve",
    "collection.waiver": "requested",
}
# Each query takes the companies, and the first three the last day.
TO_ANSWER = """
    SELECT FROM collection_dispute
     WHERE state IN ('open', 'waiting') AND company_id = ANY(%s) AND opened_on <= %s
"""
TO_DECIDE = """
    SELECT FROM collection_dispute
     WHERE state = 'answered' AND company_id = ANY(%s) AND answered_on <= %s
"""
REPORTED = """
    SELECT FROM collection_hardship
     WHERE state = 'asked' AND company_id = ANY(%s) AND create_date::date <= %s
"""
TO_APPROVE = """
    SELECT FROM collection_schedule WHERE state = 'to_approve' AND company_id = ANY(%s)
     UNION ALL
    SELECT FROM collection_waiver WHERE state = 'requested' AND company_id = ANY(%s)
"""
CLAIMS_A_WEEK = 1
WEDNESDAY = 2
CLAIMED_AFTER = 40  # days overdue
OFFERED_AFTER = 60  # days overdue
GIVEN_UP = 20  # percent


def decide(world):
    """Let manager and finance director go through what waits for them."""
    looked_into = world.day - timedelta(days=DAYS_TO_LOOK)
    for query, day, work, what in (
        (TO_ANSWER, looked_into, _answer_disputes, "answer disputes"),
        (TO_DECIDE, world.day - timedelta(days=1), _decide_disputes, "decide disputes"),
        (REPORTED, world.day, _decide_hardship, "decide hardship"),
    ):
        if world.finds(query, world.companies, day):
            world.act(MANAGER, lambda env, do=work: do(env, world), what=what)
    for login, refused in ((MANAGER, 0.1), (DIRECTOR, REFUSED)):
        if world.finds(TO_APPROVE, world.companies, world.companies):
            world.act(
                login,
                lambda env, share=refused: _approve(env, world, share),
                what="approve or refuse",
            )


# === DISPUTES === #


def _opinion(world, dispute):
    """Return what is true of a dispute, as only the simulation knows."""
    moves = dispute.line_ids.item_id.sudo().move_id.ids
    kinds = {world.disputed.get(move) for move in moves}
    return "founded" if "disputed_rightly" in kinds else "unfounded"


def _answer_disputes(env, world):
    disputes = env["collection.dispute"].search(
        [
            ("state", "in", ("open", "waiting")),
            ("company_id", "in", world.companies),
            ("opened_on", "<=", world.day - timedelta(days=DAYS_TO_LOOK)),
        ]
    )
    for dispute in disputes:
        press(
            dispute,
            "action_answer",
            opinion=_opinion(world, dispute),
            answer="Vérifié avec l'atelier.",
        )


def _decide_disputes(env, world):
    disputes = env["collection.dispute"].search(
        [
            ("state", "=", "answered"),
            ("company_id", "in", world.companies),
            ("answered_on", "<", world.day),
        ]
    )
    for dispute in disputes:
        debtor = world.by_partner[dispute.case_id.partner_id.id]
        decision = _opinion(world, dispute)
        press(dispute, "action_decide", decision=decision, note="Décidé après vérification.")
        world.note("dispute_decided", debtor, dispute=dispute.id, decision=decision)


# === APPROVALS === #


def _approve(env, world, refused):
    for model, state in WAITING.items():
        domain = [("state", "=", state), ("company_id", "in", world.companies)]
        for request in env[model].search(domain):
            if request.can_decide:
                decision = "refuse" if world.chance.random() < refused else "approve"
                press(request, "action_decide", decision=decision, note="Vu le dossier.")
                debtor = world.by_partner[request.case_id.partner_id.id]
                world.note(f"{model.split('.')[1]}_{decision}d", debtor, record=request.id)


def _decide_hardship(env, world):
    domain = [("state", "=", "asked"), ("company_id", "in", world.companies)]
    for report in env["collection.hardship"].search(domain):
        if report.can_decide:
            debtor = world.by_partner[report.case_id.partner_id.id]
            event = "refuse" if world.chance.random() < REFUSED else "approve"
            fill(env, report.action_decide(), event=event, note="Vu la situation.")
            world.note("hardship_decided", debtor, event=event)


# === CHARGES AND WAIVERS === #


def charge(world):
    """Claim what late payment has cost from some professionals; some ask to be let off."""
    if world.day.weekday() == WEDNESDAY:
        for company in world.companies:
            world.act(ACCOUNTANT, lambda env: _claim(env, world), company, "claim charges")
            world.act(ACCOUNTANT, lambda env: _ask_waivers(env, world), company, "ask a waiver")
            world.act(ACCOUNTANT, lambda env: _offer_waiver(env, world), company, "offer a waiver")


def _claim(env, world):
    limit = world.day - timedelta(days=CLAIMED_AFTER)
    cases = env["collection.case"].search(
        [
            ("company_id", "=", env.company.id),
            ("is_open", "=", True),
            ("partner_id.collection_debtor_kind", "=", "professional"),
            ("open_item_ids.due_date", "<", limit),
            ("hold_ids", "not any", [("state", "=", "open")]),
            ("charge_ids", "=", False),
        ],
        order="id",
        limit=CLAIMS_A_WEEK,
    )
    for case in cases:
        debtor = world.by_partner[case.partner_id.id]
        action = {
            "res_model": "collection.charge.claim",
            "context": {"default_case_id": case.id},
        }
        dialog = open_dialog(env, action)
        if dialog.block or not len(dialog.line_ids):
            continue
        dialog.save().action_apply()
        world.note("charges_claimed", debtor, company=env.company.id)


def _ask_waivers(env, world):
    """Some debtors pay the principal and ask to be let off the charges."""
    charges = env["collection.charge"].search(
        [
            ("company_id", "=", env.company.id),
            ("state", "=", "claimed"),
            ("date", "<", world.day - timedelta(days=20)),
        ],
        limit=2,
    )
    waivers = env["collection.waiver"].search([("charge_id", "in", charges.ids)])
    charges -= waivers.charge_id
    for charge in charges:
        debtor = world.by_partner[charge.case_id.partner_id.id]
        if debtor.chance.random() < 0.5:
            continue
        dialog = open_dialog(env, charge.action_waive())
        dialog.reason_id = env["collection.reason"].search([("usage", "=", "waiver")], limit=1)
        dialog.note = "A réglé le principal ; client fidèle."
        dialog.save()
        world.note("waiver_asked", debtor, charge=charge.id, company=env.company.id)


def _offer_waiver(env, world):
    """Offer to give a part of an old debt up if the rest is paid soon; some debtors do."""
    limit = world.day - timedelta(days=OFFERED_AFTER)
    case = env["collection.case"].search(
        [
            ("company_id", "=", env.company.id),
            ("is_open", "=", True),
            ("open_item_ids.due_date", "<", limit),
            ("hold_ids", "not any", [("state", "=", "open")]),
            ("id", "not in", list(world.offered)),
        ],
        order="id",
        limit=1,
    )
    item = case.open_item_ids.filtered(lambda one: one.due_date < limit)[:1]
    if not item:
        return
    world.offered.add(case.id)
    debtor = world.by_partner[case.partner_id.id]
    dialog = open_dialog(env, case.action_add_waiver())
    dialog.item_ids.clear()
    dialog.item_ids.add(item)
    dialog.share = "percentage"
    dialog.percentage = GIVEN_UP
    dialog.condition_date = world.day + timedelta(days=20)
    dialog.reason_id = env["collection.reason"].search([("usage", "=", "waiver")], limit=1)
    dialog.note = "Geste commercial contre un règlement rapide."
    waiver = dialog.save()
    move = item.sudo().move_id.id
    world.note("waiver_asked", debtor, waiver=waiver.id, move=move, company=env.company.id)
    if debtor.chance.random() < 0.6:
        days, share = debtor.chance.randint(8, 14), 1 - GIVEN_UP / 100
        world.plan(days, debtor, "pay_share", company=env.company.id, move=move, share=share)
