"""What the auditor says of something that is not as it has to be."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One contradiction: which invariant, about what, what had to be, what is."""

    invariant: str
    subject: str
    expected: str
    found: str

    def __str__(self):
        return f"{self.invariant}: {self.subject}: expected {self.expected}, found {self.found}"
