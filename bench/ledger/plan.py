"""What is invoiced, when, to whom, and how it was paid: plain Python, from one seed."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple

from .settings import ARCHETYPES, TERMS

LEAST_FACTOR = 20  # no amount below twenty times a prototype's
TERM_WEIGHTS = {
    "french_person": (("immediate", "15_days", "30_days"), (0.5, 0.2, 0.3)),
    "french_company": (
        ("immediate", "15_days", "30_days", "45_days", "end_of_next_month"),
        (0.05, 0.05, 0.50, 0.20, 0.20),
    ),
}


class Move(NamedTuple):
    """An invoice or credit note; paid amounts in cents."""

    number: int
    prototype: int
    partner: int
    contact: int | None
    factor: int
    day: object
    first_due: object
    last_due: object
    state: str
    paid: int
    company_paid: int


class Payment(NamedTuple):
    """A payment, of one invoice or on account; amounts in cents."""

    number: int
    archetype: str
    partner: int
    day: object
    cents: int
    company_cents: int
    invoice: int | None
    settles: bool


class Allocation(NamedTuple):
    """A part of an invoice's receivable line that a payment or a credit note settles."""

    invoice: int
    order: int  # of the receivable line among the invoice's, from 1
    payment: int | None
    credit_note: int | None
    cents: int
    company_cents: int
    group: int | None  # of a full reconciliation


@dataclass
class Draft:
    """An invoice before it is known how it is paid."""

    day: object
    who: int
    document: object
    factor: int
    contact: int | None
    state: str = "open"


@dataclass
class Plan:
    """Everything that is written."""

    moves: list = field(default_factory=list)
    payments: list = field(default_factory=list)
    allocations: list = field(default_factory=list)
    groups: int = 0
    credit_notes: list = field(default_factory=list)  # applied ones, until they get numbers


def make(prototypes, debtors, settings, chance):
    """Return the plan; the same arguments give the same plan."""
    return Planner(prototypes, debtors, settings, chance).make()


class Planner:
    """Customers' volumes are skewed, their habits of payment are personal."""

    def __init__(self, prototypes, debtors, settings, chance):
        self.prototypes = prototypes
        self.debtors = debtors
        self.settings = settings
        self.chance = chance
        self.plan = Plan()
        self.habits = [chance.random() for _debtor in debtors]
        self.chosen = self._choose_customers()

    def make(self):
        """Draw the invoices, settle some, and add credit notes and payments on account."""
        drafts = sorted((self._draft(who) for who in self.chosen), key=lambda one: one.day)
        self._choose_states(drafts)
        for number, draft in enumerate(drafts):
            paid, company_paid = self._settle(number, draft) if draft.state != "open" else (0, 0)
            self._add_invoice(number, draft, paid, company_paid)
        self._add_applied_credit_notes()
        self._add_open_credit_notes()
        self._add_payments_on_account()
        return self.plan

    # === INVOICES === #

    def _choose_customers(self):
        """Return whose each invoice is, by position."""
        count = len(self.debtors)
        if self.settings.evenly:
            return [number % count for number in range(self.settings.invoices)]
        weights = [min(self.chance.paretovariate(1.2), 200) for _debtor in self.debtors]
        return self.chance.choices(range(count), weights=weights, k=self.settings.invoices)

    def _draft(self, who):
        _partner, key, contact = self.debtors[who]
        documents = self.prototypes.invoices[key]
        chance = self.chance
        if ARCHETYPES[key].is_domestic:
            terms, weights = TERM_WEIGHTS[key]
            term = chance.choices(terms, weights)[0]
            if chance.random() < self.settings.instalments:
                term = "instalments"
            document = documents[term, chance.choice((1, 1, 2))]
        else:
            document = documents[chance.choice(("30_days", "45_days")), 1]
        # Log-normal: the median is about 350 euros for persons, 1,500 for companies.
        amount = chance.lognormvariate(7.3 if ARCHETYPES[key].is_company else 5.85, 1.0)
        factor = max(LEAST_FACTOR, int(amount * 100 / sum(document.company_cents)))
        day = self._choose_day()
        return Draft(day, who, document, factor, contact if chance.random() < 0.8 else None)

    def _choose_states(self, drafts):
        """Give exact shares: invoices are ranked by age, by the customer's habit, by chance."""
        settings = self.settings

        def score(draft):
            age = (settings.today - draft.day).days / max(settings.days, 1)
            return 0.5 * age + 0.6 * self.habits[draft.who] + self.chance.random()

        ranked = sorted(drafts, key=score, reverse=True)
        paid = round(settings.invoices * settings.paid)
        partial = round(settings.invoices * settings.partly_paid)
        for draft in ranked[:paid]:
            draft.state = "paid"
        for draft in ranked[paid : paid + partial]:
            draft.state = "partial"

    def _add_invoice(self, number, draft, paid, company_paid):
        dues = TERMS[draft.document.term][1](draft.day)
        self.plan.moves.append(
            Move(
                number,
                draft.document.id,
                self.debtors[draft.who].id,
                draft.contact,
                draft.factor,
                draft.day,
                dues[0],
                dues[-1],
                draft.state,
                paid,
                company_paid,
            )
        )

    # === SETTLEMENT === #

    def _settle(self, number, draft):
        """Pay an invoice, wholly or in part, or apply a credit note; return the amounts."""
        dues = TERMS[draft.document.term][1](draft.day)
        parts, settles = self._split(draft, len(dues))
        paid, company_paid = (sum(part[index] for part in parts) for index in (1, 2))
        if self._takes_credit_note(draft, len(dues), paid):
            self._apply_credit_note(number, draft, paid, company_paid)
            return paid, company_paid
        group = None
        if settles:
            self.plan.groups += 1
            group = self.plan.groups
        key = self.debtors[draft.who].archetype
        payment = Payment(
            len(self.plan.payments),
            key,
            self.debtors[draft.who].id,
            self._choose_payment_day(draft, dues),
            paid,
            company_paid,
            number,
            draft.state == "paid",
        )
        self.plan.payments.append(payment)
        for order, cents, company_cents in parts:
            self.plan.allocations.append(
                Allocation(number, order, payment.number, None, cents, company_cents, group)
            )
        return paid, company_paid

    def _split(self, draft, instalments):
        """Return (order, cents, company cents) of what is paid, and whether it closes lines."""
        amounts = list(zip(draft.document.cents, draft.document.company_cents, strict=True))
        if draft.state == "paid":
            factor, settles = draft.factor, True
        elif instalments > 1:  # the first instalment is paid
            amounts, factor, settles = amounts[:1], draft.factor, True
        else:
            share = int(draft.factor * self.chance.uniform(0.2, 0.8))
            amounts, factor, settles = amounts[:1], min(max(1, share), draft.factor - 1), False
        return [
            (order, cents * factor, company_cents * factor)
            for order, (cents, company_cents) in enumerate(amounts, 1)
        ], settles

    def _choose_payment_day(self, draft, dues):
        delay = int(self.chance.gauss(25 - 40 * self.habits[draft.who], 12))
        day = dues[-1 if draft.state == "paid" else 0] + timedelta(delay)
        return min(max(day, draft.day), self.settings.today)

    # === CREDIT NOTES AND PAYMENTS ON ACCOUNT === #

    def _takes_credit_note(self, draft, instalments, paid):
        wanted = round(self.settings.invoices * self.settings.credit_notes_applied)
        refund = self.prototypes.refunds[self.debtors[draft.who].archetype]
        return (
            draft.state == "partial"
            and instalments == 1
            and len(self.plan.credit_notes) < wanted
            and not paid % refund.cents[0]
            and (self.settings.today - draft.day).days > 5
        )

    def _apply_credit_note(self, number, draft, paid, company_paid):
        debtor = self.debtors[draft.who]
        refund = self.prototypes.refunds[debtor.archetype]
        age = (self.settings.today - draft.day).days
        day = draft.day + timedelta(self.chance.randint(1, age))
        self.plan.credit_notes.append(
            (
                number,
                Move(
                    0,
                    refund.id,
                    debtor.id,
                    draft.contact,
                    paid // refund.cents[0],
                    day,
                    day,
                    day,
                    "applied",
                    paid,
                    company_paid,
                ),
            )
        )

    def _add_applied_credit_notes(self):
        for invoice, credit_note in self.plan.credit_notes:
            number = len(self.plan.moves)
            self.plan.moves.append(credit_note._replace(number=number))
            self.plan.allocations.append(
                Allocation(
                    invoice, 1, None, number, credit_note.paid, credit_note.company_paid, None
                )
            )

    def _choose_debtor(self):
        return self.debtors[self.chosen[self.chance.randrange(self.settings.invoices)]]

    def _choose_day(self):
        age = self.chance.randint(self.settings.youngest, self.settings.days)
        return self.settings.today - timedelta(age)

    def _choose_factor(self, company_cents):
        return max(LEAST_FACTOR, int(self.chance.lognormvariate(5.5, 0.8) * 100 / company_cents))

    def _add_open_credit_notes(self):
        for _credit_note in range(round(self.settings.invoices * self.settings.credit_notes_open)):
            debtor, day = self._choose_debtor(), self._choose_day()
            refund = self.prototypes.refunds[debtor.archetype]
            factor = self._choose_factor(sum(refund.company_cents))
            number = len(self.plan.moves)
            self.plan.moves.append(
                Move(
                    number,
                    refund.id,
                    debtor.id,
                    debtor.contact,
                    factor,
                    day,
                    day,
                    day,
                    "open",
                    0,
                    0,
                )
            )

    def _add_payments_on_account(self):
        for _payment in range(round(self.settings.invoices * self.settings.payments_on_account)):
            debtor, day = self._choose_debtor(), self._choose_day()
            unit = self.prototypes.payments[debtor.archetype]
            factor = self._choose_factor(unit.company_cents)
            self.plan.payments.append(
                Payment(
                    len(self.plan.payments),
                    debtor.archetype,
                    debtor.id,
                    day,
                    factor * unit.cents,
                    factor * unit.company_cents,
                    None,
                    False,
                )
            )
