from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import email_normalize, email_normalize_all, format_date

KINDS_OF_CONTACT = ("collection", "invoice")
# The field in which a debtor refuses each channel; a task reaches nobody.
REFUSALS = {
    "call": "collection_no_call",
    "sms": "collection_no_sms",
    "email": "collection_no_email",
    "letter": "collection_no_letter",
    "registered_letter": "collection_no_letter",
    "electronic_letter": "collection_no_letter",
    "visit": "collection_no_visit",
    "meeting": "collection_no_visit",
}
WISHES = ("collection_no_contact", *dict.fromkeys(REFUSALS.values()))
FOR_COLLECTORS = {
    "collection_policy_id",
    "collection_user_id",
    "collection_representative_id",
    "collection_representative_kind",
    "collection_no_contact_reason",
    "collection_no_contact_date",
    *WISHES,
}


class ResPartner(models.Model):
    """The debtor: how it is collected from, by whom, and what it owes."""

    _inherit = "res.partner"

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
    collection_bounced_email = fields.Char(
        readonly=True,
        copy=False,
        groups="recouvrement_creances.group_reader",
        help="This address was refused; it is not written to until it is changed.",
    )

    # === CONTACT RULES === #
    collection_representative_id = fields.Many2one(
        "res.partner",
        string="Contacted instead",
        ondelete="restrict",
        index="btree_not_null",
        groups="recouvrement_creances.group_reader",
        help="Guardian or representative: nobody but this person is contacted.",
    )
    collection_representative_kind = fields.Selection(
        selection=[
            ("guardian", "Guardian"),
            ("lawyer", "Lawyer"),
            ("representative", "Other representative"),
        ],
        string="As",
        groups="recouvrement_creances.group_reader",
    )
    collection_no_contact = fields.Boolean(
        string="No contact at all", groups="recouvrement_creances.group_reader"
    )
    collection_no_call = fields.Boolean(
        string="No calls", groups="recouvrement_creances.group_reader"
    )
    collection_no_sms = fields.Boolean(string="No SMS", groups="recouvrement_creances.group_reader")
    collection_no_email = fields.Boolean(
        string="No e-mails", groups="recouvrement_creances.group_reader"
    )
    collection_no_letter = fields.Boolean(
        string="No letters", groups="recouvrement_creances.group_reader"
    )
    collection_no_visit = fields.Boolean(
        string="No visits or meetings", groups="recouvrement_creances.group_reader"
    )
    collection_no_contact_reason = fields.Char(
        string="Why not", groups="recouvrement_creances.group_reader"
    )
    collection_no_contact_date = fields.Date(
        string="Asked on",
        compute="_compute_collection_no_contact_date",
        store=True,
        readonly=False,
        groups="recouvrement_creances.group_reader",
    )
    collection_is_vulnerable = fields.Boolean(
        string="Vulnerable person",
        groups="recouvrement_creances.group_sensitive",
        help="Nothing leaves by itself: contacts become tasks of the person named in the settings.",
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

    @api.depends(*WISHES)
    def _compute_collection_no_contact_date(self):
        today = fields.Date.context_today(self)
        for partner in self:
            refuses = any(partner[wish] for wish in WISHES)
            partner.collection_no_contact_date = refuses and (
                partner.collection_no_contact_date or today
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

    # === CONSTRAINTS === #

    @api.constrains("collection_user_id")
    def _check_collection_user_id(self):
        # In sudo mode to read a field that only collection users see.
        for partner in self.sudo():
            partner.collection_user_id._check_collector_of(self.env.company)

    @api.constrains("collection_no_contact_reason", *WISHES)
    def _check_collection_no_contact_reason(self):
        # In sudo mode to read fields that only collection users see.
        for partner in self.sudo():
            if any(partner[wish] for wish in WISHES) and not partner.collection_no_contact_reason:
                raise ValidationError(
                    self.env._("Say why %s is not contacted: the reason is kept.", partner.name)
                )

    @api.constrains("collection_representative_id")
    def _check_collection_representative_id(self):
        # In sudo mode to read fields that only collection users see.
        for partner in self.sudo():
            if partner.collection_representative_id == partner:
                raise ValidationError(
                    self.env._("%s cannot be contacted instead of itself.", partner.name)
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS base: see ``write``."""
        # A form sends its empty fields too: nothing is chosen then.
        chosen = [{name: value for name, value in vals.items() if value} for vals in vals_list]
        self._check_collection_right(*chosen)
        return super().create(vals_list)

    def write(self, vals):
        """EXTENDS base: who collects a debtor, and how, is not for readers to change."""
        self._check_collection_right(vals)
        return super().write(vals)

    # === ACTIONS === #

    def action_open_collection_case(self):
        """Open the debtor's case in the present company."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "collection.case",
            "res_id": self.collection_case_id.id,
            "view_mode": "form",
        }

    # === BUSINESS === #

    def _check_collection_right(self, *vals_list):
        if self.env.su or not any(FOR_COLLECTORS & vals.keys() for vals in vals_list):
            return
        if not self.env.user.has_group("recouvrement_creances.group_collector"):
            raise AccessError(
                self.env._(
                    "Only collectors choose a debtor's collection policy, collector and contact "
                    "rules."
                )
            )

    def _find_collection_contact(self, kind):
        """Return who is reached: the collection contact first, then the invoice one, then itself.

        :param str kind: email, phone or address
        :return: (partner, address, problem); problem is empty when an address was found
        """
        self.ensure_one()
        read = getattr(self, f"_read_collection_{kind}")
        problems = []
        for partner in self._get_collection_recipients():
            address, problem = read(partner)
            if not problem:
                return partner, address, ""
            problems.append(problem)
        return self.browse(), "", problems[-1]

    def _get_collection_recipients(self):
        """Return who may be contacted about the debt, in this order; others are third parties.

        :return: list of partners: a union of records would forget whom they are read together with
        """
        self.ensure_one()
        # In sudo mode to read a field that only collection users see.
        representative = self.sudo().collection_representative_id.sudo(False)
        if representative:
            return [representative]
        contacts = [
            child
            for contact_type in KINDS_OF_CONTACT
            for child in self.child_ids
            if child.type == contact_type
        ]
        return [*contacts, self]

    def _may_be_contacted(self, person):
        """Say whether a person is the debtor, one of its contacts or its representative."""
        return person in self._get_collection_recipients()

    def _find_contact_refusal(self, channel):
        """Return in words that the debtor wants no contact, or none by this channel; else nothing.

        :param str channel: of a collection action
        """
        self.ensure_one()
        # In sudo mode to read fields that only collection users see.
        debtor_sudo = self.sudo()
        name = REFUSALS.get(channel)
        wish = next(
            (wish for wish in ("collection_no_contact", name) if wish and debtor_sudo[wish]), None
        )
        if channel == "task" or not wish:
            return ""
        return self.env._(
            "%(debtor)s since %(date)s: %(wish)s (%(reason)s).",
            debtor=debtor_sudo.display_name,
            date=format_date(self.env, debtor_sudo.collection_no_contact_date),
            wish=debtor_sudo._fields[wish]._description_string(self.env),
            reason=debtor_sudo.collection_no_contact_reason,
        )

    def _read_collection_email(self, partner):
        email = " ".join((partner.email or "").split())
        if not email:
            return "", self.env._("%s has no e-mail address.", partner.display_name)
        # Several addresses in the field: the first that is not refused, so that a message that
        # comes back is known by its address.
        addresses = email_normalize_all(email)
        if not addresses:
            return "", self.env._(
                "“%(email)s” of %(partner)s is not an e-mail address.",
                email=email,
                partner=partner.display_name,
            )
        # In sudo mode to read a field that only collection users see.
        refused = email_normalize(partner.sudo().collection_bounced_email or "")
        accepted = [address for address in addresses if address != refused]
        if not accepted:
            return "", self.env._("%s was refused by its mail server.", email)
        return accepted[0], ""

    def _read_collection_phone(self, partner):
        if not (partner.phone or "").strip():
            return "", self.env._("%s has no phone number.", partner.display_name)
        return " ".join(partner.phone.split()), ""

    def _read_collection_address(self, partner):
        if not (partner.street and partner.city):
            return "", self.env._("%s has no postal address.", partner.display_name)
        # In sudo mode to format the address with its country and state, as on every letter.
        return partner.sudo()._display_address(without_company=True).strip(), ""
