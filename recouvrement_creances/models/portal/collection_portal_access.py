import re
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS
from odoo.tools import consteq
from odoo.tools.urls import urljoin

from ...rules.portal_tokens import (
    find_tokens,
    hash_token,
    make_token,
    read_token,
    replace_tokens,
    show_token,
)

SECRET = "database.secret"
# It says nothing to somebody who sees the screen of a telephone.
PATH = "/c/"
# What stands for the token in the message that is kept; the message that leaves carries the token.
UNSIGNED = "link-{id}"
UNSIGNED_URL = re.compile(rf"https?://[^\s\"'<>]*?{PATH}link-(\d+)(?!\d)")


class CollectionPortalAccess(models.Model):
    """A link that was given to a person for one case and one purpose.

    The link's token opens the debtor's page without a login. It is worked out when a message leaves
    (``rules/portal_tokens``); here stands its hash alone.
    """

    _name = "collection.portal.access"
    _description = "Link to a collection case"
    _order = "id desc"
    _log_access = False
    _allow_sudo_commands = False

    case_id = fields.Many2one(
        "collection.case", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Given to",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    purpose = fields.Selection(
        selection=[("debtor", "Debtor's page")], required=True, readonly=True, default="debtor"
    )
    token_hash = fields.Char(required=True, readonly=True, groups=NO_ACCESS)
    seed = fields.Char(required=True, readonly=True, groups=NO_ACCESS)
    given_at = fields.Datetime(required=True, readonly=True)
    expires_at = fields.Datetime(string="Valid until", required=True, readonly=True)
    revoked_at = fields.Datetime(readonly=True)
    revoked_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    state = fields.Selection(
        selection=[("valid", "Valid"), ("expired", "Link expired"), ("revoked", "Revoked")],
        compute="_compute_state",
    )

    _token_unique = models.UniqueIndex("(token_hash)", "This link exists already.")
    _given_unique = models.UniqueIndex(
        "(case_id, purpose, partner_id) WHERE revoked_at IS NULL",
        "This person has a link to the case already: revoke it first.",
    )

    # === COMPUTE === #

    @api.depends("expires_at", "revoked_at")
    def _compute_state(self):
        now = fields.Datetime.now()
        for access in self:
            access.state = access._get_state(now)

    @api.depends("case_id", "partner_id")
    def _compute_display_name(self):
        for access in self:
            access.display_name = f"{access.case_id.name} · {access.partner_id.sudo().name or ''}"

    # === CRUD === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        raise UserError(self.env._("Links are history: revoke the link instead."))

    # === ACTIONS === #

    def action_revoke(self):
        """Let the link open nothing any more, at once; the next message carries a new one."""
        self.case_id.check_access("write")
        self._revoke()

    # === BUSINESS === #

    def _get_state(self, now):
        self.ensure_one()
        if self.revoked_at:
            return "revoked"
        return "valid" if self.expires_at > now else "expired"

    def _revoke(self):
        # In sudo mode to write what nobody writes by hand; callers have checked the right.
        self.sudo().filtered(lambda access: not access.revoked_at).write(
            {"revoked_at": fields.Datetime.now(), "revoked_by_id": self.env.uid}
        )

    @api.model
    def _give(self, cases, partner=None, purpose="debtor"):
        """Return the links of a person to cases; each message prolongs them.

        Links are looked for among those of the cases, which are read for all of them at once: a
        batch of messages does not ask for each.

        :param cases: the collection.case records that the links open
        :param partner: who gets them; None for the debtor of each case
        :param str purpose: what the links are for
        :return: {case: link}
        """
        now = fields.Datetime.now()
        given, vals_list = {}, []
        # In sudo mode to read and make links: who writes to a debtor has no right to them.
        for case_sudo in cases.sudo():
            person = partner or case_sudo.partner_id
            access_sudo = case_sudo.portal_access_ids._of(person, purpose)
            expires_at = now + timedelta(days=case_sudo.company_id.collection_portal_days)
            if access_sudo and access_sudo._is_usable(now):
                given[case_sudo] = access_sudo
                if access_sudo.expires_at.date() < expires_at.date():
                    access_sudo.expires_at = expires_at
                continue
            access_sudo._revoke()
            vals_list.append(
                {
                    "case_id": case_sudo.id,
                    "partner_id": person.id,
                    "purpose": purpose,
                    "given_at": now,
                    "expires_at": expires_at,
                    **self._draw(),
                }
            )
        # What is revoked makes room for its successor in the index of the database.
        self.flush_model(["revoked_at"])
        made_sudo = self.sudo().create(vals_list)
        return given | {access_sudo.case_id: access_sudo for access_sudo in made_sudo}

    def _of(self, person, purpose):
        """Return the link that a person has for a purpose and that nobody revoked."""
        return self.filtered(
            lambda access: (
                not access.revoked_at and access.partner_id == person and access.purpose == purpose
            )
        )

    @api.model
    def _draw(self):
        """Return the secret part of a new link: its seed, and the hash of the token it gives."""
        seed = secrets.token_hex(16)
        return {"seed": seed, "token_hash": hash_token(make_token(self._get_secret(), seed))}

    @api.model
    def _find(self, text):
        """Return the link that a token opens, whatever became of it, or an empty record.

        :param str text: what stands in the address that was opened
        """
        token = read_token(text)
        # In sudo mode to look links up: the token is the right, and is compared below.
        access_sudo = (
            self.sudo().search([("token_hash", "=", hash_token(token))], limit=1)
            if token
            else self.sudo().browse()
        )
        # Compared in constant time with what the link's own token is, not only looked up.
        return access_sudo if access_sudo and access_sudo._is_own_token(token) else self.browse()

    def _get_case(self):
        """Return the case that the link opens: the debtor's open one when its own has closed."""
        self.ensure_one()
        case = self.case_id
        if case.is_open or self.purpose != "debtor":
            return case
        return case._open_for(case.partner_id, case.company_id) or case

    def _is_usable(self, now):
        """Tell whether messages may go on carrying the link.

        What expired stays so; and a database that got another secret makes other tokens.
        """
        return self._get_state(now) == "valid" and self._is_own_token(self._make_token())

    # === TOKEN === #

    @api.model
    def _get_secret(self):
        # In sudo mode to read the secret of the database, which signs what leaves it.
        return self.env["ir.config_parameter"].sudo().get_param(SECRET)

    def _make_token(self):
        self.ensure_one()
        return make_token(self._get_secret(), self.sudo().seed)

    def _is_own_token(self, token):
        """Tell whether a token is the link's own, in constant time."""
        self.ensure_one()
        is_own = consteq(self._make_token(), token)
        return is_own and consteq(self.sudo().token_hash, hash_token(token))

    # === ADDRESS === #

    def _get_url(self):
        """Return the address with the token: for what leaves, never for what is stored."""
        self.ensure_one()
        return self._join(PATH + show_token(self._make_token()))

    def _get_unsigned_url(self):
        """Return the address without its token: what is kept of a message carries this one."""
        self.ensure_one()
        return self._join(PATH + UNSIGNED.format(id=self.id))

    def _join(self, path):
        return urljoin(self.case_id.company_id.sudo().get_base_url(), path)

    def _get_qr_code(self):
        """Return the picture that opens the page on a phone."""
        self.ensure_one()
        return self.env["ir.actions.report"]._draw_qr_code(self._get_url())

    # === TEXTS === #

    @api.model
    def _has_unsigned_link(self, text):
        """Tell whether a text carries a link that gets its token as it leaves."""
        return bool(text and UNSIGNED_URL.search(text))

    @api.model
    def _get_links(self, cases):
        """Return {case: {id that stands for a link: its address with the token}}."""
        # In sudo mode to read links: the sender has no right to them.
        accesses_sudo = self.sudo().search([("case_id", "in", cases.ids)])
        links = {case: {} for case in cases}
        for access_sudo in accesses_sudo:
            links[access_sudo.case_id][str(access_sudo.id)] = access_sudo._get_url()
        return links

    @api.model
    def _sign_texts(self, texts):
        """Return {text: as it leaves}, with the tokens of a case's own links; others open nothing.

        :param dict texts: the collection.case that each text is about
        """
        links = self._get_links(self.env["collection.case"].union(*texts.values()))
        return {text: self._sign_text(text, links[case]) for text, case in texts.items()}

    @api.model
    def _sign_text(self, text, links):
        """Return a text as it leaves.

        :param dict links: of ``_get_links``, those of the case that the text is about
        """
        return UNSIGNED_URL.sub(lambda match: links.get(match[1], match[0]), text)

    @api.model
    def _hide_tokens(self, text):
        """Return a text that came in, without the tokens of links that it quotes.

        Everybody who reads a record reads what was answered on it; a link opens the page for the
        person who got it.
        """
        tokens = find_tokens(text) if text else ()
        if not tokens:
            return text
        hashes = {hash_token(token): token for token in tokens}
        # In sudo mode to look links up: who receives a message has no right to them.
        links_sudo = self.sudo().search([("token_hash", "in", list(hashes))])
        return type(text)(
            replace_tokens(
                text,
                {
                    hashes[link_sudo.token_hash]: UNSIGNED.format(id=link_sudo.id)
                    for link_sudo in links_sudo
                },
            )
        )
