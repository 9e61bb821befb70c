"""Debtors who cannot pay: insolvency and over-indebtedness, from the judgement to its end."""

from datetime import timedelta
from itertools import cycle
from random import Random

from .browser import PDF
from .days import working_day
from .dialogs import fill, open_dialog, press
from .world import ACCOUNTANT, MANAGER

PUBLISHED_AFTER = 8  # days from the judgement
LEARNT_AFTER = 4  # days from the publication
DECLARED_AFTER = 12  # days from then
NEVER = 10000  # days
KINDS = {"insolvent": ("reorganisation", "liquidation"), "over_indebted": ("overindebtedness",)}
JOURNAL = {"insolvent": "insolvent_opened", "over_indebted": "over_indebted"}
REPRESENTATIVE = "SELARL Vernay, mandataire judiciaire"
CLOSE = "close"
INSUFFICIENT = "insufficient"
# {kind: what is recorded of it afterwards, with the days since what came before}
AFTERWARDS = {
    "reorganisation": (("claim_state", 45), ("plan", 60)),
    "liquidation": (("claim_state", 45), ("certificate", 30), (CLOSE, 15)),
    "overindebtedness": (
        ("claim_letter", 10),
        ("claim_given", 8),
        ("admission_letter", 15),
        ("measures", 45),
    ),
}


def draw_judgements(world, length):
    """Choose the day on which each debtor that is to become insolvent does, and how."""
    chance = Random(f"judgements-{world.seed}")
    for mark, kinds in KINDS.items():
        marked = [debtor for debtor in world.debtors if debtor.has(mark)]
        # In turn: a few of them are enough for one of each kind.
        for debtor, kind in zip(marked, cycle(kinds), strict=False):
            # Early enough for its end to be seen.
            days = chance.randint(length // 4, max(length // 2, length // 4 + 1))
            world.judgements[world.day + timedelta(days=days)].append((debtor, mark, kind))


def judge(world):
    """Let courts open proceedings today; the debtor does nothing by himself any more."""
    for debtor, mark, kind in world.judgements.pop(world.day, []):
        debtor.is_silenced = True
        debtor.next_invoice.clear()
        published = world.day + timedelta(days=PUBLISHED_AFTER)
        learnt = working_day(published + timedelta(days=LEARNT_AFTER))
        world.learnt[learnt].append((debtor, mark, kind, world.day, published))


def follow(world):
    """Let the accountant record what was published, and whatever has come of it since."""
    for news in world.learnt.pop(world.day, []):
        for company in world.companies:
            world.act(
                ACCOUNTANT,
                lambda env, facts=news: _record(env, world, *facts),
                company,
                "record an insolvency",
            )
    for company, login, what, work in world.courts.pop(world.day, []):
        world.act(login, work, company, what)


def plan(world, days, company, login, what, work):
    """Plan what a colleague does about courts, some days on, when the office works."""
    day = working_day(world.day + timedelta(days=days))
    world.put(world.courts, day, (company, login, what, work))


def add_paper(env, name):
    """Return a function that joins a document to a dialog."""
    paper = env["ir.attachment"].create({"name": name, "raw": PDF})
    return lambda form: form.attachment_ids.add(paper)


def _record(env, world, debtor, mark, kind, judgement, published):
    company = env.company.id
    case = env["collection.case"].search(
        [
            ("partner_id", "=", debtor.partner_id),
            ("company_id", "=", company),
            ("is_open", "=", True),
        ],
        limit=1,
    )
    if not case or case.insolvency_id:
        return
    dialog = open_dialog(env, case.action_record_insolvency())
    dialog.kind = kind
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
        company=company,
        judgement=judgement,
        publication=published if mark == "insolvent" else None,
        record=record.id,
    )
    if mark == "insolvent":
        plan(
            world,
            DECLARED_AFTER,
            company,
            ACCOUNTANT,
            "declare claims",
            lambda env, one=record.id: _declare(env, world, one),
        )
    _plan_next(world, company, record.id, AFTERWARDS[kind])


def _declare(env, world, record_id):
    record = env["collection.insolvency"].browse(record_id)
    debtor = world.by_partner[record.partner_id.id]
    action = record.action_prepare_declaration()
    declaration = env["collection.insolvency.declaration"].browse(action["res_id"])
    declaration.signatory_quality = "Comptable, dûment habilitée"
    fill(
        env,
        declaration.action_send(),
        number="RK0001FR",
        attachment_ids=add_paper(env, "preuve.pdf"),
        reason=_explain_sending,
    )
    world.note("claims_declared", debtor, company=env.company.id, record=record_id)


def _explain_sending(form):
    """Say why it was sent where an invoice has no document here."""
    if form.obstacles:
        form.reason = "Copies des factures jointes sur papier"


def _plan_next(world, company, record_id, steps):
    if not steps:
        return
    (code, days), *rest = steps
    work = _close if code == CLOSE else _take_step
    plan(
        world,
        days,
        company,
        MANAGER if code == CLOSE else ACCOUNTANT,
        f"insolvency: {code}",
        lambda env: work(env, world, record_id, code, rest),
    )


def _take_step(env, world, record_id, code, rest):
    """Record what the court or the commission has done, and plan what comes next."""
    record = env["collection.insolvency"].browse(record_id)
    dialog = open_dialog(env, record.action_record_step())
    dialog.code = code
    if dialog.needs_document:
        add_paper(env, f"{code}.pdf")(dialog)
    dialog.save().action_apply()
    debtor = world.by_partner[record.partner_id.id]
    world.note(f"insolvency_{code}", debtor, company=env.company.id, record=record_id)
    _plan_next(world, env.company.id, record_id, rest)


def _close(env, world, record_id, _code, _rest):
    record = env["collection.insolvency"].browse(record_id)
    press(
        record,
        "action_close",
        ground=INSUFFICIENT,
        attachment_ids=add_paper(env, "cloture.pdf"),
        reason="Clôture pour insuffisance d'actif",
    )
    debtor = world.by_partner[record.partner_id.id]
    world.note("insolvency_closed", debtor, company=env.company.id, record=record_id)
