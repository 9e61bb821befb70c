from datetime import timedelta
from random import Random

from odoo import api, models
from odoo.fields import Command
from odoo.tools import SQL

from . import atelier, ledger
from .debtors import DEBTORS

# Days from the date of an invoice to its first due date, by payment term; the end of the month
# comes on top.
DAYS_TO_DUE = {"immediate": 0, "30": 30, "eom45": 45, "3x": 30, "3070": 0}
EURO_IN_DOLLARS = 1.12
# The invoices of the past year: one a month, the last ones due so many days ago.
HISTORY_FROM = 40
HISTORY_EVERY = 31


class CollectionDemoLedger(models.AbstractModel):
    """Books the sales of the demonstration: invoices, credit notes and payments."""

    _name = "collection.demo.ledger"
    _description = "Collection demonstration: ledger"

    # === BUSINESS === #

    @api.model
    def _make_ledger(self, company, debtors, today):
        """Book everything but the late payments; return {sale: invoice}."""
        products = self._create_products(company)
        sales = sorted(
            (*ledger.SALES, *self._recount_history()),
            key=lambda sale: self._get_invoice_days(sale),
        )
        invoices = self._create_moves(
            "out_invoice",
            [
                (sale.debtor, self._get_invoice_days(sale), sale.basket, sale.times)
                for sale in sales
            ],
            debtors,
            products,
            today,
        )
        by_sale = dict(zip(sales, invoices, strict=True))
        self._allow(by_sale, debtors, products, today)
        self._pay(
            {
                sale: invoice
                for sale, invoice in by_sale.items()
                if sale.paid_after is not None and not sale.late
            },
            today,
        )
        self._leave_unmatched(by_sale, debtors, products, today)
        self._exclude(by_sale)
        return by_sale

    @api.model
    def _recount_history(self):
        """Return the paid sales of the past year: one a month, the days spread by a fixed seed."""
        sales = []
        for debtor, count, delay, baskets in ledger.HISTORY:
            random = Random(debtor)
            for number in range(count):
                due = -(HISTORY_FROM + HISTORY_EVERY * number + random.randrange(14))
                paid_after = delay + random.randrange(-3, 4)
                basket = baskets[number % len(baskets)]
                sales.append(ledger.Sale(debtor, due, basket, 1 + number % 2, paid_after))
        return sales

    # === INVOICES === #

    def _create_products(self, company):
        """Return {key: product}, with the company's usual VAT."""
        tax = company.account_sale_tax_id
        products = self.env["product.product"].create(
            [
                {
                    "name": name,
                    "type": "service",
                    "list_price": price,
                    "company_id": company.id,
                    "taxes_id": [Command.set(tax.ids)],
                    "supplier_taxes_id": [Command.clear()],
                }
                for name, price in atelier.PRODUCTS.values()
            ]
        )
        return dict(zip(atelier.PRODUCTS, products, strict=True))

    @staticmethod
    def _get_invoice_days(sale):
        """Return the days from today to the date of the invoice."""
        return sale.due - DAYS_TO_DUE[DEBTORS[sale.debtor].term]

    def _create_moves(self, move_type, rows, debtors, products, today):
        """Create and post moves in the order of ``rows``.

        :param list rows: (debtor, days from today, basket, times)
        """
        moves = self.env["account.move"].create(
            [
                {
                    "move_type": move_type,
                    "partner_id": debtors[debtor].id,
                    "invoice_date": today + timedelta(days=days),
                    "date": today + timedelta(days=days),
                    "currency_id": self._get_currency(debtor).id,
                    "invoice_line_ids": [
                        Command.create({"product_id": products[key].id, "quantity": quantity})
                        for key, quantity in self._fill_basket(basket, times, f"{debtor}{days}")
                    ],
                }
                for debtor, days, basket, times in rows
            ]
        )
        moves.action_post()
        self._analyze("account_move", "account_move_line")
        return moves

    @staticmethod
    def _fill_basket(basket, times, seed):
        """Return [(product, quantity)]: no two shops have the same size."""
        random = Random(seed)
        return [
            (product, max(round(quantity * times * random.uniform(0.8, 1.25)), 1))
            for product, quantity in ledger.BASKETS[basket]
        ]

    def _get_currency(self, debtor):
        """Return the currency of a customer; the foreign one gets a rate when it has none."""
        currency = self.env.company.currency_id
        if not DEBTORS[debtor].foreign_currency:
            return currency
        is_dollar = currency == self.env.ref("base.USD")
        foreign = self.env.ref("base.EUR" if is_dollar else "base.USD")
        foreign.active = True
        rates = self.env["res.currency.rate"]
        known = [
            ("currency_id", "=", foreign.id),
            ("company_id", "in", [False, self.env.company.root_id.id]),
        ]
        if not rates.search_count(known, limit=1):
            rates.create(
                {
                    "currency_id": foreign.id,
                    "company_id": self.env.company.root_id.id,
                    "name": self.env.company._collection_today() - timedelta(days=500),
                    "rate": 1 / EURO_IN_DOLLARS if is_dollar else EURO_IN_DOLLARS,
                }
            )
        return foreign

    def _exclude(self, by_sale):
        """Take some invoices out of follow-up, as an accountant does on the journal item."""
        excluded = [
            invoice
            for sale, invoice in by_sale.items()
            if (sale.debtor, sale.due) in ledger.EXCLUDED
        ]
        for invoice in excluded:
            self._get_receivable(invoice).no_followup = True

    # === CREDIT NOTES AND PAYMENTS === #

    def _allow(self, by_sale, debtors, products, today):
        """Take a share of some invoices back by credit notes that are matched with them."""
        for sale, invoice in by_sale.items():
            if not sale.credited:
                continue
            reversal = invoice._reverse_moves(
                [{"invoice_date": today + timedelta(days=self._get_invoice_days(sale) + 12)}]
            )
            for line in reversal.invoice_line_ids:
                line.price_unit *= sale.credited
            reversal.action_post()
            lines = self._get_receivable(invoice) + self._get_receivable(reversal)
            lines.filtered(lambda line: not line.reconciled).reconcile()

    @api.model
    def _pay(self, by_sale, today):
        """Pay the invoices of these sales, each with a payment of its own."""
        shares = [
            (
                invoice,
                invoice.amount_residual * sale.part,
                today + timedelta(days=min(sale.due + sale.paid_after, -1)),
            )
            for sale, invoice in by_sale.items()
        ]
        payments = self._create_payments(
            [
                (invoice.partner_id, invoice.currency_id, amount, date, invoice.name)
                for invoice, amount, date in shares
            ]
        )
        plan = [
            self._get_receivable(invoice) + self._get_receivable(payment.move_id)
            for (invoice, _amount, _date), payment in zip(shares, payments, strict=True)
        ]
        self.env["account.move.line"]._reconcile_plan(plan)

    def _create_payments(self, rows):
        """Create and post incoming payments.

        :param list rows: (partner, currency, amount, date, memo)
        """
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.env.company.id)], limit=1
        )
        payments = self.env["account.payment"].create(
            [
                {
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": partner.commercial_partner_id.id,
                    "currency_id": currency.id,
                    "amount": currency.round(amount),
                    "date": date,
                    "memo": memo,
                    "journal_id": journal.id,
                }
                for partner, currency, amount, date, memo in rows
            ]
        )
        payments.action_post()
        self._analyze("account_move", "account_move_line", "account_payment")
        return payments

    def _leave_unmatched(self, by_sale, debtors, products, today):
        """Book the money and the credit notes that nobody has matched yet."""
        invoices = {(sale.debtor, sale.due): invoice for sale, invoice in by_sale.items()}
        rows = []
        for debtor, days_ago, due, share, memo in ledger.PAYMENTS:
            invoice = invoices[debtor, due]
            amount = invoice.amount_total * share
            date = today - timedelta(days=days_ago)
            rows.append((invoice.partner_id, invoice.currency_id, amount, date, memo))
        self._create_payments(rows)
        self._create_moves(
            "out_refund",
            [(debtor, -days_ago, basket, 1) for debtor, days_ago, basket in ledger.CREDIT_NOTES],
            debtors,
            products,
            today,
        )

    def _analyze(self, *tables):
        """Tell the planner of rows that are not committed: what it guesses takes minutes."""
        self.env.flush_all()
        names = SQL(", ").join(SQL.identifier(table) for table in tables)
        self.env.cr.execute(SQL("ANALYZE %s", names))

    @staticmethod
    def _get_receivable(move):
        return move.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
