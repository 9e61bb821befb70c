from odoo import api, fields, models
from odoo.exceptions import AccessError


class ResConfigSettings(models.TransientModel):
    """The company's collection settings."""

    _inherit = "res.config.settings"

    collection_policy_id = fields.Many2one(
        related="company_id.collection_policy_id", readonly=False
    )
    collection_user_id = fields.Many2one(related="company_id.collection_user_id", readonly=False)
    collection_senior_user_id = fields.Many2one(
        related="company_id.collection_senior_user_id", readonly=False
    )
    collection_insurer_days = fields.Integer(
        related="company_id.collection_insurer_days", readonly=False
    )
    collection_short_term_id = fields.Many2one(
        related="company_id.collection_short_term_id", readonly=False
    )
    collection_advance_term_id = fields.Many2one(
        related="company_id.collection_advance_term_id", readonly=False
    )
    collection_gazette_watch = fields.Boolean(
        related="company_id.collection_gazette_watch", readonly=False
    )
    collection_gazette_success = fields.Datetime(related="company_id.collection_gazette_success")
    collection_gazette_error = fields.Char(related="company_id.collection_gazette_error")
    collection_gazette_unread = fields.Text(related="company_id.collection_gazette_unread")
    collection_gazette_address = fields.Char(
        string="Address of the open data",
        config_parameter="recouvrement_creances.gazette_address",
        help="Of the data set, without /records. Empty: that of the BODACC.",
    )
    collection_shares_insolvency = fields.Boolean(
        related="company_id.collection_shares_insolvency", readonly=False
    )
    collection_accountant_id = fields.Many2one(
        related="company_id.collection_accountant_id", readonly=False
    )
    collection_email = fields.Char(related="company_id.collection_email", readonly=False)
    collection_legal_form = fields.Char(related="company_id.collection_legal_form", readonly=False)
    collection_capital = fields.Monetary(
        related="company_id.collection_capital",
        readonly=False,
        currency_field="collection_currency_id",
    )
    collection_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Currency of the capital"
    )
    collection_rcs_city = fields.Char(related="company_id.collection_rcs_city", readonly=False)
    collection_in_liquidation = fields.Boolean(
        related="company_id.collection_in_liquidation", readonly=False
    )
    collection_legal_mention = fields.Char(
        related="company_id.collection_legal_mention", readonly=False
    )
    collection_run_limit = fields.Integer(related="company_id.collection_run_limit", readonly=False)
    collection_retention_case_months = fields.Integer(
        related="company_id.collection_retention_case_months", readonly=False
    )
    collection_retention_title_months = fields.Integer(
        related="company_id.collection_retention_title_months", readonly=False
    )
    collection_retention_piece_months = fields.Integer(
        related="company_id.collection_retention_piece_months", readonly=False
    )
    collection_late_rate = fields.Float(
        related="company_id.collection_late_rate", readonly=False, digits=(6, 2)
    )
    collection_promise_bank_days = fields.Integer(
        related="company_id.collection_promise_bank_days", readonly=False
    )
    collection_promise_tolerance = fields.Monetary(
        related="company_id.collection_promise_tolerance",
        readonly=False,
        currency_field="currency_id",
    )
    collection_charge_booking = fields.Selection(
        related="company_id.collection_charge_booking", readonly=False
    )
    collection_handover_least = fields.Monetary(
        related="company_id.collection_handover_least",
        readonly=False,
        currency_field="currency_id",
    )
    collection_handover_tolerance = fields.Float(
        related="company_id.collection_handover_tolerance", readonly=False
    )
    collection_handover_link_days = fields.Integer(
        related="company_id.collection_handover_link_days", readonly=False
    )
    collection_waiver_limit = fields.Monetary(
        related="company_id.collection_waiver_limit",
        readonly=False,
        currency_field="currency_id",
    )
    collection_waiver_manager_limit = fields.Monetary(
        related="company_id.collection_waiver_manager_limit",
        readonly=False,
        currency_field="currency_id",
    )
    collection_waiver_means = fields.Selection(
        related="company_id.collection_waiver_means", readonly=False, required=True
    )
    collection_waiver_account_id = fields.Many2one(
        related="company_id.collection_waiver_account_id", readonly=False
    )
    collection_interest_account_id = fields.Many2one(
        related="company_id.collection_interest_account_id", readonly=False
    )
    collection_indemnity_account_id = fields.Many2one(
        related="company_id.collection_indemnity_account_id", readonly=False
    )
    collection_portal_link = fields.Boolean(
        related="company_id.collection_portal_link", readonly=False
    )
    collection_portal_days = fields.Integer(
        related="company_id.collection_portal_days", readonly=False
    )
    collection_late_rate_warning = fields.Char(compute="_compute_collection_late_rate_warning")
    collection_health = fields.Char(string="Health", compute="_compute_collection_health")
    collection_health_token = fields.Char(
        string="Monitoring token", compute="_compute_collection_health"
    )

    # === COMPUTE === #

    @api.depends("company_id")
    def _compute_collection_health(self):
        is_manager = self.env.user.has_group("recouvrement_creances.group_manager")
        # In sudo mode to read scheduled actions, which only administrators see.
        health_sudo = self.env["collection.health"].sudo()
        for settings in self:
            settings.collection_health = health_sudo._get_line(settings.company_id)
            settings.collection_health_token = health_sudo._get_token() if is_manager else ""

    @api.depends("collection_late_rate", "company_id")
    def _compute_collection_late_rate_warning(self):
        for settings in self:
            settings.collection_late_rate_warning = self.env["collection.rate"]._warn_of_floor(
                settings.collection_late_rate, settings.company_id._collection_today()
            )

    # === ACTIONS === #

    def action_check_collection_evidence(self):
        """Walk the company's chain of evidence and show the result."""
        self.ensure_one()
        return self.env["collection.evidence.check"]._check_by_hand(self.company_id)

    def action_renew_collection_token(self):
        """Make a new token for monitoring programs; the former one is refused from now on."""
        if not self.env.user.has_group("recouvrement_creances.group_manager"):
            raise AccessError(self.env._("Only a collection manager makes a new token."))
        self.env["collection.health"]._renew_token()
