from datetime import date
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL, split_every

from ...rules.settlement import CREDIT_NOTE, OTHER, PAYMENT, Credit

# Every model that inherits collection.agreement.
AGREEMENTS = (
    "collection.promise",
    "collection.schedule",
    "collection.waiver",
    "collection.dispute",
    "collection.handover",
)
BATCH = 1000


class CollectionSettlement(models.AbstractModel):
    """Judges agreements from reconciliations, and from nothing else.

    Twice: when a reconciliation is made or undone, and once a day for what a day that passed has
    broken. What became of it is decided by ``rules/settlement.py``.
    """

    _name = "collection.settlement"
    _description = "Judgement of agreements"

    # === WHAT CAME IN === #

    @api.model
    def _read_credits(self, wanted, in_company_currency=False):
        """Return what was matched with items since a day, in the items' currency: one statement.

        A payment is what came through a bank or cash journal, or was set off against what we owe
        the debtor (C. civ. 1347: a debt, a deposit, an advance); a write-off counts as a credit
        note.
        A payment that was cancelled is no longer matched, so it is not here; one that is in draft,
        to be corrected, still is.

        :param list wanted: (key, ids of collection.item, first date that counts); any hashable key
        :param bool in_company_currency: what came in is asked for as the company's books have it
        :return: {key: [Credit]}, every key present; in the order of the dates
        """
        credits = {key: [] for key, _item_ids, _start in wanted}
        pairs = [
            (number, item_id, start)
            for number, (_key, item_ids, start) in enumerate(wanted)
            for item_id in item_ids
        ]
        if not pairs:
            return credits
        self._flush_reconciliations()
        numbers, item_ids, starts = zip(*pairs, strict=True)
        for number, day, amount, kind, reference in self.env.execute_query(
            self._select_credits(list(numbers), list(item_ids), starts, in_company_currency)
        ):
            credits[wanted[number][0]].append(Credit(day, Decimal(amount), kind, reference))
        return credits

    def _select_credits(self, numbers, item_ids, starts, in_company_currency):
        amount = (
            self._select_booked() if in_company_currency else SQL("partial.debit_amount_currency")
        )
        return SQL(
            """
            SELECT wanted.number, %(day)s AS day, (%(amount)s)::text, %(kind)s, partial.id
              FROM unnest(%(numbers)s::int[], %(item_ids)s::int[], %(starts)s::date[])
                   AS wanted(number, item_id, start)
              JOIN collection_item item ON item.id = wanted.item_id
              JOIN account_partial_reconcile partial
                ON partial.debit_move_id = item.move_line_id
              JOIN account_move_line line ON line.id = partial.credit_move_id
              JOIN account_move move ON move.id = line.move_id
              JOIN account_journal journal ON journal.id = line.journal_id
             WHERE partial.debit_amount_currency > 0 AND %(day)s >= wanted.start
          ORDER BY day, partial.id
            """,
            day=self._select_day(),
            amount=amount,
            kind=self._select_kind(),
            numbers=numbers,
            item_ids=item_ids,
            starts=[start or date.min for start in starts],
        )

    @api.model
    def _select_booked(self):
        """Return SQL of what came in by ``partial``, in the company's currency.

        With what a payment is worth beyond the rate of the invoice, which is an exchange gain.
        """
        return SQL(
            """
            partial.amount + COALESCE((
                SELECT SUM(gained.amount)
                  FROM account_partial_reconcile gained
                  JOIN account_move_line gain ON gain.id = gained.debit_move_id
                 WHERE gain.move_id = partial.exchange_move_id
                   AND gained.credit_move_id = partial.credit_move_id), 0)
            """
        )

    @api.model
    def _select_day(self):
        """Return SQL of the day from which a credit counts, of aliases ``line`` and ``move``.

        A credit note counts from its own day, whatever the day on which it is booked.
        """
        return SQL(
            "COALESCE(CASE WHEN move.move_type = 'out_refund' THEN move.invoice_date END, "
            "line.date)"
        )

    @api.model
    def _select_is_money(self):
        """Return SQL that tells whether money came in, of aliases ``move`` and ``journal``."""
        return SQL(
            "(move.origin_payment_id IS NOT NULL OR move.statement_line_id IS NOT NULL "
            "OR journal.type IN ('bank', 'cash', 'credit'))"
        )

    @api.model
    def _select_kind(self):
        """Return SQL of the kind of a credit, of aliases ``line``, ``move`` and ``journal``."""
        return SQL(
            """
            CASE WHEN move.move_type = 'out_refund' THEN %(credit_note)s
                 WHEN %(is_money)s THEN %(payment)s
                 WHEN %(is_given_up)s THEN %(credit_note)s
                 WHEN %(is_set_off)s THEN %(payment)s
                 ELSE %(other)s END
            """,
            credit_note=CREDIT_NOTE,
            payment=PAYMENT,
            other=OTHER,
            is_money=self._select_is_money(),
            # Booked as a loss: nobody paid anything, what was owed is less.
            is_given_up=SQL("EXISTS (%s)", self._select_other_side("income", "expense")),
            is_set_off=self._select_set_off(),
        )

    def _select_other_side(self, *groups):
        """Return SQL of the lines (``other``) of the entry on accounts of these groups."""
        return SQL(
            """
            SELECT FROM account_move_line other
              JOIN account_account account ON account.id = other.account_id
             WHERE other.move_id = move.id AND SPLIT_PART(account.account_type, '_', 1) IN %s
            """,
            groups,
        )

    def _select_set_off(self):
        """Return SQL that tells whether the credit was set off against what we owed the debtor.

        Each owes the other (C. civ. 1347): what is owed to a third party (a factor, the tax
        office) pays nothing, and what is owed to the debtor pays no more than it is.
        """
        return SQL(
            """
            -line.balance <= (
                SELECT SUM(owed.balance)
                  FROM account_move_line owed
                  JOIN account_account account ON account.id = owed.account_id
                  JOIN res_partner creditor ON creditor.id = owed.partner_id
                  JOIN res_partner debtor ON debtor.id = line.partner_id
                 WHERE owed.move_id = move.id AND owed.balance > 0
                   AND creditor.commercial_partner_id = debtor.commercial_partner_id
                   AND SPLIT_PART(account.account_type, '_', 1) = 'liability'
                   AND NOT EXISTS (SELECT FROM account_tax_repartition_line tax
                                    WHERE tax.account_id = owed.account_id))
            """
        )

    @api.model
    def _read_residuals(self, wanted):
        """Return what is still due of items, in their currency: one statement.

        An invoice that was taken back to draft is being corrected: it is owed until it is
        cancelled.

        :param list wanted: (key, ids of collection.item)
        :return: {key: Decimal}, every key present
        """
        residuals = {key: Decimal(0) for key, _item_ids in wanted}
        pairs = [
            (number, item_id)
            for number, (_key, item_ids) in enumerate(wanted)
            for item_id in item_ids
        ]
        if not pairs:
            return residuals
        self.env["account.move.line"].flush_model(["amount_residual_currency", "parent_state"])
        numbers, item_ids = zip(*pairs, strict=True)
        for number, amount in self.env.execute_query(
            SQL(
                """
                SELECT wanted.number, SUM(GREATEST(line.amount_residual_currency, 0))::text
                  FROM unnest(%s::int[], %s::int[]) AS wanted(number, item_id)
                  JOIN collection_item item ON item.id = wanted.item_id
                  JOIN account_move_line line ON line.id = item.move_line_id
                 WHERE line.parent_state <> 'cancel'
              GROUP BY wanted.number
                """,
                list(numbers),
                list(item_ids),
            )
        ):
            residuals[wanted[number][0]] = Decimal(amount)
        return residuals

    @api.model
    def _find_last_matching(self):
        """Return the last matching there is: what follows on the same day came after."""
        self.env["account.partial.reconcile"].flush_model()
        rows = self.env.execute_query(SQL("SELECT MAX(id) FROM account_partial_reconcile"))
        return rows[0][0] or 0

    def _flush_reconciliations(self):
        self.env["account.partial.reconcile"].flush_model()
        self.env["account.move.line"].flush_model(
            [
                "account_id",
                "balance",
                "date",
                "journal_id",
                "move_id",
                "partner_id",
            ]
        )
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        self.env["account.move"].flush_model(
            ["invoice_date", "move_type", "origin_payment_id", "statement_line_id"]
        )
        self.env["collection.item"].flush_model(["move_line_id"])

    # === JUDGE === #

    @api.model
    def _judge_touched(self, lines):
        """Judge what was agreed about journal items whose matching has just changed.

        One statement when nothing was agreed about them, whatever their number.

        :param account.move.line lines: the customers' side; may have been deleted since
        """
        if not lines:
            return
        agreements = self._get_agreements()
        for agreement in agreements:
            agreement.flush_model()
        found = {}
        for model, record_id in self.env.execute_query(
            SQL(" UNION ").join(self._select_touched(agreement, lines) for agreement in agreements)
        ):
            found.setdefault(model, []).append(record_id)
        for model, ids in found.items():
            # In sudo mode as above.
            self._judge_by_company(self.env[model].sudo().browse(ids))

    def _select_touched(self, agreement, lines):
        return SQL(
            """
            SELECT %(model)s, judged.id
              FROM (%(judged)s) judged
              JOIN collection_item item ON item.id = judged.item_id
             WHERE item.move_line_id IN %(line_ids)s
            """,
            model=agreement._name,
            judged=agreement._select_judged(),
            line_ids=tuple(lines.ids),
        )

    @api.model
    def _judge_due(self, companies, as_of, cases=None):
        """Judge what the days that have passed may have changed, batch by batch.

        :param companies: whose agreements are judged
        :param date as_of: today, where they are
        :param cases: only those of these cases; None for all
        """
        for agreement in self._get_agreements():
            due = agreement._find_due(companies, as_of)
            if cases is not None:
                # one query per kind of agreement
                due = due.search([("id", "in", due.ids), ("case_id", "in", cases.ids)])
            for ids in split_every(BATCH, due.ids):
                agreement.browse(ids).with_context(collection_deciding=True)._judge(as_of)

    def _judge_by_company(self, agreements):
        """Judge as of today, which is not the same day in every company."""
        # The next run decides the cases; whoever matches payments does not wait for that.
        deciding = agreements.with_context(collection_deciding=True)
        for company, same_company in deciding.grouped("company_id").items():
            same_company._judge(company._collection_today())

    # === HELPERS === #

    def _get_agreements(self):
        """Return an empty record of every kind of agreement."""
        # In sudo mode to judge: who matches payments may have no right to collection.
        return [self.env[name].sudo() for name in AGREEMENTS]

    @api.model
    def _find_agreement(self, holds):
        """Return the first agreement that one of these holds belongs to, or None."""
        for agreement in self._get_agreements():
            # one query per kind of agreement
            found = agreement.search([("hold_id", "in", holds.ids)], limit=1)
            if found:
                return found
        return None

    @api.model
    def _filter_agreed(self, holds):
        """Return those of the holds that belong to an agreement, and end with it."""
        agreed = holds.browse()
        for agreement in self._get_agreements():
            # one query per kind of agreement
            groups = agreement._read_group([("hold_id", "in", holds.ids)], ["hold_id"])
            agreed |= holds.browse([hold.id for (hold,) in groups])
        return agreed

    @api.model
    def _move_agreements(self, cases, kept):
        """Let the agreements of cases that end go on with the case that stays."""
        for agreement in self._get_agreements():
            # one query per kind of agreement
            agreement.search([("case_id", "in", cases.ids)])._move_to(kept)
