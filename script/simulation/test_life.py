"""Sixty days in the life of a ledger with sixty debtors; the whole year is ``script/simulate``."""

import pytest

from ground import simulation

# As few as still show all that is compared.
DAYS, DEBTORS, SEED = 60, 60, 7
LEAST_MAILS = 80
# An auditor that compares nothing finds nothing.
LOOKED_AT = (
    "amounts of e-mails",
    "cases on screens",
    "changes of level",
    "deadlines",
    "disputes",
    "files of evidence",
    "instalments: kept",
    "interest lines",
    "journal items",
    "letters drawn up",
    "moments of contacts",
    "promises: broken",
    "promises: kept",
    "records of evidence",
    "steps on the ladder",
    "verdicts",
    "waivers",
)


@pytest.mark.slow
def test_sixty_days(ground):
    """Nothing breaks, nothing is complained of, and the auditor finds nothing."""
    result = simulation.live(ground, DAYS, DEBTORS, SEED)
    for name in simulation.FAULTS:
        assert not result[name], "\n".join(map(str, result[name][:20]))
    assert result["audited"]
    assert result["mails"] > LEAST_MAILS
    assert not set(LOOKED_AT) - set(result["compared"])
