from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from werkzeug.exceptions import BadRequest

from odoo import fields
from odoo.exceptions import AccessError, ConcurrencyError, UserError, ValidationError
from odoo.http import request
from odoo.models import BaseModel
from odoo.tools import SQL

from ..rules.portal_tokens import DEBTOR_PATH
from .portal_answers import CollectionPortalAnswers
from .portal_forms import CollectionPortalForms

# A shared computer is left alone after so long: the link is to be opened again.
SESSION_HOURS = 12
# The end of a link's address is its secret: the log keeps what tells it from others.
SHOWN_OF_TOKEN = 4
# Keeps the locks of debtors apart from other locks of the database.
FORM_LOCK = 1_936_028_532
# The largest id that the database knows.
LARGEST_ID = 2**31 - 1


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


class CollectionPortalMixin(CollectionPortalForms, CollectionPortalAnswers):
    """What all pages share that a link opens: who may see them, and the log of it."""

    # In the session: {name of a page: [link id, moment]} of the links opened in this browser.
    _session_key = "collection_portal"
    # The links, and what stands in front of their tokens.
    _link_model = "collection.portal.access"
    _link_path = DEBTOR_PATH

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
                self._note_refusal("limited", self._get_path())
            self._refuse("limited", 429)

    def _get_path(self):
        """Return the address that was asked for as the log keeps it: no token stands there."""
        path, start = request.httprequest.path, self._link_path
        return path[: len(start) + SHOWN_OF_TOKEN] if path.startswith(start) else path

    # === LINKS === #

    def _use_link(self, token):
        """Return the link that a token opens, or answer why it opens nothing.

        :param str token: what the message carries
        """
        self._speak("")
        self._check_limit()
        link = request.env[self._link_model]._find(token)
        state = link._get_state(fields.Datetime.now()) if link else "unknown"
        if state != "valid":
            self._speak(link and link.sudo().partner_id.lang)
            self._note_refusal(state, *self._name_link(link))
            return self._refuse(self._name_refusal(state, link), 403)
        if request.env["collection.portal.attempt"]._is_overopened(*self._name_link(link)):
            self._note_refusal("limited", *self._name_link(link))
            return self._refuse("limited", 429)
        return link

    def _name_refusal(self, state, link):
        """Return what the page says of a link that opens nothing."""
        return state

    def _name_link(self, link):
        """Return what the log says of a link: detail, link of a debtor's page, case."""
        return self._get_path(), link, link.case_id

    def _remember(self, name, link):
        """Let this browser see a page, under a new session: nobody prepared it for the visitor.

        :param name: what the page shows, a number
        """
        request.session[self._session_key] = {
            **request.session.get(self._session_key, {}),
            str(name): [link.id, fields.Datetime.to_string(fields.Datetime.now())],
        }
        if request.env.user._is_public():
            request.session.should_rotate = True

    def _recall(self, name):
        """Return the link, in sudo mode, by which this browser came to see a page not long ago."""
        opened = request.session.get(self._session_key, {})
        link_id, moment = opened.get(str(name), (0, None))
        oldest = fields.Datetime.now() - timedelta(hours=SESSION_HOURS)
        is_recent = moment and fields.Datetime.from_string(moment) >= oldest
        # In sudo mode to look the link up: having opened it is the right.
        links_sudo = request.env[self._link_model].sudo()
        return links_sudo.browse(link_id if is_recent else 0).exists()

    # === VISITS === #

    def _enter(self, case_id):
        """Return the visit of a case, or answer that it is not the visitor's."""
        # In sudo mode to look the case up before the right to it is checked right below.
        known_id = case_id if case_id <= LARGEST_ID else 0
        case_sudo = request.env["collection.case"].sudo().browse(known_id).exists()
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
        access = self._recall(case.id)
        now = fields.Datetime.now()
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
        self._wait_for_others(visit.case)
        self._note("acted", what, visit.access, visit.case)
        return visit

    def _wait_for_others(self, case):
        """Let one form of a debtor after the other: a second click finds what the first one did.

        A form that is not alone is taken up again by the server, which then reads anew.

        :raise ConcurrencyError: another form of the debtor is being read
        """
        query = SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", FORM_LOCK, case.id)
        if not request.env.execute_query(query)[0][0]:
            raise ConcurrencyError("another form of this debtor is being read")

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

    @contextmanager
    def _called(self, visit, what):
        """Do what a script of the page asks for; what is refused is logged as such."""
        try:
            yield
        except (AccessError, BadRequest):
            self._note_refusal("foreign", what, visit.access, visit.case)
            self._refuse("foreign", 403, visit)
        except (UserError, ValidationError):
            self._note_refusal("invalid", what, visit.access, visit.case)
            raise
