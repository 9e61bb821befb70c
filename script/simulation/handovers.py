"""Handovers: asked for once the ladder is done, decided on, handed over, ended.

The accountant asks and hands over, the finance director decides, the lawyer answers; what nobody
can collect is written off.
"""

import base64
from datetime import timedelta

from odoo.fields import Command

from . import proceedings
from .browser import PDF
from .courts import plan
from .dialogs import press
from .world import ACCOUNTANT, DIRECTOR

MONDAY = 0
A_WEEK = 3
LEAST = 200
REFUSED = 0.3
ASKED_AGAIN_AFTER = 30  # days since it was refused
ANSWERED_AFTER = 5  # days that the lawyer takes
DECLINED = 0.1
ENDED_AFTER = 120  # days that an agency tries
WRITE_OFF = "write_off"
LAWYERS = ("Maître Élise Carnot, avocate", "Cabinet Ferrand, avocats")
CHECKS = (
    ("identity", "Infogreffe", False),
    ("solvency", "Banque de France", "good"),
    ("insolvency", "BODACC", False),
)
DOCUMENTS = ("order", "delivery", "contract", "notice", "notice_proof")
# A handover that is not over, or was refused: no other one of the same items.
RUNNING = (
    "draft",
    "requested",
    "refused",
    "approved",
    "sending",
    "transmitted",
    "accepted",
    "declined",
)
OVER_LADDER = """
    SELECT DISTINCT item.case_id
      FROM collection_item item JOIN collection_case debt ON debt.id = item.case_id
     WHERE item.verdict = 'ladder_done' AND item.is_open AND debt.company_id = %s
       AND NOT EXISTS (SELECT FROM collection_handover former
                        WHERE former.case_id = item.case_id AND former.state = ANY(%s))
  ORDER BY item.case_id
"""
IN_STATE = """
    SELECT id FROM collection_handover
     WHERE company_id = %s AND state = ANY(%s) AND COALESCE(transmitted_on, %s) <= %s
  ORDER BY id
"""


def follow(world):
    """Let each do what is his: ask on Mondays, hand over, decide; one case after the other."""
    for company in world.companies:
        if world.day.weekday() == MONDAY:
            _ask_some(world, company)
        for states, login, work, what in (
            (["approved", "declined"], ACCOUNTANT, _transmit, "transmit a handover"),
            (["transmitted"], ACCOUNTANT, _take_answer, "take the lawyer's answer"),
            (["requested"], DIRECTOR, _decide, "decide on a handover"),
        ):
            since = world.day - timedelta(days=ANSWERED_AFTER if work is _take_answer else 0)
            found = world.rows(IN_STATE, company, states, since, since)
            _let(world, login, company, found, work, what)


def _let(world, login, company, rows, work, what):
    for (record,) in rows:
        world.act(login, lambda env, one=record: work(env, world, one), company, what)


# === ASKING === #


def _ask_some(world, company):
    asked = 0
    for (case,) in world.rows(OVER_LADDER, company, list(RUNNING)):
        if asked < A_WEEK:
            done = world.act(
                ACCOUNTANT,
                lambda env, one=case: _ask(env, world, one),
                company,
                "ask for a handover",
            )
            asked += bool(done)


def _ask(env, world, case_id):
    """Prepare the handover of what has been through the whole ladder; tell whether it was asked."""
    case = env["collection.case"].browse(case_id)
    items = case.open_item_ids.filtered(lambda item: item.verdict == "ladder_done")
    items = items.filtered(lambda item: item.currency_id == items[0].currency_id)
    if sum(items.sudo().mapped("amount_residual")) <= LEAST:
        return False
    _ask_for(env, world, case, items)
    return True


def _ask_for(env, world, case, items):
    former = env["collection.handover"].search(
        [("item_ids", "in", items.ids), ("state", "in", ("closed", "recalled"))]
    )
    handover = env["collection.handover"].browse(case.action_prepare_handover()["res_id"])
    # What is younger has had no formal notice yet.
    handover.item_ids = items
    _fill_file(env, case, handover)
    handover.note = "Tous les niveaux sont passés, sans réponse."
    if former:
        handover.route_code = WRITE_OFF
    handover.action_request()
    _note(world, "handover_asked", handover)


def _note(world, kind, handover, **detail):
    debtor = world.by_partner[handover.partner_id.id]
    company = handover.company_id.id
    world.note(kind, debtor, handover=handover.id, company=company, **detail)
    return debtor


def _check_debtor(env, case):
    env["collection.debtor.check"].create(
        [
            {"case_id": case.id, "kind": kind, "source": source, "solvency": solvency}
            for kind, source, solvency in CHECKS
        ]
    )


def _fill_file(env, case, handover):
    """Note the checks and put the documents on the case that the checklist wants."""
    _check_debtor(env, case)
    pieces = [(kind, kind, []) for kind in DOCUMENTS]
    pieces += [
        ("invoice", items[0].display_name, items.ids)
        for items in handover.item_ids.grouped("move_id").values()
    ]
    env["collection.legal.document"].create(
        [
            {
                "case_id": case.id,
                "kind": kind,
                "name": name,
                "item_ids": [Command.set(items)],
                # Each invoice has a document of its own.
                "content": base64.b64encode(PDF + name.encode()).decode(),
                "file_name": f"{kind}.pdf",
            }
            for kind, name, items in pieces
        ]
    )


def _ask_again(env, world, handover_id):
    """Ask once more for what was refused: nothing has moved since."""
    handover = env["collection.handover"].browse(handover_id)
    if handover.state != "refused":
        return
    if not handover.item_ids.filtered("is_open"):
        handover.action_cancel()
        return
    handover.action_revise()
    _check_debtor(env, handover.case_id)
    handover.note = "Toujours sans réponse depuis le refus."
    handover.action_request()
    _note(world, "handover_asked_again", handover)


# === DECIDING === #


def _decide(env, world, handover_id):
    """Approve some handovers and refuse others, each with its reason; not what has been paid."""
    handover = env["collection.handover"].browse(handover_id)
    if not handover.can_decide:
        return
    is_due = bool(handover.item_ids.filtered("is_open"))
    decision = "approve" if is_due and world.chance.random() > REFUSED else "refuse"
    press(handover, "action_decide", decision=decision, note="Lu le dossier.")
    if handover.state == "approved":
        _note(world, "handed_over", handover, moves=handover.item_ids.sudo().move_id.ids)
    elif decision == "refuse":
        _note(world, "handover_refused", handover)
        company = handover.company_id.id
        plan(
            world,
            ASKED_AGAIN_AFTER,
            company,
            ACCOUNTANT,
            "ask for a handover again",
            lambda env: _ask_again(env, world, handover_id),
        )


# === HANDING OVER === #


def _transmit(env, world, handover_id):
    """Hand what was approved to the lawyer; write off what nobody is to try for."""
    handover = env["collection.handover"].browse(handover_id)
    if _ends_by_itself(world, handover):
        return
    if handover.route_code == WRITE_OFF:
        _write_off(env, world, handover)
        return
    number = 1 if handover.state == "declined" else 0
    lawyer = env["res.partner"].search([("name", "=", LAWYERS[number])], limit=1)
    kind = handover.route_code if handover.route_code in ("agency", "insurer") else "lawyer"
    handover.write({"agent_id": lawyer.id, "agent_kind": kind})
    handover.action_transmit()
    # Otherwise what is due has changed since: it is decided on again.
    if handover.state == "sending":
        _note(world, "handover_transmitted", handover)


def _ends_by_itself(world, handover):
    """Take a handover back whose debtor has paid since, or may not be sued any more."""
    debtor = world.by_partner[handover.partner_id.id]
    if handover.route_code != WRITE_OFF and debtor.is_silenced:
        press(handover, "action_recall", note="Procédure ouverte.")
        _note(world, "handover_recalled", handover)
        return True
    if not handover.item_ids.filtered("is_open"):
        _end(world, handover, "Réglé depuis.")
        return True
    return False


def _take_answer(env, world, handover_id):
    """Note that the lawyer takes a case on, or does not; open the proceeding that was chosen."""
    handover = env["collection.handover"].browse(handover_id)
    if _ends_by_itself(world, handover):
        return
    if handover.agent_id.name == LAWYERS[0] and world.chance.random() < DECLINED:
        press(handover, "action_declined", note="Conflit d'intérêts.")
        _note(world, "handover_declined", handover)
        return
    press(handover, "action_accepted")
    _note(world, "handover_accepted", handover)
    _start(env, world, handover)


def _end(world, handover, why):
    press(handover, "action_close", note=why)
    _note(world, "handover_closed", handover)


def _write_off(env, world, handover):
    """Book a loss that the finance director has agreed to, and close the handover."""
    company = env.company
    lines = handover.item_ids.sudo().move_line_id.filtered(lambda line: not line.reconciled)
    if not lines:
        _end(world, handover, "Tout est payé.")
        return
    lost = sum(lines.mapped("amount_residual"))
    receivable = lines.account_id[0]
    partner = handover.partner_id.id
    move = env["account.move"].create(
        {
            "move_type": "entry",
            "ref": "Créance irrécouvrable",
            "line_ids": [
                Command.create(
                    {"account_id": account, "partner_id": partner, "debit": debit, "credit": credit}
                )
                for account, debit, credit in (
                    (company.collection_waiver_account_id.id, lost, 0.0),
                    (receivable.id, 0.0, lost),
                )
            ],
        }
    )
    move.action_post()
    own = move.line_ids.filtered(lambda line: line.account_id == receivable)
    (lines.with_env(env) | own).reconcile()
    _note(world, "written_off", handover, amount=lost)
    _end(world, handover, "Passée en perte.")


# === WHAT COMES OF IT === #


def _start(env, world, handover):
    """Bring a case to court where its route leads there; else leave it to who has it."""
    if handover.route_code != "agency":
        proceedings.start(env, world, handover)
        return
    number = handover.id
    plan(
        world,
        ENDED_AFTER,
        handover.company_id.id,
        ACCOUNTANT,
        "end a handover",
        lambda env: _give_up(env, world, number),
    )


def _give_up(env, world, handover_id):
    handover = env["collection.handover"].browse(handover_id)
    if handover.state == "accepted":
        _end(world, handover, "Rien n'a été obtenu.")
