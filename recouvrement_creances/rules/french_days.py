"""Days in words, as they are written in French: the first of a month is an ordinal."""

import re

FIRST = re.compile(r"(?<!\w)1(?= [^\W\d])")


def as_written(text, lang):
    """Return a day with its month in words as the language writes it.

    :param str text: as the tables of the language give it
    :param str lang: code of the language

    >>> as_written("1 décembre 2026", "fr_FR"), as_written("21 août 2026", "fr_FR")
    ('1er décembre 2026', '21 août 2026')
    >>> as_written("1 December 2026", "en_GB")
    '1 December 2026'
    """
    return FIRST.sub("1er", text) if lang.startswith("fr") else text
