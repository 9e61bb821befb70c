from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ...rules.insolvency import EARLIER, LATER

FIXED_FIELDS = {"insolvency_id", "item_id"}
# What the state of claims says of a debt.
TOLD_FIELDS = ("amount_admitted", "amount_contested", "amount_rejected")


class CollectionInsolvencyClaim(models.Model):
    """One debt in the proceedings: before or after the opening, and what is admitted of it."""

    _name = "collection.insolvency.claim"
    _description = "Debt in insolvency proceedings"
    _inherit = ["collection.derived", "mail.thread"]
    _order = "insolvency_id, due_date, id"
    _rec_name = "item_id"

    insolvency_id = fields.Many2one(
        "collection.insolvency",
        string="Insolvency proceedings",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="insolvency_id.company_id", store=True, index=True)
    case_id = fields.Many2one(related="insolvency_id.case_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    can_work = fields.Boolean(related="insolvency_id.can_work", related_sudo=False)
    item_id = fields.Many2one(
        "collection.item", required=True, readonly=True, index=True, ondelete="cascade"
    )
    invoice_date = fields.Date(related="item_id.invoice_date")
    due_date = fields.Date(related="item_id.due_date", store=True)
    amount_residual = fields.Monetary(related="item_id.amount_residual", string="Still due")
    is_earlier = fields.Boolean(string="Earlier", compute="_compute_is_earlier", compute_sudo=True)
    side = fields.Selection(
        selection=[(EARLIER, "Before the opening"), (LATER, "After the opening")],
        string="As found out",
        tracking=True,
        help="Empty: the delivery date of the invoice says it, else its date.",
    )
    side_reason = fields.Char(string="Why", tracking=True)
    amount_declared = fields.Monetary(compute="_compute_declared", compute_sudo=True)
    amount_admitted = fields.Monetary(string="Admitted", tracking=True)
    amount_contested = fields.Monetary(string="Contested", tracking=True)
    amount_rejected = fields.Monetary(string="Rejected", tracking=True)
    note = fields.Char()

    _item_unique = models.UniqueIndex(
        "(insolvency_id, item_id)", "This debt is part of the proceedings already."
    )
    _check_amounts = models.Constraint(
        "CHECK(COALESCE(amount_admitted, 0) >= 0 AND COALESCE(amount_contested, 0) >= 0 "
        "AND COALESCE(amount_rejected, 0) >= 0)",
        "The amounts admitted, contested and rejected are not negative.",
    )

    # === COMPUTE === #

    @api.depends("side", "insolvency_id.judgement_date", "item_id")
    def _compute_is_earlier(self):
        for record, claims in self.grouped("insolvency_id").items():
            earlier = record._find_earlier() if record else self.env["collection.item"]
            for claim in claims:
                claim.is_earlier = claim.item_id in earlier

    @api.depends("insolvency_id.declaration_ids.state")
    def _compute_declared(self):
        groups = self.env["collection.insolvency.declaration.line"]._read_group(
            [
                ("item_id", "in", self.item_id.ids),
                ("declaration_id.insolvency_id", "in", self.insolvency_id.ids),
                ("declaration_id.state", "=", "sent"),
            ],
            ["item_id"],
            ["amount_total:sum"],
        )
        declared = {item.id: amount for item, amount in groups}
        for claim in self:
            claim.amount_declared = declared.get(claim.item_id.id, 0.0)

    # === CONSTRAINTS === #

    @api.constrains("side", "side_reason")
    def _check_side_reason(self):
        for claim in self:
            if claim.side and not (claim.side_reason or "").strip():
                raise ValidationError(
                    self.env._("Say by what the debt is earlier or later than the opening.")
                )

    @api.constrains("amount_admitted", "amount_contested", "amount_rejected")
    def _check_within_declared(self):
        # Before the sums are read: reading writes first what the database refuses otherwise.
        if any(claim[name] < 0 for claim in self for name in TOLD_FIELDS):
            raise ValidationError(
                self.env._("The amounts admitted, contested and rejected are not negative.")
            )
        for claim in self:
            told = claim.amount_admitted + claim.amount_contested + claim.amount_rejected
            if claim.currency_id.compare_amounts(told, claim.amount_declared) > 0:
                raise ValidationError(
                    self.env._(
                        "%(declared)s was declared of %(item)s: what is admitted, contested and "
                        "rejected is not more.",
                        declared=claim.currency_id.format(claim.amount_declared),
                        item=claim.item_id.display_name,
                    )
                )

    # === CRUD === #

    def write(self, vals):
        """Decide anew when a debt changes sides."""
        if FIXED_FIELDS & vals.keys() and not self.env.su:
            raise AccessError(self.env._("A debt stays with its proceedings."))
        result = super().write(vals)
        if "side" in vals:
            self.env.flush_all()
            self.invalidate_recordset(["is_earlier"])
            self.insolvency_id.case_id._refresh_verdicts(fields.Date.context_today(self))
        return result
