from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import formatLang
from odoo.tools.misc import hash_sign, verify_hash_signed

from ...rules.typed_amounts import read_amount

SCOPE = "collection.portal.payment"
VALID_HOURS = 1
# Providers that only tell how to pay: of these Odoo waits for nothing either (account_payment).
BY_OTHER_MEANS = ("custom",)


class CollectionPortalPayment(models.AbstractModel):
    """What a debtor chose to pay online: checked against the ledger when chosen and when paid.

    The server works out the amount, the currency and the partner. The choice travels to the payment
    form and back under a signature; nothing that a browser adds to it counts.
    """

    _name = "collection.portal.payment"
    _description = "Choice of what to pay online"

    # === WHAT CAN BE PAID === #

    @api.model
    def _get_charges(self, case):
        """Return the claimed statements that have no entry yet; others are items of the ledger."""
        page = self.env["collection.portal.page"]
        charges = page._get_claimed_charges(case).filtered(lambda charge: not charge._is_booked())
        return charges - page._find_barred_charges(
            case, charges, case.company_id._collection_today()
        )

    @api.model
    def _get_pending(self, case):
        """Return the debtor's payments that are on their way, each once.

        What is captured in parts is shown as one, and what is left of it. A wire transfer is not:
        nothing tells Odoo when it arrives, its transaction stays pending for ever.
        """
        # In sudo mode to read transactions: callers have checked whose case it is.
        pending_sudo = (
            self.env["payment.transaction"]
            .sudo()
            .search(
                [
                    ("collection_case_id", "=", case.id),
                    "|",
                    "&",
                    ("state", "in", ("pending", "authorized")),
                    ("provider_code", "not in", BY_OTHER_MEANS),
                    "&",
                    ("state", "=", "done"),
                    ("is_post_processed", "=", False),
                ]
            )
        )
        return pending_sudo.filtered(
            lambda tx: tx.source_transaction_id not in pending_sudo and tx._get_amount_on_its_way()
        )

    # === CHOICE === #

    @api.model
    def _choose(self, case, item_ids, charge_ids, typed_amount):
        """Return what is to be paid.

        :param list item_ids: ids that the debtor ticked
        :param list charge_ids: ids of statements of charges that he ticked
        :param str typed_amount: a part of it, or empty for all
        :return: dict: items, charges, schedule (none), amount, currency, total
        :raise AccessError: an id is not the debtor's
        :raise UserError: the choice cannot be paid; says what to do
        """
        items = self.env["collection.portal.page"]._get_items(case)
        items = items.filtered(lambda item: item.id in item_ids)
        charges = self._get_charges(case).filtered(lambda charge: charge.id in charge_ids)
        if set(item_ids) - set(items.ids) or set(charge_ids) - set(charges.ids):
            raise AccessError(self.env._("One of these documents is not open on your account."))
        if not items and not charges:
            raise UserError(self.env._("Tick at least one document to pay."))
        currencies = items.currency_id | charges.currency_id
        if len(currencies) > 1:
            raise UserError(self.env._("Pay documents in one currency at a time."))
        claimed = sum(charge._get_amount_open() for charge in charges)
        total = currencies.round(sum(items.mapped("amount_residual_currency")) + claimed)
        return self._check(
            case,
            {
                "items": items,
                "charges": charges,
                "schedule": self.env["collection.schedule"],
                "currency": currencies,
                "total": total,
                "amount": self._read_part(typed_amount, total),
            },
        )

    @api.model
    def _choose_instalment(self, case, schedule_id):
        """Return what the next instalment of a schedule of the debtor comes to.

        :return: dict as of ``_choose``, with the schedule in whose order it is matched
        :raise AccessError: the schedule is not the debtor's
        :raise UserError: nothing is to be paid of it now
        """
        schedules = self.env["collection.schedule"]
        # In sudo mode to read a schedule: callers have checked that the case is the debtor's own.
        schedule_sudo = schedules.sudo().search(
            [("id", "=", schedule_id), ("case_id", "=", case.id)]
        )
        if not schedule_sudo:
            raise AccessError(self.env._("This is not open on your account."))
        instalment_sudo = schedule_sudo._get_next_instalment()
        if not (instalment_sudo and instalment_sudo._is_due()):
            raise UserError(self.env._("Nothing is to be paid of this schedule."))
        covered_sudo = schedule_sudo.item_line_ids
        return self._check(
            case,
            {
                "items": covered_sudo.item_id._filter_due(),
                "charges": covered_sudo.charge_id,
                "schedule": schedule_sudo,
                "currency": schedule_sudo.currency_id,
                "total": schedule_sudo.amount_left,
                "amount": instalment_sudo.amount_left,
            },
        )

    def _check(self, case, choice):
        """Return the choice, when its amount can be paid now.

        :raise UserError: too much or nothing, barred by proceedings, or on its way already
        """
        self.env["collection.portal.page"]._check_payable(case, choice["items"])
        currency, total, amount = choice["currency"], choice["total"], choice["amount"]
        if currency.compare_amounts(amount, 0) <= 0 or currency.compare_amounts(amount, total) > 0:
            raise UserError(
                self.env._(
                    "The amount is more than 0 and at most %s, what the ticked documents come to.",
                    formatLang(self.env, total, currency_obj=currency),
                )
            )
        pending = self._get_pending(case).filtered(lambda tx: self._is_paid_by(tx, choice))
        if pending:
            raise UserError(
                self.env._(
                    "A payment of %s for these documents is being processed: wait for its result, "
                    "so that you do not pay twice.",
                    formatLang(
                        self.env,
                        pending[0]._get_amount_on_its_way(),
                        currency_obj=pending[0].currency_id,
                    ),
                )
            )
        return {**choice, "amount": currency.round(amount)}

    def _is_paid_by(self, transaction, choice):
        """Tell whether a payment on its way is for something of a choice already."""
        return bool(
            transaction.collection_item_ids & choice["items"]
            or transaction.collection_charge_ids & choice["charges"]
        )

    def _read_part(self, typed_amount, total):
        """Return the amount to pay: the part that was typed, else all."""
        if not (typed_amount or "").strip():
            return total
        typed = read_amount(typed_amount)
        if typed is None:
            raise UserError(self.env._("Write the amount with digits only, like 1234.56."))
        return float(typed)

    # === SIGNATURE === #

    @api.model
    def _sign(self, case, choice):
        """Return the choice as a text that only this server can have made."""
        return hash_sign(
            self.sudo().env,
            SCOPE,
            [
                case.id,
                choice["items"].ids,
                choice["charges"].ids,
                choice["schedule"].id,
                choice["amount"],
            ],
            expiration_hours=VALID_HOURS,
        )

    @api.model
    def _read(self, case, signed):
        """Return the choice of a signed text, checked against what the ledger says now.

        :raise AccessError: the text was not made for this case, was changed or is too old
        :raise UserError: less is due by now
        """
        try:
            values = verify_hash_signed(self.sudo().env, SCOPE, signed)
        except ValueError:
            values = None
        if not values or values[0] != case.id:
            raise AccessError(self.env._("This payment page is too old: go back and open it anew."))
        _case_id, item_ids, charge_ids, schedule_id, amount = values
        if schedule_id:
            choice = self._choose_instalment(case, schedule_id)
        else:
            open_ids = self.env["collection.portal.page"]._get_items(case).ids
            if set(item_ids) - set(open_ids):
                raise UserError(self.env._("Some of it is paid by now: go back and choose again."))
            choice = self._choose(case, item_ids, charge_ids, "")
        return self._check(case, {**choice, "amount": amount})

    # === PROVIDERS === #

    @api.model
    def _get_ways(self, case, choice):
        """Return (providers, methods, availability report) for a choice."""
        report = {}
        # In sudo mode to read providers and the debtor's country, as Odoo's own pages do.
        providers_sudo = (
            self.env["payment.provider"]
            .sudo()
            ._get_compatible_providers(
                case.company_id.id,
                case.partner_id.id,
                choice["amount"],
                currency_id=choice["currency"].id,
                report=report,
            )
        )
        methods_sudo = (
            self.env["payment.method"]
            .sudo()
            ._get_compatible_payment_methods(
                providers_sudo.ids,
                case.partner_id.id,
                currency_id=choice["currency"].id,
                report=report,
            )
        )
        return providers_sudo, methods_sudo, report
