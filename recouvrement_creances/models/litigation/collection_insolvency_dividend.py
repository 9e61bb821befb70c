from decimal import Decimal

from odoo import api, fields, models

from ...rules.settlement import UNKEPT, Commitment, settle
from ..negotiation.collection_instalment import INSTALMENT_STATES


class CollectionInsolvencyDividend(models.Model):
    """What a plan pays on one day: set by the court, judged from what the ledger received."""

    _name = "collection.insolvency.dividend"
    _description = "Dividend of an insolvency plan"
    _inherit = ["collection.derived"]
    _order = "insolvency_id, due_date, id"
    _rec_name = "due_date"

    insolvency_id = fields.Many2one(
        "collection.insolvency",
        string="Insolvency proceedings",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="insolvency_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    due_date = fields.Date(required=True)
    share = fields.Float(
        string="Share (%)", digits=(6, 2), help="Of what is admitted; it proposes the amount."
    )
    amount = fields.Monetary(
        compute="_compute_amount", store=True, readonly=False, precompute=True, required=True
    )
    amount_paid = fields.Monetary(string="Paid", compute="_compute_paid", compute_sudo=True)
    state = fields.Selection(
        selection=INSTALMENT_STATES, compute="_compute_paid", compute_sudo=True
    )
    is_late = fields.Boolean(compute="_compute_paid", compute_sudo=True)

    _check_amount = models.Constraint("CHECK(amount > 0)", "A dividend is above zero.")

    # === COMPUTE === #

    @api.depends("share")
    def _compute_amount(self):
        for dividend in self:
            admitted = dividend.insolvency_id.amount_admitted
            if dividend.share:
                dividend.amount = dividend.currency_id.round(admitted * dividend.share / 100)
            else:
                dividend.amount = dividend.amount

    @api.depends("amount", "due_date", "insolvency_id.plan_date")
    def _compute_paid(self):
        """Payments since the plan pay the oldest dividend first."""
        today = fields.Date.context_today(self)
        self.amount_paid, self.state, self.is_late = 0.0, "pending", False
        paid = self.insolvency_id._read_dividends_paid()
        for record in self.insolvency_id:
            dividends = record.dividend_ids.filtered("due_date").sorted("due_date")
            settled = settle(
                [Commitment(line.due_date, Decimal(str(line.amount))) for line in dividends],
                paid.get(record, []),
                today,
            )
            for dividend, result in zip(dividends, settled, strict=True):
                dividend.amount_paid = float(result.paid)
                dividend.state = result.state
                dividend.is_late = result.state in UNKEPT
