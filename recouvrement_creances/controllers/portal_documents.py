from odoo import http
from odoo.http import request

from .portal_routes import file_route, page_route
from .portal_visit import CollectionPortalMixin


class CollectionPortalDocuments(CollectionPortalMixin, http.Controller):
    """The papers: invoices, and the letters and statements that were sent."""

    @page_route("/documents")
    def collection_documents(self, case_id, **_query):
        """List invoices and what was sent."""
        visit = self._enter(case_id)
        documents = request.env["collection.portal.document"]
        return self._page(
            visit,
            "portal_documents",
            "/documents",
            invoices=documents._get_invoices(visit.case),
            sent=documents._get_sent(visit.case),
        )

    @file_route("/invoice/<int:move_id>.pdf")
    def collection_invoice(self, case_id, move_id, **_query):
        """Download an invoice.

        :param int move_id: id of the account.move
        """
        visit = self._enter(case_id)
        documents = request.env["collection.portal.document"]
        return self._send_file(visit, *documents._read_invoice(visit.case, move_id))

    @file_route("/sent/<int:file_id>.pdf")
    def collection_sent(self, case_id, file_id, **_query):
        """Download a letter or statement as it was sent.

        :param int file_id: id of the ir.attachment
        """
        visit = self._enter(case_id)
        documents = request.env["collection.portal.document"]
        return self._send_file(visit, *documents._read_sent(visit.case, file_id))
