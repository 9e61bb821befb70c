"""Is the ledger what Odoo would have written? Contradictions in SQL, a sample through the ORM."""

import random

CONTRADICTIONS = {
    "moves out of balance": """
        SELECT count(*) FROM (SELECT FROM account_move_line GROUP BY move_id
                              HAVING sum(balance) <> 0) unbalanced""",
    "moves whose residual is not that of their lines": """
        SELECT count(*) FROM account_move m JOIN LATERAL (
               SELECT sum(l.amount_residual) r, sum(l.amount_residual_currency) rc
                 FROM account_move_line l
                WHERE l.move_id = m.id AND l.display_type = 'payment_term') l ON TRUE
         WHERE m.move_type IN ('out_invoice', 'out_refund')
           AND (l.r <> m.amount_residual_signed OR abs(l.rc) <> m.amount_residual)""",
    "lines whose residual is not their balance less what is reconciled": """
        SELECT count(*) FROM account_move_line l JOIN account_account a ON a.id = l.account_id
         WHERE a.account_type = 'asset_receivable' AND l.amount_residual <> l.balance
             - COALESCE((SELECT sum(amount) FROM account_partial_reconcile
                          WHERE debit_move_id = l.id), 0)
             + COALESCE((SELECT sum(amount) FROM account_partial_reconcile
                          WHERE credit_move_id = l.id), 0)""",
    "invoices whose total is not that of their lines": """
        SELECT count(*) FROM account_move m
         WHERE move_type IN ('out_invoice', 'out_refund')
           AND amount_total <> (SELECT sum(price_total) FROM account_move_line
                                 WHERE move_id = m.id AND display_type = 'product')""",
}
STORED = {
    "account.move": (
        "amount_untaxed amount_tax amount_total amount_residual amount_untaxed_signed "
        "amount_tax_signed amount_total_signed amount_residual_signed payment_state "
        "commercial_partner_id invoice_partner_display_name invoice_date_due sequence_prefix "
        "sequence_number fiscal_position_id invoice_currency_rate"
    ),
    "account.move.line": (
        "amount_residual amount_residual_currency reconciled debit credit price_subtotal "
        "price_total move_name parent_state date ref journal_id company_id tax_base_amount "
        "no_followup partner_id account_id"
    ),
    "account.payment": "is_reconciled is_matched amount_company_currency_signed state",
    "res.partner": ("commercial_partner_id complete_name email_normalized commercial_company_name"),
}
PAID = 10  # so many open invoices are paid and so many paid ones taken back, for real


def find_contradictions(cr):
    """Return what contradicts itself in the whole ledger."""
    found = []
    for title, query in CONTRADICTIONS.items():
        cr.execute(query)
        count = cr.fetchone()[0]
        if count:
            found.append(f"{count} {title}")
    return found


def compare_with_orm(env, settings, sample):
    """Recompute a sample, pay it, take payments back; return what differs. All is undone."""
    env = env(context={**env.context, "tracking_disable": True})
    moves = _pick(env, settings, sample)
    found = []
    for records in (
        moves,
        moves.line_ids,
        moves.origin_payment_id,
        moves.partner_id | moves.commercial_partner_id,
    ):
        found += _recompute(env, records)
    env.cr.rollback()
    env.invalidate_all()
    invoices = moves.filtered(lambda move: move.move_type == "out_invoice")
    found += _compare_terms(invoices)
    found += _pay(env, settings, invoices)
    found += _take_back(invoices)
    env.cr.rollback()
    env.invalidate_all()
    return found


def _pick(env, settings, sample):
    """Return some moves of every kind, state, and number of due dates."""
    chance = random.Random(settings.seed + 1)
    env.cr.execute(
        """
        SELECT array_agg(m.id ORDER BY m.id)
          FROM account_move m
         WHERE m.company_id = %s AND m.state = 'posted'
      GROUP BY m.move_type, m.payment_state, m.currency_id,
               (SELECT count(*) FROM account_move_line l
                 WHERE l.move_id = m.id AND l.display_type = 'payment_term')
      ORDER BY 1
        """,
        [settings.company],
    )
    ids = []
    for (group,) in env.cr.fetchall():
        ids += chance.sample(group, min(sample, len(group)))
    return env["account.move"].browse(ids)


def _recompute(env, records):
    """Let the ORM compute stored fields anew; return those that change."""
    fields = [records._fields[name] for name in STORED[records._name].split()]
    names = [field.name for field in fields if field.store and field.compute]
    before = _read(env, records, names)
    env.invalidate_all()
    for name in names:
        env.add_to_compute(records._fields[name], records)
    after = _read(env, records, names)
    return [
        f"{records._name}({record}).{name}: generated {old[name]!r}, computed {new[name]!r}"
        for (record, old), new in zip(before.items(), after.values(), strict=True)
        for name in names
        if (old[name] or None) != (new[name] or None)
    ][:10]


def _read(env, records, names):
    env.flush_all()
    columns = ", ".join(names)
    env.cr.execute(
        f"SELECT id, {columns} FROM {records._table} WHERE id = ANY(%s) ORDER BY id", [records.ids]
    )
    return {row["id"]: row for row in env.cr.dictfetchall()}


def _compare_terms(invoices):
    """Compare due dates and instalments with what the payment term gives."""
    found = []
    for move in invoices:
        needed = sorted(
            (key["date_maturity"], round(value["balance"], 2))
            for key, value in move.needed_terms.items()
        )
        written = sorted(
            (line.date_maturity, round(line.balance, 2))
            for line in move.line_ids
            if line.display_type == "payment_term"
        )
        if needed != written:
            found.append(f"{move.name}: due {written}, the payment term gives {needed}")
    return found


def _pay(env, settings, invoices):
    found = []
    for move in invoices.filtered(lambda one: one.payment_state in ("not_paid", "partial"))[:PAID]:
        wizard = env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        wizard.create({"payment_date": settings.today})._create_payments()
        if move.payment_state not in ("paid", "in_payment") or move.amount_residual:
            found.append(f"{move.name} is {move.payment_state} after its payment")
    return found


def _take_back(invoices):
    found = []
    for move in invoices.filtered(lambda one: one.payment_state == "paid")[:PAID]:
        move.line_ids.remove_move_reconcile()
        if move.payment_state != "not_paid" or move.amount_residual != move.amount_total:
            found.append(f"{move.name} is {move.payment_state} when its payment is taken back")
    return found
