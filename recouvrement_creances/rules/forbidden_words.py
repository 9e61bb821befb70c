"""What a letter may not say: the look of a judicial act, costs for consumers, false interruption.

The lists of words are in ``forbidden_patterns``. The word "tribunal" and the announcement of what
the creditor may ask a court for are allowed; what makes a letter look like an act of a court or of
a commissaire de justice is not (C. pén. 433-13).
"""

import re
from dataclasses import dataclass

from .forbidden_patterns import (
    COST_ALLOWED_AFTER,
    COST_ALLOWED_BEFORE,
    COST_ALLOWED_SENTENCES,
    COSTS,
    EMBLEMS,
    IMITATIONS,
    INTERRUPTING_ACTS,
    INTERRUPTIONS,
    LETTERS,
    NEGATED_INTERRUPTION,
)
from .plain_text import PlainText, pictures, sentences

IMITATION = "imitation"
COST = "cost"
INTERRUPTION = "interruption"

ARTICLES = {
    IMITATION: "C. pén. 433-13",
    COST: "CPCE L111-8 al. 2",
    INTERRUPTION: "Cass. com. 18/05/2022 n° 20-23.204",
}


@dataclass(frozen=True)
class Offence:
    """A passage that may not stand in a letter.

    :ivar rule: IMITATION, COST or INTERRUPTION
    :ivar passage: the words as they were written, without markup
    :ivar article: the text that forbids them
    """

    rule: str
    passage: str
    article: str


def find_forbidden(text, for_consumers=True):
    """Return the passages of a template that may not be said, in the order of the text.

    French and English; capitals, accents, apostrophes, spaces and HTML do not matter. What stands
    in a template's tags and expressions is not printed and not looked at, but pictures are: a
    tricolour or a Marianne is an official emblem. The list is cautious and cannot be complete: a
    text without a finding still needs a reader.

    :param str text: subject or body, plain or HTML
    :param bool for_consumers: the template can reach consumers: cost lines are refused too
    :return: [Offence]; empty when nothing was found

    >>> find_forbidden("<p>SIGNIFICATION par <b>huis</b>sier</p>")[0].passage
    'SIGNIFICATION'
    >>> find_forbidden("À défaut, nous saisirons le tribunal de commerce.")
    []
    """
    found = []
    plain = PlainText(text)
    for start, end in sentences(plain):
        found += _imitations(plain, start, end)
        found += _interruptions(plain, start, end)
        if for_consumers:
            found += _costs(plain, start, end)
    ordered = [offence for _start, _end, offence in sorted(_widest(found), key=_position)]
    return ordered + [_offence(IMITATION, name) for name in pictures(text, EMBLEMS)]


def _position(finding):
    return finding[:2]


def _widest(findings):
    """Leave out a passage that lies inside another one of the same rule."""
    return [
        one
        for one in findings
        if not any(
            other is not one
            and other[2].rule == one[2].rule
            and other[0] <= one[0]
            and one[1] <= other[1]
            and (other[:2] != one[:2] or findings.index(other) < findings.index(one))
            for other in findings
        )
    ]


def _offence(rule, passage):
    return Offence(rule, " ".join(passage.split()), ARTICLES[rule])


def _finding(rule, plain, start, end):
    return start, end, _offence(rule, plain.original(start, end))


def _imitations(plain, start, end):
    return [
        _finding(IMITATION, plain, start + match.start(), start + match.end())
        for pattern in IMITATIONS
        for match in re.finditer(pattern, plain.text[start:end])
    ]


def _costs(plain, start, end):
    """Cost lines, but not their denial nor the law's own words on who bears them."""
    sentence = plain.text[start:end]
    if re.search(COST_ALLOWED_SENTENCES, sentence):
        return []
    return [
        _finding(COST, plain, start + match.start(), start + match.end())
        for pattern in COSTS
        for match in re.finditer(pattern, sentence)
        if not re.search(COST_ALLOWED_BEFORE, sentence[: match.start()])
        and not re.match(COST_ALLOWED_AFTER, sentence[match.end() :])
    ]


def _interruptions(plain, start, end):
    """A letter that interrupts limitation; true statements on court claims are left alone."""
    sentence = plain.text[start:end]
    if re.search(NEGATED_INTERRUPTION, sentence):
        return []
    for pattern, needs_letter in INTERRUPTIONS:
        match = re.search(pattern, sentence)
        if not match:
            continue
        about_letter = re.search(LETTERS, sentence) and not re.search(INTERRUPTING_ACTS, sentence)
        if not needs_letter or about_letter:
            return [_finding(INTERRUPTION, plain, start, end)]
    return []
