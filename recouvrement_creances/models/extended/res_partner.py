from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, ValidationError

from ..case.collection_item_limitation import NATURE_LABELS
from ..mixins.collection_reachable import CONTACT_RULES
from ..mixins.collection_undefaulted import add_own_defaults

# Who collects a debtor, how, and what late payment costs him.
CHOSEN = {
    "collection_claim_nature",
    "collection_electronic_consent_on",
    "collection_electronic_consent_proof",
    "collection_late_rate",
    "collection_policy_id",
    "collection_trader",
    "collection_user_id",
    *CONTACT_RULES,
}
# What the policy of the insurer says: exposure, and what is declared in time, depend on it.
INSURED = {"collection_insured_amount", "collection_insured_until", "collection_insurer_id"}
# What a manager of collection grants or not.
GRANTED = {"collection_prepays", "collection_stop_reason"}
# What leaves a debtor's fixed indemnities out.
INDEMNITY = {"collection_owes_indemnity", "collection_no_indemnity_reason"}
RANKS = {"customer_rank", "supplier_rank"}  # Odoo counts documents of customers and suppliers.


class ResPartner(models.Model):
    """The debtor: how it is collected from, by whom, and what it owes."""

    _name = "res.partner"
    _inherit = ["res.partner", "collection.reachable", "collection.creditworthy"]

    type = fields.Selection(
        selection_add=[("collection", "Collection contact")],
        ondelete={"collection": "set default"},
    )
    collection_debtor_kind = fields.Selection(
        selection=[
            ("professional", "Professional"),
            ("consumer", "Consumer"),
            ("public", "Public body"),
        ],
        string="Kind of debtor",
        compute="_compute_collection_debtor_kind",
        store=True,
        recursive=True,
        readonly=False,
        help="Decides which law and which policy apply.",
        groups="base.group_user",
    )
    collection_trader = fields.Selection(
        selection=[("yes", "Yes"), ("no", "No: association, civil company, profession...")],
        string="Trader",
        help="Who is none is sued before the judicial court. Empty: taken for one, to be checked.",
        groups="base.group_user",
    )
    collection_claim_nature = fields.Selection(
        selection=NATURE_LABELS,
        company_dependent=True,
        string="Nature of the claims",
        help="Only when its invoices become time-barred otherwise than by its kind: carriage of "
        "goods, rent, electronic communications.",
        groups="recouvrement_creances.group_reader",
    )
    collection_policy_id = fields.Many2one(
        "collection.policy",
        company_dependent=True,
        string="Collection policy",
        groups="recouvrement_creances.group_reader",
    )
    collection_user_id = fields.Many2one(
        "res.users",
        company_dependent=True,
        string="Collector",
        groups="recouvrement_creances.group_reader",
    )
    collection_late_rate = fields.Float(
        string="Agreed late-payment rate (%)",
        company_dependent=True,
        digits=(6, 2),
        groups="recouvrement_creances.group_reader",
        help="The yearly rate of this debtor's contract, for professionals. 0: the rate of the "
        "company's general terms, else the legal default.",
    )
    collection_late_rate_warning = fields.Char(
        compute="_compute_collection_late_rate_warning",
        groups="recouvrement_creances.group_reader",
    )
    collection_owes_indemnity = fields.Boolean(
        string="Fixed indemnity applies",
        compute="_compute_collection_owes_indemnity",
        store=True,
        readonly=False,
        tracking=True,
        copy=False,
        groups="recouvrement_creances.group_collector",
        help="40 EUR for each late invoice, from professionals and public bodies; never from a "
        "consumer (C. com. L441-10 II, D441-5; CPCE L111-8).",
    )
    collection_no_indemnity_reason = fields.Char(
        string="Why no fixed indemnity",
        tracking=True,
        copy=False,
        groups="recouvrement_creances.group_reader",
        help="The terms or the decision that leave it out; it is kept with who said so.",
    )
    collection_electronic_consent_on = fields.Date(
        string="Agreed to electronic registered letters on",
        copy=False,
        groups="recouvrement_creances.group_reader",
        help="Who is no professional has to have agreed beforehand (CPCE-postes L100).",
    )
    collection_electronic_consent_proof = fields.Binary(
        string="Proof of the agreement",
        copy=False,
        attachment=True,
        groups="recouvrement_creances.group_reader",
    )

    # Here and not in its mixin: a merge of partners looks for its column.
    collection_insurer_id = fields.Many2one(
        "res.partner",
        company_dependent=True,
        string="Credit insurer",
        copy=False,
        groups="recouvrement_creances.group_reader",
    )

    # === FIGURES === #
    collection_case_id = fields.Many2one(
        "collection.case",
        string="Collection case",
        compute="_compute_collection_case",
        groups="recouvrement_creances.group_reader",
    )
    collection_currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_collection_case",
        groups="recouvrement_creances.group_reader",
    )
    collection_amount_open = fields.Monetary(
        string="Amount open",
        compute="_compute_collection_case",
        currency_field="collection_currency_id",
        groups="recouvrement_creances.group_reader",
    )
    collection_amount_overdue = fields.Monetary(
        string="Amount overdue",
        compute="_compute_collection_case",
        currency_field="collection_currency_id",
        groups="recouvrement_creances.group_reader",
    )
    collection_promise_rate = fields.Char(
        string="Promises kept",
        compute="_compute_collection_case",
        groups="recouvrement_creances.group_reader",
    )
    collection_level_number = fields.Integer(
        string="Highest level",
        compute="_compute_collection_case",
        groups="recouvrement_creances.group_reader",
    )
    collection_stage_id = fields.Many2one(
        "collection.stage",
        compute="_compute_collection_case",
        groups="recouvrement_creances.group_reader",
    )
    collection_explanation = fields.Text(
        compute="_compute_collection_case", groups="recouvrement_creances.group_reader"
    )
    collection_hold_count = fields.Integer(
        string="Running holds",
        compute="_compute_collection_case",
        groups="recouvrement_creances.group_reader",
    )

    # === COMPUTE === #

    @api.depends("is_company", "parent_id.collection_debtor_kind")
    def _compute_collection_debtor_kind(self):
        """Companies and their contacts are professionals, other persons consumers."""
        for partner in self:
            if partner.collection_debtor_kind == "public":
                continue
            if partner.parent_id:
                partner.collection_debtor_kind = partner.parent_id.collection_debtor_kind
            else:
                partner.collection_debtor_kind = (
                    "professional" if partner.is_company else "consumer"
                )

    @api.depends("collection_debtor_kind")
    def _compute_collection_owes_indemnity(self):
        """What a person left out with a reason stays so, of whatever kind the debtor is."""
        for one in self:
            reason = one.collection_no_indemnity_reason
            one.collection_owes_indemnity = not reason and one.collection_debtor_kind != "consumer"

    @api.depends("collection_late_rate", "collection_debtor_kind")
    @api.depends_context("company")
    def _compute_collection_late_rate_warning(self):
        """Say when the agreed rate is under the legal floor, or of no use; nothing is corrected."""
        today = self.env.company._collection_today()
        for partner in self:
            rate = partner.collection_late_rate
            if rate and partner.collection_debtor_kind != "professional":
                partner.collection_late_rate_warning = self.env._(
                    "This rate is not used: the law sets the rate for consumers and public bodies."
                )
            else:
                partner.collection_late_rate_warning = self.env["collection.rate"]._warn_of_floor(
                    rate, today
                )

    @api.depends_context("company")
    def _compute_collection_case(self):
        cases = self.env["collection.case"].search(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", self.env.company.id),
                ("is_open", "=", True),
            ]
        )
        by_partner = {case.partner_id: case for case in cases}
        for partner in self:
            case = by_partner.get(partner.commercial_partner_id, self.env["collection.case"])
            partner.collection_case_id = case
            partner.collection_currency_id = self.env.company.currency_id
            partner.collection_amount_open = case.amount_open
            partner.collection_amount_overdue = case.amount_overdue
            partner.collection_level_number = case.level_number
            partner.collection_stage_id = case.stage_id
            partner.collection_explanation = case.explanation
            partner.collection_hold_count = case.hold_count
            partner.collection_promise_rate = case.promise_rate

    # === CONSTRAINTS === #

    @api.constrains("collection_user_id")
    def _check_collection_user_id(self):
        # In sudo mode to read a field that only collection users see.
        for partner in self.sudo():
            partner.collection_user_id._check_collector_of(self.env.company)

    @api.constrains("collection_late_rate")
    def _check_collection_late_rate(self):
        # In sudo mode to read a field that only collection users see.
        for partner in self.sudo():
            if not 0 <= partner.collection_late_rate < 100:
                raise ValidationError(
                    self.env._("The late-payment rate is between 0 and 100 percent a year.")
                )

    @api.constrains("collection_owes_indemnity", "collection_no_indemnity_reason")
    def _check_collection_owes_indemnity(self):
        """To leave the indemnity out for good is no less than to waive it: somebody says why."""
        for partner in self.sudo()._filter_without_indemnity():
            if not (partner.collection_no_indemnity_reason or "").strip():
                raise ValidationError(
                    self.env._(
                        "Say why %s owes no fixed indemnity: the law grants it for every late "
                        "invoice (C. com. L441-10 II).",
                        partner.display_name,
                    )
                )

    @api.constrains("collection_electronic_consent_on", "collection_electronic_consent_proof")
    def _check_electronic_consent(self):
        """A consent without its proof would not be believed."""
        # In sudo mode to read fields that only collection users see.
        for partner in self.sudo():
            agreed_on = partner.collection_electronic_consent_on
            if agreed_on and not partner.collection_electronic_consent_proof:
                raise ValidationError(
                    self.env._(
                        "Keep the proof that %s agreed to electronic registered letters with "
                        "its date.",
                        partner.display_name,
                    )
                )
            if agreed_on and agreed_on > fields.Date.context_today(self):
                raise ValidationError(self.env._("Nobody has agreed in the future."))

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS base: see ``write``."""
        given = add_own_defaults(self, CHOSEN | GRANTED | INDEMNITY | INSURED, vals_list)
        # A form sends its empty fields too: nothing is chosen then.
        chosen = [{name: value for name, value in vals.items() if value} for vals in given]
        self._check_collection_right(*chosen)
        partners = super().create(vals_list)
        if any(INDEMNITY & vals.keys() for vals in given):
            partners._check_indemnity_right()
        if any("collection_no_contact_reason" in vals for vals in chosen):
            partners._flag_contact_reason()
        return partners

    @api.model
    @tools.ormcache()
    def _get_collection_fields(self):
        return frozenset(name for name in self._fields if name.startswith("collection_"))

    def _track_prepare(self, fields_iter):
        """EXTENDS mail: counting documents changes nothing of collection.

        Odoo counts them as each batch of invoices is posted, without reading fields together:
        each of ours would be a query.
        """
        if self.env.context.get("collection_untracked"):
            fields_iter = set(fields_iter) - self._get_collection_fields()
        return super()._track_prepare(fields_iter)

    def write(self, vals):
        """EXTENDS base: who collects a debtor, and how, is not for readers to change."""
        self._check_collection_right(vals)
        if vals.get("collection_owes_indemnity"):
            vals = {**vals, "collection_no_indemnity_reason": False}
        partners = self
        if vals.keys() <= RANKS:
            partners = self.with_context(collection_untracked=True)
        result = super(ResPartner, partners).write(vals)
        if INDEMNITY & vals.keys():
            self._check_indemnity_right()
        if "collection_no_contact_reason" in vals:
            self._flag_contact_reason()
        if {"collection_claim_nature", "collection_debtor_kind"} & vals.keys():
            # In sudo mode to keep dates that the flow alone writes.
            self.env["collection.limitation"].sudo()._follow(
                [("case_id.partner_id", "in", self.commercial_partner_id.ids)]
            )
        return result

    # === ACTIONS === #

    def action_open_collection_case(self):
        """Open the debtor's case in the present company."""
        return self.collection_case_id.get_formview_action()

    def action_export_collection_access(self):
        """Download what collection holds about the person, as an answer to an access request."""
        self.ensure_one()
        self.env["collection.person.export"]._check_allowed(self)
        return {
            "type": "ir.actions.act_url",
            "url": f"/recouvrement_creances/person/{self.id}/access.zip",
            "target": "self",
        }

    # === BUSINESS === #

    def _filter_without_indemnity(self):
        """Return the debtors whose fixed indemnities people left out, not the law."""
        return self.filtered(
            lambda partner: (
                not partner.collection_owes_indemnity
                and partner.collection_debtor_kind != "consumer"
            )
        )

    def _is_trader(self):
        """Return whether the debtor is a trader; None where nobody has said so."""
        return {"yes": True, "no": False}.get(self.commercial_partner_id.collection_trader)

    def _check_indemnity_right(self):
        """Let accountants alone leave fixed indemnities out, as they alone waive them."""
        if self.env.su or self.env.user.has_group("recouvrement_creances.group_accountant"):
            return
        # In sudo mode to read fields that only collection users see.
        if self.sudo()._filter_without_indemnity():
            raise AccessError(
                self.env._(
                    "Only an accountant of collection leaves a debtor's fixed indemnities out."
                )
            )

    def _check_collection_right(self, *vals_list):
        if self.env.su:
            return
        if any(GRANTED & vals.keys() for vals in vals_list):
            self._check_credit_manager()
        if any(INSURED & vals.keys() for vals in vals_list):
            self._check_insurance_right()
        if not any(CHOSEN & vals.keys() for vals in vals_list):
            return
        if not self.env.user.has_group("recouvrement_creances.group_collector"):
            raise AccessError(
                self.env._(
                    "Only collectors choose how a debtor is collected from, by whom, and how it is "
                    "contacted."
                )
            )
