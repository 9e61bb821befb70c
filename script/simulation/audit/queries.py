"""The statements that read the database: tables of Odoo and of the add-on, nothing computed.

Those that a ``Shelf`` keeps the rows of end with their conditions.
"""

# Another receivable account (VAT credit) is "non trade": no customer stands there.
LINES = """
    SELECT line.id, line.move_id, line.company_id, line.currency_id, line.balance,
           line.amount_currency AS amount, line.amount_residual AS residual_company,
           line.amount_residual_currency AS residual, line.reconciled IS TRUE AS reconciled,
           line.parent_state AS state, line.date,
           COALESCE(line.date_maturity, line.date) AS due,
           line.no_followup IS TRUE AS no_followup,
           COALESCE(partner.commercial_partner_id, partner.id) AS debtor_id,
           move.name AS number, move.move_type, move.invoice_date, move.delivery_date,
           move.payment_state, move.collection_policy_id AS own_policy_id,
           move.collection_claim_start AS claim_start,
           move.collection_claim_nature AS claim_nature,
           move.collection_is_insurance IS TRUE AS is_insurance
      FROM account_move_line line
      JOIN account_account account ON account.id = line.account_id
      JOIN account_move move ON move.id = line.move_id
      JOIN res_partner partner ON partner.id = line.partner_id
     WHERE account.account_type = 'asset_receivable'
       AND account.non_trade IS NOT TRUE
       AND line.company_id IN %(companies)s
"""

MATCHINGS = """
    SELECT partial.id, partial.debit_move_id AS debit_id, partial.credit_move_id AS credit_id,
           partial.debit_amount_currency AS amount, partial.create_date,
           COALESCE(CASE WHEN move.move_type = 'out_refund' THEN move.invoice_date END,
                    line.date) AS day,
           CASE WHEN move.move_type = 'out_refund' THEN 'credit_note'
                WHEN move.origin_payment_id IS NOT NULL OR move.statement_line_id IS NOT NULL
                  OR journal.type IN ('bank', 'cash', 'credit') THEN 'payment'
                WHEN EXISTS (SELECT FROM account_move_line loss
                               JOIN account_account account ON account.id = loss.account_id
                              WHERE loss.move_id = move.id
                                AND SPLIT_PART(account.account_type, '_', 1)
                                    IN ('income', 'expense'))
                THEN 'credit_note'
                ELSE 'other' END AS kind
      FROM account_partial_reconcile partial
      JOIN account_move_line line ON line.id = partial.credit_move_id
      JOIN account_move move ON move.id = line.move_id
      JOIN account_journal journal ON journal.id = line.journal_id
     WHERE partial.company_id IN %(companies)s AND partial.debit_amount_currency <> 0
"""

CASES = """
    SELECT debt.id, debt.name, debt.company_id, debt.partner_id AS debtor_id, debt.is_open,
           debt.opened_on, debt.closed_on, debt.policy_id, debt.cycle,
           stage.kind AS stage
      FROM collection_case debt
 LEFT JOIN collection_stage stage ON stage.id = debt.stage_id
     WHERE debt.company_id IN %(companies)s
"""

ITEMS = """
    SELECT item.id, item.move_line_id AS line_id, item.case_id, item.is_open, item.level_id,
           item.last_contact_date AS contacted_on, item.verdict, item.verdict_date,
           item.next_level_id, item.next_date
      FROM collection_item item
      JOIN collection_case debt ON debt.id = item.case_id
     WHERE debt.company_id IN %(companies)s
"""

DEBTORS = """
    SELECT partner.id, partner.name, partner.email, partner.zip, partner.tz,
           partner.collection_debtor_kind AS kind, country.code AS country,
           partner.collection_policy_id AS policies, partner.collection_late_rate AS late_rates,
           partner.collection_claim_nature AS claim_nature,
           partner.collection_owes_indemnity IS NOT FALSE AS owes_indemnity,
           partner.collection_representative_id AS representative_id
      FROM res_partner partner
 LEFT JOIN res_country country ON country.id = partner.country_id
     WHERE partner.id IN (SELECT partner_id FROM collection_case WHERE company_id IN %(companies)s
                           UNION
                          SELECT commercial_partner_id FROM res_partner WHERE id IN (
                              SELECT partner_id FROM collection_action WHERE partner_id IS NOT NULL
                                 AND company_id IN %(companies)s))
"""

ACTIONS = """
    SELECT action.id, action.case_id, action.company_id, action.channel, action.state,
           action.cycle, action.step_id, action.level_id, action.contact_date,
           action.attempt_count, action.claimed_amount, action.instalment_id, action.is_agreed,
           action.is_incoming, action.is_notice, action.override_reason_id, action.accepted_on,
           action.presented_on, action.acknowledged_on, action.notice_runs_from,
           action.notice_days, action.notice_ends_on, action.next_level_from,
           step.channel AS step_channel
      FROM collection_action action
 LEFT JOIN collection_level_step step ON step.id = action.step_id
     WHERE action.company_id IN %(companies)s
"""

TOLD = """
    SELECT told.id, told.action_id, told.item_id, told.level_id, told.former_level_id,
           told.former_contact_date
      FROM collection_action_item told
      JOIN collection_action action ON action.id = told.action_id
     WHERE action.company_id IN %(companies)s
"""

EVIDENCE = """
    SELECT evidence.id, evidence.action_id, evidence.case_id, evidence.company_id, evidence.kind,
           evidence.channel, evidence.occurred_at, evidence.recipient, evidence.subject,
           evidence.transport_reference, (evidence.payload::jsonb -> 'facts') - 'body' AS facts,
           evidence.payload::jsonb -> 'attachments' AS attachments
      FROM collection_evidence evidence
     WHERE evidence.company_id IN %(companies)s AND evidence.erased_on IS NULL
       AND evidence.id > %(after)s AND evidence.occurred_at > %(day)s::date - 40
  ORDER BY evidence.id
"""

# The runs that decided today: nothing is judged on the evening of a day without one.
RUNS = """
    SELECT * FROM collection_run
     WHERE company_id IN %(companies)s AND date = %(day)s AND origin = 'daily'
       AND state IN ('done', 'running', 'stopped')
  ORDER BY id
"""

BANK_DAYS = "SELECT id, collection_promise_bank_days AS days FROM res_company"

# {shelf: (query, the tables whose rows make its rows)}
SHELVES = {
    "lines": (LINES, ("line", "move", "partner")),
    "matchings": (MATCHINGS, ("partial", "line", "move")),
    "items": (ITEMS, ("item",)),
    "actions": (ACTIONS, ("action",)),
    "told": (TOLD, ("told",)),
}
