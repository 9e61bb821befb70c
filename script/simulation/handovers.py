"""Handovers: asked for once the ladder is done, decided on, brought to court, ended.

The accountant asks and hands over, the finance director decides, the lawyer answers, courts take
their steps; what nobody can collect is written off.
"""

import base64
from datetime import timedelta

from odoo.fields import Command

from .browser import PDF
from .courts import add_paper, plan
from .dialogs import open_dialog, press
from .world import ACCOUNTANT, DIRECTOR

OURS = "recouvrement_creances."
SCAN = base64.b64encode(PDF).decode()
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
DOCUMENTS = ("order", "delivery", "contract")
# A handover that is not over, or was refused: no other one of the same items.
RUNNING = ("draft", "requested", "refused", "approved", "transmitted", "accepted", "declined")
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

# === WHAT COURTS DO === #

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
    if handover.state == "transmitted":
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


# === COURTS === #


def _start(env, world, handover):
    """Bring a case to court where its route leads there; else leave it to who has it."""
    company = handover.company_id.id
    if handover.route_code == "agency":
        plan(
            world,
            ENDED_AFTER,
            company,
            ACCOUNTANT,
            "end a handover",
            lambda env, one=handover.id: _give_up(env, world, one),
        )
        return
    action = handover.action_start_proceeding()
    if not action:
        # What was paid since is decided on first.
        return
    proceeding = env["collection.proceeding"].browse(action["res_id"])
    _note(world, "proceeding_opened", handover, proceeding=proceeding.id)
    usual, *others = WAYS[_get_key(proceeding)]
    way = usual if not others or world.chance.random() < USUAL else world.chance.choice(others)
    _plan_step(world, company, proceeding.id, way)


def _give_up(env, world, handover_id):
    handover = env["collection.handover"].browse(handover_id)
    if handover.state == "accepted":
        _end(world, handover, "Rien n'a été obtenu.")


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
    if proceeding._find_missing_approval(step):
        # What was paid since is decided on first; it starts again from there.
        if proceeding.handover_id.state in ("approved", "transmitted", "accepted"):
            proceeding.handover_id.action_start_proceeding()
        return
    dialog = open_dialog(env, proceeding.action_record_step())
    dialog.step_id = step
    if step.has_hearing:
        dialog.hearing = world.clock.moment + timedelta(days=DAYS["hear"])
    if step.needs_document:
        add_paper(env, f"{name}.pdf")(dialog)
    dialog.save().action_apply()
    kind = {"close": "proceeding_closed", "withdraw": "proceeding_withdrawn"}.get(name, "court")
    world.note(kind, debtor, proceeding=proceeding_id, step=name, company=company)
    if debtor.chance.random() < PAYING.get(name, 0):
        world.plan(debtor.chance.randint(3, 10), debtor, "transfer", company=company)
    if rest:
        _plan_step(world, company, proceeding_id, rest)
