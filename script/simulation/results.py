"""What came of a simulated life, read from the ledger and the cases at its end."""

# Each payment with the last contact about its item before it.
COLLECTED = """
    SELECT to_char(partial.max_date, 'YYYY-MM'),
           COALESCE(contact.name, 'Without a contact'),
           SUM(partial.amount)
      FROM account_partial_reconcile partial
      JOIN account_move_line credit ON credit.id = partial.credit_move_id
      JOIN account_payment payment ON payment.move_id = credit.move_id
      JOIN account_move_line debit ON debit.id = partial.debit_move_id
 LEFT JOIN collection_item item ON item.move_line_id = debit.id
 LEFT JOIN LATERAL (
           SELECT level.number || '. ' || (level.name ->> 'en_US') AS name
             FROM collection_action_item line
             JOIN collection_action action ON action.id = line.action_id
             JOIN collection_level level ON level.id = action.level_id
            WHERE line.item_id = item.id
              AND action.state IN ('sent', 'done')
              AND action.contact_date <= partial.max_date
         ORDER BY action.contact_date DESC, action.id DESC
            LIMIT 1) contact ON TRUE
     WHERE debit.partner_id = ANY(%s)
  GROUP BY 1, 2
  ORDER BY 1, 2
"""
STATES = {
    "promises": "collection_promise",
    "schedules": "collection_schedule",
    "instalments": "collection_instalment",
    "disputes": "collection_dispute",
    "waivers": "collection_waiver",
    "handovers": "collection_handover",
    "proceedings": "collection_proceeding",
    "insolvencies": "collection_insolvency",
    "declarations": "collection_insolvency_declaration",
    "assessments": "collection_assessment",
    "hardship reports": "collection_hardship",
    "actions": "collection_action",
    "charges": "collection_charge",
}
INVOICED = """
    SELECT to_char(date, 'YYYY-MM'), SUM(amount_total_signed)
      FROM account_move
     WHERE move_type = 'out_invoice' AND state = 'posted' AND partner_id = ANY(%s)
  GROUP BY 1 ORDER BY 1
"""
OPEN = """
    SELECT verdict, COUNT(*) FROM collection_item WHERE is_open GROUP BY 1 ORDER BY 2 DESC
"""


def read(world):
    """Return what is told in the report, as plain data."""
    partners = list(world.by_partner)
    return {
        "collected": [
            (month, step, float(amount)) for month, step, amount in world.rows(COLLECTED, partners)
        ],
        "invoiced": [(month, float(amount)) for month, amount in world.rows(INVOICED, partners)],
        "open": world.rows(OPEN),
        "states": {name: _count_states(world, table) for name, table in STATES.items()},
        "behaviours": _count_behaviours(world),
    }


def _count_states(world, table):
    return dict(world.rows(f'SELECT state, COUNT(*) FROM "{table}" GROUP BY 1 ORDER BY 1'))


def _count_behaviours(world):
    """Return {behaviour: (debtors, invoiced, still open)} in the companies' currency."""
    rows = world.rows(
        """
        SELECT line.partner_id, SUM(line.debit), SUM(line.amount_residual)
          FROM account_move_line line
          JOIN account_account account ON account.id = line.account_id
          JOIN account_move move ON move.id = line.move_id
         WHERE account.account_type = 'asset_receivable' AND line.parent_state = 'posted'
           AND move.move_type = 'out_invoice' AND line.partner_id = ANY(%s)
      GROUP BY 1
        """,
        list(world.by_partner),
    )
    sums = {partner: (float(debit), float(rest)) for partner, debit, rest in rows}
    counts = {}
    for debtor in world.debtors:
        number, debit, rest = counts.get(debtor.behaviour.name, (0, 0.0, 0.0))
        more = sums.get(debtor.partner_id, (0.0, 0.0))
        counts[debtor.behaviour.name] = (number + 1, debit + more[0], rest + more[1])
    return counts
