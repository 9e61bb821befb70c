from odoo import api, fields, models
from odoo.exceptions import UserError


class CollectionInsolvencyDeclarationLine(models.Model):
    """One debt of a declaration of claims, in figures that stay."""

    _name = "collection.insolvency.declaration.line"
    _description = "Line of a declaration of claims"
    _order = "declaration_id, due_date, id"
    _rec_name = "number"

    declaration_id = fields.Many2one(
        "collection.insolvency.declaration",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="declaration_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    item_id = fields.Many2one(
        "collection.item", readonly=True, index="btree_not_null", ondelete="set null"
    )
    charge_id = fields.Many2one("collection.charge", readonly=True, ondelete="set null")
    number = fields.Char(required=True, readonly=True)
    nature = fields.Char(readonly=True, help="What was sold, or why it is owed.")
    invoice_date = fields.Date(readonly=True)
    due_date = fields.Date(required=True, readonly=True)
    is_credit = fields.Boolean(
        string="In credit", readonly=True, help="Deducted: a payment or a credit note."
    )
    is_coming = fields.Boolean(
        string="Falls due later", readonly=True, help="Had not fallen due on the judgement's day."
    )
    document_currency_id = fields.Many2one("res.currency", readonly=True)
    amount_document = fields.Monetary(
        string="In its currency", currency_field="document_currency_id", readonly=True
    )
    principal = fields.Monetary(readonly=True)
    interest = fields.Monetary(string="Interest until the judgement", readonly=True)
    indemnity = fields.Monetary(string="Fixed indemnity", readonly=True)
    amount_total = fields.Monetary(string="Total", readonly=True)
    goes_on = fields.Boolean(
        string="Interest goes on",
        readonly=True,
        help="Payment was put off by a year or more (C. com. L622-28).",
    )
    problem = fields.Char(readonly=True, help="Why no interest could be worked out.")

    # === CRUD === #

    def write(self, vals):
        """Refuse: figures are read from the ledger, and stay once they were sent."""
        if vals and not self.env.su:
            raise UserError(self.env._("The figures of a declaration are read from the ledger."))
        self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        self._check_draft()

    def _check_draft(self):
        if any(line.declaration_id.state != "draft" for line in self):
            raise UserError(self.env._("What was declared stays as it was sent."))
