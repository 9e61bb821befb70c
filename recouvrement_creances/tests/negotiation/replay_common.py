from datetime import timedelta

from odoo.fields import Command

PAYMENT, CREDIT_NOTE, OTHER = "payment", "credit note", "other"


class LedgerPlay:
    """What accountants do to some invoices in any order, and what the matched lines say after it.

    The reading is a second one, in cents and by records: agreements read the ledger in SQL.
    """

    def _begin_play(self, *invoices):
        root = self.root["account.move"]
        self.invoices = [root.browse(invoice.id) for invoice in invoices]
        self.payments = []

    # === WHAT IS DONE === #

    def _choose_open(self, rng):
        invoice = rng.choice(self.invoices)
        return invoice if invoice.amount_residual else invoice.browse()

    def _play_payment(self, rng, day):
        """Register a payment; the bank's day may be some days ago."""
        invoice = self._choose_open(rng)
        amount = min(rng.choice([50, 120.35, 300, 700]), invoice.amount_residual)
        value_date = day - timedelta(days=rng.choice([0, 0, 0, 2, 5]))
        if invoice:
            self.payments.append(self._pay_on(invoice, value_date, amount))

    def _play_cancel(self, rng, day):
        if self.payments:
            self.payments.pop(rng.randrange(len(self.payments))).sudo().action_cancel()

    def _play_credit_note(self, rng, day):
        invoice = self._choose_open(rng)
        amount = min(rng.choice([40, 150.5]), invoice.amount_residual)
        if invoice:
            refund = invoice._reverse_moves([{"invoice_date": day, "date": day}])
            refund.invoice_line_ids.price_unit = amount
            refund.action_post()
            self._match(invoice, refund)

    def _play_write_off(self, rng, day):
        invoice = self._choose_open(rng)
        amount = min(rng.choice([15, 80.25]), invoice.amount_residual)
        if invoice:
            self._match(invoice, self._post_entry(invoice, amount, day, "default_account_expense"))

    def _play_set_off(self, rng, day):
        """Set a part off against what the company owes the debtor."""
        invoice = self._choose_open(rng)
        amount = min(rng.choice([25, 110.1]), invoice.amount_residual)
        if invoice:
            self._match(invoice, self._post_entry(invoice, amount, day, "default_account_payable"))

    def _play_unmatch(self, rng, day):
        """Take apart what one entry has settled."""
        partials = self._read_partials()
        if partials:
            rng.choice(partials).unlink()

    def _post_entry(self, invoice, amount, day, other):
        accounts = {
            "credit": self._get_receivable(invoice).account_id,
            "debit": self.company_data[other],
        }
        entry = self.root["account.move"].create(
            {
                "journal_id": self.company_data["default_journal_misc"].id,
                "date": day,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": invoice.partner_id.id,
                            side: amount,
                        }
                    )
                    for side, account in accounts.items()
                ],
            }
        )
        entry.action_post()
        return entry

    def _match(self, invoice, entry):
        lines = self._get_receivable(invoice) | self._get_receivable(entry)
        lines.filtered(lambda line: not line.reconciled).reconcile()

    def _get_receivable(self, move):
        return move.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )

    # === WHAT THE LEDGER SAYS THEN === #

    def _read_partials(self):
        self.env.invalidate_all()
        partials = self.root["account.partial.reconcile"]
        return partials.union(*(invoice.line_ids.matched_credit_ids for invoice in self.invoices))

    def _read_ledger(self, without=None):
        """Return [(day, cents, kind)] of what the invoices have received, by day.

        :param without: entries that do not count
        """
        rows = []
        for partial in self._read_partials():
            line = partial.credit_move_id
            if without and line.move_id in without:
                continue
            others = (line.move_id.line_ids - line).account_id
            if line.move_id.move_type == "out_refund":
                kind = CREDIT_NOTE
            elif line.journal_id.type in ("bank", "cash"):
                kind = PAYMENT
            else:
                kind = PAYMENT if others.account_type == "liability_payable" else OTHER
            rows.append((line.date, round(partial.debit_amount_currency * 100), kind))
        return sorted(rows)

    def _total_cents(self):
        return round(sum(invoice.amount_total for invoice in self.invoices) * 100)
