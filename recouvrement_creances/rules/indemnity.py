"""The fixed indemnity for recovery costs: once for each late invoice, never from a consumer."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .parameters import parameter_on

# What professionals owe when they pay late; public bodies owe it too, by their own articles.
DEBTORS_WHO_OWE = {"professional": "indemnity.amount", "public": "indemnity.amount.public"}

NOT_LATE = "not_late"
DEBTOR_IS_CONSUMER = "consumer"
INSURANCE_INDEMNITY = "insurance_indemnity"
DUE_AFTER_OPENING = "due_after_opening"
ALREADY_CLAIMED = "already_claimed"


@dataclass(frozen=True)
class LateInvoice:
    """What decides whether the indemnity is due.

    :ivar debtor_kind: professional, public or consumer
    :ivar due_date: the payment date on the invoice; with instalments, the first one that was late
    :ivar settled_on: value date of the last payment of an invoice that is settled in full; None
        while something is open
    :ivar insolvency_date: day of the judgement that opened the debtor's insolvency
    :ivar is_insurance_indemnity: the claim is for an insurance indemnity
    :ivar already_claimed: it was claimed for this invoice before
    """

    debtor_kind: str
    due_date: date
    settled_on: date | None = None
    insolvency_date: date | None = None
    is_insurance_indemnity: bool = False
    already_claimed: bool = False


@dataclass(frozen=True)
class Indemnity:
    """The indemnity in EUR, zero with the reason why and its article when it is not due."""

    amount: Decimal
    reason: str
    article: str


def fixed_indemnity(invoice, as_of):
    """Return the fixed indemnity of an invoice on a day (C. com. D441-5, CCP D2192-35).

    Per invoice, once; in EUR, without VAT; due without reminder from the first day of delay, and
    still due after the invoice is paid. Costs above it need proof and are not computed. It is no
    interest and adds up with penalties.

    :param LateInvoice invoice: the facts
    :param date as_of: the day on which it is asked
    :return: Indemnity
    :raises ValueError: unknown kind of debtor
    :raises MissingLegalValue: no amount is known for the first day of delay

    >>> fixed_indemnity(LateInvoice("professional", date(2026, 9, 30)), date(2026, 10, 1)).amount
    Decimal('40.00')
    >>> fixed_indemnity(LateInvoice("consumer", date(2026, 9, 30)), date(2026, 10, 1)).reason
    'consumer'
    """
    reason, article = _find_exclusion(invoice, as_of)
    if reason:
        return Indemnity(Decimal("0.00"), reason, article)
    name = DEBTORS_WHO_OWE[invoice.debtor_kind]
    parameter = parameter_on(name, invoice.due_date + timedelta(days=1))
    return Indemnity(parameter.value, "", parameter.article)


def _find_exclusion(invoice, as_of):
    if invoice.debtor_kind not in (*DEBTORS_WHO_OWE, DEBTOR_IS_CONSUMER):
        raise ValueError(f"Unknown kind of debtor {invoice.debtor_kind!r}.")
    last_unpaid = as_of if invoice.settled_on is None else min(as_of, invoice.settled_on)
    opening = invoice.insolvency_date
    exclusions = [
        (invoice.debtor_kind == DEBTOR_IS_CONSUMER, DEBTOR_IS_CONSUMER, "CPCE L111-8 al. 2"),
        (last_unpaid <= invoice.due_date, NOT_LATE, "C. com. L441-10 II"),
        (
            invoice.is_insurance_indemnity,
            INSURANCE_INDEMNITY,
            "Cass. 2e civ. 17/09/2026",
        ),
        (
            opening is not None and invoice.due_date >= opening,
            DUE_AFTER_OPENING,
            "C. com. L441-10 II",
        ),
        (invoice.already_claimed, ALREADY_CLAIMED, "C. com. D441-5"),
    ]
    for excluded, reason, article in exclusions:
        if excluded:
            return reason, article
    return "", ""
