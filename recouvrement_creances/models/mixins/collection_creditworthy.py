from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ...rules.payer import (
    BLOCK,
    KEEP,
    PREPAY,
    SHORTEN,
    Exposure,
    advise,
    is_to_do,
    net_late,
    profile_of,
)
from ...tools.dialogs import open_dialog

READERS = "recouvrement_creances.group_reader"
ACCOUNTANT = "recouvrement_creances.group_accountant"
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
        help="What the insurer covers of this customer, in the company's currency. 0: it is not "
        "insured.",
    )
    collection_insured_until = fields.Date(
        string="Insured until",
        company_dependent=True,
        copy=False,
        groups=READERS,
        help="What is invoiced up to this day is covered. Empty: the cover has no end.",
    )
    collection_is_insured = fields.Boolean(
        string="Insured",
        compute="_compute_collection_is_insured",
        search="_search_collection_is_insured",
        groups=READERS,
        help="What is invoiced today is covered: there is an insured amount, and its day has not "
        "passed.",
    )

    # === DELIVERIES === #
    collection_stop_reason = fields.Char(
        string="Why deliveries are stopped",
        company_dependent=True,
        copy=False,
        groups="base.group_user",
        help="Shown on orders and invoices of this customer. Empty: nothing is stopped.",
    )

    collection_prepays = fields.Boolean(
        string="Payment in advance",
        company_dependent=True,
        copy=False,
        groups="base.group_user",
        help="A manager of collection decided that this customer gets no credit; orders say so.",
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
    collection_is_advice_open = fields.Boolean(
        string="Still to be decided on",
        compute="_compute_collection_credit",
        groups=READERS,
        help="What is proposed is stricter than what holds already.",
    )

    # === COMPUTE === #

    @api.depends("collection_insured_amount", "collection_insured_until")
    @api.depends_context("company")
    def _compute_collection_is_insured(self):
        today = fields.Date.context_today(self)
        for partner in self:
            until = partner.collection_insured_until
            partner.collection_is_insured = partner.collection_insured_amount > 0 and (
                not until or until >= today
            )

    @api.model
    def _search_collection_is_insured(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        insured = Domain("collection_insured_amount", ">", 0) & (
            Domain("collection_insured_until", "=", False)
            | Domain("collection_insured_until", ">=", today)
        )
        wanted = set(value) & {True, False}
        if len(wanted) == 2:
            return Domain.TRUE
        return insured if True in wanted else ~insured

    @api.depends_context("company", "uid")
    @api.depends(
        "credit_limit",
        "collection_insured_amount",
        "collection_insured_until",
        "collection_stop_reason",
        "collection_prepays",
        "property_payment_term_id",
    )
    def _compute_collection_credit(self):
        """Read the facts of all customers at once; contacts show their company's."""
        company, today = self.env.company, fields.Date.context_today(self)
        # In sudo mode to read the ledger, which collectors cannot; the fields have groups.
        owners_sudo = self.sudo().commercial_partner_id
        reader_sudo = self.env["collection.credit"].sudo()
        facts = reader_sudo._read_facts(owners_sudo, company, today)
        due = reader_sudo._read_due(owners_sudo, company, today)
        figures = {
            owner.id: owner._prepare_credit(facts[owner.id], due.get(owner.id, (0, 0, 0)), today)
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
        insured = self.collection_insured_amount if self.collection_is_insured else 0
        limit = Decimal(str(self.credit_limit)) if self.use_partner_credit_limit else None
        total = Decimal(due[0]) + Decimal(str(self.credit_to_invoice))
        exposure = Exposure(
            due=total,
            overdue=net_late(Decimal(due[1]), Decimal(due[2]), total),
            limit=limit,
            insured=Decimal(str(insured)),
        )
        profile = profile_of(facts)
        advice = advise(profile, exposure)
        return {
            "collection_exposure": float(exposure.due),
            "collection_exposure_late": float(exposure.overdue),
            "collection_exposure_uncovered": float(exposure.uncovered),
            "collection_days_late": "" if facts.days_late is None else str(facts.days_late),
            "collection_broken_count": facts.promises_broken,
            "collection_incident_count": facts.incidents,
            "collection_payer_profile": profile,
            "collection_credit_advice": advice,
            "collection_is_advice_open": is_to_do(advice, self._get_standing()),
        }

    # === CONSTRAINTS === #

    @api.constrains("collection_insured_amount")
    def _check_insured_amount(self):
        # In sudo mode as who edits contacts does not read it.
        for partner_sudo in self.sudo():
            if partner_sudo.collection_insured_amount < 0:
                raise ValidationError(
                    self.env._(
                        "The insured amount of %s is below zero: give what the insurer covers, 0 "
                        "when it covers nothing.",
                        partner_sudo.display_name,
                    )
                )

    # === ACTIONS === #

    def action_follow_credit_advice(self):
        """Open the dialog that says what the proposal would change, and changes it."""
        self.ensure_one()
        self._check_credit_manager()
        owner = self.commercial_partner_id
        owner._check_advice_open()
        # Before anybody reads on: what the settings lack is named at once.
        owner._get_proposed_term(owner.collection_credit_advice)
        return open_dialog(
            "collection.credit.decision",
            self.env._("Do what is proposed"),
            default_partner_id=owner.id,
            default_advice=owner.collection_credit_advice,
        )

    def action_resume_deliveries(self):
        """Let deliveries go on."""
        self._check_credit_manager()
        # In sudo mode to change what is granted, after the check of the manager above.
        for owner_sudo in self.sudo().commercial_partner_id:
            owner_sudo.collection_stop_reason = False
            owner_sudo._message_log(body=self.env._("Credit: deliveries go on"))

    def action_grant_credit(self):
        """Ask for no payment in advance any more; the terms of payment are a person's to choose."""
        self._check_credit_manager()
        # In sudo mode for the same reason.
        for owner_sudo in self.sudo().commercial_partner_id:
            owner_sudo.collection_prepays = False
            owner_sudo._message_log(
                body=self.env._(
                    "Credit: granted again. Terms of payment: %s",
                    owner_sudo._name_term(owner_sudo.property_payment_term_id),
                )
            )

    # === BUSINESS === #

    def _follow_credit_advice(self, advice):
        """Do what was proposed, and keep what held before.

        :param advice: as the person who decides has read it
        :raises UserError: it was done, or the facts propose something else by now
        """
        self.ensure_one()
        self._check_credit_manager()
        self._check_advice_open()
        if self.collection_credit_advice != advice:
            raise UserError(
                self.env._(
                    "It is proposed otherwise for %s by now: open the proposal again.",
                    self.display_name,
                )
            )
        words = self._describe_advice(advice)
        # In sudo mode to change accounting terms, after the check of the manager above.
        owner_sudo = self.sudo()
        if advice == BLOCK:
            owner_sudo.collection_stop_reason = owner_sudo._get_advice_label(advice)
        else:
            owner_sudo.property_payment_term_id = self._get_proposed_term(advice)
            owner_sudo.collection_prepays = advice == PREPAY
        owner_sudo._message_log(body=self.env._("Credit: %s", words))

    def _describe_advice(self, advice):
        """Return what a proposal changes: its name, the former terms and the new ones."""
        self.ensure_one()
        label = self._get_advice_label(advice)
        if advice == BLOCK:
            return label
        # In sudo mode to name accounting terms, which managers of collection change here.
        former = self.sudo().property_payment_term_id
        return self.env._(
            "%(advice)s. Terms of payment: %(former)s → %(new)s",
            advice=label,
            former=self._name_term(former),
            new=self._name_term(self._get_proposed_term(advice)),
        )

    def _get_advice_label(self, advice):
        return dict(self._fields["collection_credit_advice"]._description_selection(self.env))[
            advice
        ]

    def _name_term(self, term):
        return term.name or self.env._("none")

    def _get_proposed_term(self, advice):
        """Return, in sudo mode, the terms that a proposal brings: those that the settings name.

        :raises UserError: they name none
        """
        company_sudo = self.env.company.sudo()
        if advice == SHORTEN:
            term_sudo = company_sudo.collection_short_term_id
        elif advice == PREPAY:
            # Immediate payment is what the words say.
            immediate_sudo = self.sudo().env.ref("account.account_payment_term_immediate", False)
            term_sudo = company_sudo.collection_advance_term_id or immediate_sudo
        else:
            return company_sudo.collection_short_term_id.browse()
        if not term_sudo:
            raise UserError(
                self.env._(
                    "No such terms are named: choose “Terms for late payers” and “Terms of payment "
                    "in advance” in the settings of collection first, under “Credit”."
                )
            )
        return term_sudo

    def _get_standing(self):
        """Return, of the proposals, what a person has decided already; called in sudo mode."""
        if self.collection_stop_reason:
            return BLOCK
        if self.collection_prepays:
            return PREPAY
        short = self.env.company.collection_short_term_id
        return SHORTEN if short and self.property_payment_term_id == short else KEEP

    def _check_advice_open(self):
        if self.collection_credit_advice == KEEP:
            raise UserError(self.env._("The facts propose to go on as before."))
        if not self.collection_is_advice_open:
            raise UserError(
                self.env._(
                    "%(customer)s: what is proposed is done already (%(advice)s).",
                    customer=self.display_name,
                    advice=self._get_advice_label(self.collection_credit_advice),
                )
            )

    def _check_insurance_right(self):
        if not self.env.user.has_group(ACCOUNTANT):
            raise AccessError(
                self.env._("Only an accountant of collection notes what the credit insurer covers.")
            )

    def _check_credit_manager(self):
        self.check_access("read")
        # As the user: what is granted is of the company that is worked in, maybe none of his.
        self.env.company.check_access("read")
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only a manager changes what is granted to a customer."))
