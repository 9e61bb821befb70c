"""What the simulated people did and what happened to them: the truth that is checked against."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path


@dataclass(frozen=True)
class Act:
    """One thing that was done; never what the add-on answered.

    :ivar date day: the simulated day, in Paris
    :ivar datetime moment: UTC, naive
    :ivar str kind: paid, promised, moved, letter_posted ...
    :ivar str debtor: the debtor's name
    :ivar int partner_id: id of the debtor's res.partner
    :ivar dict detail: numbers, amounts and dates that belong to it
    """

    day: date
    moment: datetime
    kind: str
    debtor: str
    partner_id: int
    detail: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Mail:
    """One mail that the mail server took.

    :ivar datetime moment: UTC, naive: the simulated moment at which it was taken
    :ivar list recipients: addresses of the envelope
    :ivar Path path: the .eml file
    """

    moment: datetime
    recipients: list
    path: Path


class Journal:
    """All acts, in the order in which they took place."""

    def __init__(self):
        self.entries = []

    def keep(self, acts):
        """Append acts that have taken place."""
        self.entries += acts

    def count(self):
        """Return {kind: how many}."""
        return Counter(entry.kind for entry in self.entries)
