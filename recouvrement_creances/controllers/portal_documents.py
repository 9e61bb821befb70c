from odoo import http
from odoo.http import content_disposition, request

from .portal_visit import HEADERS, CollectionPortalMixin


class CollectionPortalDocuments(CollectionPortalMixin, http.Controller):
    """The papers: invoices, and the letters and statements that were sent."""

    @http.route(
        "/my/collection/<int:case_id>/documents",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def collection_documents(self, case_id, **_query):
        """List invoices and what was sent."""
        visit = self._enter(case_id)
        documents = request.env["collection.portal.document"]
        return self._page(
            visit,
            "portal_documents",
            invoices=documents._get_invoices(visit.case),
            sent=documents._get_sent(visit.case),
        )

    @http.route(
        "/my/collection/<int:case_id>/invoice/<int:move_id>.pdf",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        multilang=False,
        sitemap=False,
    )
    def collection_invoice(self, case_id, move_id, **_query):
        """Download an invoice.

        :param int move_id: id of the account.move
        """
        visit = self._enter(case_id)
        return self._send(
            visit, request.env["collection.portal.document"]._read_invoice(visit.case, move_id)
        )

    @http.route(
        "/my/collection/<int:case_id>/sent/<int:file_id>.pdf",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        multilang=False,
        sitemap=False,
    )
    def collection_sent(self, case_id, file_id, **_query):
        """Download a letter or statement as it was sent.

        :param int file_id: id of the ir.attachment
        """
        visit = self._enter(case_id)
        return self._send(
            visit, request.env["collection.portal.document"]._read_sent(visit.case, file_id)
        )

    def _send(self, visit, document):
        """Return a PDF; None is an id that is not the debtor's."""
        if not document:
            self._check_limit()
            self._note_refusal("foreign", request.httprequest.path, visit.access, visit.case)
            return self._refuse("foreign", 403, visit)
        name, content = document
        return request.make_response(
            content,
            headers=[
                ("Content-Type", "application/pdf"),
                ("Content-Length", len(content)),
                ("Content-Disposition", content_disposition(name)),
                *HEADERS,
            ],
        )
