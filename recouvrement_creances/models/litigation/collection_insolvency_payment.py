from odoo import api, models
from odoo.tools import SQL, format_date

from ...rules.insolvency import KINDS, is_payment_forbidden
from ...rules.settlement import PAYMENT

TASK = "recouvrement_creances.mail_activity_type_insolvency_payment"
YEARS_VOIDABLE = 3


class CollectionInsolvencyPayment(models.AbstractModel):
    """Payments of earlier debts after the opening are forbidden: whoever books one is warned."""

    _name = "collection.insolvency.payment"
    _description = "Payments after an insolvency"

    # === BUSINESS === #

    @api.model
    def _warn_of_payments(self, partials):
        """Warn of matchings that pay an earlier debt with money that came after the opening.

        One statement for any number of matchings, none while nobody is insolvent.
        """
        if not partials or not self._are_any_running():
            return
        self.env.flush_all()
        rows = self.env.execute_query(self._select_payments(partials))
        told = {}
        for record_id, move_id, paid_on, amount in rows:
            key = (record_id, move_id, paid_on)
            told[key] = told.get(key, 0.0) + float(amount)
        # In sudo mode to tell the accountant of collection, whoever reconciles.
        records_sudo = self.env["collection.insolvency"].sudo()
        for (record_id, move_id, paid_on), amount in told.items():
            record_sudo = records_sudo.browse(record_id)
            if KINDS[record_sudo.kind].stays and is_payment_forbidden(
                paid_on, record_sudo.judgement_date, record_sudo._get_plans()
            ):
                record_sudo._warn_of_payment(
                    self.env["account.move"].sudo().browse(move_id), paid_on, amount
                )

    def _select_payments(self, partials):
        """Return the payments that partials match with earlier debts, in SQL."""
        return SQL(
            """
            SELECT side.insolvency_id, paid.move_id, paid.date, partial.amount
              FROM account_partial_reconcile partial
              JOIN (%(sides)s) side ON side.line_id = partial.debit_move_id
              JOIN collection_insolvency record ON record.id = side.insolvency_id
              JOIN account_move_line paid ON paid.id = partial.credit_move_id
              JOIN account_move move ON move.id = paid.move_id
              JOIN account_journal journal ON journal.id = paid.journal_id
             WHERE partial.id IN %(partials)s
               AND side.is_earlier
               AND record.state IN ('open', 'plan')
               AND %(is_money)s
          ORDER BY partial.id
            """,
            sides=self._select_sides(),
            is_money=self.env["collection.settlement"]._select_is_money(),
            partials=tuple(partials.ids),
        )

    def _warn_of_payment(self, move, paid_on, amount):
        """Tell of one payment: a note on the record, a task for the accountant of collection."""
        self.ensure_one()
        company = self.company_id
        user = company.collection_accountant_id.filtered("active") or self._get_deadline_user()
        record = self.with_context(lang=user.lang or company.partner_id.lang)
        text = record.env._(
            "%(amount)s of %(payment)s, received on %(date)s, paid debts from before the opening. "
            "That is forbidden to the debtor and may be claimed back within %(years)s years (C. "
            "com. L622-7; consumers: C. conso L722-5): find out who paid, the liquidator or a "
            "guarantor may.",
            amount=company.currency_id.format(amount),
            payment=move.name,
            date=format_date(record.env, paid_on),
            years=YEARS_VOIDABLE,
        )
        record.message_post(body=text)
        if user:
            record.activity_schedule(
                TASK,
                summary=record.env._("Payment after the opening: %s", move.name),
                note=text,
                user_id=user.id,
            )

    # === BUSINESS - DIVIDENDS === #

    def _read_dividends_paid(self):
        """Return {record: Credits that came in for earlier debts while its last plan ran}."""
        plans = {record: periods[-1] for record in self if (periods := record._get_plans())}
        wanted = [
            # one query per plan: plans are few, and each has its own debts
            (record, record._find_earlier().ids, first)
            for record, (first, _end) in plans.items()
        ]
        # What is admitted, and so its dividends, is in the company's currency.
        found = self.env["collection.settlement"]._read_credits(wanted, in_company_currency=True)
        return {
            record: [
                credit
                for credit in found[record]
                if credit.kind == PAYMENT and (not end or credit.day < end)
            ]
            for record, (_first, end) in plans.items()
        }
