import hashlib
import logging

from werkzeug.exceptions import Conflict

from odoo import fields, http
from odoo.exceptions import UserError
from odoo.http import request

from ..rules.portal_tokens import FILE_PATH
from .portal_routes import FILE_BASE, file_route, form_route, link_route, page_route
from .portal_visit import LARGEST_ID, CollectionPortalMixin

_logger = logging.getLogger(__name__)

ZIP = "application/zip"
LONGEST_NOTE = 2000
OK = 200


class CollectionHandedFile(CollectionPortalMixin, http.Controller):
    """The page of a lawyer, commissaire de justice, agency or insurer: one file, and the answer.

    It shows what its link was given for and nothing else; visits and refusals stand in the log of
    the debtors' pages, and are limited together with them.
    """

    _session_key = "collection_handed"
    _link_model = "collection.handover.link"
    _link_path = FILE_PATH

    # === PAGES === #

    @link_route(FILE_PATH)
    def collection_open_file(self, token, **_query):
        """Open the page of a link; from then on its token stands in no address any more.

        :param str token: what the message carries
        """
        link = self._use_link(token)
        self._note("opened", *self._name_link(link))
        link._note_use("opened_at")
        self._remember(link.id, link)
        return self._go_to(link)

    @page_route("", FILE_BASE)
    def collection_show_file(self, link_id, **_query):
        """Show what the file is about, its sum, and the form of the answer."""
        return self._show(self._enter_file(link_id))

    @file_route("/file.zip", FILE_BASE)
    def collection_download_file(self, link_id, **_query):
        """Send the one file."""
        link_sudo = self._enter_file(link_id)
        file_sudo = link_sudo.handover_id.file_id
        if not file_sudo.raw:
            return self._refuse_link("foreign", link_sudo)
        if not self._is_as_written(link_sudo.handover_id):
            self._note_refusal("foreign", *self._name_link(link_sudo))
            return self._refuse("changed", Conflict.code)
        detail, *whose = self._name_link(link_sudo)
        self._note("opened", f"{detail}: download", *whose)
        link_sudo._note_use("downloaded_at")
        return self._download(file_sudo.name, file_sudo.raw, ZIP)

    @form_route("/answer", base=FILE_BASE)
    def collection_answer_file(self, link_id, answer="", note="", **_form):
        """Note whether the partner takes it on.

        :param str answer: accept or decline
        :param str note: what he says
        """
        link_sudo = self._enter_file(link_id)
        if request.env.user._is_internal():
            return self._refuse("colleague", 403)
        if request.env["collection.portal.attempt"]._is_overdone(link_sudo.case_id):
            self._note_refusal("limited", *self._name_link(link_sudo))
            return self._refuse("limited", 429)
        self._wait_for_others(link_sudo.case_id)
        self._note("acted", *self._name_link(link_sudo))
        note = (note or "").replace("\0", "").strip()[:LONGEST_NOTE]
        if answer not in ("accept", "decline") or (answer == "decline" and not note):
            return self._show(link_sudo, error="reason" if answer == "decline" else "answer")
        zone = link_sudo.company_id._get_zone()
        try:
            with request.env.cr.savepoint():
                link_sudo.handover_id.with_context(tz=zone)._answer(answer, note)
        except UserError:
            return self._show(link_sudo, error="state")
        if answer == "decline":
            # The link was revoked with the answer: the page cannot be shown again.
            return self._get_refusal("declined", OK)
        return self._go_to(link_sudo)

    # === FOR THE HOUSE === #

    @http.route(
        "/recouvrement_creances/handover/<int:handover_id>/file.zip",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def collection_own_file(self, handover_id):
        """Send the file of a handover to a colleague who may see it."""
        known_id = handover_id if handover_id <= LARGEST_ID else 0
        handover = request.env["collection.handover"].browse(known_id).exists()
        if not handover:
            raise request.not_found()
        return self._send_own(handover)

    def _send_own(self, handover):
        handover.check_access("read")
        # In sudo mode to read the file of a handover that the user may see.
        file_sudo = handover.sudo().file_id
        if not file_sudo:
            raise request.not_found()
        if not self._is_as_written(handover.sudo()):
            raise Conflict(
                request.env._("The file is not the one that was written: write it again.")
            )
        return self._download(file_sudo.name, file_sudo.raw, ZIP)

    # === HELPERS === #

    def _is_as_written(self, handover):
        """Tell whether the file is the one whose SHA-256 the handover keeps; in sudo mode."""
        if hashlib.sha256(handover.file_id.raw or b"").hexdigest() == handover.file_hash:
            return True
        # Nothing but the database or the file store can do that: its administrator has to know.
        _logger.error("The file of handover %s is not the one that was written.", handover.id)
        return False

    def _name_link(self, link):
        """OVERRIDE CollectionPortalMixin: the log knows links to files by their detail."""
        return f"file link {link.id}" if link else self._get_path(), None, link.case_id

    def _enter_file(self, link_id):
        """Return the link that this browser has opened, in sudo mode, or answer that it has not."""
        self._check_limit()
        link_sudo = self._recall(link_id)
        state = link_sudo._get_state(fields.Datetime.now()) if link_sudo else "foreign"
        if state == "valid":
            return link_sudo
        # In sudo mode to name in the log what somebody else's browser asked for.
        known_sudo = request.env[self._link_model].sudo()
        known_id = link_id if link_id <= LARGEST_ID else 0
        return self._refuse_link(state, known_sudo.browse(known_id).exists())

    def _refuse_link(self, state, link):
        self._note_refusal(state, *self._name_link(link))
        return self._refuse(self._name_refusal(state, link), 403)

    def _name_refusal(self, state, link):
        """OVERRIDE CollectionPortalMixin: who has declined did so himself, nobody withdrew it."""
        return "declined_before" if state == "revoked" and link.sudo().declined_at else state

    def _get_refusal(self, reason, status, visit=None):
        """OVERRIDE CollectionPortalAnswers: a file, not a debtor's account, is not shown."""
        values = {"reason": reason, "company": request.env.company.sudo()}
        return self._render("handed_file_refused", values, status)

    def _go_to(self, link):
        return self._go_in(link.sudo().partner_id.lang, f"/collection/handed/{link.id}")

    def _show(self, link, error=""):
        handover = link.handover_id
        return self._render(
            "handed_file",
            {
                "link": link,
                "handover": handover,
                "case": handover.case_id,
                "company": handover.company_id,
                "contact": self._get_contact(handover.case_id),
                "zone": handover.company_id._get_zone(),
                "error": error,
            },
        )
