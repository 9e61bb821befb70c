"""Sixty days in the life of a ledger with sixty debtors; the whole year is ``script/simulate``."""

import pytest

from ground import simulation

DAYS, DEBTORS, SEED = 60, 60, 7
# What has to take place, or the days have proven nothing.
EXPECTED = (
    "called",
    "cheque_returned",
    "credit_note",
    "disputed_rightly",
    "disputed_wrongly",
    "invoice_posted",
    "letter_posted",
    "letter_received",
    "paid",
    "promised",
    "schedule_signed",
)
LEAST_MAILS = 100


@pytest.mark.slow
def test_sixty_days(ground):
    """Nothing breaks, nothing is complained of, and the auditor finds nothing."""
    result = simulation.live(ground, DAYS, DEBTORS, SEED)
    for name in ("failures", "log", "findings"):
        assert not result[name], "\n".join(map(str, result[name][:20]))
    assert result["audited"]
    assert not set(EXPECTED) - set(result["acts"])
    assert result["mails"] > LEAST_MAILS
