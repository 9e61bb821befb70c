from odoo import api, fields, models
from odoo.exceptions import AccessError


class CollectionSchedulePaymentRegister(models.TransientModel):
    """Register what the debtor paid for a schedule: matched in the order that was agreed on."""

    _name = "collection.schedule.payment.register"
    _description = "Payment of an instalment"
    _inherit = ["collection.sourced", "collection.once"]

    schedule_id = fields.Many2one("collection.schedule", required=True)
    company_id = fields.Many2one(related="schedule_id.company_id")
    currency_id = fields.Many2one(related="schedule_id.currency_id")
    amount = fields.Monetary(compute="_compute_amount", store=True, readonly=False, required=True)
    date = fields.Date(string="Value date", required=True, default=fields.Date.context_today)
    journal_id = fields.Many2one(
        "account.journal",
        compute="_compute_journal_id",
        store=True,
        readonly=False,
        required=True,
        domain="[('type', 'in', ('bank', 'cash')), ('company_id', 'parent_of', company_id)]",
    )

    # === COMPUTE === #

    @api.depends("schedule_id")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard.schedule_id._get_next_instalment().amount_left

    @api.depends("company_id")
    def _compute_journal_id(self):
        """Propose the first bank of the schedule's company, whichever one is worked in."""
        journals = self.env["account.journal"]
        for wizard in self:
            domain = journals._check_company_domain(wizard.company_id)
            # one query per company: a dialog has one
            wizard.journal_id = journals.search([*domain, ("type", "=", "bank")], limit=1)

    # === ACTIONS === #

    def action_apply(self):
        """Register and match; the instalments judge themselves by it."""
        self.ensure_one()
        if not self.env.user.has_group("recouvrement_creances.group_accountant"):
            raise AccessError(self.env._("Only an accountant of collection registers payments."))
        self._apply_once()
        self.schedule_id._register_payment(self.journal_id, self.amount, self.date)
        return {"type": "ir.actions.act_window_close"}
