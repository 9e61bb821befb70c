from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize, email_normalize_all, format_date, get_lang

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
# What collectors alone choose.
CONTACT_RULES = {
    "collection_representative_id",
    "collection_representative_kind",
    "collection_guarantor_ids",
    "collection_no_contact_reason",
    "collection_no_contact_date",
    *WISHES,
}


class CollectionReachable(models.AbstractModel):
    """The part of a partner that says who is reached for it, where, and what it does not want."""

    _name = "collection.reachable"
    _description = "Partner that collection contacts"

    collection_bounced_email = fields.Char(
        readonly=True,
        copy=False,
        groups="recouvrement_creances.group_reader",
        help="This address was refused; it is not written to until it is changed.",
    )
    collection_representative_id = fields.Many2one(
        "res.partner",
        string="Represented by",
        ondelete="restrict",
        index="btree_not_null",
        copy=False,
        tracking=True,
        groups="recouvrement_creances.group_reader",
        help="Guardian, lawyer or representative: nobody but this person is contacted. A curator "
        "only assists: the debtor is contacted, the curator may be spoken to and gets a copy of "
        "what is served (C. civ. 467).",
    )
    collection_representative_kind = fields.Selection(
        selection=[
            ("guardian", "Guardian"),
            ("curator", "Curator"),
            ("lawyer", "Lawyer"),
            ("representative", "Other representative"),
        ],
        string="As",
        copy=False,
        tracking=True,
        groups="recouvrement_creances.group_reader",
    )
    collection_guarantor_ids = fields.Many2many(
        "res.partner",
        "collection_guarantor_rel",
        "debtor_id",
        "guarantor_id",
        string="Guarantors",
        copy=False,
        groups="recouvrement_creances.group_reader",
        help="Who stands surety for the debtor may be spoken to as well; messages do not go there.",
    )
    collection_no_contact = fields.Boolean(
        string="No contact at all",
        copy=False,
        tracking=True,
        groups="recouvrement_creances.group_reader",
    )
    collection_no_call = fields.Boolean(
        string="No calls",
        copy=False,
        tracking=True,
        groups="recouvrement_creances.group_reader",
    )
    collection_no_sms = fields.Boolean(
        string="No SMS",
        copy=False,
        tracking=True,
        groups="recouvrement_creances.group_reader",
    )
    collection_no_email = fields.Boolean(
        string="No e-mails",
        copy=False,
        tracking=True,
        groups="recouvrement_creances.group_reader",
    )
    collection_no_letter = fields.Boolean(
        string="No letters",
        copy=False,
        tracking=True,
        groups="recouvrement_creances.group_reader",
    )
    collection_no_visit = fields.Boolean(
        string="No visits or meetings",
        copy=False,
        tracking=True,
        groups="recouvrement_creances.group_reader",
    )
    collection_no_contact_reason = fields.Char(
        string="Why not", copy=False, groups="recouvrement_creances.group_reader"
    )
    collection_no_contact_date = fields.Date(
        string="Asked on",
        compute="_compute_collection_no_contact_date",
        store=True,
        readonly=False,
        copy=False,
        groups="recouvrement_creances.group_reader",
    )
    collection_is_vulnerable = fields.Boolean(
        string="Vulnerable person",
        copy=False,
        groups="recouvrement_creances.group_sensitive",
        help="Nothing leaves by itself: contacts become tasks of the person named in the settings.",
    )

    # === COMPUTE === #

    @api.depends(*WISHES)
    def _compute_collection_no_contact_date(self):
        today = fields.Date.context_today(self)
        for partner in self:
            refuses = any(partner[wish] for wish in WISHES)
            partner.collection_no_contact_date = refuses and (
                partner.collection_no_contact_date or today
            )

    @api.onchange("collection_no_contact_reason")
    def _onchange_collection_no_contact_reason(self):
        return self.env["collection.note.flag"]._warn_form(self.collection_no_contact_reason)

    # === CONSTRAINTS === #

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

    # === BUSINESS === #

    def _take_contact_rules(self, others):
        """Take over what the debtors asked for that end in this one: the strictest counts.

        :param others: the partners that are merged into this one
        """
        self.ensure_one()
        both = self | others
        # Who stands for one of them and is one of them would stand for himself.
        both.filtered(lambda debtor: debtor.collection_representative_id in both).write(
            {"collection_representative_id": False, "collection_representative_kind": False}
        )
        reasons = filter(None, both.mapped("collection_no_contact_reason"))
        values = {"collection_no_contact_reason": " / ".join(dict.fromkeys(reasons)) or False}
        for name in (*WISHES, "collection_is_vulnerable"):
            if any(debtor[name] for debtor in both):
                values[name] = True
        dates = both.filtered("collection_no_contact_date").mapped("collection_no_contact_date")
        if dates:
            values["collection_no_contact_date"] = min(dates)
        if not self.collection_representative_id:
            represented = both.filtered("collection_representative_id")[:1]
            values["collection_representative_id"] = represented.collection_representative_id.id
            values["collection_representative_kind"] = represented.collection_representative_kind
        self.write(values)

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
        proxy = self._get_collection_proxy()
        if proxy:
            return [proxy]
        contacts = [
            child
            for contact_type in KINDS_OF_CONTACT
            for child in self.child_ids
            if child.type == contact_type
        ]
        return [*contacts, self]

    def _get_collection_proxy(self):
        """Return who is contacted in the debtor's stead; nobody for an assisted person."""
        # In sudo mode to read fields that only collection users see.
        debtor_sudo = self.sudo()
        proxy_sudo = debtor_sudo.collection_representative_id
        if debtor_sudo.collection_representative_kind == "curator":
            proxy_sudo = proxy_sudo.browse()
        # As the caller reads everything else: the executor stays in its sudo mode.
        return proxy_sudo.with_env(self.env)

    def _get_collection_confidants(self):
        """Return who may be spoken to about the debt: recipients, curator, guarantors."""
        # In sudo mode to read fields that only collection users see.
        debtor_sudo = self.sudo()
        others_sudo = debtor_sudo.collection_representative_id
        others_sudo |= debtor_sudo.collection_guarantor_ids
        recipients = self.browse().union(*self._get_collection_recipients())
        return recipients | others_sudo.with_env(self.env)

    def _get_collection_lang(self, company):
        """Return the language in which the person is written to: its own, else the company's.

        Only an installed language has texts: ``get_lang`` never answers with another one.
        """
        # In sudo mode to read the languages of whoever is written to.
        lang = self.sudo().lang or company.sudo().partner_id.lang
        return get_lang(self.env, lang).code

    def _may_be_contacted(self, person):
        """Say whether a person is the debtor, one of its contacts, or stands for it or by it."""
        return person in self._get_collection_confidants()

    def _flag_contact_reason(self):
        """Let a manager look at reasons that seem to tell of health or private life."""
        # In sudo mode to read fields and cases that whoever writes partners may not see.
        debtors_sudo = self.commercial_partner_id.sudo()
        cases_sudo = (
            self.env["collection.case"]
            .sudo()
            .search([("partner_id", "in", debtors_sudo.ids)], order="is_open, id")
        )
        latest = {case_sudo.partner_id: case_sudo for case_sudo in cases_sudo}
        self.env["collection.note.flag"]._flag(
            "wish",
            [
                (case_sudo, debtor_sudo, debtor_sudo.collection_no_contact_reason)
                for debtor_sudo, case_sudo in latest.items()
            ],
        )

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
