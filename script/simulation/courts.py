"""What ends before courts: insolvency, over-indebtedness, handovers to a lawyer."""

import base64
from datetime import timedelta

from odoo.fields import Command

from .browser import PDF
from .days import working_day
from .dialogs import fill, open_dialog, press
from .world import ACCOUNTANT, DIRECTOR

SCAN = base64.b64encode(PDF).decode()
MONDAY = 0
HANDOVERS_A_WEEK = 2
REFUSED = 0.3
PUBLISHED_AFTER = 8  # days from the judgement
LEARNT_AFTER = 4  # days from the publication
DECLARED_AFTER = 12  # days from then
RECOVERED = 0.4  # of what a lawyer takes on
KINDS = {"insolvent": ("reorganisation", "liquidation"), "over_indebted": ("overindebtedness",)}
JOURNAL = {"insolvent": "insolvent_opened", "over_indebted": "over_indebted"}
LAWYER = "Maître Élise Carnot, avocate"
REPRESENTATIVE = "SELARL Vernay, mandataire judiciaire"
CHECKS = (("identity", "Infogreffe", False), ("solvency", "Banque de France", "good"))
DOCUMENTS = ("order", "delivery", "contract")


def draw_judgements(world, length):
    """Choose the day on which each debtor that is to become insolvent does."""
    for debtor in world.debtors:
        for mark in KINDS:
            if debtor.has(mark):
                days = debtor.chance.randint(length // 4, max(length * 3 // 4, length // 4 + 1))
                world.judgements[world.day + timedelta(days=days)].append((debtor, mark))


def judge(world):
    """Let courts open proceedings today; the debtor does nothing by himself any more."""
    for debtor, mark in world.judgements.pop(world.day, []):
        debtor.is_silenced = True
        debtor.next_invoice = world.day + timedelta(days=10000)
        published = world.day + timedelta(days=PUBLISHED_AFTER)
        learnt = working_day(published + timedelta(days=LEARNT_AFTER))
        world.learnt[learnt].append((debtor, mark, world.day, published))


def follow(world):
    """Let the accountant record what was published, and declare what is owed."""
    for news in world.learnt.pop(world.day, []):
        for company in world.companies:
            world.act(
                ACCOUNTANT,
                lambda env, facts=news: _record(env, world, *facts),
                company,
                "record an insolvency",
            )
    for record, company in world.declarations.pop(world.day, []):
        world.act(ACCOUNTANT, lambda env, one=record: _declare(env, world, one), company, "declare")
    _hand_over(world)


# === INSOLVENCY === #


def _record(env, world, debtor, mark, judgement, published):
    case = env["collection.case"].search(
        [
            ("partner_id", "=", debtor.partner_id),
            ("company_id", "=", env.company.id),
            ("is_open", "=", True),
        ],
        limit=1,
    )
    if not case or case.insolvency_id:
        return
    dialog = open_dialog(env, case.action_record_insolvency())
    dialog.kind = debtor.chance.choice(KINDS[mark])
    dialog.judgement_date = judgement
    if mark == "insolvent":
        dialog.publication_date = published
        dialog.publication_number = "1482"
    dialog.number = f"{judgement.year}RJ{debtor.partner_id:05d}"
    dialog.representative_id = env["res.partner"].search([("name", "=", REPRESENTATIVE)], limit=1)
    record = dialog.save()
    world.note(
        JOURNAL[mark],
        debtor,
        company=env.company.id,
        judgement=judgement,
        publication=published if mark == "insolvent" else None,
        record=record.id,
    )
    if mark == "insolvent":
        day = working_day(world.day + timedelta(days=DECLARED_AFTER))
        world.declarations[day].append((record.id, env.company.id))


def _declare(env, world, record_id):
    record = env["collection.insolvency"].browse(record_id)
    debtor = world.by_partner[record.partner_id.id]
    action = record.action_prepare_declaration()
    declaration = env["collection.insolvency.declaration"].browse(action["res_id"])
    declaration.signatory_quality = "Comptable, dûment habilitée"
    proof = env["ir.attachment"].create({"name": "preuve.pdf", "raw": PDF})
    fill(
        env,
        declaration.action_send(),
        number="RK0001FR",
        attachment_ids=lambda form: form.attachment_ids.add(proof),
    )
    world.note("claims_declared", debtor, company=env.company.id, record=record_id)


# === HANDOVER === #


def _hand_over(world):
    for company in world.companies:
        if world.day.weekday() == MONDAY:
            world.act(ACCOUNTANT, lambda env: _ask(env, world), company, "ask for a handover")
        world.act(ACCOUNTANT, lambda env: _transmit(env, world), company, "transmit a handover")
    world.act(DIRECTOR, lambda env: _decide(env, world), what="decide on handovers")


def _ask(env, world):
    """Prepare the handover of what has been through the whole ladder, and ask for it."""
    items = env["collection.item"].search(
        [
            ("verdict", "=", "ladder_done"),
            ("is_open", "=", True),
            ("case_id.company_id", "=", env.company.id),
        ]
    )
    cases = items.case_id.filtered(
        lambda case: case.id not in world.asked_handovers and case.amount_overdue > 200
    )
    for case in cases.sorted("id")[:HANDOVERS_A_WEEK]:
        world.asked_handovers.add(case.id)
        handover = env["collection.handover"].browse(case.action_prepare_handover()["res_id"])
        _fill_file(env, case, handover)
        handover.write({"note": "Tous les niveaux sont passés, sans réponse."})
        handover.action_request()


def _fill_file(env, case, handover):
    """Note the checks and put the documents on the case that the checklist wants."""
    kinds = (*CHECKS, ("insolvency", "BODACC", False))
    env["collection.debtor.check"].create(
        [
            {"case_id": case.id, "kind": kind, "source": source, "solvency": solvency}
            for kind, source, solvency in kinds
        ]
    )
    pieces = [(kind, kind, []) for kind in DOCUMENTS]
    pieces += [("invoice", item.display_name, item.ids) for item in handover.item_ids]
    env["collection.legal.document"].create(
        [
            {
                "case_id": case.id,
                "kind": kind,
                "name": name,
                "item_ids": [Command.set(items)],
                "content": SCAN,
                "file_name": f"{kind}.pdf",
            }
            for kind, name, items in pieces
        ]
    )


def _decide(env, world):
    """Approve some handovers and refuse others, each with its reason."""
    for handover in env["collection.handover"].search([("state", "=", "requested")]):
        if not handover.can_decide:
            continue
        debtor = world.by_partner[handover.partner_id.id]
        decision = "refuse" if world.chance.random() < REFUSED else "approve"
        press(handover, "action_decide", decision=decision, note="Lu le dossier.")
        if decision == "approve":
            world.note(
                "handed_over",
                debtor,
                handover=handover.id,
                company=handover.company_id.id,
                moves=handover.item_ids.sudo().move_id.ids,
            )
            if debtor.chance.random() < RECOVERED:
                company = handover.company_id.id
                world.plan(debtor.chance.randint(20, 45), debtor, "transfer", company=company)


def _transmit(env, world):
    """Hand what was approved to the lawyer, who takes it on some days later."""
    lawyer = env["res.partner"].search([("name", "=", LAWYER)], limit=1)
    handovers = env["collection.handover"]
    own = [("company_id", "=", env.company.id)]
    for handover in handovers.search([*own, ("state", "=", "approved")]):
        if handover.route_code != "write_off":
            handover.write({"agent_id": lawyer.id, "agent_kind": "lawyer"})
            handover.action_transmit()
    old = world.day - timedelta(days=5)
    for handover in handovers.search(
        [*own, ("state", "=", "transmitted"), ("transmitted_on", "<=", old)]
    ):
        press(handover, "action_accepted")
