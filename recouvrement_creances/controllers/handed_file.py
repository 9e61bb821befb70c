import hashlib
import logging

from werkzeug.exceptions import Conflict, abort

from odoo import fields, http
from odoo.exceptions import UserError
from odoo.http import content_disposition, request

from .portal_answers import HEADERS
from .portal_visit import CollectionPortalMixin

_logger = logging.getLogger(__name__)

LINK = "/collection/file/"
PAGE = "/collection/handed/<int:link_id>"
# {link id: moment} of the links that were opened in this browser.
SESSION_KEY = "collection_handed"
SESSION_HOURS = 12
SHOWN_OF_LINK = len(LINK) + 4
LARGEST_ID = 2**31 - 1
LARGEST_TEXT = 2 * 1024 * 1024
LONGEST_NOTE = 2000
OK = 200
COMMON = {"auth": "public", "website": True, "sitemap": False}


class CollectionHandedFile(CollectionPortalMixin, http.Controller):
    """The page of a lawyer, commissaire de justice, agency or insurer: one file, and the answer.

    It shows what its link was given for and nothing else; visits and refusals stand in the log of
    the debtors' pages, and are limited together with them.
    """

    # === PAGES === #

    @http.route(f"{LINK}<string:token>", type="http", methods=["GET"], multilang=False, **COMMON)
    def collection_open_file(self, token, **_query):
        """Open the page of a link; from then on its token stands in no address any more.

        :param str token: what the message carries
        """
        self._check_limit()
        link = request.env["collection.handover.link"]._find(token)
        state = link._get_state(fields.Datetime.now()) if link else "unknown"
        if state != "valid":
            self._note_refusal(state, self._name_link(link), case=link.case_id)
            return self._refuse_file(state, 403)
        attempts = request.env["collection.portal.attempt"]
        if attempts._is_detail_overopened(link.case_id, self._name_link(link)):
            self._note_refusal("limited", self._name_link(link), case=link.case_id)
            return self._refuse_file("limited", 429)
        self._note("opened", self._name_link(link), case=link.case_id)
        link.sudo()._note_use("opened_at")
        request.session[SESSION_KEY] = {
            **request.session.get(SESSION_KEY, {}),
            str(link.id): fields.Datetime.to_string(fields.Datetime.now()),
        }
        if request.env.user._is_public():
            request.session.should_rotate = True
        return self._go_to(link)

    @http.route(PAGE, type="http", methods=["GET"], **COMMON)
    def collection_show_file(self, link_id, **_query):
        """Show what the file is about, its sum, and the form of the answer."""
        return self._show(self._enter_file(link_id))

    @http.route(f"{PAGE}/file.zip", type="http", methods=["GET"], multilang=False, **COMMON)
    def collection_download_file(self, link_id, **_query):
        """Send the one file."""
        link_sudo = self._enter_file(link_id)
        content = link_sudo.handover_id.file_id.raw
        if not content:
            self._note_refusal("foreign", self._name_link(link_sudo), case=link_sudo.case_id)
            return self._refuse_file("foreign", 403)
        if not self._is_as_written(link_sudo.handover_id):
            self._note_refusal("foreign", self._name_link(link_sudo), case=link_sudo.case_id)
            return self._refuse_file("changed", Conflict.code)
        self._note("opened", f"{self._name_link(link_sudo)}: download", case=link_sudo.case_id)
        link_sudo._note_use("downloaded_at")
        return request.make_response(
            content,
            headers=[
                ("Content-Type", "application/zip"),
                ("Content-Length", len(content)),
                ("Content-Disposition", content_disposition(link_sudo.handover_id.file_id.name)),
                *HEADERS,
            ],
        )

    @http.route(
        f"{PAGE}/answer", type="http", methods=["POST"], max_content_length=LARGEST_TEXT, **COMMON
    )
    def collection_answer_file(self, link_id, answer="", note="", **_form):
        """Note whether the partner takes it on.

        :param str answer: accept or decline
        :param str note: what he says
        """
        link_sudo = self._enter_file(link_id)
        if request.env.user._is_internal():
            return self._refuse_file("colleague", 403)
        if request.env["collection.portal.attempt"]._is_overdone(link_sudo.case_id):
            self._note_refusal("limited", self._name_link(link_sudo), case=link_sudo.case_id)
            return self._refuse_file("limited", 429)
        self._wait_for_others(link_sudo.case_id)
        self._note("acted", self._name_link(link_sudo), case=link_sudo.case_id)
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
            return self._refuse_file("declined", OK)
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
        return request.make_response(
            file_sudo.raw,
            headers=[
                ("Content-Type", "application/zip"),
                ("Content-Length", file_sudo.file_size),
                ("Content-Disposition", content_disposition(file_sudo.name)),
                *HEADERS,
            ],
        )

    # === HELPERS === #

    def _is_as_written(self, handover):
        """Tell whether the file is the one whose SHA-256 the handover keeps; in sudo mode."""
        if hashlib.sha256(handover.file_id.raw or b"").hexdigest() == handover.file_hash:
            return True
        # Nothing but the database or the file store can do that: its administrator has to know.
        _logger.error("The file of handover %s is not the one that was written.", handover.id)
        return False

    def _name_link(self, link):
        """Return what the log says of a link: no token stands there."""
        return f"file link {link.id}" if link else request.httprequest.path[:SHOWN_OF_LINK]

    def _enter_file(self, link_id):
        """Return the link that this browser has opened, in sudo mode, or answer that it has not."""
        self._check_limit()
        known_id = link_id if link_id <= LARGEST_ID else 0
        # In sudo mode to look the link up before the right to it is checked right below.
        link_sudo = request.env["collection.handover.link"].sudo().browse(known_id).exists()
        moment = request.session.get(SESSION_KEY, {}).get(str(link_id))
        now = fields.Datetime.now()
        oldest = fields.Datetime.subtract(now, hours=SESSION_HOURS)
        was_opened = moment and fields.Datetime.from_string(moment) >= oldest
        state = link_sudo._get_state(now) if link_sudo and was_opened else "foreign"
        if state != "valid":
            self._note_refusal(state, self._name_link(link_sudo), case=link_sudo.case_id)
            return self._refuse_file(state, 403)
        return link_sudo

    def _refuse_file(self, reason, status):
        """End the request; nothing says whether anything is there."""
        response = request.render(
            "recouvrement_creances.handed_file_refused",
            {"reason": reason, "company": request.env.company.sudo()},
        )
        response.status_code = status
        response.headers.extend(HEADERS)
        # The page is made now: what an error leaves behind is rolled back.
        response.flatten()
        return response if status == OK else abort(response)

    def _go_to(self, link):
        """Go to the page, in the language of the partner when it is installed."""
        languages = request.env["res.lang"]._get_frontend()
        lang = link.sudo().partner_id.lang
        lang = lang if lang in languages else request.env.lang
        path = request.env["ir.http"]._url_lang(f"/collection/handed/{link.id}", lang_code=lang)
        response = request.redirect(path, code=303)
        response.set_cookie("frontend_lang", lang)
        response.headers.extend(HEADERS)
        return response

    def _show(self, link, error=""):
        handover = link.handover_id
        response = request.render(
            "recouvrement_creances.handed_file",
            {
                "link": link,
                "handover": handover,
                "case": handover.case_id,
                "company": handover.company_id,
                "contact": self._get_contact(handover.case_id),
                "error": error,
            },
        )
        response.headers.extend(HEADERS)
        return response
