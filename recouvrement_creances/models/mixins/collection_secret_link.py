import re
import secrets

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
# Every model that inherits collection.secret.link.
LINKS = ("collection.portal.access", "collection.handover.link")
# What stands for the token in the message that is kept; the message that leaves carries the token.
UNSIGNED = "link-{id}"


class CollectionSecretLink(models.AbstractModel):
    """A link with a secret of its own that opens something to who has no login.

    Its token is worked out when a message leaves (``rules/portal_tokens``); in the table stands its
    hash alone. It expires, and is revoked at once. What inherits this stands in ``LINKS``, has
    ``case_id`` and ``company_id``, and says where its pages are (``_path``).
    """

    _name = "collection.secret.link"
    _description = "Link with a secret"

    # What stands in front of the token; it names no debtor.
    _path = None

    partner_id = fields.Many2one(
        "res.partner",
        string="Given to",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
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

    # === COMPUTE === #

    @api.depends("case_id", "partner_id")
    def _compute_display_name(self):
        for link in self:
            link.display_name = f"{link.case_id.name} · {link.partner_id.sudo().name or ''}"

    @api.depends("expires_at", "revoked_at")
    def _compute_state(self):
        now = fields.Datetime.now()
        for link in self:
            link.state = link._get_state(now)

    # === CRUD === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        raise UserError(self.env._("Links are history: revoke the link instead."))

    # === BUSINESS === #

    def _get_state(self, now):
        self.ensure_one()
        if self.revoked_at:
            return "revoked"
        return "valid" if self.expires_at > now else "expired"

    def _revoke(self):
        # In sudo mode to write what nobody writes by hand; callers have checked the right.
        self.sudo().filtered(lambda link: not link.revoked_at).write(
            {"revoked_at": fields.Datetime.now(), "revoked_by_id": self.env.uid}
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
        link_sudo = (
            self.sudo().search([("token_hash", "=", hash_token(token))], limit=1)
            if token
            else self.sudo().browse()
        )
        # Compared in constant time with what the link's own token is, not only looked up.
        return link_sudo if link_sudo and link_sudo._is_own_token(token) else self.browse()

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
        return self._join(show_token(self._make_token()))

    def _get_unsigned_url(self):
        """Return the address without its token: what is kept of a message carries this one."""
        self.ensure_one()
        return self._join(UNSIGNED.format(id=self.id))

    def _join(self, name):
        return urljoin(self.company_id.sudo().get_base_url(), self._path + name)

    # === TEXTS === #

    @api.model
    def _has_unsigned_link(self, text):
        """Tell whether a text carries a link that gets its token as it leaves."""
        return bool(text and self._get_unsigned_pattern().search(text))

    @api.model
    def _sign_text(self, text, addresses):
        """Return a text as it leaves: with the tokens of these links, others open nothing.

        :param dict addresses: of ``_get_addresses``, of the links that the message is for
        """
        return self._get_unsigned_pattern().sub(
            lambda match: addresses.get(match[1], match[0]), text
        )

    def _get_addresses(self):
        """Return {id that stands for a link: its address with the token}."""
        return {str(link.id): link._get_url() for link in self}

    @api.model
    def _get_unsigned_pattern(self):
        return re.compile(rf"https?://[^\s\"'<>]*?{self._path}link-(\d+)(?!\d)")

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
        words = {
            hashes[link_sudo.token_hash]: UNSIGNED.format(id=link_sudo.id)
            for name in LINKS
            # In sudo mode to look links up: who receives a message has no right to them.
            # one query per kind of link, of which there are two
            for link_sudo in self.env[name].sudo().search([("token_hash", "in", list(hashes))])
        }
        return type(text)(replace_tokens(text, words))
