from odoo import http
from odoo.exceptions import AccessError
from odoo.http import request

from odoo.addons.payment.controllers.portal import PaymentPortal

from .portal_visit import LARGEST_FORM, CollectionPortalMixin


class CollectionPortalPayment(CollectionPortalMixin, PaymentPortal):
    """Pay all or a part online; the server works out amount, currency and partner."""

    @http.route(
        "/my/collection/<int:case_id>/pay",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def collection_pay(self, case_id, **_query):
        """Let the debtor tick what to pay."""
        return self._show_choice(self._enter(case_id))

    @http.route(
        "/my/collection/<int:case_id>/pay",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
        max_content_length=LARGEST_FORM,
    )
    def collection_pay_choice(self, case_id, amount="", **form):
        """Show the ways to pay for what was ticked.

        :param str amount: a part of it, as it was typed
        """
        visit = self._enter_to_act(case_id, "pay")
        errors = []
        choice = None
        with self._checked(visit, "pay", errors):
            self._check_may_pay(visit.case)
            choice = request.env["collection.portal.payment"]._choose(
                visit.case, self._read_ids("item"), self._read_ids("charge"), amount
            )
        if not choice:
            return self._show_choice(visit, errors=errors, typed_amount=amount)
        return self._page(visit, "portal_pay_form", **self._get_form_values(visit, choice))

    @http.route(
        "/my/collection/<int:case_id>/pay/transaction",
        type="jsonrpc",
        auth="public",
        website=True,
    )
    def collection_pay_transaction(self, case_id, access_token=None, **kwargs):
        """Make the transaction of a choice that this server signed; called by Odoo's payment form.

        :param str access_token: the signed choice
        :return: what the payment form needs to go on
        """
        visit = self._enter_to_act(case_id, "transaction")
        self._validate_transaction_kwargs(kwargs)
        payments = request.env["collection.portal.payment"]
        try:
            choice = payments._read(visit.case, access_token or "")
        except AccessError:
            self._note_refusal("foreign", "transaction", visit.access, visit.case)
            return self._refuse("foreign", 403, visit)
        self._check_may_pay(visit.case)
        self._check_way(visit, choice, kwargs)
        transaction_sudo = self._create_transaction(
            provider_id=kwargs["provider_id"],
            payment_method_id=kwargs["payment_method_id"],
            token_id=None,
            amount=choice["amount"],
            currency_id=choice["currency"].id,
            partner_id=visit.case.partner_id.id,
            flow=kwargs["flow"],
            tokenization_requested=False,
            landing_route=f"/my/collection/{visit.case.id}?done=payment",
            custom_create_values={
                "collection_case_id": visit.case.id,
                "collection_item_ids": choice["items"].ids,
                "collection_charge_ids": choice["charges"].ids,
            },
        )
        return transaction_sudo._get_processing_values()

    # === HELPERS === #

    def _check_may_pay(self, case):
        """Refuse payments of a debtor in insolvency proceedings (C. com. L622-7)."""
        today = case.company_id._collection_today()
        if request.env["collection.portal.page"]._is_insolvent(case, today):
            raise AccessError(request.env._("Nothing can be paid here at present: write to us."))

    def _check_way(self, visit, choice, kwargs):
        """Refuse a provider or a method that was not offered, and saved cards of anybody."""
        providers, methods, _report = request.env["collection.portal.payment"]._get_ways(
            visit.case, choice
        )
        is_offered = (
            kwargs.get("provider_id") in providers.ids
            and kwargs.get("payment_method_id") in methods.ids
            and kwargs.get("flow") in ("redirect", "direct")
        )
        if not is_offered:
            self._note_refusal("foreign", "payment provider", visit.access, visit.case)
            self._refuse("foreign", 403, visit)

    def _show_choice(self, visit, **values):
        page = request.env["collection.portal.page"]
        today = visit.case.company_id._collection_today()
        payments = request.env["collection.portal.payment"]
        return self._page(
            visit,
            "portal_pay",
            account=page._get_account(visit.case, today),
            charges_to_pay=payments._get_charges(visit.case),
            pending=payments._get_pending(visit.case),
            insolvent=page._is_insolvent(visit.case, today),
            ticked=set(self._read_ids("item")),
            **values,
        )

    def _get_form_values(self, visit, choice):
        """Return what Odoo's payment form needs."""
        payments = request.env["collection.portal.payment"]
        providers, methods, report = payments._get_ways(visit.case, choice)
        return {
            "choice": choice,
            "amount": choice["amount"],
            "currency": choice["currency"],
            "partner_id": visit.case.partner_id.id,
            "providers_sudo": providers,
            "payment_methods_sudo": methods,
            "tokens_sudo": request.env["payment.token"].sudo(),
            "availability_report": report if request.env.user._is_internal() else {},
            "show_tokenize_input_mapping": dict.fromkeys(providers.ids, False),
            "transaction_route": f"/my/collection/{visit.case.id}/pay/transaction",
            "landing_route": f"/my/collection/{visit.case.id}?done=payment",
            "access_token": payments._sign(visit.case, choice),
        }
