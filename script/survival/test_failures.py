"""One debtor's text, address or document breaks: the others go out, today and tomorrow."""

import os
import shutil
from collections import Counter
from datetime import datetime, timedelta

DEBTORS = 12
BROKEN_TEXT, BROKEN_ADDRESS, BROKEN_PAPER, EMPTY_PAPER = 5, 6, 7, 8
# Prints everything but what speaks of two debtors: it breaks at one, and gives nothing for the
# other, with the code that Odoo takes for a warning.
SHIM = """#!/bin/sh
for part in "$@"; do
    case "$part" in
        *.html) if grep -q "{broken}" "$part"; then echo "broken paper" >&2; exit 2; fi
                if grep -q "{empty}" "$part"; then echo "empty paper" >&2; exit 1; fi;;
    esac
done
exec {real} "$@"
"""


def _address(number):
    return f"debtor-{number:03d}@debtor.example"


def _break_text(books, number):
    """Make the template crash for one debtor."""
    crash = f"<t t-if=\"object.debtor_id.name == ''{_name(number)}''\"><t t-out=\"1/0\"/></t>"
    books.rows(
        "UPDATE mail_template SET body_html = "
        f"jsonb_build_object('en_US', (body_html->>'en_US') || '{crash}') "
        "WHERE name->>'en_US' = 'Survival'"
    )


def _name(number):
    return f"Debtor {number:03d}"


def _shim(folder):
    """Return a folder whose wkhtmltopdf fails for two debtors' documents."""
    real = shutil.which("wkhtmltopdf")
    shim = folder / "bin" / "wkhtmltopdf"
    shim.parent.mkdir()
    text = SHIM.format(broken=_name(BROKEN_PAPER), empty=_name(EMPTY_PAPER), real=real)
    shim.write_text(text)
    shim.chmod(0o755)
    return shim.parent


def test_broken_debtors(site, sink, books, mails):
    """The run ends, and names each failure on its action."""
    books.only(1, DEBTORS)
    _break_text(books, BROKEN_TEXT)
    books.rows(
        "UPDATE res_partner SET email = 'not an address', email_normalized = NULL WHERE name = %s",
        _name(BROKEN_ADDRESS),
    )
    books.rows("UPDATE collection_level_step SET attach_statement = true")
    path = f"{_shim(site.folder)}{os.pathsep}{site.ground.variables()['PATH']}"
    # What took too long for the scheduler is the sender's.
    names = ["run", *["send"] * 3]
    process = site.worker("crons", names=names, variables={"PATH": path})
    assert not site.answer(process)

    failed = {row["address"]: row["failure_reason"] for row in books.actions("failed")}
    print(failed)
    for sent in mails.all():
        papers = [part for part in sent.walk() if part.get_content_type() == "application/pdf"]
        sizes = [len(part.get_payload(decode=True) or b"") for part in papers]
        assert sizes and min(sizes) > 1000, f"{sent['X-Caught-For']}: papers of {sizes} bytes"
    papers = {_address(BROKEN_PAPER), _address(EMPTY_PAPER)}
    assert set(failed) == {_address(BROKEN_TEXT), "not an address", *papers}
    assert "ZeroDivisionError" in failed[_address(BROKEN_TEXT)]
    assert "address" in failed["not an address"]
    assert "broken paper" in failed[_address(BROKEN_PAPER)]
    assert books.states() == {"sent": DEBTORS - 4, "failed": 4}
    assert [run["state"] for run in books.runs()] == ["done"]
    assert set(mails.by_address().values()) == {1} and mails.count() == DEBTORS - 4
    assert books.evidence("failed") == Counter(row["id"] for row in books.actions("failed"))
    site.refuse_errors()


def test_queue_does_not_starve(site, sink, books, mails):
    """More debtors than a chunk whose ladder is done do not keep newcomers from their turn."""
    first, newcomers = 100, 20
    books.only(1, first)
    today = datetime.now().replace(hour=9, minute=0, second=0, microsecond=0)
    days = [{"at": str(today + timedelta(days=number))} for number in (0, 16)]
    site.work("clock", moments=days)
    assert set(mails.by_address().values()) == {2} and mails.count() == 2 * first

    books.only(1, first + newcomers)
    _break_text(books, first + 1)
    site.work("clock", moments=[{"at": str(today + timedelta(days=17))}])
    assert mails.count() == 2 * first + newcomers - 1
    assert books.addresses("failed") == [_address(first + 1)]
    assert (
        books.value(
            "SELECT count(*) FROM collection_item WHERE verdict = 'ladder_done' AND is_open"
        )
        == first
    )
    site.work("clock", moments=[{"at": str(today + timedelta(days=18))}])
    assert mails.count() == 2 * first + newcomers - 1, "a failure is not tried again by itself"
    assert {run["state"] for run in books.runs()} == {"done"}
    site.refuse_errors()
