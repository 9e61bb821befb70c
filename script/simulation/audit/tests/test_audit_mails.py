"""Planted faults in the mails of a day: when they left, how often, to whom, what nobody knows."""

import dataclasses
from datetime import datetime, time, timedelta

import pytest
from planting import MAIL
from simulation.audit.places import is_holiday

FRIDAY, SATURDAY, SUNDAY = 4, 5, 6
# In UTC: an hour or two later in Paris.
MORNING, NIGHT, EARLY, EVENING = time(9, 30), time(1), time(5), time(21)


def find_day(after, condition):
    """Return the first day after one of which something is so."""
    day = after + timedelta(days=1)
    while not condition(day):
        day += timedelta(days=1)
    return day


def is_free(day):
    """Tell whether it is a public holiday between Monday and Friday."""
    return day.weekday() <= FRIDAY and is_holiday(day, "FR", "75001")


# {when: (condition of the day, hour)}
UNLAWFUL = {
    "at night": (None, NIGHT),
    "before the morning": (None, EARLY),
    "in the evening": (None, EVENING),
    "on a Saturday": (lambda day: day.weekday() == SATURDAY, MORNING),
    "on a Sunday": (lambda day: day.weekday() == SUNDAY, MORNING),
    "on a public holiday": (is_free, MORNING),
}


@pytest.fixture
def mail(site):
    """Return a mail of the day that reached a debtor."""
    reference = site.value(
        f"""SELECT transport_reference FROM collection_evidence
             WHERE action_id = {MAIL} AND kind = 'sent'"""
    ).encode()
    return next(mail for mail in site.day.mails if reference in mail.path.read_bytes())


@pytest.mark.parametrize("when", UNLAWFUL)
def test_unlawful_hour_is_found(site, mail, when):
    """Whatever hour it was in fact: in the morning of a working day nobody minds."""
    condition, hour = UNLAWFUL[when]
    unlawful = find_day(site.date, condition) if condition else site.date
    mails = site.day.mails
    for moment, is_found in (
        (datetime.combine(site.date, MORNING), False),
        (datetime.combine(unlawful, hour), True),
    ):
        moved = dataclasses.replace(mail, moment=moment)
        site.forget()
        site.day.mails = [moved if one is mail else one for one in mails]
        assert ("lawful hours" in site.invariants()) is is_found, moment


def test_mail_that_left_twice_is_found(site, mail):
    """The same Message-Id must not come again, on the same day or on another one."""
    site.day.mails.append(mail)
    assert "each contact once" in site.invariants()
    site.day.mails = [mail]
    assert "each contact once" in site.invariants()


def test_mail_without_evidence_is_found(site, mail):
    """What reached a debtor and stands nowhere."""
    content = mail.path.read_bytes().replace(b"-collection.case@", b"1-collection.case@")
    path = site.folder / "unknown.eml"
    path.write_bytes(content)
    site.day.mails = [dataclasses.replace(mail, path=path)]
    found = site.audit()
    assert any(
        finding.invariant == "each contact has its evidence" and finding.found == "0"
        for finding in found
    )
    assert "evidence has its mail" in {finding.invariant for finding in found}


def test_mail_to_somebody_else_is_found(site, mail):
    """The evidence names who received it."""
    other = dataclasses.replace(mail, recipients=["somebody.else@example.com"])
    site.day.mails = [other if one is mail else one for one in site.day.mails]
    assert "evidence says what was sent" in site.invariants()


def test_complaint_in_the_log_is_found(site):
    """A warning is a finding."""
    site.day.log = ["2026-03-16 08:00:00,000 1 WARNING db odoo: something"]
    assert "log is quiet" in site.invariants()
