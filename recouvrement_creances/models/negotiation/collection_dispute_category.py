from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

KINDS = [
    ("price", "Price"),
    ("quantity", "Quantity"),
    ("quality", "Quality"),
    ("delivery", "Delivery"),
    ("paperwork", "Paperwork"),
    ("already_paid", "Paid already"),
    ("not_ordered", "Not ordered"),
    ("other", "Other"),
]


class CollectionDisputeCategory(models.Model):
    """What debtors dispute, who looks into it, and how many days that takes."""

    _name = "collection.dispute.category"
    _description = "Category of disputes"
    _inherit = ["collection.kept"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        selection=KINDS,
        string="Meaning",
        required=True,
        default="other",
        help="The fixed meaning of the category: statistics are built on it.",
    )
    owner_id = fields.Many2one(
        "res.users",
        string="Looked into by",
        company_dependent=True,
        ondelete="set null",
        domain=[("share", "=", False)],
        help="New disputes are given to this person, in finance or not (sales, logistics). Empty: "
        "to the collector of the case.",
    )
    days = fields.Integer(
        string="Days to answer",
        default=7,
        help="After so many days a dispute that nobody has answered goes to a collection manager.",
    )
    escalation_days = fields.Integer(
        string="Days until the second alarm",
        default=7,
        help="So many days after the first alarm it goes to a finance director.",
    )
    nonpayment_reason_id = fields.Many2one(
        "collection.reason",
        string="Reason for non-payment",
        ondelete="restrict",
        domain=[("usage", "=", "nonpayment")],
        help="Noted on the case when such a dispute is opened.",
    )
    description = fields.Text(translate=True, help="What to ask the debtor for.")

    _check_days = models.Constraint(
        "CHECK(days BETWEEN 1 AND 365 AND escalation_days BETWEEN 1 AND 365)",
        "A dispute is answered within 1 to 365 days.",
    )

    # === CONSTRAINTS === #

    @api.constrains("nonpayment_reason_id")
    def _check_nonpayment_reason_id(self):
        for category in self:
            reason = category.nonpayment_reason_id
            if reason and reason.usage != "nonpayment":
                raise ValidationError(
                    self.env._("“%s” is a reason for something else.", reason.name)
                )

    @api.constrains("owner_id")
    def _check_owner_id(self):
        for category in self:
            category.owner_id._check_dispute_owner_of(self.env.company)

    # === CRUD === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        used = self._find_used([("collection.dispute", ["category_id"])])
        if used:
            raise UserError(
                self.env._("Disputes are filed under “%s”: archive it instead.", used.name)
            )
        kept = self.with_context(active_test=False).search([("id", "not in", self.ids)])
        missing = {"already_paid", "other"} - set(kept.mapped("kind"))
        if missing:
            raise UserError(
                self.env._(
                    "Keep one category “Paid already” and one “Other”: dialogs and the debtor's "
                    "page file disputes under them."
                )
            )

    # === BUSINESS === #

    @api.model
    def _get_of_kind(self, kind):
        """Return the first category of a meaning; an archived one when no other is left."""
        categories = self.with_context(active_test=False).search([("kind", "=", kind)])
        return categories.filtered("active")[:1] or categories[:1]

    def _get_owner(self, case):
        """Return who looks into a new dispute of a case; may be nobody.

        Of those who would, the first who can: one may be archived, or work in the parent only.
        """
        self.ensure_one()
        company = case.company_id
        users = [self.with_company(company).owner_id]
        if self.kind == "already_paid":
            users.append(company.collection_accountant_id)
        users.append(case.user_id)
        fit = (user._filter_dispute_owners_of(company) for user in users)
        return next(filter(None, fit), self.env["res.users"])
