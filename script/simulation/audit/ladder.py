"""No level is skipped, and each comes after its wait, counted from the real sending."""

from datetime import timedelta

from .finding import Finding

CAME_BACK = ("returned", "bounced")


def check(books):
    """Yield levels that contacts of the day reached too early or over another one's head."""
    yield from _check_changes(books)
    for action in books.actions_of_day:
        for told in books.told[action.id]:
            if told.level_id:
                books.count("steps on the ladder")
                yield from _check_step(books, action, told)


def _check_step(books, action, told):
    item = books.items[told.item_id]
    line = books.lines.get(item.line_id)
    if line is None:
        return
    subject = f"{books.name(action.case_id)}, item {item.id}, {action.channel} {action.id}"
    reached, former = books.levels[told.level_id], books.levels.get(told.former_level_id)
    wanted = next_level(books, reached.policy_id, former, line.due < action.contact_date)
    is_said_again = _came_back(books, action) and former and former.number >= reached.number
    is_expected = is_said_again or _was_begun(books, action, told, wanted)
    if not is_expected and (wanted is None or wanted.id != reached.id):
        yield Finding(
            "no level is skipped",
            subject,
            f"level {wanted.number if wanted else 'none'} after {former and former.number}",
            f"level {reached.number}",
        )
    earliest = line.due + timedelta(days=reached.delay_days)
    if former and former.delay_days >= 0 and told.former_contact_date:
        wait = timedelta(days=reached.delay_days - former.delay_days)
        earliest = max(earliest, told.former_contact_date + wait)
    if action.contact_date < earliest:
        yield Finding(
            "each level has its wait", subject, f"not before {earliest}", str(action.contact_date)
        )


def _came_back(books, action):
    """Tell whether it left once more: meanwhile others may have brought its items to its level."""
    rows = books.evidence_of_actions[action.id]
    return any(row.kind in CAME_BACK for row in rows)


def _was_begun(books, action, told, wanted):
    """Tell whether a call was tried already when what had brought the item below it came back.

    Whose letter returns is called all the more; the call goes on where it was.
    """
    tried = [row for row in books.evidence_of_actions[action.id] if row.kind == "outcome"]
    if wanted is None or not tried:
        return False
    return any(
        row.kind in CAME_BACK and row.id > tried[0].id
        for action_id, rows in books.told.items()
        if any(one.item_id == told.item_id and one.level_id == wanted.id for one in rows)
        for row in books.evidence_of_actions.get(action_id, ())
    )


def next_level(books, policy_id, former, is_due):
    """Return the level above the one reached; preventive ones exist before the due date only."""
    reached = former.number if former else 0
    for level in books.ladders[policy_id]:
        if level.number > reached and (level.delay_days >= 0 or not is_due):
            return level
    return None


def _check_changes(books):
    """A level changes with a contact of the day, or by one that came back."""
    books.today["levels"] = {
        item.id: (item.level_id, item.contacted_on) for item in books.items.values()
    }
    before = books.yesterday.get("levels")
    if before is None:
        return
    changed = {
        item_id: (before.get(item_id, (None, None)), now)
        for item_id, now in books.today["levels"].items()
        if now != before.get(item_id, (None, None))
    }
    explained = _explain(books, changed)
    for item_id, (former, now) in changed.items():
        books.count("changes of level")
        if now not in explained[item_id]:
            yield Finding(
                "a level comes from a contact",
                f"{books.name(books.items[item_id].case_id)}, item {item_id}",
                f"{former} or what a contact gave",
                str(now),
            )


def _explain(books, item_ids):
    """Return {item: the levels and days that its contacts give, or have taken back}."""
    explained = {item_id: set() for item_id in item_ids}
    for action_id, rows in books.told.items() if explained else ():
        for told in rows:
            if told.item_id in explained:
                day = books.actions[action_id].contact_date
                explained[told.item_id].add((told.level_id, day))
                explained[told.item_id].add((told.former_level_id, told.former_contact_date))
    return explained
