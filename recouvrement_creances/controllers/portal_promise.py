from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from .portal_visit import LARGEST_FORM, CollectionPortalMixin


class CollectionPortalPromise(CollectionPortalMixin, http.Controller):
    """Tell a date of payment."""

    @http.route(
        "/my/collection/<int:case_id>/promise",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def collection_promise(self, case_id, **_query):
        """Show the form and what was promised so far."""
        return self._show_promise(self._enter(case_id))

    @http.route(
        "/my/collection/<int:case_id>/promise",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
        max_content_length=LARGEST_FORM,
    )
    def collection_make_promise(self, case_id, date="", amount="", note="", remind="", **form):
        """Note the promise.

        :param str date: the day of payment
        :param str amount: a part of what is ticked, or empty for all
        :param str note: how it will be paid, in the debtor's words
        :param str remind: ticked when the debtor wants a reminder before the day
        """
        visit = self._enter_to_act(case_id, "promise")
        errors = []
        with self._checked(visit, "promise", errors):
            items = self._read_items(visit)
            total = sum(items.mapped("amount_residual_currency"))
            if len(items.currency_id) > 1:
                raise UserError(request.env._("Tick documents in one currency at a time."))
            day = self._read_date(date)
            if day < visit.case.company_id._collection_today():
                raise UserError(request.env._("The day of payment is today at the earliest."))
            promise = self._get_model(visit, "collection.promise")._make(
                visit.case,
                items,
                self._read_amount(amount, total) or total,
                day,
                visit.case.partner_id,
                "portal",
                note=self._read_text(note),
                remind=bool(remind),
            )
        if errors:
            return self._show_promise(
                visit, errors=errors, typed={"date": date, "amount": amount, "note": note}
            )
        self._note("handed_in", promise.display_name, visit.access, visit.case)
        return self._go(visit, "/promise", "promise")

    def _show_promise(self, visit, **values):
        today = visit.case.company_id._collection_today()
        promises = self._get_model(visit, "collection.promise")
        return self._page(
            visit,
            "portal_promise",
            **{
                "account": request.env["collection.portal.page"]._get_account(visit.case, today),
                "promises": promises.search([("case_id", "=", visit.case.id)], limit=10),
                "ticked": set(self._read_ids("item")),
                "typed": {},
                "done": request.params.get("done"),
                **values,
            },
        )
