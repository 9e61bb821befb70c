"""Leaving others out of what a person is given to read about himself (GDPR art. 15(4))."""

import re

ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
NUMBER = re.compile(r"(?<![\w/])\+?\d(?:[ .\-()]*\d){7,14}(?!\w)")
# The last digits of a number are the same with and without the prefix of its country.
SIGNIFICANT = 9


class Mask:
    """Hides other people's names, addresses and numbers in texts.

    :param str replacement: what stands in their place
    :param own_addresses: e-mail addresses that may stay, the person's and the creditor's
    :param names: names of other people
    :param numbers: phone numbers of other people
    """

    def __init__(self, replacement, own_addresses=(), names=(), numbers=()):
        self._replacement = replacement
        self._own = {address.strip().lower() for address in own_addresses if address}
        known = sorted({name.strip() for name in names if name and len(name.strip()) > 2}, key=len)
        self._names = (
            re.compile(
                "|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in reversed(known)),
                re.IGNORECASE,
            )
            if known
            else None
        )
        self._numbers = {_digits(number) for number in numbers if number} - {""}

    def apply(self, text):
        """Return the text without others; whoever is not known by name stays.

        >>> Mask("[...]", ["me@x.fr"], ["Anne Roux"]).apply("Anne Roux (a@x.fr) to me@x.fr")
        '[...] ([...]) to me@x.fr'
        """
        if not text:
            return ""
        text = ADDRESS.sub(
            lambda match: match[0] if match[0].lower() in self._own else self._replacement, text
        )
        if self._numbers:
            text = NUMBER.sub(
                lambda match: self._replacement if _digits(match[0]) in self._numbers else match[0],
                text,
            )
        return self._names.sub(self._replacement, text) if self._names else text


def _digits(number):
    digits = re.sub(r"\D", "", number)
    return digits[-SIGNIFICANT:] if len(digits) >= SIGNIFICANT else ""
