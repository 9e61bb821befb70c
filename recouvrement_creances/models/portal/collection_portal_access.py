import re
from datetime import timedelta

from odoo import api, fields, models

from ...rules.portal_tokens import find_tokens, hash_token, replace_tokens, show_token

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
    _inherit = ["collection.secret.link"]
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

    _token_unique = models.UniqueIndex("(token_hash)", "This link exists already.")
    _given_unique = models.UniqueIndex(
        "(case_id, purpose, partner_id) WHERE revoked_at IS NULL",
        "This person has a link to the case already: revoke it first.",
    )

    # === COMPUTE === #

    @api.depends("case_id", "partner_id")
    def _compute_display_name(self):
        for access in self:
            access.display_name = f"{access.case_id.name} · {access.partner_id.sudo().name or ''}"

    # === ACTIONS === #

    def action_revoke(self):
        """Let the link open nothing any more, at once; the next message carries a new one."""
        self.case_id.check_access("write")
        self._revoke()

    # === BUSINESS === #

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

    def _get_case(self):
        """Return the case that the link opens: the debtor's open one when its own has closed."""
        self.ensure_one()
        case = self.case_id
        if case.is_open or self.purpose != "debtor":
            return case
        return case._open_for(case.partner_id, case.company_id) or case

    # === ADDRESS === #

    def _get_url(self):
        """Return the address with the token: for what leaves, never for what is stored."""
        self.ensure_one()
        return self._join(PATH + show_token(self._make_token()))

    def _get_unsigned_url(self):
        """Return the address without its token: what is kept of a message carries this one."""
        self.ensure_one()
        return self._join(PATH + UNSIGNED.format(id=self.id))

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
        secret_links = (self.sudo(), self.env["collection.handover.link"].sudo())
        words = {
            hashes[link_sudo.token_hash]: UNSIGNED.format(id=link_sudo.id)
            for links_sudo in secret_links
            # one query per kind of link, of which there are two
            for link_sudo in links_sudo.search([("token_hash", "in", list(hashes))])
        }
        return type(text)(replace_tokens(text, words))
