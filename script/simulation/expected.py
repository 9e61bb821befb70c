"""What has to take place: days in which it does not have proven nothing of it."""

from .behaviours import BEHAVIOURS

# With sixty debtors in forty days.
SOON = (
    "called",
    "cheque_returned",
    "credit_note",
    "disputed_rightly",
    "disputed_wrongly",
    "invoice_posted",
    "letter_posted",
    "letter_received",
    "paid",
    "promised",
    "schedule_signed",
)
# With hundreds of debtors in a year.
IN_A_YEAR = (
    *SOON,
    "address_accepted",
    "answered",
    "assessed",
    "bounced",
    "charges_claimed",
    "claims_declared",
    "court",
    "dispute_decided",
    "found",
    "handed_over",
    "handover_accepted",
    "handover_asked",
    "handover_asked_again",
    "handover_closed",
    "handover_declined",
    "handover_refused",
    "handover_transmitted",
    "hardship_decided",
    "hardship_reported",
    "held",
    "insolvency_certificate",
    "insolvency_claim_given",
    "insolvency_closed",
    "insolvency_measures",
    "insolvency_plan",
    "insolvent_opened",
    "letter_acknowledged",
    "letter_not_collected",
    "letter_presented",
    "letter_refused",
    "letter_returned",
    "matched",
    "moved",
    "over_indebted",
    "payment_cancelled",
    "proceeding_closed",
    "proceeding_opened",
    "said_paid",
    "waiver_approved",
    "waiver_asked",
    "waiver_refused",
    "written_off",
)
MANY_DAYS, MANY_DEBTORS = 360, 250
FEW_DAYS, FEW_DEBTORS = 40, 60


def find_missing(acts, reactions, days, debtors):
    """Return what never took place although there was time for it.

    :param dict acts: {kind of act: how often}
    :param dict reactions: {(name of a behaviour, what a debtor of it did): how often}
    """
    if days >= MANY_DAYS and debtors >= MANY_DEBTORS:
        table = {
            (behaviour.name, reaction.does)
            for behaviour in BEHAVIOURS
            for reaction in behaviour.reactions
        }
        never = [f"{name}: {does}" for name, does in sorted(table - set(reactions))]
        return [kind for kind in IN_A_YEAR if not acts.get(kind)] + never
    if days >= FEW_DAYS and debtors >= FEW_DEBTORS:
        return [kind for kind in SOON if not acts.get(kind)]
    return []
