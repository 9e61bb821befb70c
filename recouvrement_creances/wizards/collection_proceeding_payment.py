from odoo import api, fields, models

# Frais d'actes et de contentieux (PCG), proposed where the chart has it.
FEE_ACCOUNT = "6227"


class CollectionProceedingPayment(models.TransientModel):
    """Register what the debtor paid through who pursues him, whole, and what was kept of it."""

    _name = "collection.proceeding.payment"
    _description = "Payment through a court proceeding, with its fees"
    _inherit = ["collection.sourced", "collection.once"]

    proceeding_id = fields.Many2one("collection.proceeding", required=True, readonly=True)
    company_id = fields.Many2one(related="proceeding_id.company_id")
    currency_id = fields.Many2one(related="proceeding_id.currency_id")
    date = fields.Date(string="Value date", required=True, default=fields.Date.context_today)
    amount = fields.Monetary(
        string="Paid by the debtor",
        required=True,
        help="All of it, before fees: so much less the debtor owes.",
    )
    fee = fields.Monetary(string="Fees kept back", help="VAT included.")
    amount_net = fields.Monetary(string="Paid over to us", compute="_compute_amount_net")
    too_much = fields.Char(compute="_compute_too_much")
    reference = fields.Char(help="The statement of the commissaire de justice, or the transfer.")
    journal_id = fields.Many2one(
        "account.journal",
        compute="_compute_journal_id",
        store=True,
        readonly=False,
        required=True,
        domain="[('type', 'in', ('bank', 'cash')), ('company_id', 'parent_of', company_id)]",
    )
    fee_partner_id = fields.Many2one(
        "res.partner",
        string="Kept back by",
        compute="_compute_fee_partner_id",
        store=True,
        readonly=False,
    )
    fee_account_id = fields.Many2one(
        "account.account",
        string="Account of the fees",
        compute="_compute_fee_account_id",
        store=True,
        readonly=False,
        domain="[('account_type', 'in', ('expense', 'expense_direct_cost', 'liability_payable')), "
        "('company_ids', 'parent_of', company_id)]",
        help="What is owed to who kept them, if the bill for them is in the books: it is paid by "
        "them, and bears the VAT. Else an expense.",
    )

    # === COMPUTE === #

    @api.depends("amount", "fee")
    def _compute_amount_net(self):
        for wizard in self:
            wizard.amount_net = wizard.amount - wizard.fee

    @api.depends("amount", "date", "proceeding_id")
    @api.depends_context("lang")
    def _compute_too_much(self):
        for wizard in self:
            day = wizard.date or fields.Date.context_today(wizard)
            most = wizard.proceeding_id._find_most_payable(day)
            is_above = wizard.currency_id.compare_amounts(wizard.amount, most) > 0
            wizard.too_much = is_above and self.env._(
                "%(amount)s is more than what is owed: %(most)s, interest, indemnities and costs "
                "included. Check the amount; what is too much stays to the debtor's credit.",
                amount=wizard.currency_id.format(wizard.amount),
                most=wizard.currency_id.format(most),
            )

    @api.depends("proceeding_id")
    def _compute_journal_id(self):
        journals = self.env["account.journal"]
        for wizard in self:
            domain = journals._check_company_domain(wizard.company_id)
            # one query per dialog: there is one
            wizard.journal_id = journals.search([*domain, ("type", "=", "bank")], limit=1)

    @api.depends("proceeding_id")
    def _compute_fee_partner_id(self):
        for wizard in self:
            proceeding = wizard.proceeding_id
            wizard.fee_partner_id = proceeding.counsel_id or proceeding.handover_id.agent_id

    @api.depends("fee_partner_id", "company_id")
    def _compute_fee_account_id(self):
        """Propose what is owed to who kept the fees, if a bill is open; else the expense."""
        for wizard in self:
            wizard.fee_account_id = wizard._find_open_bill().account_id or wizard._find_expense()

    def _find_open_bill(self):
        """Return the open journal item of the oldest bill of who kept the fees."""
        lines = self.env["account.move.line"]
        if not self.fee_partner_id:
            return lines
        return lines.search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "child_of", self.fee_partner_id.commercial_partner_id.ids),
                ("account_type", "=", "liability_payable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("balance", "<", 0),
            ],
            order="date_maturity, id",
            limit=1,
        )

    def _find_expense(self):
        accounts = self.env["account.account"].with_company(self.company_id)
        domain = accounts._check_company_domain(self.company_id)
        return accounts.search([*domain, ("code", "=like", f"{FEE_ACCOUNT}%")], limit=1)

    # === ACTIONS === #

    def action_apply(self):
        """Book the payment with its fees, match it, and note the receipt; once."""
        self._apply_once()
        self.proceeding_id._register_receipt(
            self.journal_id,
            self.date,
            self.amount,
            self.fee,
            fee_account=self.fee_account_id,
            fee_partner=self.fee_partner_id,
            reference=self.reference,
        )
        return {"type": "ir.actions.act_window_close"}
