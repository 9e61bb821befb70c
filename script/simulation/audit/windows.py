"""Nobody is contacted outside the hours and beyond the number that the law and the policy allow.

There are no statutory hours for a creditor's own collection. The measure is C. conso D223-9 for
consumers (Monday to Friday, 10-13 and 14-20, no holidays, four in 30 days), 8-20 for professionals,
one contact a day and three in seven days for everybody.
"""

from datetime import timedelta

from .contacted import contacts_of_day, is_overridden, letters_drawn_up, past_contacts
from .finding import Finding
from .places import is_holiday, local_day, local_time, zones

CONSUMER_HOURS = ((10, 13), (14, 20))
OTHER_HOURS = ((8, 20),)
DISTURBING = ("email", "sms", "call", "visit")
PER_WEEK = 3
PER_MONTH_OF_CONSUMERS = 4


def check(books):
    """Yield contacts at unlawful moments and those beyond a cap."""
    for contact in contacts_of_day(books):
        if contact.is_free or is_overridden(books, contact.action):
            continue
        books.count("moments of contacts")
        yield from _check_moment(books, contact)
        if contact.channel in DISTURBING and not contact.action.is_agreed:
            yield from _check_caps(books, contact)
    # A letter may be posted at any time; whether it is one too many is asked when it is drawn up.
    for contact in letters_drawn_up(books):
        if not is_overridden(books, contact.action) and not _is_free_of_caps(books, contact):
            books.count("letters drawn up")
            yield from _check_caps(books, contact)


def _is_free_of_caps(books, contact):
    """What was agreed on, and the letter of a formal notice, on which rights depend."""
    level = books.levels.get(contact.action.level_id)
    return contact.action.is_agreed or bool(level and level.is_formal_notice)


def place_of(books, case_id):
    """Return (kind, country, postcode, time zones) of the person who is contacted."""
    debtor = books.debtors[books.cases[case_id].debtor_id]
    person = books.debtors.get(debtor.representative_id, debtor)
    return (
        debtor.kind or "consumer",
        person.country or "FR",
        person.zip,
        zones(person.country, person.zip, person.tz),
    )


def _check_moment(books, contact):
    if contact.channel not in DISTURBING:
        return
    kind, country, postcode, possible = place_of(books, contact.action.case_id)
    hours = CONSUMER_HOURS if kind == "consumer" else OTHER_HOURS
    for zone in possible:
        clock = local_time(contact.moment, zone)
        hour = clock.hour + clock.minute / 60 + clock.second / 3600
        if (
            clock.weekday() > 4
            or is_holiday(clock.date(), country, postcode)
            or not any(start <= hour < end for start, end in hours)
        ):
            yield Finding(
                "lawful hours",
                f"{books.name(contact.action.case_id)}, {contact.channel} {contact.action.id}",
                f"a working day, {hours} ({kind})",
                f"{clock:%A %Y-%m-%d %H:%M:%S} in {zone}",
            )
            return


def _check_caps(books, contact):
    action = contact.action
    case_id = action.case_id
    kind, _country, _postcode, possible = place_of(books, case_id)
    day = local_day(contact.moment, possible[0])
    past = past_contacts(books, contact)
    subject = f"{books.name(case_id)}, {contact.channel} {action.id}"
    limits = [("a day", 1, 1), ("in 7 days", 7, PER_WEEK)]
    if kind == "consumer":
        limits.append(("in 30 days", 30, PER_MONTH_OF_CONSUMERS))
    for words, length, most in limits:
        yield from _check_limit("lawful caps", subject, day, past, (words, length, most))
    level = books.levels.get(action.level_id)
    if level and action.step_id:
        reached = past_contacts(books, contact, with_attempts=False)
        yield from _check_policy(subject, day, reached, books.policies[level.policy_id])


def _check_policy(subject, day, past, policy):
    """The policy may be stricter than the law, never less; it counts who was reached."""
    if policy.weekly_cap:
        limit = ("in 7 days", 7, policy.weekly_cap)
        yield from _check_limit("policy caps", subject, day, past, limit)
    if policy.monthly_cap:
        limit = ("in 30 days", 30, policy.monthly_cap)
        yield from _check_limit("policy caps", subject, day, past, limit)
    if past and policy.minimum_days_between and (day - past[0]).days < policy.minimum_days_between:
        yield Finding(
            "policy caps",
            subject,
            f"{policy.minimum_days_between} days between two contacts",
            f"contacted on {day} after {past[0]}",
        )


def _check_limit(invariant, subject, day, past, limit):
    words, length, most = limit
    since = [when for when in past if when > day - timedelta(days=length)]
    if len(since) + 1 > most:
        yield Finding(
            invariant,
            subject,
            f"at most {most} {words}",
            f"{len(since) + 1} with {day}: {', '.join(map(str, since[:6]))}",
        )
