from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...rules.payer import Exposure, advise, profile_of

READERS = "recouvrement_creances.group_reader"
MANAGER = "recouvrement_creances.group_manager"
PROFILE_LABELS = [
    ("punctual", "Punctual"),
    ("slow", "Slow"),
    ("late", "Late"),
    ("risky", "Risky"),
    ("unknown", "Unknown"),
]
ADVICE_LABELS = [
    ("keep", "Go on as before"),
    ("shorten", "Shorter terms of payment"),
    ("prepay", "Payment in advance"),
    ("block", "Stop deliveries until what is late is paid"),
]


class CollectionCreditworthy(models.AbstractModel):
    """A customer as a credit manager sees it: exposure, insurance, how it pays, what to propose."""

    _name = "collection.creditworthy"
    _description = "Credit information of a customer"

    # === INSURANCE === #
    collection_insured_amount = fields.Float(
        string="Insured amount",
        company_dependent=True,
        digits=(16, 2),
        copy=False,
        groups=READERS,
        help="What the insurer covers of this customer, in the company's currency.",
    )
    collection_insured_until = fields.Date(
        string="Insured until", company_dependent=True, copy=False, groups=READERS
    )

    # === DELIVERIES === #
    collection_stop_reason = fields.Char(
        string="Why deliveries are stopped",
        company_dependent=True,
        copy=False,
        groups="base.group_user",
        help="Shown on orders and invoices of this customer. Empty: nothing is stopped.",
    )

    # === FIGURES === #
    collection_exposure = fields.Float(
        string="Exposure",
        compute="_compute_collection_credit",
        digits=(16, 2),
        groups=READERS,
        help="Open and still to be invoiced, without what arose before an insolvency.",
    )
    collection_exposure_late = fields.Float(
        string="Of which late",
        compute="_compute_collection_credit",
        digits=(16, 2),
        groups=READERS,
    )
    collection_exposure_uncovered = fields.Float(
        string="Not insured",
        compute="_compute_collection_credit",
        digits=(16, 2),
        groups=READERS,
    )
    collection_days_late = fields.Char(
        string="Days late on average",
        compute="_compute_collection_credit",
        groups=READERS,
        help="Of what was paid in the last twelve months, weighted by amount.",
    )
    collection_broken_count = fields.Integer(
        string="Promises not kept", compute="_compute_collection_credit", groups=READERS
    )
    collection_incident_count = fields.Integer(
        string="Incidents",
        compute="_compute_collection_credit",
        groups=READERS,
        help="Formal notices and court proceedings of the last twelve months.",
    )
    collection_payer_profile = fields.Selection(
        selection=PROFILE_LABELS,
        string="Payer",
        compute="_compute_collection_credit",
        groups=READERS,
    )
    collection_credit_advice = fields.Selection(
        selection=ADVICE_LABELS,
        string="Proposed",
        compute="_compute_collection_credit",
        groups=READERS,
        help="From the facts above; a person decides.",
    )

    # === COMPUTE === #

    @api.depends_context("company", "uid")
    @api.depends("credit_limit", "collection_insured_amount", "collection_insured_until")
    def _compute_collection_credit(self):
        """Read the facts of all customers at once; contacts show their company's."""
        company, today = self.env.company, fields.Date.context_today(self)
        # In sudo mode to read the ledger, which collectors cannot; the fields have groups.
        owners_sudo = self.sudo().commercial_partner_id
        reader_sudo = self.env["collection.credit"].sudo()
        facts = reader_sudo._read_facts(owners_sudo, company, today)
        due = reader_sudo._read_due(owners_sudo, company, today)
        figures = {
            owner.id: owner._prepare_credit(facts[owner.id], due.get(owner.id, (0, 0)), today)
            for owner in owners_sudo
        }
        empty = dict.fromkeys(self._get_credit_fields(), False)
        for partner in self:
            partner.update(figures.get(partner.sudo().commercial_partner_id.id, empty))

    @api.model
    def _get_credit_fields(self):
        return [
            name
            for name, field in self._fields.items()
            if field.compute == "_compute_collection_credit"
        ]

    def _prepare_credit(self, facts, due, today):
        """Return the values of the figures of one customer."""
        is_insured = not self.collection_insured_until or self.collection_insured_until >= today
        insured = self.collection_insured_amount if is_insured else 0
        limit = Decimal(str(self.credit_limit)) if self.use_partner_credit_limit else None
        exposure = Exposure(
            due=Decimal(due[0]) + Decimal(str(self.credit_to_invoice)),
            overdue=Decimal(due[1]),
            limit=limit,
            insured=Decimal(str(insured)),
        )
        profile = profile_of(facts)
        return {
            "collection_exposure": float(exposure.due),
            "collection_exposure_late": float(exposure.overdue),
            "collection_exposure_uncovered": float(exposure.uncovered),
            "collection_days_late": "" if facts.days_late is None else str(facts.days_late),
            "collection_broken_count": facts.promises_broken,
            "collection_incident_count": facts.incidents,
            "collection_payer_profile": profile,
            "collection_credit_advice": advise(profile, exposure),
        }

    # === ACTIONS === #

    def action_follow_credit_advice(self):
        """Do what the facts propose: shorter terms, payment in advance, or no more deliveries."""
        self.ensure_one()
        self._check_credit_manager()
        owner = self.commercial_partner_id
        if owner.collection_credit_advice == "keep":
            raise UserError(self.env._("The facts propose to go on as before."))
        labels = dict(self._fields["collection_credit_advice"]._description_selection(self.env))
        advice = labels[owner.collection_credit_advice]
        # In sudo mode to change accounting terms, after the check of the manager above.
        owner_sudo = owner.sudo()
        if owner.collection_credit_advice == "block":
            owner_sudo.collection_stop_reason = advice
        else:
            owner_sudo.property_payment_term_id = self._get_short_term(
                owner.collection_credit_advice
            )
        owner_sudo._message_log(body=self.env._("Credit: %s", advice))

    def action_resume_deliveries(self):
        """Let deliveries go on."""
        self._check_credit_manager()
        # In sudo mode for the same reason.
        for owner_sudo in self.sudo().commercial_partner_id:
            owner_sudo.collection_stop_reason = False
            owner_sudo._message_log(body=self.env._("Credit: deliveries go on"))

    def _get_short_term(self, advice):
        """Return the terms that the company's settings name; immediate payment without any."""
        term = self.env.company.sudo().collection_short_term_id
        if advice == "shorten" and term:
            return term
        immediate = self.env.ref("account.account_payment_term_immediate", False)
        if not immediate:
            raise UserError(
                self.env._("Name the terms of payment for late payers in the settings first.")
            )
        return immediate

    def _check_credit_manager(self):
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only a manager changes what is granted to a customer."))
