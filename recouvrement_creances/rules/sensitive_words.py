"""Does a note seem to hold what may not be written down of a person? (GDPR art. 9 and 10)

The debtor may ask to read what is noted of him, and such data may not be kept without a basis of
its own: "personal difficulty" as a coded reason says enough. The rule warns; it refuses nothing.
"""

import re
from dataclasses import dataclass

from .plain_text import PlainText
from .sensitive_patterns import BELIEFS, HEALTH, OFFENCES, ORIGIN, PRIVATE_LIFE

ARTICLE_9 = "RGPD art. 9"
ARTICLE_10 = "RGPD art. 10"
CATEGORIES = {
    "health": (HEALTH, ARTICLE_9),
    "beliefs": (BELIEFS, ARTICLE_9),
    "private_life": (PRIVATE_LIFE, ARTICLE_9),
    "origin": (ORIGIN, ARTICLE_9),
    "offences": (OFFENCES, ARTICLE_10),
}
_COMPILED = {
    name: [re.compile(pattern) for pattern in patterns]
    for name, (patterns, _article) in CATEGORIES.items()
}


@dataclass(frozen=True)
class Finding:
    """A passage that seems to tell too much of a person.

    :ivar str category: a key of CATEGORIES
    :ivar str passage: the words as they were written
    :ivar str article: the text that protects them
    """

    category: str
    passage: str
    article: str


def find_sensitive(text):
    """Return the passages that seem sensitive, in the order of the text; French and English.

    :param str text: plain text or HTML; empty values have no finding

    >>> [(f.category, f.passage) for f in find_sensitive("Le gérant est en arrêt maladie.")]
    [('health', 'arrêt maladie')]
    >>> find_sensitive("Adresse invalide, le syndic rappelle demain.")
    []
    """
    if not text:
        return []
    plain = PlainText(str(text))
    spans = [
        (match.start(), match.end(), name)
        for name, patterns in _COMPILED.items()
        for pattern in patterns
        for match in pattern.finditer(plain.text)
    ]
    return [
        Finding(name, " ".join(plain.original(start, end).split()), CATEGORIES[name][1])
        for start, end, name in sorted(spans, key=lambda span: (span[0], -span[1]))
        if not any(
            (other[0] <= start and end <= other[1]) and other[:2] != (start, end) for other in spans
        )
    ]
