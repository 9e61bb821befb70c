from odoo import fields, http
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal

from .portal_answers import HEADERS
from .portal_routes import LINK, form_route
from .portal_visit import SESSION_KEY, CollectionPortalMixin


class CollectionPortalEntry(CollectionPortalMixin, CustomerPortal):
    """The ways in: the link of a message, the portal's home page; and the way out."""

    @http.route(
        f"{LINK}<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        multilang=False,
        sitemap=False,
    )
    def collection_open_link(self, token, **_query):
        """Open the page of a link; from then on its token stands in no address any more.

        :param str token: what the message carries
        """
        self._check_limit()
        access = request.env["collection.portal.access"]._find(token)
        now = fields.Datetime.now()
        state = access._get_state(now) if access else "unknown"
        if state != "valid":
            self._note_refusal(state, self._get_path(), access, access.case_id)
            return self._refuse(state, 403)
        if request.env["collection.portal.attempt"]._is_overopened(access):
            self._note_refusal("limited", self._get_path(), access, access.case_id)
            return self._refuse("limited", 429)
        case = access._get_case()
        self._note("opened", "", access, case)
        self._remember(access, case, now)
        return self._welcome(access, case)

    def _remember(self, access, case, now):
        """Let this browser see the case, under a new session: nobody prepared it for the debtor."""
        request.session[SESSION_KEY] = {
            **request.session.get(SESSION_KEY, {}),
            str(case.id): [access.id, fields.Datetime.to_string(now)],
        }
        if request.env.user._is_public():
            request.session.should_rotate = True

    def _welcome(self, access, case):
        """Go to the page in the language of the debtor, when it is installed."""
        languages = request.env["res.lang"]._get_frontend()
        lang = access.partner_id.lang or case.partner_id.lang
        lang = lang if lang in languages else request.env.lang
        path = request.env["ir.http"]._url_lang(f"/my/collection/{case.id}", lang_code=lang)
        response = request.redirect(path, code=303)
        response.set_cookie("frontend_lang", lang)
        response.headers.extend(HEADERS)
        return response

    @form_route("/close")
    def collection_close(self, case_id, **_form):
        """Forget the link in this browser."""
        opened = request.session.get(SESSION_KEY, {})
        request.session[SESSION_KEY] = {
            key: value for key, value in opened.items() if key != str(case_id)
        }
        return self._get_refusal("closed", 200)

    # === PORTAL USERS === #

    @http.route(
        "/my/collection", type="http", auth="user", methods=["GET"], website=True, sitemap=False
    )
    def collection_my_cases(self, **_query):
        """Show the accounts of the user's company: one for each company that it owes to."""
        cases = self._get_own_cases()
        if len(cases) == 1:
            return request.redirect(f"/my/collection/{cases.id}")
        response = request.render(
            "recouvrement_creances.portal_cases", {"cases": cases, "page_name": "collection"}
        )
        response.headers.extend(HEADERS)
        return response

    def _get_own_cases(self):
        user = request.env.user
        # In sudo mode to find the cases of the user's own commercial entity.
        return (
            request.env["collection.case"]
            .sudo()
            .search(
                [
                    ("partner_id", "=", user.partner_id.commercial_partner_id.id),
                    ("company_id", "in", user.company_ids.ids),
                    ("is_open", "=", True),
                ]
            )
        )

    def _prepare_home_portal_values(self, counters):
        """EXTENDS portal: count the user's open accounts."""
        values = super()._prepare_home_portal_values(counters)
        if "collection_count" in counters:
            values["collection_count"] = len(self._get_own_cases())
        return values
