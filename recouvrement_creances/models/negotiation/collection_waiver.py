from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...rules.transitions import WAIVER


class CollectionWaiver(models.Model):
    """Charges that are given up: with a reason, and above a limit with an approval.

    Waivers are individual and motivated, never a rule: charges between professionals are due by
    law (C. com. L441-10 II).
    """

    _name = "collection.waiver"
    _description = "Waiver of late-payment charges"
    _inherit = ["collection.approvable"]
    _order = "id desc"
    _transitions = WAIVER
    _check_company_auto = True
    _mail_post_access = "read"

    charge_id = fields.Many2one(
        "collection.charge",
        string="Statement of charges",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(related="charge_id.company_id", store=True, index=True)
    case_id = fields.Many2one(related="charge_id.case_id")
    partner_id = fields.Many2one(related="charge_id.partner_id")
    currency_id = fields.Many2one(related="charge_id.currency_id")
    amount = fields.Monetary(related="charge_id.amount_total")
    reason_id = fields.Many2one(
        "collection.reason", required=True, ondelete="restrict", domain=[("usage", "=", "waiver")]
    )
    note = fields.Text(string="Why", required=True)
    state = fields.Selection(
        selection=[
            ("requested", "Waits for approval"),
            ("approved", "Waived"),
            ("refused", "Refused"),
        ],
        required=True,
        readonly=True,
        default="requested",
        tracking=True,
    )

    _requested_unique = models.UniqueIndex(
        "(charge_id) WHERE state = 'requested'",
        "A waiver of this statement waits for approval already.",
    )

    # === COMPUTE === #

    @api.depends("charge_id", "state")
    def _compute_display_name(self):
        for waiver in self:
            waiver.display_name = self.env._("Waiver of %s", waiver.charge_id.display_name or "")

    # === CONSTRAINTS === #

    @api.constrains("reason_id")
    def _check_reason_id(self):
        for waiver in self:
            if waiver.reason_id.usage != "waiver":
                raise ValidationError(
                    self.env._(
                        "“%s” is no reason for a waiver: choose another one.", waiver.reason_id.name
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Waive at once what is within the company's limit; ask for an approval of the rest."""
        waivers = super().create(vals_list)
        for waiver in waivers:
            if waiver.charge_id.state != "claimed":
                raise UserError(
                    self.env._(
                        "%s is not claimed: only claimed charges that are not paid are waived.",
                        waiver.charge_id.display_name,
                    )
                )
        for waiver in waivers:
            # One after the other: what is waived now counts for the next.
            if waiver._is_within_limit():
                waiver._approve_without_asking()
            else:
                waiver._ask_for_approval()
        return waivers

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        raise UserError(self.env._("Waivers are history: they are not deleted."))

    # === BUSINESS === #

    def _is_within_limit(self):
        """Tell whether the statement is within what accountants waive by themselves.

        Together with what was waived of the same case without an approval: a claim in small parts
        is no way round the limit.
        """
        self.ensure_one()
        earlier = self.search(
            [("charge_id.case_id", "=", self.case_id.id), ("state", "=", "approved")]
        ).filtered(lambda waiver: waiver.decided_by_id == waiver.create_uid)
        company = self.company_id
        amount = sum(
            waiver.currency_id._convert(
                waiver.amount, company.currency_id, company, waiver.charge_id.date
            )
            for waiver in earlier | self
        )
        return company.currency_id.compare_amounts(amount, company.collection_waiver_limit) <= 0

    def _after_approval(self):
        self.charge_id._waive()
