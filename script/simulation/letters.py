"""Letters: agreed to by the manager, printed and posted by the accountant, carried by the post."""

import base64
from datetime import timedelta

from odoo.exceptions import UserError

from .browser import PDF
from .days import working_day
from .dialogs import open_dialog
from .world import ACCOUNTANT, MANAGER

DAYS_TO_AGREE = (1, 3)  # the first company's letters on Tuesdays, the second one's on Thursdays
TO_AGREE = "SELECT FROM collection_action WHERE state = 'proposed' AND company_id = %s"
TO_POST = """
    SELECT FROM collection_action
     WHERE state = 'planned' AND channel IN ('letter', 'registered_letter') AND company_id = %s
"""
CHANNELS = ("letter", "registered_letter")
SCAN = base64.b64encode(PDF).decode()


def agree(world):
    """Let the manager agree to what a run proposed and that threatens: never by itself."""
    for company in world.companies:
        day = DAYS_TO_AGREE[world.all_companies.index(company)]
        if world.day.weekday() == day and world.finds(TO_AGREE, company):
            world.act(MANAGER, _confirm, company, "agree to letters")


def _confirm(env):
    actions = env["collection.action"].search(
        [("state", "=", "proposed"), ("company_id", "=", env.company.id)]
    )
    if actions:
        actions.action_confirm()


def post(world):
    """Print what has to be posted, carry it to the post, and note it."""
    for company in world.companies:
        if world.finds(TO_POST, company):
            world.act(ACCOUNTANT, lambda env: _post(env, world), company, "post letters")


def _post(env, world):
    letters = env["collection.action"].search(
        [
            ("state", "=", "planned"),
            ("channel", "in", CHANNELS),
            ("company_id", "=", env.company.id),
        ]
    )
    if not letters:
        return
    letters.action_print()
    while letters:
        try:
            with env.cr.savepoint():
                _note_posted(env, world, letters)
            break
        except UserError as refusal:
            # What was paid since it was made is taken out of the pile.
            refused = letters.filtered(lambda one, why=str(refusal): one.display_name in why)
            if not refused:
                raise
            world.refuse("post a letter", "paid or held since it was made")
            refused.action_cancel()
            letters -= refused
    for letter in letters:
        _carry(world, letter)


def _note_posted(env, world, letters):
    dialog = open_dialog(env, letters.action_mark_posted())
    for index in range(len(dialog.line_ids)):
        with dialog.line_ids.edit(index) as line:
            line.tracking_number = f"RK{world.day:%y%m%d}{index:04d}FR"
    dialog.save().action_apply()


def _carry(world, letter):
    """Note the posting, and let the post bring the letter to where it is addressed."""
    debtor = world.by_partner[letter.case_id.partner_id.id]
    company = letter.company_id.id
    world.note(
        "letter_posted",
        debtor,
        action=letter.id,
        channel=letter.channel,
        company=company,
        number=letter.tracking_number or "",
    )
    arrives = working_day(world.day + timedelta(days=debtor.chance.randint(2, 4)))
    returns = debtor.has("letters_return") and not debtor.is_found
    if letter.channel == "letter":
        if not returns:
            world.put(world.post, arrives, (letter.id, debtor, company, "read"))
    elif returns:
        back = working_day(arrives + timedelta(days=5))
        world.put(world.post, back, (letter.id, debtor, company, "returned"))
    else:
        _carry_registered(world, letter, debtor, company, arrives)


def _carry_registered(world, letter, debtor, company, arrives):
    """The postman presents it; it is signed for, refused, or left at the post office."""
    world.put(world.post, arrives, (letter.id, debtor, company, "presented"))
    event, days = debtor.chance.choices(
        (("acknowledged", 1), ("not_collected", 16), ("refused", 1)), weights=(80, 15, 5)
    )[0]
    told = working_day(arrives + timedelta(days=days))
    world.put(world.post, told, (letter.id, debtor, company, event))


def deliver(world, debtors):
    """Let letters of today arrive; the accountant notes what comes back."""
    for action, debtor, company, event in world.post.pop(world.day, []):
        if event in ("read", "acknowledged"):
            world.note("letter_received", debtor, action=action, company=company)
            debtors.receive_letter(debtor, company)
        if event != "read":
            world.act(
                ACCOUNTANT,
                lambda env, a=action, d=debtor, e=event: _note_proof(env, world, a, d, e),
                company,
                f"note {event}",
            )


def _note_proof(env, world, action, debtor, event):
    letter = env["collection.action"].browse(action)
    dialog = open_dialog(env, letter.action_note_proof())
    dialog.event = event
    if event == "acknowledged":
        dialog.document = SCAN
    dialog.save().action_apply()
    kind = "letter_returned" if event == "returned" else f"letter_{event}"
    world.note(kind, debtor, action=action, company=letter.company_id.id)
