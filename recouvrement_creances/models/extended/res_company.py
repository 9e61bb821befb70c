import re

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...rules.parameters import value_on
from ...rules.places import find_place
from ...rules.retention import Periods

# Income from commercial receivables; penalties received on sales; losses on receivables.
CHARGE_ACCOUNTS = {"interest": "763100", "indemnity": "758100", "waiver": "654100"}


class ResCompany(models.Model):
    """The company's way of collecting: its policy, its collector, what its letters say of it."""

    _name = "res.company"
    _inherit = ["res.company", "collection.creditor"]

    collection_policy_id = fields.Many2one(
        "collection.policy",
        string="Collection policy",
        ondelete="restrict",
        help="Followed by debtors whom no other policy chooses.",
    )
    collection_user_id = fields.Many2one(
        "res.users",
        string="Collector of new cases",
        ondelete="set null",
        help="Given to new cases whose debtor has no collector. Empty: they stay unassigned.",
    )
    collection_email = fields.Char(
        string="Collection e-mail", help="The address that reminders are sent from."
    )
    collection_run_limit = fields.Integer(
        string="Contacts per run",
        help="At most so many contacts leave in one run, the most urgent cases first; the others "
        "wait for the next run. 0: no limit.",
    )
    collection_accountant_id = fields.Many2one(
        "res.users",
        string="Accountant of collection",
        ondelete="set null",
        domain=[("share", "=", False)],
        help="Looks for payments that debtors say they have made, makes the credit notes of "
        "founded disputes. Empty: the collector of the case is asked.",
    )
    collection_senior_user_id = fields.Many2one(
        "res.users",
        string="Looks after vulnerable persons",
        ondelete="set null",
        help="Contacts with vulnerable persons become tasks of this person.",
    )

    collection_letters_failed_on = fields.Datetime(
        readonly=True,
        copy=False,
        help="Since when electronic registered letters cannot be exchanged with the provider. "
        "Empty: the last exchange went well.",
    )

    # === DEBTOR'S PAGE === #
    collection_portal_link = fields.Boolean(
        string="Link to the debtor's page",
        default=True,
        help="E-mails and letters carry a link that opens the debtor's account without a login.",
    )
    collection_portal_days = fields.Integer(
        string="Days the link is valid",
        default=90,
        help="Counted from the last message that carried it.",
    )

    _collection_portal_days_positive = models.Constraint(
        "CHECK(collection_portal_days BETWEEN 1 AND 730)",
        "The link to the debtor's page is valid for 1 to 730 days.",
    )

    # === PRINTED ON EVERY LETTER === #
    collection_legal_form = fields.Char(
        string="Legal form",
        help="SAS, SARL, SA, EI ... printed on every letter (C. com. R123-237, R123-238).",
    )
    collection_capital = fields.Monetary(
        string="Share capital", help="0: not printed (sole traders have none)."
    )
    collection_rcs_city = fields.Char(
        string="Registered at",
        help="The city of the trade register (RCS). Empty: the company is not registered there.",
    )
    collection_in_liquidation = fields.Boolean(
        string="In liquidation", help="The law wants it on every letter (C. com. R123-237)."
    )
    collection_legal_mention = fields.Char(
        string="Other legal mentions",
        help="What else has to stand on letters: management mandate, approval ...",
    )

    collection_retention_case_months = fields.Integer(
        string="Months after closing",
        default=lambda self: self._default_retention("case"),
        help="What a closed case says of people is kept so long (default 5 years).",
    )
    collection_retention_title_months = fields.Integer(
        string="Months after closing, cases handed over",
        default=lambda self: self._default_retention("title"),
        help="The same, of cases that were handed over to court (default 10 years).",
    )
    collection_retention_piece_months = fields.Integer(
        string="Months of documents",
        default=lambda self: self._default_retention("piece"),
        help="Evidence with documents, from the end of the year (C. com. L123-22: 10 years).",
    )

    _collection_retention_long_enough = models.Constraint(
        "CHECK(collection_retention_case_months >= 24 AND collection_retention_title_months >= 24 "
        "AND collection_retention_piece_months >= 24)",
        "What is kept stays for two years at least: claims may be brought so long.",
    )
    # === PROMISES === #
    collection_promise_bank_days = fields.Integer(
        string="Days that banks take",
        default=2,
        help="Working days after the day promised on which a payment is still in time.",
    )
    collection_promise_tolerance = fields.Monetary(
        string="May be missing",
        currency_field="currency_id",
        default=1.0,
        help="A promise is kept when no more than this is missing: bank charges, rounding.",
    )
    _collection_promise_rules = models.Constraint(
        "CHECK(collection_promise_bank_days BETWEEN 0 AND 30 "
        "AND collection_promise_tolerance >= 0)",
        "Banks take between 0 and 30 days, and what may be missing is not negative.",
    )

    # === CHARGES === #
    collection_late_rate = fields.Float(
        string="Late-payment rate (%)",
        digits=(6, 2),
        help="The yearly rate of the company's general terms, for professionals whose own terms "
        "set none. 0: the legal default, ECB rate plus 10 points (C. com. L441-10 II).",
    )

    collection_charge_booking = fields.Selection(
        selection=[("payment", "When they are paid"), ("claim", "When they are claimed")],
        string="Charges are booked",
        compute="_compute_collection_charge_booking",
        store=True,
        readonly=False,
        help="Late-payment interest counts for tax when it is cashed (CGI 237 sexies): until then "
        "a claim is a memo, unless the company books it at once. Empty: as the parent company.",
    )
    # === HANDOVER === #
    collection_handover_least = fields.Monetary(
        string="Least amount of a handover", currency_field="currency_id", default=150.0
    )
    collection_handover_tolerance = fields.Float(
        string="Tolerated change (%)",
        digits=(5, 2),
        default=5.0,
        help="When what is due differs by more from what was asked for, it is decided on again.",
    )
    collection_handover_link_days = fields.Integer(
        string="Days a link to a file is valid", default=30
    )
    _collection_handover_rules = models.Constraint(
        "CHECK(collection_handover_least >= 0 "
        "AND collection_handover_tolerance BETWEEN 0 AND 100 "
        "AND collection_handover_link_days BETWEEN 1 AND 365)",
        "The least amount is not negative, the tolerance is between 0 and 100 percent, and a link "
        "to a file is valid for 1 to 365 days.",
    )
    collection_waiver_limit = fields.Monetary(
        string="Waivers without approval",
        currency_field="currency_id",
        help="Accountants waive up to this amount for each case, in all, by themselves; above it "
        "somebody else approves.",
    )
    collection_waiver_manager_limit = fields.Monetary(
        string="Waivers that managers approve",
        currency_field="currency_id",
        help="Up to this amount a collection manager approves what others ask for; above it a "
        "finance director does.",
    )
    collection_waiver_means = fields.Selection(
        selection=[("credit_note", "Credit note"), ("write_off", "Write-off entry")],
        string="Waived invoices are booked by",
        required=True,
        default="credit_note",
        help="A credit note takes the tax back as well (CGI 272); a write-off entry leaves it.",
    )
    collection_waiver_account_id = fields.Many2one(
        "account.account",
        string="Account of waivers",
        domain="[('account_type', 'in', ('expense', 'income_other'))]",
        ondelete="restrict",
        check_company=True,
        help="For write-off entries. Empty: 654100 of the French chart.",
    )
    collection_interest_account_id = fields.Many2one(
        "account.account",
        string="Account of late-payment interest",
        domain="[('account_type', 'in', ('income', 'income_other'))]",
        ondelete="restrict",
        check_company=True,
        help="Empty: 763100 of the French chart.",
    )
    collection_indemnity_account_id = fields.Many2one(
        "account.account",
        string="Account of fixed indemnities",
        domain="[('account_type', 'in', ('income', 'income_other'))]",
        ondelete="restrict",
        check_company=True,
        help="Empty: 758100 of the French chart.",
    )

    _collection_late_rate_positive = models.Constraint(
        "CHECK(collection_late_rate >= 0 AND collection_late_rate < 100)",
        "The late-payment rate is between 0 and 100 percent a year.",
    )
    _collection_run_limit_positive = models.Constraint(
        "CHECK(collection_run_limit >= 0)", "The number of contacts per run is 0 or more."
    )
    _collection_capital_positive = models.Constraint(
        "CHECK(collection_capital >= 0)", "The share capital cannot be negative."
    )

    @api.depends("parent_id")
    def _compute_collection_charge_booking(self):
        """Companies wait for the payment; branches do as their parents."""
        for company in self:
            usual = False if company.parent_id else "payment"
            company.collection_charge_booking = company.collection_charge_booking or usual

    @api.constrains("collection_policy_id")
    def _check_collection_policy_id(self):
        """The policy is live and for every company, this one or a parent of it."""
        for company in self:
            policy = company.collection_policy_id
            if policy and (not policy.active or policy.company_id - company.parent_ids):
                raise ValidationError(
                    self.env._(
                        "“%(policy)s” cannot be the policy of %(company)s: it is archived or "
                        "belongs to another company.",
                        policy=policy.name,
                        company=company.name,
                    )
                )

    @api.constrains("collection_user_id")
    def _check_collection_user_id(self):
        for company in self:
            company.collection_user_id._check_collector_of(company)

    @api.constrains("collection_accountant_id")
    def _check_collection_accountant_id(self):
        for company in self:
            company.collection_accountant_id._check_dispute_owner_of(company)

    @api.model
    def _default_retention(self, name):
        return value_on(f"retention.{name}", fields.Date.today())

    def _get_retention(self):
        """Return the company's periods of keeping."""
        self.ensure_one()
        return Periods(
            self.collection_retention_case_months,
            self.collection_retention_title_months,
            self.collection_retention_piece_months,
        )

    def _find_charge_account(self, kind):
        """Return the account of the French chart for interest or indemnities, if there is one."""
        self.ensure_one()
        accounts = self.env["account.account"].with_company(self)
        return accounts.search(
            [*accounts._check_company_domain(self), ("code", "=", CHARGE_ACCOUNTS[kind])], limit=1
        )

    @api.constrains("collection_senior_user_id")
    def _check_collection_senior_user_id(self):
        """The person works on every case and may know why."""
        for company in self:
            # In sudo mode to read the roles of a colleague.
            senior_sudo = company.collection_senior_user_id.sudo()
            senior_sudo._check_collector_of(company)
            groups = ("group_accountant", "group_sensitive")
            if senior_sudo and not all(
                senior_sudo.has_group(f"recouvrement_creances.{group}") for group in groups
            ):
                raise ValidationError(
                    self.env._(
                        "%s cannot look after vulnerable persons: it takes the role Accountant or "
                        "Manager of collection and the right “Sensitive situations”.",
                        senior_sudo.name,
                    )
                )

    def _collection_today(self):
        """Return the date of today where the company is: the only clock of the daily run."""
        return fields.Date.context_today(self._in_own_zone())

    def _get_collection_day(self, moment):
        """Return the date of a moment (UTC) where the company is."""
        return fields.Datetime.context_timestamp(self._in_own_zone(), moment).date()

    def _draw_number(self, code, day):
        """Return the next number of a sequence, of the year of a day.

        :param str code: of the ir.sequence
        """
        # In sudo mode to draw a number of the sequence, which people do not read.
        sequence_sudo = self.env["ir.sequence"].sudo().with_company(self)
        return sequence_sudo.next_by_code(code, sequence_date=day)

    def _find_inherited(self, name):
        """Return a setting of the company, else of its nearest parent that has one.

        :param str name: a field; what is empty or 0 is the parent's to say
        """
        self.ensure_one()
        # In sudo mode to read the settings of parents, in which the person may not work.
        companies_sudo = self.sudo().parent_ids[::-1]
        return next((each[name] for each in companies_sudo if each[name]), self.sudo()[name])

    def _get_payment_banks(self):
        """Return the accounts that debtors pay to: the company's, else its nearest parent's."""
        self.ensure_one()
        # In sudo mode to read the accounts of parents, in which the person may not work.
        companies_sudo = self.sudo().parent_ids[::-1]
        banks_sudo = (company_sudo.partner_id.bank_ids for company_sudo in companies_sudo)
        return next(filter(None, banks_sudo), self.env["res.partner.bank"])

    def _get_legal_company(self):
        """Return who contracts: the nearest parent with a legal form or SIREN of its own.

        A branch is no person: its letters bear the mentions of the company that it belongs to. A
        SIRET of the same SIREN is one of that company's places.
        """
        self.ensure_one()
        # In sudo mode to read the mentions of parents, in which the person may not work.
        company_sudo = self.sudo()
        for each_sudo in company_sudo.parent_ids[::-1]:
            siren = each_sudo._get_collection_siren()
            parents_siren = (
                each_sudo.parent_id._get_collection_siren() if each_sudo.parent_id else ""
            )
            if each_sudo.collection_legal_form or (siren and siren != parents_siren):
                return each_sudo
        return company_sudo

    def _get_collection_siren(self):
        """Return the nine digits of a French company's SIREN, empty when they are not known."""
        self.ensure_one()
        digits = re.sub(r"\D", "", self.company_registry or "")
        is_known = self.country_code == "FR" and len(digits) in (9, 14)
        return digits[:9] if is_known else ""

    def _in_own_zone(self):
        """Return the company with its own time zone."""
        return self.with_context(tz=self._get_zone())

    def _get_bank_holidays(self):
        """Return the test of the public holidays of its place: its bank books nothing then."""
        self.ensure_one()
        return find_place(self.country_id.code, self.zip).is_holiday

    def _get_zone(self):
        """Return the name of the company's time zone: its partner's, else the country's.

        Its day is one, whoever asks and wherever he is: of a country with several zones the first
        counts until one is chosen on the company's contact.
        """
        self.ensure_one()
        zones = pytz.country_timezones.get(self.country_id.code or "", ())
        return self.partner_id.tz or next(iter(zones), None) or self.env.user.tz or "UTC"
