from odoo import fields, models

COST_KINDS = [
    ("court", "Court and clerk"),
    ("commissioner", "Commissaire de justice"),
    ("lawyer", "Lawyer"),
    ("other", "Other"),
]


class CollectionProceedingCost(models.Model):
    """What a proceeding costs: expected, then known, recoverable from the debtor or not."""

    _name = "collection.proceeding.cost"
    _description = "Cost of a court proceeding"
    _inherit = ["collection.derived"]
    _order = "proceeding_id, date, id"
    _check_company_auto = True

    proceeding_id = fields.Many2one(
        "collection.proceeding", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="proceeding_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="proceeding_id.currency_id")
    name = fields.Char(string="What for", required=True)
    kind = fields.Selection(selection=COST_KINDS, required=True, default="commissioner")
    partner_id = fields.Many2one("res.partner", string="Paid to")
    date = fields.Date(default=fields.Date.context_today)
    estimate = fields.Monetary(string="Expected")
    amount = fields.Monetary(string="Real")
    is_recoverable = fields.Boolean(
        string="Recoverable",
        help="The debtor bears it: costs (CPC 695), or enforcement with a title (CPCE L111-8). "
        "What is spent without a title stays with the creditor.",
    )
    document = fields.Char(string="Invoice")

    _check_amounts = models.Constraint(
        "CHECK(COALESCE(estimate, 0) >= 0 AND COALESCE(amount, 0) >= 0)",
        "A cost is not below zero.",
    )
