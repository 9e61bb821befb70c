from odoo import http
from odoo.http import request

from .portal_routes import page_route
from .portal_visit import CollectionPortalMixin


class CollectionPortalAccount(CollectionPortalMixin, http.Controller):
    """What is owed: each document with its charges and how they are worked out."""

    @page_route()
    def collection_account(self, case_id, done=None, **_query):
        """Show the statement of account.

        :param str done: what was handed in a moment ago; anything else shows nothing
        """
        visit = self._enter(case_id)
        page = request.env["collection.portal.page"]
        today = visit.case.company_id._collection_today()
        return self._page(
            visit,
            "portal_account",
            account=page._get_account(visit.case, today),
            pending=request.env["collection.portal.payment"]._get_pending(visit.case),
            done=done,
        )
