"""The three collectors' worklists: calls, addresses to find, answers, accepted changes."""

from datetime import timedelta

from . import means, pages
from .behaviours import CALL, find_reaction
from .days import working_day
from .dialogs import open_dialog
from .world import COLLECTORS

CALLS_A_DAY = 15
FIND_DEBTOR = "mail_activity_type_find_debtor"
ANSWER = "mail_activity_type_answer"
TASKS = """
    SELECT FROM mail_activity
     WHERE active AND user_id = %s AND activity_type_id = %s AND res_model = 'collection.case'
"""
CHANGES = """
    SELECT FROM collection_contact_change WHERE state = 'proposed' AND company_id = ANY(%s)
"""
CALLS = """
    SELECT FROM mail_activity task
      JOIN collection_action action ON action.activity_id = task.id
     WHERE task.active AND task.user_id = %s AND task.date_deadline <= %s
       AND action.state = 'planned' AND action.company_id = ANY(%s)
"""
FOUND_AFTER = 4  # days until a new address is found
MONDAY = 0
HELD_DAYS = 10
CONVERSATIONS = ("call", "visit", "meeting")


def work(world):
    """Let each collector go through his worklist."""
    call(world)
    for login in COLLECTORS:
        uid = world.users[login]
        if world.finds(TASKS, uid, world.ref(FIND_DEBTOR)):
            world.act(login, lambda env: _find_debtors(env, world), what="find debtors")
        if world.finds(CHANGES, world.companies):
            world.act(login, lambda env: _accept_changes(env, world), what="accept addresses")
        if world.finds(TASKS, uid, world.ref(ANSWER)):
            world.act(login, lambda env: _read_answers(env, world), what="read answers")
        if world.day.weekday() == MONDAY:
            world.act(login, lambda env: _hold(env, world), what="hold a case")


def call(world):
    """Let each collector call the debtors on his to-do list."""
    for login in COLLECTORS:
        if world.finds(CALLS, world.users[login], world.day, world.companies):
            actions = world.act(login, lambda env: _list_calls(env, world), what="list calls")
            for action in actions or []:
                world.act(login, lambda env, a=action: _call(env, world, a), what="log a call")


# === CALLS === #


def _list_calls(env, world):
    """Return the ids of the conversations on the person's to-do list, the most urgent first."""
    activities = env["mail.activity"].search(
        [
            ("user_id", "=", env.uid),
            ("res_model", "=", "collection.case"),
            ("date_deadline", "<=", env.company._collection_today()),
        ]
    )
    actions = env["collection.action"].search(
        [
            ("activity_id", "in", activities.ids),
            ("state", "=", "planned"),
            ("channel", "in", (*CONVERSATIONS, "task")),
            ("company_id", "in", world.companies),
        ]
    )
    ranked = actions.sorted(lambda action: (-action.case_id.priority, action.id))
    return ranked[:CALLS_A_DAY].ids


def _call(env, world, action_id):
    """Call a debtor and log what came of it."""
    action = env["collection.action"].browse(action_id)
    case = action.case_id
    debtor = world.by_partner.get(case.partner_id.id)
    if not debtor or action.state != "planned":
        return
    answer = "reached" if action.channel == "task" else _answer(debtor)
    opened = action.action_log_outcome()
    if opened["type"] == "ir.actions.client":
        # All of it was paid or held since: the task is gone.
        return
    dialog = open_dialog(env, opened)
    if dialog.block:
        # The screen says that nobody may be called now: it is left for another hour.
        world.blocked[str(dialog.block)[:120]] += 1
        return
    what = ANSWERS[answer](world, debtor, case, dialog)
    result = dialog.save().action_apply()
    if action.channel != "task":
        world.note("called", debtor, answer=answer, company=case.company_id.id)
        world.reactions[debtor.behaviour.name, answer] += 1
    if what:
        what(result)


def _answer(debtor):
    """Return what the debtor says; nobody answers every call."""
    reaction = find_reaction(debtor.behaviour, CALL, 1)
    if debtor.chance.random() < 0.15:
        return "no_answer"
    return reaction.does if reaction else "reached"


def _promised(how):
    def answer(world, debtor, case, dialog):
        dialog.outcome = "promised"
        day = working_day(world.day + timedelta(days=debtor.chance.randint(5, 9)))
        if dialog.promise_block or dialog.amount <= 0:
            dialog.outcome = "reached"
            return None
        dialog.next_date = day
        amount, company = dialog.amount, case.company_id.id

        def follow(_result):
            world.note("promised", debtor, date=day, amount=amount, how="call", company=company)
            pages.plan_promised(world, debtor, company, day, how)

        return follow

    return answer


def _outcome(name):
    def answer(_world, _debtor, _case, dialog):
        dialog.outcome = name

    return answer


def _already_paid(world, debtor, case, dialog):
    """Say without a proof that it is paid; the money arrives some days later."""
    dialog.outcome = "already_paid"
    company = case.company_id.id

    def follow(_result):
        world.note("said_paid", debtor, how="call", company=company)
        world.plan(2, debtor, "transfer", company=company)

    return follow


def _wrong_number(world, debtor, _case, dialog):
    """Whoever has moved has another number from the day on which it was found."""
    is_known = debtor.found_on and debtor.found_on <= world.day
    dialog.outcome = "reached" if is_known else "wrong_number"


def _disputes(world, debtor, case, dialog):
    moves = case.open_item_ids.sudo().move_id.ids
    if any(move in world.disputed for move in moves):
        dialog.outcome = "reached"
        return None
    dialog.outcome = "disputes"
    categories = dialog._record.env["collection.dispute.category"]
    dialog.dispute_category_id = categories.search([("kind", "!=", "already_paid")], limit=1)
    dialog.note = "Conteste tout ce qui est ouvert."

    def follow(_result):
        for move in moves:
            world.disputed[move] = "disputed_wrongly"
        world.note("disputed_wrongly", debtor, moves=moves, company=case.company_id.id)

    return follow


def _cannot_pay(report):
    def answer(world, debtor, case, dialog):
        dialog.outcome = "cannot_pay"
        reasons = dialog._record.env["collection.reason"]
        dialog.nonpayment_reason_id = reasons.search([("usage", "=", "nonpayment")], limit=1)
        dialog.note = "Ne peut pas payer pour le moment."
        if not report or debtor.hardship_told:
            return None
        dialog.report_hardship = True

        def follow(result):
            debtor.hardship_told = True
            means.report(dialog._record.env, world, debtor, case, result)

        return follow

    return answer


ANSWERS = {
    "promise_kept": _promised("kept"),
    "promise_late": _promised("late"),
    "promise_broken": _promised("broken"),
    "reached": _outcome("reached"),
    "no_answer": _outcome("no_answer"),
    "refuses": _outcome("refuses"),
    "already_paid": _already_paid,
    "wrong_number": _wrong_number,
    "disputes": _disputes,
    "cannot_pay": _cannot_pay(report=False),
    "hardship": _cannot_pay(report=True),
}


# === ADDRESSES === #


def _find_debtors(env, world):
    """Look for debtors that messages did not reach; after some days a new address is found."""
    activities = env["mail.activity"].search(
        [
            ("user_id", "=", env.uid),
            ("activity_type_id", "=", world.ref(FIND_DEBTOR)),
            ("res_model", "=", "collection.case"),
        ]
    )
    for case in _cases_of(env, world, activities):
        debtor = world.by_partner.get(case.partner_id.id)
        if not debtor:
            continue
        if not debtor.found_on:
            debtor.found_on = world.day + timedelta(days=FOUND_AFTER)
        if debtor.found_on > world.day:
            continue
        _write_found(env, world, debtor, case)
        activities.filtered(lambda task, c=case: task.res_id == c.id).action_feedback(
            feedback="Nouvelle adresse trouvée."
        )


def _cases_of(env, world, activities):
    """Return the cases of tasks, of the companies that are lived through here."""
    cases = env["collection.case"].browse(activities.mapped("res_id"))
    return cases.filtered(lambda case: case.company_id.id in world.companies)


def _write_found(env, world, debtor, case):
    """Write what was found on the debtor, and try again what had failed."""
    if debtor.has("refused_mail") or not debtor.email:
        debtor.email = debtor.addresses()[-1]
    debtor.is_found = True
    case.partner_id.write({"email": debtor.email, "street": debtor.street, "phone": debtor.phone})
    world.note("found", debtor, email=debtor.email)
    failed = case.action_ids.filtered(lambda action: action.state == "failed")
    # Without any the screen has no such button.
    if failed:
        failed.action_retry()


def _accept_changes(env, world):
    """Accept the addresses that debtors gave on their pages."""
    changes = env["collection.contact.change"].search(
        [("state", "=", "proposed"), ("company_id", "in", world.companies)]
    )
    for change in changes:
        if change.case_id.user_id.id == env.uid:
            change.action_accept()
            debtor = world.by_partner[change.case_id.partner_id.id]
            debtor.is_found = True
            world.note("address_accepted", debtor, company=change.case_id.company_id.id)


def _read_answers(env, world):
    """Read what debtors wrote, and tick the task off."""
    activities = env["mail.activity"].search(
        [
            ("user_id", "=", env.uid),
            ("activity_type_id", "=", world.ref(ANSWER)),
            ("res_model", "=", "collection.case"),
        ]
    )
    own = _cases_of(env, world, activities).ids
    activities.filtered(lambda task: task.res_id in own).action_feedback(feedback="Lu.")


def _hold(env, world):
    """Leave one debtor alone for some days, for a reason of the collector's own."""
    cases = env["collection.case"].search(
        [
            ("user_id", "=", env.uid),
            ("company_id", "in", world.companies),
            ("is_open", "=", True),
            ("hold_ids", "not any", [("state", "=", "open")]),
        ],
        order="id",
    )
    if not cases:
        return
    case = cases[world.chance.randrange(len(cases))]
    dialog = open_dialog(env, case.action_add_hold())
    dialog.reason_id = env["collection.reason"].search([("usage", "=", "hold")], limit=1)
    until = world.day + timedelta(days=HELD_DAYS)
    dialog.date_end = until
    dialog.save()
    debtor = world.by_partner[case.partner_id.id]
    world.note("held", debtor, until=until, company=case.company_id.id)
