from odoo import http
from odoo.http import request
from odoo.tools import email_split

from .portal_routes import form_route, page_route
from .portal_visit import CollectionPortalMixin

TYPED = ("street", "street2", "zip", "city", "country_id", "email", "phone")


class CollectionPortalContact(CollectionPortalMixin, http.Controller):
    """The debtor's address, e-mail, phone and language."""

    @page_route("/contact")
    def collection_contact(self, case_id, **_query):
        """Show what is known, to be corrected."""
        return self._show_contact(self._enter(case_id))

    @form_route("/contact")
    def collection_change_contact(self, case_id, lang="", **form):
        """Keep what was typed for a collector to accept; the language counts at once.

        :param str lang: code of the language of messages
        """
        visit = self._enter_to_act(case_id, "contact")
        typed = {name: str(form.get(name) or "") for name in TYPED}
        country = typed["country_id"]
        is_number = country.isascii() and country.isdigit() and len(country) < 10
        errors = []
        with self._checked(visit, "contact", errors):
            changes = request.env["collection.contact.change"]
            change = changes._propose(
                visit.case,
                {**typed, "country_id": int(country) if is_number else 0},
                self._get_visitor(),
                visit.given_by,
            )
            has_new_language = changes._choose_language(visit.case, lang)
        if errors:
            return self._show_contact(visit, errors=errors, typed=typed)
        if change:
            self._note("handed_in", f"contact {change.id}", visit.access, visit.case)
        done = "contact" if change else "language" if has_new_language else "nothing"
        return self._go(visit, "/contact", done)

    def _show_contact(self, visit, **values):
        partner = visit.case.partner_id
        known = {name: partner[name] or "" for name in TYPED}
        # As browsers take several addresses; no names with them.
        known["email"] = ", ".join(email_split(known["email"])) or known["email"]
        waiting = request.env["collection.contact.change"].sudo()
        return self._page(
            visit,
            "portal_contact",
            "/contact",
            **{
                "typed": {**known, "country_id": str(partner.country_id.id or "")},
                "countries": request.env["res.country"].sudo().search([]),
                "all_languages": request.env["res.lang"]._get_frontend().values(),
                "waiting": waiting.search(
                    [("case_id", "=", visit.case.id), ("state", "=", "proposed")]
                ),
                "done": request.params.get("done"),
                **values,
            },
        )
