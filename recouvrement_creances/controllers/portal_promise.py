from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from .portal_routes import form_route, page_route
from .portal_visit import CollectionPortalMixin


class CollectionPortalPromise(CollectionPortalMixin, http.Controller):
    """Tell a date of payment."""

    @page_route("/promise")
    def collection_promise(self, case_id, **_query):
        """Show the form and what was promised so far."""
        return self._show_promise(self._enter(case_id))

    @form_route("/promise")
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
            self._check_payable(visit, items)
            total = sum(items.mapped("amount_residual_currency"))
            if len(items.currency_id) > 1:
                raise UserError(request.env._("Tick documents in one currency at a time."))
            day = self._read_date(visit, date)
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
        self._note("handed_in", f"promise {promise.id}", visit.access, visit.case)
        return self._go(visit, "/promise", "promise")

    def _show_promise(self, visit, **values):
        promises = self._get_model(visit, "collection.promise")
        found = promises.search([("case_id", "=", visit.case.id)], limit=10)
        return self._form_page(
            visit, "portal_promise", "/promise", is_payable=True, promises=found, **values
        )
