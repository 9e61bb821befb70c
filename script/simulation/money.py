"""What debtors do about money without the add-on: transfers, cheques; the bank tells tomorrow."""

from dataclasses import dataclass
from datetime import timedelta

from .days import working_day

CENT = 0.01


@dataclass
class Receipt:
    """Money that has arrived on a company's account, to be booked by the accountant.

    :ivar moves: [(id of the invoice, amount)] that the transfer names; empty: on account
    :ivar str way: transfer or cheque
    :ivar bool bounces: the bank takes the cheque back some days later
    :ivar int schedule: id of the collection.schedule whose instalment it is
    """

    debtor: object
    company: int
    amount: float
    currency: str
    moves: tuple = ()
    way: str = "transfer"
    bounces: bool = False
    schedule: int = 0


def overdue(world, debtor, company):
    """Return what is overdue of what he owes a company, without what he has just paid."""
    paid = {move for receipt in _under_way(world, debtor) for move, _amount in receipt.moves}
    return [
        row
        for row in world.read_open(debtor, company)
        if row[4] <= world.day and row[0] not in paid
    ]


def _under_way(world, debtor):
    return [
        receipt
        for receipts in world.bank.values()
        for receipt in receipts
        if receipt.debtor is debtor
    ]


def send(world, receipt):
    """Let the money arrive on the next working day."""
    world.put(world.bank, working_day(world.day + timedelta(days=1)), receipt)


def pay(world, debtor, company, rows, part=1.0, **values):
    """Pay invoices, or a part of them, the oldest first; each currency by itself."""
    for currency in sorted({row[3] for row in rows}):
        owed = [(row[0], float(row[2])) for row in rows if row[3] == currency]
        left = round(sum(amount for _move, amount in owed) * part, 2)
        moves = []
        for move, amount in owed:
            share = round(min(amount, left), 2)
            if share < CENT:
                break
            moves.append((move, share))
            left = round(left - share, 2)
        total = round(sum(amount for _move, amount in moves), 2)
        if total >= CENT:
            send(world, Receipt(debtor, company, total, currency, tuple(moves), **values))


# === ACTS === #


def do_transfer(world, debtor, company, part=1.0, move=None):
    """Pay what is overdue, or one invoice before it is."""
    rows = overdue(world, debtor, company)
    if move:
        rows = [row for row in world.read_open(debtor, company) if row[0] == move]
    pay(world, debtor, company, rows, part)


def do_transfer_twice(world, debtor, company, move=None, **_detail):
    """Pay an invoice, and pay it again by mistake some days later."""
    rows = [row for row in world.read_open(debtor, company) if row[0] == move]
    pay(world, debtor, company, rows)
    if rows and debtor.chance.random() < 0.4:
        days = debtor.chance.randint(3, 9)
        amount, currency = float(rows[0][2]), rows[0][3]
        world.plan(days, debtor, "pay_again", company=company, amount=amount, currency=currency)


def do_pay_again(world, debtor, company, amount, currency):
    """Pay once more what is paid already."""
    send(world, Receipt(debtor, company, amount, currency))


def do_transfer_on_account(world, debtor, company, move=None, **_detail):
    """Pay a round sum that names no invoice."""
    rows = [row for row in world.read_open(debtor, company) if row[0] == move]
    if rows:
        amount = (int(float(rows[0][2])) // 50 + 1) * 50.0
        send(world, Receipt(debtor, company, amount, rows[0][3]))


def do_bad_cheque(world, debtor, company, **_detail):
    """Send a cheque that the bank takes back."""
    rows = overdue(world, debtor, company)
    pay(world, debtor, company, rows, way="cheque", bounces=True)


def do_transfer_instalment(world, debtor, company, schedule, amount, currency):
    """Pay an instalment of a schedule."""
    send(world, Receipt(debtor, company, amount, currency, schedule=schedule))


def do_pay_share(world, debtor, company, move, share):
    """Pay the part of an invoice that a waiver asks for."""
    rows = [row for row in world.read_open(debtor, company) if row[0] == move]
    pay(world, debtor, company, rows, share)
