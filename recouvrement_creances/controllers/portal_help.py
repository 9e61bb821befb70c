from odoo import http
from odoo.http import request

from .portal_visit import CollectionPortalMixin


class CollectionPortalHelp(CollectionPortalMixin, http.Controller):
    """Whom a debtor in difficulty can turn to."""

    @http.route(
        "/my/collection/<int:case_id>/help",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def collection_help(self, case_id, **_query):
        """Name the bodies that help debtors of this kind where they are."""
        visit = self._enter(case_id)
        bodies = request.env["collection.help.body"].sudo()._get_for(visit.case.partner_id)
        return self._page(visit, "portal_help", bodies=bodies)
