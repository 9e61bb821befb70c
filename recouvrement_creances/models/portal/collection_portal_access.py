from datetime import timedelta

from odoo import api, fields, models

from ...rules.portal_tokens import DEBTOR_PATH


class CollectionPortalAccess(models.Model):
    """A link that opens the debtor's page: given to a person for one case and one purpose."""

    _name = "collection.portal.access"
    _description = "Link to a collection case"
    _inherit = ["collection.secret.link"]
    _order = "id desc"
    _log_access = False
    _allow_sudo_commands = False
    _path = DEBTOR_PATH

    case_id = fields.Many2one(
        "collection.case", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True)
    purpose = fields.Selection(
        selection=[("debtor", "Debtor's page")], required=True, readonly=True, default="debtor"
    )

    _given_unique = models.UniqueIndex(
        "(case_id, purpose, partner_id) WHERE revoked_at IS NULL",
        "This person has a link to the case already: revoke it first.",
    )

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

    def _get_qr_code(self):
        """Return the picture that opens the page on a phone."""
        self.ensure_one()
        return self.env["ir.actions.report"]._draw_qr_code(self._get_url())

    # === TEXTS === #

    @api.model
    def _get_links(self, cases):
        """Return {case: addresses of its links, as ``_sign_text`` wants them}."""
        # In sudo mode to read links: the sender has no right to them.
        accesses_sudo = self.sudo().search([("case_id", "in", cases.ids)])
        by_case = accesses_sudo.grouped("case_id")
        return {case: by_case.get(case, self.browse())._get_addresses() for case in cases}

    @api.model
    def _sign_texts(self, texts):
        """Return {text: as it leaves}, each with the tokens of its case's own links.

        :param dict texts: the collection.case that each text is about
        """
        links = self._get_links(self.env["collection.case"].union(*texts.values()))
        return {text: self._sign_text(text, links[case]) for text, case in texts.items()}
