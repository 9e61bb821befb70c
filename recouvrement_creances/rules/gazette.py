"""What a notice of the official gazette (BODACC) says of a debtor, from its open data."""

import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import date

INITIAL = "initial"
RECTIFICATION = "rectification"
CANCELLATION = "cancellation"
FAMILY = "collective"

OPENING = "opening"
CONVERSION = "conversion"
PLAN = "plan"
CLAIM_STATE = "claim_state"
CLOSING = "closing"
OTHER = "other"
EFFECTS = (OPENING, CONVERSION, PLAN, CLAIM_STATE, CLOSING, OTHER)

SIREN_LENGTH = 9
LONGEST_TEXT = 4000
# The first word that the judgement's nature contains says what it does.
_EFFECTS = (
    ("cloture", CLOSING),
    ("etat des creances", CLAIM_STATE),
    ("depot de l'etat", CLAIM_STATE),
    ("conversion", CONVERSION),
    ("prononcant la liquidation", CONVERSION),
    ("arretant le plan", PLAN),
    ("plan de", PLAN),
    ("ouverture", OPENING),
)
# A plan by its name: which procedure it belongs to says nothing of the one that is opened.
_PLAN = re.compile(
    r"\bplan(?: de (?:sauvegarde|redressement|continuation|apurement))?(?: judiciaire)?\b"
)
# These plans are adopted, changed or carried out during proceedings, and end none.
_STANDING_PLAN = re.compile(r"\barret|\badopt|\bmodifi|\bhomologu|plan de cession")
_KINDS = (
    ("retablissement personnel", "personal_recovery"),
    ("surendettement", "overindebtedness"),
    ("liquidation", "liquidation"),
    ("redressement", "reorganisation"),
    ("sauvegarde", "safeguard"),
)


class BadNotice(ValueError):
    """A record is no notice: the text says what it lacks."""


@dataclass(frozen=True)
class Notice:
    """One notice.

    :ivar str reference: its own, unique in the gazette
    :ivar date published_on: from which deadlines run
    :ivar str number: of the notice, in its issue
    :ivar str type: INITIAL, RECTIFICATION or CANCELLATION
    :ivar sirens: numbers of the companies that it names
    :ivar str effect: one of EFFECTS
    :ivar str kind: of ``rules.insolvency.KINDS``; empty when the words do not tell
    :ivar judgement_date: None when it is missing
    :ivar former_number: of the notice that it corrects or cancels; empty when it names none
    :ivar former_on: the day of that notice
    """

    reference: str
    published_on: date
    number: str
    type: str
    sirens: tuple
    effect: str
    kind: str
    judgement_date: date | None = None
    name: str = ""
    court: str = ""
    nature: str = ""
    text: str = ""
    url: str = ""
    former_number: str = ""
    former_on: date | None = None


def siren_of(text):
    """Return the nine figures of a company from any of its numbers, empty when it has none.

    A SIRET begins with the SIREN, a French VAT number ends with it.

    >>> siren_of("552 100 554"), siren_of("55210055400013"), siren_of("FR03552100554")
    ('552100554', '552100554', '552100554')
    >>> siren_of("BE0123456789"), siren_of("123456789")
    ('', '')
    """
    text = re.sub(r"[\s.]", "", str(text or "")).upper()
    french = re.fullmatch(r"FR[0-9A-Z]{2}(\d{9})", text)
    if french:
        text = french.group(1)
    if not re.fullmatch(r"\d{9}|\d{14}", text):
        return ""
    digits = text[:SIREN_LENGTH]
    return digits if _has_check_digit(digits) else ""


def _has_check_digit(digits):
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def read_notice(record):
    """Return the Notice of one record of the open data.

    Every part may be missing but the reference, the day and a SIREN: without them nobody can be
    told of it.

    :raises BadNotice: says what is missing
    """
    if not isinstance(record, dict):
        raise BadNotice("no record")
    reference = _text(record.get("id"))
    published_on = _day(record.get("dateparution"))
    sirens = _sirens(record.get("registre"))
    for value, name in ((reference, "id"), (published_on, "dateparution"), (sirens, "registre")):
        if not value:
            raise BadNotice(f"{reference or '?'}: {name}")
    judgement = _inner(record.get("jugement"))
    former = _inner(record.get("parutionavisprecedent"))
    nature = " ".join(
        filter(None, (_text(judgement.get("famille")), _text(judgement.get("nature"))))
    )
    text = _text(judgement.get("complementJugement"))
    effect, kind = _read_judgement(_plain(nature) or _plain(text))
    return Notice(
        reference=reference,
        published_on=published_on,
        number=_text(record.get("numeroannonce")),
        type=_type_of(record),
        sirens=sirens,
        effect=effect,
        kind=kind,
        judgement_date=_day(judgement.get("date")),
        name=_text(record.get("commercant")),
        court=_text(record.get("tribunal")),
        nature=nature,
        text=text[:LONGEST_TEXT],
        url=_text(record.get("url_complete")),
        former_number=_text(former.get("numeroAnnonce")),
        former_on=_day(former.get("dateParution")),
    )


def _read_judgement(words):
    """Return (effect, kind) of the plain words of a judgement.

    A judgement that ends a plan may open proceedings anew, in the same breath (C. com. L626-27,
    L631-20-1): it is no plan, and its kind is that of what it opens.

    >>> _read_judgement("jugement arretant le plan de redressement")
    ('plan', 'reorganisation')
    >>> _read_judgement("jugement prononcant la resolution du plan de sauvegarde et la liquidation "
    ...     "judiciaire")
    ('opening', 'liquidation')
    >>> _read_judgement("jugement de liquidation judiciaire apres plan de redressement")
    ('opening', 'liquidation')
    >>> _read_judgement("jugement prononcant la resolution du plan de redressement")
    ('other', 'reorganisation')
    """
    effect = _first(words, _EFFECTS, OTHER)
    kind = _first(words, _KINDS, "")
    # A plan that is refused has bound nobody: the same proceedings go on as a liquidation.
    goes_on = effect == CONVERSION and "resolution" not in words
    if (
        goes_on
        or effect in (CLOSING, CLAIM_STATE)
        or not _PLAN.search(words)
        or _STANDING_PLAN.search(words)
    ):
        return effect, kind
    opened = _first(_PLAN.sub("", words), _KINDS, "")
    if opened:
        return OPENING, opened
    return (OTHER if "resolution" in words else effect), kind


def may_open(effect, nature):
    """Tell whether a judgement may be one that opens proceedings.

    The day to declare counts from the opening alone (C. com. L622-24, R622-24): neither a plan nor
    a conversion is recorded in its place.

    >>> may_open(OPENING, ""), may_open(CONVERSION, "Jugement prononçant la liquidation judiciaire")
    (True, True)
    >>> may_open(CONVERSION, "Jugement de conversion en liquidation judiciaire"), may_open(PLAN, "")
    (False, False)
    """
    words = _plain(nature)
    return effect == OPENING or (
        effect == CONVERSION and "prononcant la liquidation" in words and "conversion" not in words
    )


def is_insolvency(record):
    """Tell whether a record is about insolvency; the others are no concern of ours."""
    return isinstance(record, dict) and _text(record.get("familleavis")) in ("", FAMILY)


def _type_of(record):
    words = _plain(f"{_text(record.get('typeavis'))} {_text(record.get('typeavis_lib'))}")
    if "annul" in words:
        return CANCELLATION
    return RECTIFICATION if "rectif" in words else INITIAL


def _sirens(value):
    values = value if isinstance(value, list) else re.split(r"[,;|]", str(value or ""))
    return tuple(dict.fromkeys(filter(None, map(siren_of, values))))


def _inner(value):
    """Return the dict that a field holds, as such or as a JSON string; empty when it holds none."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return {}
    return value if isinstance(value, dict) else {}


def _text(value):
    return " ".join(str(value).split()) if isinstance(value, (str, int)) else ""


def _day(value):
    """Return the date of an ISO text, or of a French one ("2 mars 2026", "02/03/2026").

    >>> _day("2026-03-02") == _day("2 mars 2026") == _day("02/03/2026")
    True
    >>> _day("not a day") is None
    True
    """
    text = _plain(_text(value))
    iso = re.match(r"(\d{4})-(\d{2})-(\d{2})", text)
    french = re.match(r"(\d{1,2})(?:er)?[ /]([a-z]+|\d{1,2})[ /](\d{4})", text)
    try:
        if iso:
            return date(*map(int, iso.groups()))
        if french:
            day, month, year = french.groups()
            return date(int(year), _month(month), int(day))
    except ValueError:
        return None
    return None


_MONTHS = (
    *("janv", "fevr", "mars", "avri", "mai", "juin"),
    *("juil", "aout", "sept", "octo", "nove", "dece"),
)


def _month(text):
    if text.isdigit():
        return int(text)
    found = [number for number, name in enumerate(_MONTHS, 1) if text.startswith(name)]
    if not found:
        raise ValueError(text)
    return found[0]


def _plain(text):
    """Return a text in lower case and without accents."""
    parts = unicodedata.normalize("NFKD", text.lower().replace("’", "'"))
    return "".join(part for part in parts if not unicodedata.combining(part))


def _first(words, table, default):
    return next((result for word, result in table if word in words), default)
