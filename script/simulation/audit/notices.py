"""The period of a formal notice ends on the right day, and nothing follows it before."""

from datetime import timedelta

from .finding import Finding
from .places import is_working

DAYS = {"professional": 8, "public": 8, "consumer": 15}
# What the signed schedules give to catch up in.
AGREED = """
    SELECT instalment.id, schedule.cure_days AS days
      FROM collection_instalment instalment
      JOIN collection_schedule schedule ON schedule.id = instalment.schedule_id
     WHERE schedule.company_id IN %(companies)s
"""


def check(books):
    """Yield formal notices whose period does not run as their proofs say."""
    for action in books.actions.values():
        if action.is_notice and action.state == "sent":
            books.count("formal notices")
            yield from _check_period(books, action)
    yield from _check_followers(books)


def _check_period(books, action):
    subject = f"{books.name(action.case_id)}, {action.channel} {action.id}"
    debtor = books.debtors[books.cases[action.case_id].debtor_id]
    if action.channel == "electronic_letter":
        starts = action.accepted_on
    elif action.channel == "registered_letter":
        starts = action.presented_on
    else:
        starts = action.contact_date
    if starts != action.notice_runs_from:
        yield Finding(
            "a notice runs from its presentation", subject, starts, action.notice_runs_from
        )
        return
    if starts is None:
        if action.next_level_from is not None:
            yield Finding(
                "a notice runs from its presentation", subject, "no end", action.next_level_from
            )
        return
    days = _days_given(books, action, debtor)
    if action.notice_days and action.notice_days != days:
        yield Finding("a notice gives its days", subject, str(days), str(action.notice_days))
    ends = last = starts + timedelta(days=days)
    # No text puts off the day that the letter names; what follows waits for a working day.
    while not is_working(last, debtor.country or "FR", debtor.zip):
        last += timedelta(days=1)
    found = (action.notice_ends_on, action.next_level_from)
    if found != (ends, last + timedelta(days=1)):
        told = f"{ends} ({days} days from {starts}), then from {last + timedelta(days=1)}"
        yield Finding("a notice ends on its day", subject, told, str(found))


def _days_given(books, action, debtor):
    """Return the days that its text gives: a schedule's its own, else what was kept of the level's.

    A policy that was revised since gives other ones.
    """
    if action.instalment_id:
        agreed = {row.id: row.days for row in books.once(AGREED)}
        return agreed[action.instalment_id]
    level = books.levels.get(action.level_id)
    return action.notice_days or (level and level.notice_days) or DAYS[debtor.kind or "consumer"]


def _check_followers(books):
    """No other level of what a notice speaks of comes before its period is over."""
    given = {}
    for action in books.actions.values():
        if action.is_notice and action.state == "sent" and action.level_id:
            for told in books.told[action.id]:
                if told.level_id == action.level_id:
                    given.setdefault(told.item_id, []).append(action)
    for action in books.actions_of_day:
        for told in books.told[action.id] if action.step_id else ():
            for notice in given.get(told.item_id, ()):
                if notice.id == action.id or not told.level_id:
                    continue
                if told.level_id != action.level_id or notice.contact_date > books.date:
                    continue
                is_over = notice.next_level_from and notice.next_level_from <= books.date
                same_round = notice.cycle == action.cycle and notice.level_id == action.level_id
                if not is_over and not same_round:
                    yield Finding(
                        "nothing follows a notice before its end",
                        f"{books.name(action.case_id)}, {action.channel} {action.id}",
                        f"not before {notice.next_level_from}",
                        str(books.date),
                    )
