"""Nobody is contacted about what he has paid, disputed, promised or may not be asked for.

What was true on the evening before and on the evening after was true when the contact left. What
began or ended on the day itself is placed by the journal of what people did; where that leaves a
doubt, nothing is said.
"""

from decimal import Decimal

from .books import CENT
from .contacted import contacts_of_day, is_overridden
from .finding import Finding

REASONS = {
    "promised": ("promised",),
    "scheduled": ("schedule_signed",),
    "disputed": ("disputed_rightly", "disputed_wrongly"),
    "insolvent": ("insolvent_opened", "over_indebted"),
    "handed_over": ("handed_over",),
    "paused": ("held", "said_paid"),
}
# What moves what is due.
MONEY = ("paid", "payment_cancelled", "cheque_returned", "credit_note", "matched", "waiver_asked")


def check(books):
    """Yield the items that a contact of the day spoke of and may not have spoken of."""
    # By their records: a pause that ended yesterday and one that begins today leave room between.
    evening = {item_id: set(records) for item_id, records in books.blocked.records.items()}
    books.today["blocked"] = evening
    for contact in contacts_of_day(books):
        action = contact.action
        if contact.is_free or is_overridden(books, action):
            continue
        for told in books.told[action.id]:
            books.count("items of contacts")
            yield from _check_item(books, contact, told.item_id, evening.get(told.item_id, set()))
        yield from _check_amounts(books, contact)


def _check_item(books, contact, item_id, evening):
    item = books.items[item_id]
    before = books.yesterday.get("blocked")
    if before is None and books.acts[books.cases[item.case_id].debtor_id]:
        return  # on the first day nobody knows what was true in the morning
    morning = evening if before is None else before.get(item_id, set())
    certain = {reason for reason, _record in morning & evening}
    if before is not None:
        began = {reason for reason, _record in evening - morning}
        certain |= {reason for reason in began if _began(books, contact, reason)}
    certain -= _agreed(contact.action)
    subject = f"{books.name(item.case_id)}, {contact.channel} {contact.action.id}"
    for reason in sorted(certain):
        yield Finding("nobody is contacted about", f"{subject}, item {item_id}", "silence", reason)
    residual = residual_at(books, contact, item)
    if residual is not None and residual <= 0:
        yield Finding(
            "nobody is contacted about", f"{subject}, item {item_id}", "something due", "paid"
        )
    elif residual is not None and is_covered(books, item):
        yield Finding(
            "nobody is contacted about",
            f"{subject}, item {item_id}",
            "something that no unallocated payment covers",
            "covered by credits",
        )


def _agreed(action):
    """Reminders of an agreement speak of what it covers."""
    if action.instalment_id:
        return {"scheduled"}
    return {"promised", "scheduled"} if action.is_agreed else set()


def _began(books, contact, reason):
    """Tell whether what blocks the item began before the contact, on the same day.

    What the debtor told the other company blocks nothing of this one.
    """
    case = books.cases[contact.action.case_id]
    return any(
        act.kind in REASONS.get(reason, ())
        and act.moment < contact.moment
        and act.detail.get("company", case.company_id) == case.company_id
        for act in books.acts[case.debtor_id]
    )


def residual_at(books, contact, item):
    """Return what was due of an item when the contact left; None when that is in doubt."""
    line = books.lines.get(item.line_id)
    if line is None or line.state != "posted":
        return None
    yesterday = books.yesterday.get("residuals")
    # What was entered today was due in full before anything was paid of it; on the first evening
    # nobody knows what was entered when.
    before = line.residual if yesterday is None else yesterday.get(line.id, line.amount)
    if before == line.residual:
        return line.residual
    debtor_id = books.cases[item.case_id].debtor_id
    moments = [act.moment for act in books.acts[debtor_id] if act.kind in MONEY]
    if moments and max(moments) < contact.moment:
        return line.residual
    if moments and min(moments) > contact.moment:
        return before
    return None


def is_covered(books, item):
    """Tell whether unallocated payments and credit notes cover an item: the oldest first."""
    line = books.lines[item.line_id]
    case = books.cases[item.case_id]
    key = (case.company_id, case.debtor_id, line.currency_id)
    if books.acts[case.debtor_id] or not books.credits.get(key):
        return False
    left = books.credits[key]
    for other in sorted(claims_of(books, case, line.currency_id), key=lambda pair: pair[:2]):
        due, item_id, amount = other
        if (due, item_id) > (line.due, item.id):
            break
        left -= amount
    return left >= 0 and line.residual > 0


def claims_of(books, case, currency_id):
    """Return [(due, item, what can be claimed of it)] of a debtor in a currency."""
    found = []
    for item in books.items_of_cases[case.id]:
        line = books.lines.get(item.line_id)
        if not (item.is_open and line and line.currency_id == currency_id):
            continue
        found.append((line.due, item.id, claimable(books, item, line)))
    return found


def claimable(books, item, line):
    """Return what can be claimed of an item: nothing of what is excluded or disputed wholly."""
    if not books.is_claim(line) or line.no_followup or line.payment_state == "blocked":
        return Decimal(0)
    if "disputed" in books.blocked.reasons.get(item.id, ()):
        return Decimal(0)
    return max(line.residual - books.blocked.parts.get(item.id, Decimal(0)), Decimal(0))


def _check_amounts(books, contact):
    """What an e-mail says to be due is what was due."""
    if contact.channel != "email":
        return
    written = [
        row for row in books.evidence_of_actions[contact.action.id] if row.kind == "prepared"
    ]
    if not written:
        return
    items = [books.items[told.item_id] for told in books.told[contact.action.id]]
    amounts = [residual_at(books, contact, item) for item in items]
    said = [Decimal(str(row["residual"])) for row in written[-1].facts.get("items", ())]
    if None in amounts or not items or len(said) != len(items):
        return
    books.count("amounts of e-mails")
    if abs(sum(said) - sum(amounts)) > CENT:
        yield Finding(
            "amounts of e-mails",
            f"{books.name(contact.action.case_id)}, e-mail {contact.action.id}",
            f"{sum(amounts)} as in the ledger",
            f"{sum(said)} as in the evidence",
        )
