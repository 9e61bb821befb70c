import os

from werkzeug.wsgi import wrap_file

from odoo import http
from odoo.http import Response, content_disposition, request


class CollectionCustodyController(http.Controller):
    """Downloads of what is kept, written to disk and sent from there piece by piece."""

    @http.route(
        "/recouvrement_creances/case/<int:case_id>/evidence.zip",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def export_evidence(self, case_id):
        """Send the evidence of a case as a ZIP file; rights as for the button on the case.

        :param int case_id: id of the collection.case
        """
        case = request.env["collection.case"].browse(case_id).exists()
        if not case:
            raise request.not_found()
        return self._send(*request.env["collection.evidence.export"]._export(case))

    @http.route(
        "/recouvrement_creances/person/<int:partner_id>/access.zip",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def export_person(self, partner_id):
        """Send what is held about a person as a ZIP file; rights as for the button.

        :param int partner_id: id of the res.partner
        """
        partner = request.env["res.partner"].browse(partner_id).exists()
        if not partner:
            raise request.not_found()
        return self._send(*request.env["collection.person.export"]._export(partner))

    def _send(self, file, name):
        size = os.fstat(file.fileno()).st_size
        return Response(
            wrap_file(request.httprequest.environ, file),
            headers=[
                ("Content-Type", "application/zip"),
                ("Content-Length", size),
                ("Content-Disposition", content_disposition(name)),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ],
            direct_passthrough=True,
        )
