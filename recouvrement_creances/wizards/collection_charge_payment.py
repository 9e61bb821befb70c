from odoo import api, fields, models
from odoo.exceptions import UserError


class CollectionChargePayment(models.TransientModel):
    """The debtor paid charges: by a payment to record, or by one that is in the books already."""

    _name = "collection.charge.payment"
    _description = "Payment of late-payment charges"

    charge_id = fields.Many2one("collection.charge", required=True)
    company_id = fields.Many2one(related="charge_id.company_id")
    currency_id = fields.Many2one(related="charge_id.currency_id")
    amount = fields.Monetary(string="Still due", compute="_compute_amount")
    way = fields.Selection(
        selection=[("new", "Record a payment"), ("received", "Use a payment that was received")],
        string="How",
        required=True,
        default="new",
    )
    date = fields.Date(string="Paid on", required=True, default=fields.Date.context_today)
    journal_id = fields.Many2one(
        "account.journal",
        compute="_compute_journal_id",
        store=True,
        readonly=False,
        domain="[('company_id', 'parent_of', company_id), ('type', 'in', ('bank', 'cash'))]",
    )
    debtor_ids = fields.Many2many("res.partner", compute="_compute_debtor_ids")
    credit_id = fields.Many2one(
        "account.move.line",
        string="Payment",
        domain="[('company_id', '=', company_id), ('partner_id', 'in', debtor_ids), "
        "('account_type', '=', 'asset_receivable'), ('parent_state', '=', 'posted'), "
        "('reconciled', '=', False), ('amount_residual', '<', 0)]",
    )

    # === COMPUTE === #

    @api.depends("charge_id")
    def _compute_amount(self):
        """Show what the payment will be of: without what was paid or given up already."""
        for wizard in self:
            # In sudo mode to read the entry of a statement that its reader may not open.
            wizard.amount = wizard.charge_id.sudo()._get_amount_open()

    @api.depends("charge_id")
    def _compute_journal_id(self):
        for wizard in self:
            journals = self.env["account.journal"]
            # one query per dialog: there is one
            wizard.journal_id = journals.search(
                [
                    *journals._check_company_domain(wizard.charge_id.company_id),
                    ("type", "in", ("bank", "cash")),
                ],
                limit=1,
            )

    @api.depends("charge_id")
    def _compute_debtor_ids(self):
        for wizard in self:
            debtor = wizard.charge_id.partner_id
            wizard.debtor_ids = debtor | debtor.child_ids

    # === ACTIONS === #

    def action_apply(self):
        """Book the statement and match it with the payment."""
        self.ensure_one()
        if self.way == "received":
            if not self.credit_id:
                raise UserError(self.env._("Choose the payment that was received."))
            self.charge_id._settle_with(self.credit_id, self.credit_id.date)
        else:
            if not self.journal_id:
                raise UserError(self.env._("Choose the bank or cash journal of the payment."))
            self.charge_id._register_payment(self.journal_id, self.date)
        return {"type": "ir.actions.act_window_close"}
