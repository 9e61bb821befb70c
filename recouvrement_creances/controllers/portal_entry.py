from odoo import http
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal

from ..rules.portal_tokens import DEBTOR_PATH
from .portal_routes import form_route, link_route
from .portal_visit import CollectionPortalMixin


class CollectionPortalEntry(CollectionPortalMixin, CustomerPortal):
    """The ways in: the link of a message, the portal's home page; and the way out."""

    @link_route(DEBTOR_PATH)
    def collection_open_link(self, token, **_query):
        """Open the page of a link; from then on its token stands in no address any more.

        :param str token: what the message carries
        """
        access = self._use_link(token)
        case = access._get_case()
        self._note("opened", "", access, case)
        self._remember(case.id, access)
        lang = access.partner_id.lang or case.partner_id.lang
        return self._go_in(lang, f"/my/collection/{case.id}")

    @form_route("/close")
    def collection_close(self, case_id, **_form):
        """Forget the link in this browser."""
        opened = request.session.get(self._session_key, {})
        request.session[self._session_key] = {
            key: value for key, value in opened.items() if key != str(case_id)
        }
        return self._get_refusal("closed", 200)

    # === PORTAL USERS === #

    @http.route(
        "/my/collection", type="http", auth="user", methods=["GET"], website=True, sitemap=False
    )
    def collection_my_cases(self, **_query):
        """Show the accounts of the user's company: one for each company that it owes to."""
        cases = self._get_own_cases()
        if len(cases) == 1:
            return request.redirect(f"/my/collection/{cases.id}")
        return self._render("portal_cases", {"cases": cases, "page_name": "collection"})

    def _get_own_cases(self):
        user = request.env.user
        # In sudo mode to find the cases of the user's own commercial entity.
        return (
            request.env["collection.case"]
            .sudo()
            .search(
                [
                    ("partner_id", "=", user.partner_id.commercial_partner_id.id),
                    ("company_id", "in", user.company_ids.ids),
                    ("is_open", "=", True),
                ]
            )
        )

    def _prepare_home_portal_values(self, counters):
        """EXTENDS portal: count the user's open accounts."""
        values = super()._prepare_home_portal_values(counters)
        if "collection_count" in counters:
            values["collection_count"] = len(self._get_own_cases())
        return values
