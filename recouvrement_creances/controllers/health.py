from odoo import http
from odoo.http import request
from odoo.tools import consteq


class CollectionHealthController(http.Controller):
    """The state of the daily run, for a monitoring program; no debtor is named."""

    @http.route(
        "/recouvrement_creances/health",
        type="http",
        auth="public",
        methods=["GET"],
        save_session=False,
        readonly=True,
    )
    def health(self, token=None):
        """Answer 200 when all is well, 503 with what is wrong, 403 without the token.

        :param str token: the token of the settings; better sent as "Authorization: Bearer ..."
        """
        scheme, _space, bearer = request.httprequest.headers.get("Authorization", "").partition(" ")
        given = bearer if scheme.lower() == "bearer" else token or ""
        # In sudo mode to read the state of scheduled actions and runs: the token is the right.
        health_sudo = request.env["collection.health"].sudo()
        expected = health_sudo._get_token()
        if not expected or not consteq(given.encode(), expected.encode()):
            return request.make_json_response({"error": "wrong or missing token"}, status=403)
        health = health_sudo._get_health()
        return request.make_json_response(health, status=503 if health["problems"] else 200)
