from odoo import api, fields, models
from odoo.exceptions import ValidationError
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
# What collectors alone choose.
CONTACT_RULES = {
    "collection_representative_id",
    "collection_representative_kind",
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
        string="Contacted instead",
        ondelete="restrict",
        index="btree_not_null",
        copy=False,
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
        copy=False,
        groups="recouvrement_creances.group_reader",
    )
    collection_no_contact = fields.Boolean(
        string="No contact at all", copy=False, groups="recouvrement_creances.group_reader"
    )
    collection_no_call = fields.Boolean(
        string="No calls", copy=False, groups="recouvrement_creances.group_reader"
    )
    collection_no_sms = fields.Boolean(
        string="No SMS", copy=False, groups="recouvrement_creances.group_reader"
    )
    collection_no_email = fields.Boolean(
        string="No e-mails", copy=False, groups="recouvrement_creances.group_reader"
    )
    collection_no_letter = fields.Boolean(
        string="No letters", copy=False, groups="recouvrement_creances.group_reader"
    )
    collection_no_visit = fields.Boolean(
        string="No visits or meetings", copy=False, groups="recouvrement_creances.group_reader"
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
