from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, email_normalize_all

from ...rules.transitions import CONTACT_CHANGE

ADDRESS_FIELDS = ("street", "street2", "zip", "city", "country_id")
PROPOSED_FIELDS = (*ADDRESS_FIELDS, "email", "phone")
LONGEST = 120


class CollectionContactChange(models.Model):
    """A new address, e-mail or phone that a debtor gave on its page, until a collector accepts it.

    Notices go to the address on the debtor's record, so nobody changes it by a link alone. What was
    given, by whom and from where stays as it came in.
    """

    _name = "collection.contact.change"
    _description = "Change of a debtor's address"
    _inherit = ["mail.thread", "mail.activity.mixin", "collection.stateful"]
    _order = "id desc"
    _transitions = CONTACT_CHANGE
    _check_company_auto = True
    _mail_post_access = "read"

    case_id = fields.Many2one(
        "collection.case",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="case_id.partner_id", string="Debtor")
    street = fields.Char(readonly=True)
    street2 = fields.Char(readonly=True)
    zip = fields.Char(string="ZIP", readonly=True)
    city = fields.Char(readonly=True)
    country_id = fields.Many2one("res.country", readonly=True, ondelete="restrict")
    email = fields.Char(string="E-mail", readonly=True)
    phone = fields.Char(readonly=True)
    summary = fields.Char(compute="_compute_summary")
    former = fields.Json(readonly=True, help="What stood on the debtor's record before.")
    given_at = fields.Datetime(required=True, readonly=True)
    given_by = fields.Char(
        string="Given by", readonly=True, help="The login, or the link that was used."
    )
    ip = fields.Char(string="IP address", readonly=True)
    user_agent = fields.Char(string="Browser", readonly=True)
    state = fields.Selection(
        selection=[("proposed", "To look at"), ("accepted", "Accepted"), ("refused", "Refused")],
        required=True,
        readonly=True,
        default="proposed",
        tracking=True,
    )
    decided_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    decided_at = fields.Datetime(readonly=True)

    # === COMPUTE === #

    @api.depends(*PROPOSED_FIELDS)
    def _compute_summary(self):
        for change in self:
            values = [
                change.country_id.name if name == "country_id" else change[name]
                for name in PROPOSED_FIELDS
            ]
            change.summary = ", ".join(value for value in values if value)

    @api.depends("case_id", "given_at")
    def _compute_display_name(self):
        for change in self:
            change.display_name = self.env._(
                "Change of address · %s", change.case_id.sudo().partner_id.name or ""
            )

    # === CRUD === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        raise UserError(self.env._("What a debtor handed in is history: refuse it instead."))

    # === ACTIONS === #

    def action_accept(self):
        """Write what the debtor gave on its record."""
        self.case_id.check_access("write")
        for change in self:
            # In sudo mode to change the address of a debtor, after the check above.
            change.partner_id.sudo().write(change._get_values())
        self._decide("accept")

    def action_refuse(self):
        """Leave the debtor's record as it is."""
        self.case_id.check_access("write")
        self._decide("refuse")

    # === BUSINESS === #

    def _decide(self, event):
        # In sudo mode to write what only a decision writes, after the check of the caller.
        changes_sudo = self.sudo()
        changes_sudo._apply_event(
            event, {"decided_by_id": self.env.uid, "decided_at": fields.Datetime.now()}
        )
        changes_sudo.activity_ids.unlink()

    def _get_values(self):
        """Return what is to be written on the debtor: an address is replaced as a whole."""
        self.ensure_one()
        values = {name: self[name] for name in ("email", "phone") if self[name]}
        if any(self[name] for name in ADDRESS_FIELDS if name != "country_id"):
            values |= {name: self[name] for name in ADDRESS_FIELDS if name != "country_id"}
            values["country_id"] = self.country_id.id or self.partner_id.country_id.id
            if self._is_elsewhere():
                # Nobody gives a state on the page: the former one is of the former address.
                values["state_id"] = False
        return values

    def _is_elsewhere(self):
        """Tell whether the address is of another place than the one on the debtor's record."""
        partner = self.partner_id
        return bool(
            (self.country_id and self.country_id != partner.country_id)
            or any((self[name] or "") != (partner[name] or "") for name in ("zip", "city"))
        )

    @api.model
    def _propose(self, case, typed, visitor, given_by):
        """Keep what a debtor typed that differs from its record.

        :param dict typed: texts by the names of PROPOSED_FIELDS, country_id as an id
        :param dict visitor: ip and user_agent of who typed it
        :param str given_by: the login or the link
        :return: the proposal, or an empty record when nothing is new
        :raise UserError: says what is wrong
        """
        # In sudo mode to read and note what the debtor's own page gives.
        case_sudo = case.sudo()
        partner_sudo = case_sudo.partner_id
        values = self._clean(typed, partner_sudo)
        if not values:
            return self.browse()
        waiting_sudo = self._find_waiting(case_sudo, values)
        if waiting_sudo:
            return waiting_sudo
        change_sudo = self.sudo().create(
            {
                **values,
                "case_id": case_sudo.id,
                "former": {
                    **{
                        name: partner_sudo[name] for name in PROPOSED_FIELDS if name != "country_id"
                    },
                    "country_id": partner_sudo.country_id.name,
                    "state_id": partner_sudo.state_id.name,
                },
                "given_at": fields.Datetime.now(),
                "given_by": given_by,
                "ip": visitor["ip"],
                "user_agent": visitor["user_agent"],
            }
        )
        change_sudo._tell_collector()
        return change_sudo

    @api.model
    def _find_waiting(self, case_sudo, values):
        """Return the latest proposal when it waits and says the same: a form may be sent twice."""
        latest_sudo = self.sudo().search([("case_id", "=", case_sudo.id)], limit=1)
        known = {
            name: latest_sudo[name].id if name == "country_id" else latest_sudo[name]
            for name in PROPOSED_FIELDS
        }
        is_same = all((known[name] or "") == (values.get(name) or "") for name in PROPOSED_FIELDS)
        return latest_sudo if latest_sudo.state == "proposed" and is_same else self.browse()

    @api.model
    def _choose_language(self, case, code):
        """Write to a debtor in the language that it chose; tell whether it is another one.

        :param str code: of a language; one that is not installed changes nothing
        """
        # In sudo mode to write what the debtor's own page gives.
        case_sudo = case.sudo()
        partner_sudo = case_sudo.partner_id
        if code not in self.env["res.lang"]._get_frontend() or code == partner_sudo.lang:
            return False
        partner_sudo.lang = code
        words = self.with_context(lang=self._get_reader_lang(case_sudo))
        case_sudo._message_log(
            body=words.env._("The debtor chose the language of messages: %s.", code)
        )
        return True

    @api.model
    def _get_reader_lang(self, case):
        """Return the language of who works on a case, which is not always the debtor's."""
        reader = self._find_reader(case)
        return reader.lang or case.company_id.partner_id.lang or self.env.lang

    @api.model
    def _find_reader(self, case):
        """Return who works on a case: its collector, or the company's, else a manager."""
        collector = case.user_id or case.company_id.collection_user_id
        return collector or case._map_responsible()[case]

    def _clean(self, typed, partner):
        """Return the values that are new; an address counts as a whole."""
        texts = {
            name: " ".join((typed.get(name) or "").replace("\0", "").split())
            for name in PROPOSED_FIELDS
            if name != "country_id"
        }
        known = {name: " ".join((partner[name] or "").split()) for name in texts}
        if self._names_same_addresses(texts["email"], known["email"]):
            texts["email"] = known["email"]
        # What stands on the record need not be perfect to be left alone.
        new = {name: text for name, text in texts.items() if text != known[name]}
        if any(len(text) > LONGEST for text in new.values()):
            raise UserError(self.env._("Each line takes %s characters at most.", LONGEST))
        if new.get("email") and not all(map(email_normalize, new["email"].split(","))):
            raise UserError(self.env._("This e-mail address is not complete: name@example.com."))
        if new.get("phone") and sum(sign.isdigit() for sign in new["phone"]) < 6:
            raise UserError(self.env._("This phone number is too short."))
        values = {name: new[name] for name in ("email", "phone") if new.get(name)}
        return values | self._clean_address(texts, typed.get("country_id"), partner)

    @staticmethod
    def _names_same_addresses(typed, known):
        """Tell whether e-mail addresses are the known ones, however a browser writes them."""
        return [email_normalize(part) for part in typed.split(",")] == email_normalize_all(known)

    def _clean_address(self, texts, country_id, partner):
        country = self.env["res.country"].sudo().browse(country_id or []).exists()
        address = {name: texts[name] for name in ADDRESS_FIELDS if name != "country_id"}
        is_same = all(text == (partner[name] or "") for name, text in address.items())
        if not any(address.values()) or (is_same and country in (partner.country_id, country[:0])):
            return {}
        return {**address, "country_id": country.id}

    def _forget(self):
        """Erase what was given, when the case's period of keeping is over."""
        # In sudo mode to write what nobody writes by hand.
        self.sudo().with_context(tracking_disable=True).write(
            dict.fromkeys((*PROPOSED_FIELDS, "former", "given_by", "ip", "user_agent"), False)
        )

    def _tell_collector(self):
        """Give who works on the case the task to look at it."""
        for change in self:
            words = self.with_context(lang=self._get_reader_lang(change.case_id))
            change.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=words.env._("The debtor gave a new address: accept or refuse it"),
                user_id=self._find_reader(change.case_id).id,
            )
