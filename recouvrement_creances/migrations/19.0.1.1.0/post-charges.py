"""Statements of charges know the entries of what was waived: those matched with their own."""


def migrate(cr, version):
    if not version:
        return
    cr.execute(
        """
        INSERT INTO collection_charge_waived_move_rel (charge_id, move_id)
        SELECT DISTINCT charge.id, waived.id
          FROM collection_charge charge
          JOIN account_move_line own ON own.move_id = charge.move_id
          JOIN account_partial_reconcile partial ON partial.debit_move_id = own.id
          JOIN account_move_line credit ON credit.id = partial.credit_move_id
          JOIN account_move waived ON waived.id = credit.move_id
         WHERE charge.amount_waived > 0
           AND waived.move_type = 'entry'
           AND waived.origin_payment_id IS NULL
           AND waived.statement_line_id IS NULL
           AND waived.reversed_entry_id IS NULL
           AND right(waived.ref, length(charge.name)) = charge.name
            ON CONFLICT DO NOTHING
        """
    )
