"""The accountant's mornings: invoices, what the bank tells, mistakes, credit notes, matching."""

from datetime import timedelta

from odoo.fields import Command

from .days import working_day
from .dialogs import press
from .money import Receipt
from .world import ACCOUNTANT

LIVE = ("signed", "running", "late")
FRIDAY = 4
MISTAKES = 0.015
CENT = 0.01
CREDITS = 0.5  # of the invoices of debtors who get credit notes
FOUNDED = """
    SELECT FROM collection_dispute
     WHERE state IN ('founded', 'partly_founded') AND company_id = %s
"""


def morning(world, debtors):
    """Do what an accountant does before anybody is reminded."""
    for company in world.companies:
        due = _find_due(world, company)
        if due:
            world.act(
                ACCOUNTANT,
                lambda env, c=company, d=due: _invoice(env, world, debtors, c, d),
                company,
                "invoice",
            )
    _book_receipts(world, world.bank.pop(world.day, []))
    for undo in world.undo.pop(world.day, []):
        _undo(world, *undo)
    for company in world.companies:
        if world.finds(FOUNDED, company):
            world.act(ACCOUNTANT, lambda env: _credit_disputes(env, world), company)
        if world.day.weekday() == FRIDAY:
            world.act(ACCOUNTANT, lambda env, c=company: _match(env, world, c), company)


# === INVOICES === #


def _invoice(env, world, debtors, company, due):
    """Invoice every debtor of a company whose day has come."""
    moves = env["account.move"].create(
        [_prepare_invoice(env, world, debtor, _date(world, debtor, company)) for debtor in due]
    )
    moves.action_post()
    for move in moves:
        debtor = world.by_partner[move.partner_id.id]
        world.note(
            "invoice_posted",
            debtor,
            move=move.id,
            number=move.name,
            amount=move.amount_total,
            due=move.invoice_date_due,
            company=company,
        )
        debtors.notice_invoice(debtor, move.id, move.invoice_date_due, company)
    _credit_some(env, world, moves)
    for debtor in due:
        debtor.known_to.add(company)
        days = max(debtor.every + debtor.chance.randint(-7, 7), 5)
        debtor.next_invoice[company] = working_day(world.day + timedelta(days=days))


def _find_due(world, company):
    """Return the debtors whom a company invoices today."""
    never = world.day + timedelta(days=1)
    return [debtor for debtor in world.debtors if debtor.next_invoice.get(company, never) < never]


def _date(world, debtor, company):
    """Return the day of an invoice: the first ones may be of before the first day."""
    is_first = company not in debtor.known_to
    return min(debtor.next_invoice[company], world.day) if is_first else world.day


def _prepare_invoice(env, world, debtor, day):
    amount = round(debtor.amount * debtor.chance.uniform(0.6, 1.4), 2)
    tax = env.company.account_sale_tax_id
    return {
        "move_type": "out_invoice",
        "partner_id": debtor.partner_id,
        "invoice_date": day,
        "currency_id": env.ref(f"base.{debtor.behaviour.currency}").id,
        "invoice_line_ids": [
            Command.create(
                {
                    "name": "Agencement",
                    "quantity": 1,
                    "price_unit": amount,
                    "tax_ids": [Command.set(tax.ids if debtor.country == "FR" else [])],
                }
            )
        ],
    }


def _credit_some(env, world, moves):
    """Give some debtors a credit note that nobody matches yet."""
    for move in moves:
        debtor = world.by_partner[move.partner_id.id]
        if debtor.has("credit") and debtor.chance.random() < CREDITS:
            _make_credit_note(env, world, debtor, move, move.amount_total * 0.3, is_matched=False)


# === BANK === #


def _book_receipts(world, receipts):
    """Book what the bank tells of a day: each company's transfers at once, the rest one by one."""
    alone = []
    for company in world.companies:
        own = [one for one in receipts if one.company == company]
        transfers = [one for one in own if one.way == "transfer" and not one.schedule]
        payments = transfers and world.act(
            ACCOUNTANT,
            lambda env, them=transfers: _book_statement(env, world, them),
            company,
            "book a statement",
        )
        for receipt, payment in zip(transfers, payments or (), strict=False):
            _follow(world, receipt, payment)
        # One that cannot be booked takes nobody else's money away.
        alone += own if not payments else [one for one in own if one not in transfers]
    for receipt in alone:
        payment = world.act(
            ACCOUNTANT,
            lambda env, one=receipt: _book(env, world, one),
            receipt.company,
            "book a receipt",
        )
        if payment:
            _follow(world, receipt, payment)


def _follow(world, receipt, payment):
    """Plan what becomes of a payment: the bank may take it back, or it was booked by mistake."""
    chance = world.chance.random()
    if receipt.bounces:
        _plan_undo(world, world.chance.randint(6, 10), receipt, payment, "cheque_returned")
    elif chance < MISTAKES:
        _plan_undo(world, 3, receipt, payment, "payment_cancelled")


def _plan_undo(world, days, receipt, payment, kind):
    day = working_day(world.day + timedelta(days=days))
    world.undo[day].append((receipt, payment, kind))


def _book_statement(env, world, receipts):
    """Book transfers together, and match each with the invoices that it names."""
    bank = _find_bank(env, receipts[0].company)
    payments = env["account.payment"].create(
        [_prepare_payment(env, bank, receipt) for receipt in receipts]
    )
    payments.action_post()
    for payment, receipt in zip(payments, receipts, strict=True):
        moves = _find_open(env, receipt)
        lines = (moves | payment.move_id).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable" and not line.reconciled
        )
        if moves:
            lines.reconcile()
        _note_paid(world, receipt, payment)
    return payments.ids


def _book(env, world, receipt):
    """Register what has arrived: on its instalment, on its invoices, else on account."""
    if receipt.schedule:
        payment = _book_instalment(env, receipt)
    else:
        payment = _book_invoices(env, world, receipt)
    payment = payment or _book_on_account(env, receipt)
    _note_paid(world, receipt, payment)
    return payment.id


def _note_paid(world, receipt, payment):
    world.note(
        "paid",
        receipt.debtor,
        how=receipt.way,
        payment_id=payment.id,
        amount=receipt.amount,
        moves=[move for move, _amount in receipt.moves],
        schedule=receipt.schedule,
        company=receipt.company,
    )


def _find_open(env, receipt):
    """Return the invoices that a receipt names and that still wait for money."""
    moves = env["account.move"].browse([move for move, _amount in receipt.moves])
    return moves.exists().filtered(
        lambda move: move.state == "posted" and move.amount_residual > CENT
    )


def _find_bank(env, company):
    domain = [("type", "=", "bank"), ("company_id", "=", company)]
    return env["account.journal"].search(domain, limit=1)


def _book_instalment(env, receipt):
    schedule = env["collection.schedule"].browse(receipt.schedule)
    payments = env["account.payment"]
    if schedule.state not in LIVE:
        return payments
    press(schedule, "action_register_payment", amount=receipt.amount)
    own = [("partner_id", "=", receipt.debtor.partner_id)]
    return payments.search(own, order="id desc", limit=1)


def _book_invoices(env, world, receipt):
    moves = _find_open(env, receipt)
    if not moves:
        return env["account.payment"]
    register = env["account.payment.register"].with_context(
        active_model="account.move", active_ids=moves.ids
    )
    values = {
        "payment_date": world.day,
        "amount": receipt.amount,
        "currency_id": env.ref(f"base.{receipt.currency}").id,
        "group_payment": True,
    }
    return register.create(values)._create_payments()[:1]


def _book_on_account(env, receipt):
    bank = _find_bank(env, receipt.company)
    payment = env["account.payment"].create(_prepare_payment(env, bank, receipt))
    payment.action_post()
    return payment


def _prepare_payment(env, bank, receipt):
    return {
        "payment_type": "inbound",
        "partner_type": "customer",
        "partner_id": receipt.debtor.partner_id,
        "amount": receipt.amount,
        "currency_id": env.ref(f"base.{receipt.currency}").id,
        "journal_id": bank.id,
        "memo": "Virement" if receipt.moves else "Acompte",
    }


def _undo(world, receipt, payment, kind):
    """Cancel a payment: the bank has taken the cheque back, or it was booked by mistake."""

    def cancel(env):
        env["account.payment"].browse(payment).action_cancel()
        world.note(kind, receipt.debtor, payment_id=payment, amount=receipt.amount)
        return True

    done = world.act(ACCOUNTANT, cancel, receipt.company, kind)
    if done and kind == "payment_cancelled":
        # It had arrived all the same: booked again tomorrow.
        again = Receipt(**{**receipt.__dict__, "bounces": False})
        world.bank[working_day(world.day + timedelta(days=1))].append(again)


def _match(env, world, company):
    """Match what arrived on account with what its debtor owes, once a week."""
    rows = world.rows(
        """
        SELECT line.partner_id, line.currency_id, array_agg(line.id)
          FROM account_move_line line
          JOIN account_account account ON account.id = line.account_id
         WHERE account.account_type = 'asset_receivable'
           AND line.parent_state = 'posted' AND line.reconciled IS NOT TRUE
           AND line.company_id = %s AND line.partner_id = ANY(%s)
      GROUP BY line.partner_id, line.currency_id, line.account_id
        HAVING MIN(line.balance) < 0 AND MAX(line.balance) > 0
        """,
        company,
        list(world.by_partner),
    )
    for partner, _currency, lines in rows:
        # Some credits are left for another week.
        if world.chance.random() < 0.7:
            env["account.move.line"].browse(lines).reconcile()
            world.note("matched", world.by_partner[partner], lines=sorted(lines), company=company)


# === CREDIT NOTES === #


def _credit_disputes(env, world):
    """Make the credit notes of disputes that were found right."""
    disputes = env["collection.dispute"].search(
        [
            ("state", "in", ("founded", "partly_founded")),
            ("is_running", "=", True),
            ("company_id", "=", env.company.id),
            ("decided_on", "<", world.day),
        ]
    )
    for dispute in disputes:
        debtor = world.by_partner[dispute.case_id.partner_id.id]
        for line in dispute.line_ids.filtered("amount_accepted"):
            move = line.item_id.move_id
            context = dispute.action_make_credit_note()["context"]
            context = {**context, "active_ids": move.ids}
            _make_credit_note(env, world, debtor, move, line.amount_accepted, context=context)


def _make_credit_note(env, world, debtor, move, amount, is_matched=True, context=None):
    """Make a credit note through Odoo's own dialog, of a part of the invoice."""
    context = context or {"active_model": "account.move", "active_ids": move.ids}
    dialog = (
        env["account.move.reversal"]
        .with_context(**context)
        .create({"journal_id": move.journal_id.id, "date": world.day, "reason": "Avoir"})
    )
    refund = env["account.move"].browse(dialog.refund_moves()["res_id"])
    if amount < move.amount_total - CENT:
        for line in refund.invoice_line_ids:
            line.price_unit = round(line.price_unit * amount / move.amount_total, 2)
    refund.action_post()
    if is_matched:
        lines = (move | refund).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable" and not line.reconciled
        )
        lines.reconcile()
    world.note(
        "credit_note",
        debtor,
        move=move.id,
        refund=refund.id,
        amount=refund.amount_total,
        is_matched=is_matched,
    )
