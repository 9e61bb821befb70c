from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request

from .portal_visit import LARGEST_ID

BASE = "/recouvrement_creances/handover/<int:handover_id>/decision"
LONGEST_NOTE = 2000


class CollectionHandoverDecision(http.Controller):
    """The page behind the links of the message to who decides: all of it on one small screen.

    A link decides nothing, so that no program that opens the links of messages can: it chooses an
    answer on the page, and the form needs the session and the reason.
    """

    @http.route(BASE, type="http", auth="user", methods=["GET"], sitemap=False)
    def collection_show_decision(self, handover_id, decision="", **_query):
        """Show a request and the form of the decision.

        :param str decision: the answer that the link proposes
        """
        return self._show(self._find(handover_id), decision)

    @http.route(f"{BASE}/send", type="http", auth="user", methods=["POST"], sitemap=False)
    def collection_send_decision(self, handover_id, decision="", note="", **_form):
        """Decide as the dialog does, and say what came of it.

        :param str decision: approve, refuse or ask
        :param str note: why
        """
        handover = self._find(handover_id)
        if decision not in handover._get_verdicts():
            return self._show(handover, error=request.env._("Please choose an answer."))
        note = (note or "").replace("\0", "").strip()[:LONGEST_NOTE]
        asked = handover.round
        try:
            with request.env.cr.savepoint():
                handover._decide(decision, note)
        except (AccessError, UserError) as error:
            return self._show(handover, decision, note, error=str(error))
        if handover.round != asked:
            words = request.env._("The amount has changed: look at it again, then decide.")
            return self._show(handover, decision, note, error=words)
        return self._show(handover, done=True)

    def _find(self, handover_id):
        known_id = handover_id if handover_id <= LARGEST_ID else 0
        handover = request.env["collection.handover"].browse(known_id).exists()
        if not handover:
            raise request.not_found()
        handover.check_access("read")
        return handover

    def _show(self, handover, decision="", note="", **values):
        obstacle = ""
        if handover.state == "requested" and not handover.can_decide:
            obstacle = handover._find_obstacle()
        return request.render(
            "recouvrement_creances.handover_decision",
            {
                "handover": handover,
                "company": handover.company_id,
                # A colleague reads it in his own language, whatever the browser chose elsewhere.
                "frontend_languages": (),
                "verdicts": handover._get_offered_verdicts(),
                "decision": decision,
                "note": note,
                "obstacle": obstacle,
                "done": False,
                "error": "",
                **values,
            },
            headers={"Cache-Control": "no-store", "Referrer-Policy": "same-origin"},
        )
