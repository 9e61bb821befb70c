from odoo import http
from odoo.http import request

from .portal_routes import page_route
from .portal_visit import CollectionPortalMixin


class CollectionPortalHelp(CollectionPortalMixin, http.Controller):
    """Whom a debtor in difficulty can turn to."""

    @page_route("/help")
    def collection_help(self, case_id, **_query):
        """Name the bodies that help debtors of this kind where they are."""
        visit = self._enter(case_id)
        bodies = request.env["collection.help.body"].sudo()._get_for(visit.case.partner_id)
        return self._page(visit, "portal_help", "/help", bodies=bodies)
