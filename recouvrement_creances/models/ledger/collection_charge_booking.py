from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

CUSTOMER_ACCOUNT = "asset_receivable"


class CollectionChargeBooking(models.AbstractModel):
    """How claimed charges come into the books: on claim or on payment, never with tax.

    The entry's receivable line is what a payment reconciles with; the statement is paid when that
    line is, and open again when the reconciliation is undone.
    """

    _name = "collection.charge.booking"
    _description = "Booking of late-payment charges"

    move_id = fields.Many2one(
        "account.move",
        string="Journal entry",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
    )
    waived_move_ids = fields.Many2many(
        "account.move",
        "collection_charge_waived_move_rel",
        "charge_id",
        "move_id",
        string="Entries of what was waived",
        readonly=True,
        copy=False,
        groups="account.group_account_invoice,account.group_account_readonly",
    )
    paid_on = fields.Date(readonly=True, copy=False)
    can_book = fields.Boolean(compute="_compute_can_book")

    # === COMPUTE === #

    @api.depends("state", "move_id.state")
    @api.depends_context("uid")
    def _compute_can_book(self):
        """The present user may register the statement's payment."""
        is_accountant = self.env.user.has_group("recouvrement_creances.group_accountant")
        for charge in self:
            charge.can_book = is_accountant and charge.state == "claimed"

    # === BUSINESS === #

    def _book_claimed(self):
        """Book what was just claimed, for companies that do not wait for the payment."""
        self.filtered(
            lambda charge: charge.company_id._find_inherited("collection_charge_booking") == "claim"
        )._book(None)

    def _book(self, day):
        """Post the entry of statements that have none: customer to income, without tax.

        :param date day: the accounting date; None for the day of each claim
        """
        for charge in self.filtered(lambda charge: not charge._is_booked()):
            move = self.env["account.move"].create(charge._prepare_entry(day or charge.date))
            charge.move_id = move
            move._post(soft=False)

    def _book_waived(self, amount, day):
        """Take a part that was given up off the entry; one not posted yet leaves it out."""
        self.ensure_one()
        if not self._is_booked():
            return
        before, after = (
            self._split_rest(self.amount_waived),
            self._split_rest(self.amount_waived + amount),
        )
        parts = {kind: after[kind] - before[kind] for kind in before}
        move = self.env["account.move"].create(self._prepare_entry(day, parts))
        move._post(soft=False)
        # In sudo mode to write what only the flow writes on a statement.
        self.sudo().waived_move_ids |= move
        mine = self._get_receivable_line()
        (mine | move.line_ids.filtered(lambda line: line.account_id == mine.account_id)).reconcile()

    def _split_rest(self, waived):
        """Return what is left of interest and indemnities; interest is given up first."""
        interest = max(self.amount_interest - waived, 0.0)
        rest = max(self.amount_total - waived, 0.0)
        return {"interest": interest, "indemnity": self.currency_id.round(rest - interest)}

    def _is_booked(self):
        """Tell whether the statement has a posted entry that nobody reversed."""
        self.ensure_one()
        return bool(self._filter_standing(self.move_id))

    @api.model
    def _filter_standing(self, moves):
        """Return the posted entries that nobody reversed."""
        return moves.filtered(
            lambda move: (
                move.state == "posted" and "posted" not in move.reversal_move_ids.mapped("state")
            )
        )

    def _unbook(self, day):
        """Reverse the entries of statements that have ended, those of what was waived as well.

        :raise UserError: something of a statement is paid
        """
        for charge in self.filtered(lambda charge: charge._is_booked()):
            matched = charge._get_receivable_line().matched_credit_ids
            waived = charge.waived_move_ids | matched.exchange_move_id
            if matched.credit_move_id.move_id - waived:
                raise UserError(
                    self.env._(
                        "A part of %s is paid: undo the matching of its entry first.", charge.name
                    )
                )
        moves = self._filter_standing(self.move_id | self.waived_move_ids)
        if moves:
            moves._reverse_moves(
                [{"date": day, "ref": self.env._("Reversal of: %s", move.name)} for move in moves],
                cancel=True,
            )

    def _prepare_entry(self, day, parts=None):
        """Return the values of the entry; the lines bear no tax, whatever their accounts have.

        :param dict parts: {kind: amount}; None for what was not waived
        """
        self.ensure_one()
        parts = parts or self._split_rest(self.amount_waived)
        label = self.env._("Late-payment charges %s", self.name)
        partner = self.partner_id
        return {
            "move_type": "entry",
            "journal_id": self._get_journal().id,
            "company_id": self.company_id.id,
            "date": day,
            "ref": label,
            "partner_id": partner.id,
            "line_ids": [
                Command.create(
                    {
                        "name": label,
                        "account_id": account.id,
                        "partner_id": partner.id,
                        "currency_id": self.currency_id.id,
                        "amount_currency": amount,
                        "balance": balance,
                        "tax_ids": [Command.clear()],
                        "date_maturity": self.date,
                    }
                )
                for account, amount, balance in self._split_entry(day, parts)
            ],
        }

    def _split_entry(self, day, amounts):
        """Return [(account, amount in the statement's currency, balance)] of the entry's lines."""
        company = self.company_id
        amounts = [(kind, -amount) for kind, amount in amounts.items() if amount]
        parts = [
            (
                self._get_account(kind),
                amount,
                self.currency_id._convert(amount, company.currency_id, company, day),
            )
            for kind, amount in amounts
        ]
        customer = self._get_customer_account()
        # The customer's line takes what rounding leaves over in the company's currency.
        rest = -sum(balance for _account, _amount, balance in parts)
        return [*parts, (customer, -sum(amount for _kind, amount in amounts), rest)]

    def _get_customer_account(self):
        """Return where the entry stands already; the debtor's present account without one."""
        if self._is_booked():
            return self._get_receivable_line().account_id
        return self.partner_id.with_company(self.company_id).property_account_receivable_id

    def _get_journal(self):
        return self._find_journal(self.company_id)

    @api.model
    def _find_journal(self, company):
        """Return the journal of miscellaneous entries of a company."""
        journals = self.env["account.journal"]
        journal = journals.search(
            [*journals._check_company_domain(company), ("type", "=", "general")], limit=1
        )
        if not journal:
            raise UserError(
                self.env._("%s has no journal for miscellaneous entries.", company.name)
            )
        return journal

    def _get_account(self, kind):
        """Return the income account of interest or indemnities."""
        account = self.company_id._find_inherited(f"collection_{kind}_account_id")
        account = account or self.company_id._find_charge_account(kind)
        if not account:
            raise UserError(
                self.env._(
                    "Choose the accounts of late-payment charges in the settings of collection: "
                    "there is none for %(kind)s in %(company)s.",
                    kind=self.env._("interest") if kind == "interest" else self.env._("indemnity"),
                    company=self.company_id.name,
                )
            )
        return account

    def _check_claimed(self):
        """Refuse a payment of what was cancelled or waived since its dialog was opened."""
        if self.state != "claimed":
            raise UserError(self.env._("Only claimed charges are paid."))

    def _register_payment(self, journal, day):
        """Note that the debtor paid a statement: its entry, the payment, and their matching.

        :param account.journal journal: bank or cash
        :param date day: the value date
        :return: the account.payment
        """
        self.ensure_one()
        self._check_accountant()
        self._check_claimed()
        if day < self.date:
            raise UserError(self.env._("The charges were claimed later than this day."))
        if day > fields.Date.context_today(self):
            raise UserError(self.env._("The day of the payment is in the future."))
        # In sudo mode to write what only the flow writes on a statement, after the check above.
        self.sudo()._book(day)
        line = self._get_receivable_line()
        # With an entry of its own, which journals without an outstanding account leave out.
        payments = self.env["account.payment"].with_context(force_payment_move=True)
        payment = payments.create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.partner_id.id,
                "amount": line.amount_residual_currency,
                "currency_id": self.currency_id.id,
                "date": day,
                "journal_id": journal.id,
                "memo": self.name,
                "company_id": self.company_id.id,
                # The debtor's own account may be another one since the entry was booked.
                "destination_account_id": line.account_id.id,
            }
        )
        payment.action_post()
        self._match(payment.move_id.line_ids)
        return payment

    def _settle_with(self, credit, day):
        """Match a statement with what the debtor has paid already and nobody has matched yet.

        :param account.move.line credit: an open credit of the debtor
        """
        self.ensure_one()
        self._check_accountant()
        self._check_claimed()
        # In sudo mode to write what only the flow writes on a statement, after the check above.
        self.sudo()._book(max(day, self.date))
        self._match(credit)

    def _get_amount_open(self):
        """Return what is still due of a statement: all of it as long as it has no entry."""
        self.ensure_one()
        if self.state != "claimed":
            return 0.0
        if not self._is_booked():
            return self.currency_id.round(self.amount_total - self.amount_waived)
        return sum(self._get_receivable_line().mapped("amount_residual_currency"))

    def _get_receivable_line(self):
        return self.move_id.line_ids.filtered(
            lambda line: line.account_id.account_type == CUSTOMER_ACCOUNT
        )

    def _match(self, lines):
        mine = self._get_receivable_line()
        theirs = lines.filtered(
            lambda line: line.account_id == mine.account_id and not line.reconciled
        )
        if not theirs:
            raise UserError(
                self.env._(
                    "Nothing of this payment is open on %s, the debtor's account.",
                    mine.account_id.display_name,
                )
            )
        (mine | theirs).reconcile()

    @api.model
    def _judge(self, moves):
        """Let statements follow their entries: paid when reconciled, claimed again when not.

        :param account.move moves: entries whose matching has just changed
        """
        # In sudo mode to find statements: who matches payments may have no right to collection.
        charges_sudo = self.sudo().search(
            [("move_id", "in", moves.ids), ("state", "in", ("claimed", "paid"))]
        )
        for charge_sudo in charges_sudo:
            line = charge_sudo._get_receivable_line()
            # An entry that somebody reversed is matched, and nobody has paid.
            is_paid = line.reconciled and charge_sudo._is_booked()
            if is_paid and charge_sudo.state == "claimed":
                credits = line.matched_credit_ids.credit_move_id
                charge_sudo._apply_event("pay", {"paid_on": max(credits.mapped("date"))})
            elif not is_paid and charge_sudo.state == "paid":
                charge_sudo._apply_event("reopen", {"paid_on": False})
        if charges_sudo:
            self.env["collection.schedule"].sudo()._judge_charges(charges_sudo)
