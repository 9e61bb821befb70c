"""What may be read from outside: the subject of an e-mail, the text of an SMS.

A debt is a private matter (C. civ. 9, C. conso L121-6): a colleague or a relative who sees the
screen of a telephone learns nothing of it.
"""

import re

from .plain_text import PlainText

ARTICLE = "C. civ. 9, C. conso L121-6"

_REVEALING = (
    r"\b(dettes?|impaye\w*|debiteurs?|debitrices?|creances?|arrieres?|recouvrement)\b",
    r"\b(relances?|rappels?|mises? en demeure|contentieux|precontentieux|poursuites?|tribunal)\b",
    r"\b(retards?|echeances?|echue?s?|exigibles?|solde du|factures?|somme due|a payer)\b",
    r"\b(reglements?|paiements?|payer|regler|penalites?|interets)\b",
    r"\b(debts?|debtors?|unpaid|overdue|arrears|outstanding|reminders?|dunning|collections?)\b",
    r"\b(formal notice|final notice|litigation|lawsuit|court|late|penalt(y|ies)|interest)\b",
    r"\b(invoices?|payments?|pay|amounts? due|balance due|falls? due)\b",
    r"\d[\d .,]*\s?(€|eur\b|euros?\b)|(€|\beur)\s?\d",
)


def find_revealing(text):
    """Return the words that tell an onlooker of a debt, in the order of the text.

    French and English; capitals and accents do not matter. The list is cautious and cannot be
    complete.

    :param str text: what is seen from outside, without markup

    >>> find_revealing("Votre facture impayée de 120,00 €")
    ['facture', 'impayée', '120,00 €']
    >>> find_revealing("Votre compte client chez Atelier Beaumont (DR/00012)")
    []
    """
    plain = PlainText(text or "")
    found = {
        match.span(): plain.original(*match.span()).strip()
        for pattern in _REVEALING
        for match in re.finditer(pattern, plain.text)
    }
    return [found[span] for span in sorted(found)]
