from odoo.exceptions import AccessError
from odoo.http import request

from odoo.addons.payment.controllers.portal import PaymentPortal

from .portal_routes import call_route, form_route, page_route
from .portal_visit import CollectionPortalMixin


class CollectionPortalPayment(CollectionPortalMixin, PaymentPortal):
    """Pay all or a part online; the server works out amount, currency and partner."""

    @page_route("/pay")
    def collection_pay(self, case_id, **_query):
        """Let the debtor tick what to pay."""
        return self._show_choice(self._enter(case_id))

    @form_route("/pay")
    def collection_pay_choice(self, case_id, amount="", **form):
        """Show the ways to pay for what was ticked.

        :param str amount: a part of it, as it was typed
        """
        visit = self._enter_to_act(case_id, "pay")
        errors = []
        choice = None
        with self._checked(visit, "pay", errors):
            choice = request.env["collection.portal.payment"]._choose(
                visit.case, self._read_ids("item"), self._read_ids("charge"), amount
            )
        return self._show_ways(visit, choice, errors=errors, typed_amount=amount)

    @form_route("/schedule/<int:schedule_id>/pay")
    def collection_pay_instalment(self, case_id, schedule_id, **form):
        """Show the ways to pay the next instalment of a schedule.

        :param int schedule_id: id of the collection.schedule
        """
        visit = self._enter_to_act(case_id, "pay instalment")
        errors = []
        choice = None
        with self._checked(visit, "pay instalment", errors):
            payments = request.env["collection.portal.payment"]
            choice = payments._choose_instalment(visit.case, schedule_id)
        return self._show_ways(visit, choice, errors=errors)

    @call_route("/pay/transaction")
    def collection_pay_transaction(self, case_id, access_token=None, **kwargs):
        """Make the transaction of a choice that this server signed; called by Odoo's payment form.

        :param str access_token: the signed choice
        :return: what the payment form needs to go on
        """
        visit = self._enter_to_act(case_id, "transaction")
        with self._called(visit, "transaction"):
            self._validate_transaction_kwargs(kwargs)
            payments = request.env["collection.portal.payment"]
            choice = payments._read(visit.case, str(access_token or ""))
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
                "collection_schedule_id": choice["schedule"].id,
            },
        )
        return transaction_sudo._get_processing_values()

    # === HELPERS === #

    def _check_way(self, visit, choice, kwargs):
        """Refuse a provider or a method that was not offered, and saved cards of anybody.

        :raise AccessError: it was not
        """
        providers, methods, _report = request.env["collection.portal.payment"]._get_ways(
            visit.case, choice
        )
        is_offered = (
            kwargs.get("provider_id") in providers.ids
            and kwargs.get("payment_method_id") in methods.ids
            and kwargs.get("flow") in ("redirect", "direct")
        )
        if not is_offered:
            raise AccessError(request.env._("This way to pay was not offered."))

    def _show_ways(self, visit, choice, **values):
        """Show the ways to pay a choice; without one, what is wrong with it."""
        if not choice:
            return self._show_choice(visit, **values)
        return self._page(visit, "portal_pay_form", "/pay", **self._get_form_values(visit, choice))

    def _show_choice(self, visit, **values):
        payments = request.env["collection.portal.payment"]
        return self._form_page(
            visit,
            "portal_pay",
            "/pay",
            is_payable=True,
            charges_to_pay=payments._get_charges(visit.case),
            pending=payments._get_pending(visit.case),
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
