"""Amounts as people type them."""

import re
from decimal import Decimal

# Signs between thousands, on keyboards and pasted from documents.
SPACES = re.compile(r"[\s\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}']")
PLAIN = re.compile(r"\d{1,12}([.,]\d{1,2})?")


def read_amount(text):
    """Return what was typed as a Decimal, or None for what is no amount or could be two.

    >>> read_amount("1 234,50")
    Decimal('1234.50')
    >>> read_amount("99.9")
    Decimal('99.9')
    >>> read_amount("1,234") is None  # one and a bit, or more than a thousand?
    True
    >>> read_amount("-5") is None
    True
    >>> read_amount("1e9") is None
    True
    """
    compact = SPACES.sub("", (text or "")[:40])
    if not compact.isascii() or not PLAIN.fullmatch(compact):
        return None
    return Decimal(compact.replace(",", "."))
