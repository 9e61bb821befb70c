from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from werkzeug.exceptions import Forbidden, abort

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.http import request
from odoo.models import BaseModel

from .portal_forms import CollectionPortalForms

# {case id: [link id, moment]} of the links that were opened in this browser.
SESSION_KEY = "collection_portal"
# A shared computer is left alone after so long: the link is to be opened again.
SESSION_HOURS = 12
# The whole body of a form with its files; Odoo takes 128 MB.
LARGEST_FORM = 30 * 1024 * 1024
HEADERS = (
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Robots-Tag", "noindex, nofollow"),
    ("X-Frame-Options", "DENY"),
    ("X-Content-Type-Options", "nosniff"),
)


@dataclass(frozen=True)
class PortalVisit:
    """Who looks at whose page.

    :ivar case: the collection.case, in sudo mode: the right to it was checked
    :ivar access: the link that was used, or an empty record
    :ivar str kind: ``link``, ``login`` (a portal user of the debtor) or ``colleague`` (an internal
        user who may read the case: he sees the page and hands nothing in)
    """

    case: BaseModel
    access: BaseModel
    kind: str

    @property
    def may_act(self):
        """Only the debtor answers for himself."""
        return self.kind != "colleague"

    @property
    def given_by(self):
        """Return who acts, in words that stay true when users and links are gone."""
        if self.kind == "login":
            return f"login {request.env.user.login}"
        return f"link {self.access.id}"


# {model: part of the page that needs it}: what is not installed is not shown.
FEATURES = {
    "collection.promise": "promise",
    "collection.schedule": "schedule",
    "collection.dispute": "dispute",
    "collection.help.body": "help",
}


class CollectionPortalMixin(CollectionPortalForms):
    """What all controllers of the debtor's page share: who may see it, the log, the answers."""

    # === WHO === #

    def _get_visitor(self):
        """Return where a request comes from, as the log keeps it."""
        return {
            "ip": request.httprequest.remote_addr or "",
            "user_agent": request.httprequest.user_agent.string[:200],
            "user_id": False if request.env.user._is_public() else request.env.uid,
        }

    def _note(self, event, detail="", access=None, case=None):
        request.env["collection.portal.attempt"]._note(
            event, self._get_visitor(), detail, access, case
        )

    def _note_refusal(self, event, detail="", access=None, case=None):
        """Log why a request is refused, after giving up all that it did.

        The log has a transaction of its own, which must not wait for what this one holds.
        """
        attempts, visitor = request.env["collection.portal.attempt"], self._get_visitor()
        request.env.cr.rollback()
        attempts._note(event, visitor, detail, access, case)

    def _check_limit(self):
        """Answer nothing more to an address that was refused too often."""
        attempts = request.env["collection.portal.attempt"]
        ip = self._get_visitor()["ip"]
        if attempts._is_limited(ip):
            if not attempts._was_limited(ip):
                self._note_refusal("limited", request.httprequest.path)
            self._refuse("limited", 429)

    def _enter(self, case_id):
        """Return the visit of a case, or answer that it is not the visitor's."""
        # In sudo mode to look the case up before the right to it is checked right below.
        case_sudo = request.env["collection.case"].sudo().browse(case_id).exists()
        visit = case_sudo and (
            self._enter_by_link(case_sudo)
            or self._enter_by_login(case_sudo)
            or self._enter_as_colleague(case_sudo)
        )
        if visit:
            return visit
        self._check_limit()
        self._note_refusal("foreign", request.httprequest.path, case=case_sudo)
        return self._refuse("foreign", 403)

    def _enter_by_link(self, case):
        access_id, moment = request.session.get(SESSION_KEY, {}).get(str(case.id), (None, None))
        if not access_id:
            return None
        now = fields.Datetime.now()
        if fields.Datetime.from_string(moment) < now - timedelta(hours=SESSION_HOURS):
            return None
        access = request.env["collection.portal.access"].sudo().browse(access_id).exists()
        is_own = access and access._get_state(now) == "valid" and access._get_case() == case
        # Whoever works for the creditor never answers for the debtor, whatever link he has.
        kind = "colleague" if request.env.user._is_internal() else "link"
        return PortalVisit(case, access, kind) if is_own else None

    def _enter_by_login(self, case):
        user = request.env.user
        is_own = (
            user._is_portal()
            and user.partner_id.commercial_partner_id == case.partner_id
            and case.company_id in user.company_ids
        )
        return PortalVisit(case, self._no_access(), "login") if is_own else None

    def _enter_as_colleague(self, case):
        user = request.env.user
        own = case.with_env(request.env(context={"allowed_company_ids": user.company_ids.ids}))
        may_read = user._is_internal() and own.has_access("read")
        return PortalVisit(case, self._no_access(), "colleague") if may_read else None

    def _no_access(self):
        return request.env["collection.portal.access"]

    def _enter_to_act(self, case_id, what):
        """Return the visit of a case for a form that was sent; it is logged before it is read.

        :param str what: the form, for the log
        """
        visit = self._enter(case_id)
        if not visit.may_act:
            self._refuse("colleague", 403, visit)
        if request.env["collection.portal.attempt"]._is_overdone(visit.case):
            self._note_refusal("limited", what, visit.access, visit.case)
            self._refuse("limited", 429, visit)
        self._note("acted", what, visit.access, visit.case)
        return visit

    def _get_model(self, visit, name):
        """Return a model in sudo mode, with the company's day: callers have checked the visit."""
        zone = visit.case.company_id._get_zone()
        return request.env[name].sudo().with_context(tz=zone)

    def _not_own(self):
        """Return the error of an id that is not the debtor's."""
        return AccessError(request.env._("This is not open on your account."))

    @contextmanager
    def _checked(self, visit, what, errors):
        """Do what a form asks for in one piece; what is wrong with it goes to ``errors``.

        An id that is not the debtor's is no mistake of typing: it is logged and refused.
        """
        try:
            with request.env.cr.savepoint():
                yield
        except AccessError:
            self._note_refusal("foreign", what, visit.access, visit.case)
            self._refuse("foreign", 403, visit)
        except (UserError, ValidationError) as error:
            self._note("invalid", what, visit.access, visit.case)
            errors.append(error.args[0])

    # === ANSWERS === #

    def _page(self, visit, template, **values):
        """Return a page of the debtor's, in the company's name."""
        response = request.render(
            f"recouvrement_creances.{template}",
            {
                "visit": visit,
                "case": visit.case,
                "company": visit.case.company_id,
                "debtor": visit.case.partner_id,
                "contact": self._get_contact(visit.case),
                "base": f"/my/collection/{visit.case.id}",
                "languages": self._get_languages(),
                "features": {part for model, part in FEATURES.items() if model in request.env},
                "page_name": "collection",
                "errors": [],
                "today": visit.case.company_id._collection_today(),
                **values,
            },
        )
        response.headers.extend(HEADERS)
        return response

    def _get_contact(self, case):
        correspondence = request.env["collection.correspondence"].sudo()
        return correspondence._get_contact(case, case.company_id)

    def _get_languages(self):
        """Return [(code, name, address of this page, is present)] of the languages to choose."""
        http = request.env["ir.http"]
        languages = request.env["res.lang"]._get_frontend()
        # After a form was sent, its own page is shown again in the other language.
        path = request.httprequest.path
        return [
            (
                code.replace("_", "-"),
                language.name.split("/")[-1].strip(),
                http._url_localized(path, lang_code=code, force_default_lang=True),
                code == request.env.lang,
            )
            for code, language in languages.items()
        ]

    def _go(self, visit, path="", done=""):
        """Return to a page of the debtor's after a form, so that a reload sends nothing again."""
        query = f"?done={done}" if done else ""
        return request.redirect(f"/my/collection/{visit.case.id}{path}{query}", code=303)

    def _refuse(self, reason, status, visit=None):
        """End the request: nothing is shown, and nothing says whether anything is there."""
        if request.dispatcher.routing_type != "http":
            raise Forbidden()
        response = self._get_refusal(reason, status, visit)
        # The page is made now: what an error leaves behind is rolled back.
        response.flatten()
        abort(response)

    def _get_refusal(self, reason, status, visit=None):
        response = request.render(
            "recouvrement_creances.portal_refused",
            {
                "reason": reason,
                "company": visit.case.company_id if visit else request.env.company.sudo(),
                "base": f"/my/collection/{visit.case.id}" if visit else "",
                "languages": [],
            },
        )
        response.status_code = status
        response.headers.extend(HEADERS)
        return response
