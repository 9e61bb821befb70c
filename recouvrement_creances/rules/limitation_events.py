"""What interrupts or suspends limitation, and what does not, whatever letters say."""

from dataclasses import dataclass
from datetime import date

# Interruptions: the same period starts again (C. civ. 2231).
ACKNOWLEDGEMENT = "acknowledgement"
PARTIAL_PAYMENT = "partial_payment"
COURT_CLAIM = "court_claim"
ORDER_SERVED = "order_served"
ENFORCEMENT = "enforcement"
INSOLVENCY_DECLARATION = "insolvency_declaration"
INTERRUPTIONS = {
    ACKNOWLEDGEMENT: "C. civ. 2240",
    PARTIAL_PAYMENT: "C. civ. 2240",
    COURT_CLAIM: "C. civ. 2241",
    ORDER_SERVED: "C. civ. 2241, CPC 1411",
    ENFORCEMENT: "C. civ. 2244",
    INSOLVENCY_DECLARATION: "C. com. L622-25-1",
}
# They only count when the debtor himself did them.
BY_DEBTOR = (ACKNOWLEDGEMENT, PARTIAL_PAYMENT)

# Suspensions: the period stands still and goes on.
MEDIATION = "mediation"
EXPERT_MEASURE = "expert_measure"
FORCE_MAJEURE = "force_majeure"
SUSPENSIONS = {
    MEDIATION: "C. civ. 2238",
    EXPERT_MEASURE: "C. civ. 2239",
    FORCE_MAJEURE: "C. civ. 2234",
}

# None of these interrupts (Cass. com. 18/05/2022 n° 20-23.204 for the registered letter).
WITHOUT_EFFECT = {
    "reminder": "C. civ. 2240 à 2244",
    "formal_notice": "Cass. com. 18/05/2022 n° 20-23.204",
    "registered_letter": "Cass. com. 18/05/2022 n° 20-23.204",
    "electronic_registered_letter": "Cass. com. 18/05/2022 n° 20-23.204",
    "invoice": "C. civ. 2240 à 2244",
    "call": "C. civ. 2240 à 2244",
    "complaint": "C. civ. 2240 à 2244",
    "sent_to_lawyer": "C. civ. 2240 à 2244",
    "order_requested": "C. civ. 2241, CPC 1411",
}

# Why an event does not count.
NO_EFFECT = "no_effect"
NO_EVIDENCE = "no_evidence"
NOT_BY_DEBTOR = "not_by_debtor"
VOID = "void"
CREDIT_NOT_INTERRUPTED = "credit_not_interrupted"
CREDIT_NOT_SUSPENDED = "credit_not_suspended"
BEFORE_START = "before_start"
TOO_LATE = "too_late"
STILL_RUNNING = "still_running"


@dataclass(frozen=True)
class Event:
    """Something that may have moved the end of a claim, for that claim only.

    :ivar kind: a key of INTERRUPTIONS, SUSPENSIONS or WITHOUT_EFFECT
    :ivar day: when it happened or began
    :ivar until: when it ended (end of the court case, closing of the insolvency, last day of the
        mediation); None while it lasts
    :ivar evidence: what proves it (a document's name); without it the event does not count
    :ivar by_debtor: the debtor himself acted, not a third party
    :ivar is_void: the court claim was withdrawn, lapsed or rejected (C. civ. 2243)
    :ivar confirmed_by: who looked at the evidence and confirmed it
    :ivar is_doubtful: the court claim was dismissed, but not definitively: until then it counts,
        and is counted on by nobody (C. civ. 2243)
    """

    kind: str
    day: date
    until: date | None = None
    evidence: str = ""
    by_debtor: bool = True
    is_void: bool = False
    confirmed_by: str = ""
    is_doubtful: bool = False

    @property
    def is_sure(self):
        """Somebody has confirmed it, and no judge has dismissed the claim since."""
        return bool(self.confirmed_by) and not self.is_doubtful

    @property
    def interrupts(self):
        """The period starts again; otherwise it is only suspended."""
        return self.kind in INTERRUPTIONS

    @property
    def restart_day(self):
        """Where the new period counts from.

        While a court case or an insolvency lasts its end is not known: the day of the act is
        taken, which gives the earliest date (cautious reading of C. civ. 2242).
        """
        return self.until or self.day

    @property
    def keeps_six_months(self):
        """After an amicable attempt at least six months are left (2238).

        The same minimum is not counted on for expert measures (cautious reading of 2239).
        """
        return self.kind == MEDIATION


def find_refusal(event, start, expiry, is_consumer_credit=False):
    """Return (why an event does not count or "", the article that decides).

    :param date start: what the period counts from
    :param date expiry: last possible day before the event: afterwards nothing can be interrupted
    :param bool is_consumer_credit: its time-bar is not interrupted by acknowledgement
        (C. conso R312-35) and not suspended (C. civ. 2220)
    :raises ValueError: unknown kind, or an end before the beginning
    """
    if event.until is not None and event.until < event.day:
        raise ValueError("An event ends before it begins.")
    if event.kind in WITHOUT_EFFECT:
        return NO_EFFECT, WITHOUT_EFFECT[event.kind]
    article = INTERRUPTIONS.get(event.kind) or SUSPENSIONS.get(event.kind)
    if article is None:
        raise ValueError(f"Unknown kind of event {event.kind!r}.")
    last = event.until or event.day
    checks = [
        (not event.evidence, NO_EVIDENCE, "C. civ. 1353"),
        (event.kind in BY_DEBTOR and not event.by_debtor, NOT_BY_DEBTOR, article),
        (event.is_void, VOID, "C. civ. 2243"),
        (
            is_consumer_credit and event.kind in BY_DEBTOR,
            CREDIT_NOT_INTERRUPTED,
            "C. conso R312-35",
        ),
        (is_consumer_credit and event.kind in SUSPENSIONS, CREDIT_NOT_SUSPENDED, "C. civ. 2220"),
        (event.kind in SUSPENSIONS and event.until is None, STILL_RUNNING, article),
        (last < start, BEFORE_START, article),
        (event.day > expiry, TOO_LATE, "C. civ. 2251"),
    ]
    for refused, reason, text in checks:
        if refused:
            return reason, text
    return "", article
