"""Amounts in French words, printed, and compared with what a debtor types (C. civ. 1376)."""

import re
import unicodedata

from num2words import num2words

from .money import round_half_up, to_decimal
from .typed_amounts import read_amount

# Currency: (one unit, several units, one hundredth, several hundredths); None: no hundredths.
UNITS = {
    "EUR": ("euro", "euros", "centime", "centimes"),
    "CHF": ("franc suisse", "francs suisses", "centime", "centimes"),
    "USD": ("dollar", "dollars", "cent", "cents"),
    "GBP": ("livre sterling", "livres sterling", "penny", "pence"),
    "MAD": ("dirham", "dirhams", "centime", "centimes"),
    "XPF": ("franc Pacifique", "francs Pacifique", None, None),
    "XOF": ("franc CFA", "francs CFA", None, None),
    "XAF": ("franc CFA", "francs CFA", None, None),
}

ENGLISH_UNITS = {
    "EUR": ("euro", "euros"),
    "CHF": ("franc", "francs"),
    "USD": ("dollar", "dollars"),
    "GBP": ("pound", "pounds"),
}
ENGLISH_CENTS = ("cent", "cents", "centime", "centimes", "penny", "pence")

# Belgian and Swiss tens, in the words that num2words writes.
TENS = {
    "septante": ["soixante", "dix"],
    "huitante": ["quatre", "vingt"],
    "octante": ["quatre", "vingt"],
    "nonante": ["quatre", "vingt", "dix"],
}
TEENS = {
    "un": "onze",
    "deux": "douze",
    "trois": "treize",
    "quatre": "quatorze",
    "cinq": "quinze",
    "six": "seize",
}
# The same word with or without its plural, and its variants.
SAME = {
    "cents": "cent",
    "vingts": "vingt",
    "mil": "mille",
    "milles": "mille",
    "millions": "million",
    "milliards": "milliard",
}
MILLION = 1_000_000
SIGNS = {"EUR": "€", "GBP": "£", "USD": "$"}
IN_BRACKETS = re.compile(r"\(([^()]*)\)")


def amount_in_words(amount, currency="EUR"):
    """Return an amount in French words, as the mention of an acknowledgement of debt wants it.

    :param Decimal amount: not negative; rounded half-up to the currency's hundredths, to the unit
        for a currency without hundredths
    :param str currency: ISO code
    :raises ValueError: negative amount, or a currency whose words are not known (it is named)

    >>> amount_in_words("1280.50")
    'mille deux cent quatre-vingts euros et cinquante centimes'
    >>> amount_in_words(2000000)
    "deux millions d'euros"
    """
    whole, hundredths = _parts(amount, currency)
    one, several, one_hundredth, several_hundredths = UNITS[currency]
    unit = one if whole < 2 else several
    texts = []
    if whole or not hundredths:
        texts.append(f"{num2words(whole, lang='fr')} {_link(whole, unit)}{unit}")
    if hundredths:
        unit = one_hundredth if hundredths < 2 else several_hundredths
        texts.append(f"{num2words(hundredths, lang='fr')} {unit}")
    return " et ".join(texts)


def number_in_words(number, lang="fr"):
    """Return a whole number in words; in figures for a language whose words are not known.

    :param int number: not negative
    :param str lang: code of the language, with or without its country

    >>> number_in_words(15, "fr_FR"), number_in_words(8, "en_US"), number_in_words(8, "xx_XX")
    ('quinze', 'eight', '8')
    """
    try:
        return num2words(number, lang=(lang or "en").partition("_")[0])
    except NotImplementedError:
        return str(number)


def same_amount_in_words(text, amount, currency="EUR"):
    """Say whether a text typed by hand is an amount in French words.

    Accents, capitals, hyphens, plurals, "et" and spaces do not matter, both spellings (hyphens of
    before and after 1990) and the Belgian and Swiss tens are understood. "La somme de" may stand
    before, "centimes" may be left out after euros. Figures are no words; the same amount in figures
    may stand beside them in brackets. Anything else in the text makes it another text.

    :raises ValueError: as ``amount_in_words``

    >>> same_amount_in_words("Mille deux-cent-quatre-vingt euros cinquante", "1280.50")
    True
    >>> same_amount_in_words("mille deux cent huit euros", "1280.00")
    False
    >>> same_amount_in_words("deux mille euros (2 000 €)", "2000.00")
    True
    """
    whole, hundredths = _parts(amount, currency)
    typed = _tokens(_without_figures(text, amount, currency))
    return typed in _accepted(whole, hundredths, currency)


def same_amount_in_english(text, amount, currency="EUR"):
    """Say whether a text typed by hand is an amount in English words, for who signs in English.

    Capitals, hyphens, commas, "and" and plurals of the units do not matter.

    :raises ValueError: as ``amount_in_words``

    >>> same_amount_in_english("One thousand two hundred and eighty euros, fifty cents", "1280.50")
    True
    >>> same_amount_in_english("twelve hundred euros", "1280.50")
    False
    """
    whole, hundredths = _parts(amount, currency)
    units = {unit for unit in ENGLISH_UNITS.get(currency, ()) if unit}
    text = _without_figures(text, amount, currency).casefold()
    words = re.sub(r"[-\s.,;]+", " ", text).split()
    typed = [word for word in words if word not in ("and", "the", "sum", "of")]
    number = _english(whole)
    small = [*_english(hundredths), "cent"] if hundredths else []
    typed = ["cent" if word in ENGLISH_CENTS else word for word in typed]
    wholes = [[*number, unit] for unit in units]
    if not hundredths:
        return typed in wholes
    return typed in [first + small for first in wholes] + ([] if whole else [small])


def _without_figures(text, amount, currency):
    """Leave out the amount in figures: C. civ. 1376 asks for words and figures, and people obey."""
    signs = (SIGNS.get(currency, currency), currency, *filter(None, UNITS[currency][1::-1]))

    def leave_out(found):
        figures = found[1].strip().casefold()
        for sign in signs:
            figures = figures.removesuffix(sign.casefold()).removeprefix(sign.casefold()).strip()
        return " " if read_amount(figures) == to_decimal(amount) else found[0]

    return IN_BRACKETS.sub(leave_out, text)


def _english(number):
    words = num2words(number, lang="en").replace("-", " ").replace(",", "").split()
    return [word for word in words if word != "and"]


def _parts(amount, currency):
    if currency not in UNITS:
        raise ValueError(f"The French words of the currency {currency!r} are not known.")
    value = to_decimal(amount)
    if value < 0:
        raise ValueError("An amount in words is not negative.")
    has_hundredths = UNITS[currency][2] is not None
    value = round_half_up(value, 2 if has_hundredths else 0)
    whole = int(value)
    return whole, int((value - whole) * 100)


def _link(whole, unit):
    """A million and a milliard are nouns: "un million d'euros"."""
    if whole < MILLION or whole % MILLION:
        return ""
    return "d'" if unit[0] in "aeiou" else "de "


def _accepted(whole, hundredths, currency):
    """Return every way of writing an amount, as tokens."""
    one, several, one_hundredth, several_hundredths = UNITS[currency]
    units = _spellings(one, several)
    number, rest = _tokens(num2words(whole, lang="fr")), []
    if one_hundredth:
        small = _tokens(num2words(hundredths, lang="fr"))
        rest = [small + unit for unit in _spellings(one_hundredth, several_hundredths)]
        rest += [small] if whole and hundredths else []
    wholes = [number + unit for unit in units]
    if not hundredths:
        return wholes + [first + last for first in wholes for last in rest]
    alone = rest if not whole else []
    return alone + [first + last for first in wholes for last in rest]


def _spellings(one, several):
    """A unit in the singular or plural, whole or without its second word ("francs")."""
    names = {one, several, one.split()[0], several.split()[0]}
    return [_tokens(name) for name in sorted(names)]


def _tokens(text):
    """Return the words that count, in one spelling."""
    plain = unicodedata.normalize("NFD", text).casefold()
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    plain = re.sub(r"^\s*(la )?somme de\b", "", plain)
    plain = re.sub(r"\b(d['’]|de\b|et\b)", " ", plain)
    words = re.sub(r"[-‐-―\s.,;]+", " ", plain).split()
    return _expand_tens([SAME.get(word, word) for word in words])


def _expand_tens(words):
    """Rewrite septante, huitante and nonante; "septante deux" becomes "soixante douze"."""
    written = []
    previous = ""
    for word in words:
        if previous in ("septante", "nonante") and word in TEENS:
            written[-1] = TEENS[word]
        else:
            written += TENS.get(word, [word])
        previous = word
    return written
