"""A letter's words without markup, accents and capitals, and the way back to how they were written.

Used to look for words whatever their dress.
"""

import re
import unicodedata
from html import unescape

# What is in them is not printed.
HIDDEN = re.compile(r"<!--.*?-->|<(style|script|head)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
# Expressions of the template engines.
EXPRESSION = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
# What a tag of QWeb prints stands in the middle of its sentence, like an expression.
PRINTED = re.compile(r"<t\b[^<>]*\bt-(out|esc|field)\b[^<>]*>", re.IGNORECASE)
# Tags inside a word do not part it; all others do.
INLINE_TAG = re.compile(
    r"</?(a|b|big|em|font|i|mark|s|small|span|strong|sub|sup|t|u)\b[^<>]*>", re.IGNORECASE
)
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
PICTURE = re.compile(r"<(?:img|svg|image|object|i|span)\b[^<>]*>", re.IGNORECASE)
# Seen by nobody, and good for hiding words from a search.
INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")

LETTERS = {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "’": "'", "‘": "'", "ʼ": "'", "‑": "-"}
# A full stop ends a sentence unless it ends "art." or stands after a single letter ("C. civ.").
END = re.compile(r"\n|[!?;](?=\s)|(?<!\bart)(?<!\b\w)\.(?=\s)", re.IGNORECASE)


class PlainText:
    """A text as it is searched.

    :ivar text: without markup, accents and capitals; every blank is one space, every end of a
        block or line a line break
    """

    def __init__(self, source):
        self._visible = _visible(source)
        characters, self._places = [], []
        for place, character in enumerate(self._visible):
            for plain in _plain(character):
                if plain == " " and characters and characters[-1] in " \n":
                    continue
                characters.append(plain)
                self._places.append(place)
        self.text = "".join(characters)

    def original(self, start, end):
        """Return the words between two places of ``text`` as they were written."""
        if start >= end:
            return ""
        return self._visible[self._places[start] : self._places[end - 1] + 1]


def sentences(plain):
    """Return [(start, end)] of the sentences of a PlainText; an abbreviation does not end one."""
    bounds, start = [], 0
    for match in END.finditer(plain.text):
        bounds.append((start, match.end()))
        start = match.end()
    bounds.append((start, len(plain.text)))
    return [(start, end) for start, end in bounds if plain.text[start:end].strip()]


def pictures(source, pattern):
    """Return what matches a pattern in the names of an HTML text's pictures.

    >>> pictures('<img src="/logo/Marianne.png"/>', "marianne")
    ['marianne']
    """
    found = []
    for tag in PICTURE.findall(source):
        plain = "".join(_plain_word(character) for character in tag)
        found += re.findall(pattern, plain)
    return found


def _visible(source):
    """Return what a reader sees, line breaks where blocks end."""
    text = HIDDEN.sub(" ", source)
    text = PRINTED.sub(" … ", EXPRESSION.sub(" … ", text))
    text = INLINE_TAG.sub("", text)
    if TAG.search(text):
        # In HTML a line break of the source is a blank.
        text = TAG.sub("\n", re.sub(r"\s+", " ", text))
    else:
        # In plain text a blank line ends a block, a line break may be where a line was full.
        text = "\n".join(" ".join(block.split()) for block in re.split(r"\n\s*\n", text))
    return INVISIBLE.sub("", unescape(text))


def _plain(character):
    if character == "\n":
        return "\n"
    return " " if character.isspace() else _plain_word(character)


def _plain_word(character):
    written = LETTERS.get(character, character)
    parts = unicodedata.normalize("NFD", written).casefold()
    return "".join(part for part in parts if not unicodedata.combining(part))
