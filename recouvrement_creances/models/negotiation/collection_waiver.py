from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...rules.transitions import WAIVER

APPROVER = "recouvrement_creances.group_finance_director"


class CollectionWaiver(models.Model):
    """Charges that are given up: with a reason, and above a limit with an approval.

    Waivers are individual and motivated, never a rule: charges between professionals are due by
    law (C. com. L441-10 II).
    """

    _name = "collection.waiver"
    _description = "Waiver of late-payment charges"
    _inherit = ["mail.thread", "mail.activity.mixin", "collection.stateful"]
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
    decided_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    decided_on = fields.Date(readonly=True, copy=False)
    can_decide = fields.Boolean(compute="_compute_can_decide")

    _requested_unique = models.UniqueIndex(
        "(charge_id) WHERE state = 'requested'",
        "A waiver of this statement waits for approval already.",
    )

    # === COMPUTE === #

    @api.depends("charge_id", "state")
    def _compute_display_name(self):
        for waiver in self:
            waiver.display_name = self.env._("Waiver of %s", waiver.charge_id.display_name or "")

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        """The present user may approve or refuse: a finance director, not who asked."""
        is_approver = self.env.user.has_group(APPROVER)
        for waiver in self:
            waiver.can_decide = (
                is_approver and waiver.state == "requested" and waiver.create_uid != self.env.user
            )

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
        waivers = super().create(
            [{**vals, "decided_by_id": False, "decided_on": False} for vals in vals_list]
        )
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
                waiver._approve()
            else:
                waiver._ask_for_approval()
        return waivers

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        raise UserError(self.env._("Waivers are history: they are not deleted."))

    # === ACTIONS === #

    def action_approve(self):
        """Give the charges up, as somebody else asked for."""
        self._check_decide()
        self._approve()

    def action_refuse(self):
        """Keep claiming the charges."""
        self._check_decide()
        # In sudo mode to write what only the decision writes, after the check above.
        self.sudo()._decide("refuse")

    # === BUSINESS === #

    def _check_decide(self):
        if not self.env.user.has_group(APPROVER):
            raise AccessError(self.env._("Only a finance director approves or refuses waivers."))
        if self.env.user in self.create_uid:
            raise AccessError(self.env._("Nobody decides on his own request."))

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
        limit = company._find_inherited("collection_waiver_limit")
        return company.currency_id.compare_amounts(amount, limit) <= 0

    def _approve(self):
        # In sudo mode to end the statement and reverse its entry, after the checks of the caller.
        waivers_sudo = self.sudo()
        waivers_sudo._decide("approve")
        waivers_sudo.charge_id._waive()

    def _decide(self, event):
        self._apply_event(
            event,
            {"decided_by_id": self.env.uid, "decided_on": fields.Date.context_today(self)},
        )
        self.activity_ids.unlink()

    def _ask_for_approval(self):
        """Give a finance director the task, never who asks."""
        approvers = self.env.ref(APPROVER).all_user_ids.filtered(
            lambda user: user.active and not user.share and user != self.env.user
        )
        for waiver in self:
            chosen = approvers.filtered(
                lambda user, company=waiver.company_id: company in user.company_ids
            )
            if chosen:
                # In sudo mode to give a colleague a task.
                waiver.sudo().activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=self.env._("Approve or refuse the waiver"),
                    user_id=chosen.sorted("id")[0].id,
                )
