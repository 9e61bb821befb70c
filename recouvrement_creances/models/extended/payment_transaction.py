from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class PaymentTransaction(models.Model):
    """A payment from the debtor's page settles what the debtor chose there."""

    _inherit = "payment.transaction"

    collection_case_id = fields.Many2one(
        "collection.case",
        string="Collection case",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    collection_schedule_id = fields.Many2one(
        "collection.schedule",
        string="Collection schedule",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    collection_item_ids = fields.Many2many(
        "collection.item", string="Items to pay", readonly=True, copy=False
    )
    collection_charge_ids = fields.Many2many(
        "collection.charge", string="Charges to pay", readonly=True, copy=False
    )

    # === BUSINESS === #

    @api.model
    def _compute_reference_prefix(self, separator, **values):
        """EXTENDS payment: name the case, so that a payer and an accountant know what it is for."""
        if case_id := values.get("collection_case_id"):
            return self.env["collection.case"].browse(case_id).name
        return super()._compute_reference_prefix(separator, **values)

    def _create_child_transaction(self, amount, is_refund=False, **custom_create_values):
        """EXTENDS payment: what is captured later settles what was chosen; a refund does not."""
        values = custom_create_values
        if self.collection_case_id and not is_refund:
            values = {
                "collection_case_id": self.collection_case_id.id,
                "collection_schedule_id": self.collection_schedule_id.id,
                "collection_item_ids": [Command.set(self.collection_item_ids.ids)],
                "collection_charge_ids": [Command.set(self.collection_charge_ids.ids)],
                **custom_create_values,
            }
        return super()._create_child_transaction(amount, is_refund=is_refund, **values)

    def _get_amount_on_its_way(self):
        """Return what may still arrive: without parts that are booked by now, or given up."""
        self.ensure_one()
        over = self.child_transaction_ids.filtered(
            lambda part: (
                part.operation == self.operation
                and (part.state == "cancel" or (part.state == "done" and part.is_post_processed))
            )
        )
        return self.currency_id.round(self.amount - sum(over.mapped("amount")))

    def _create_payment(self, **extra_create_values):
        """EXTENDS account_payment: settle what was chosen on the debtor's page, and only that."""
        self.ensure_one()
        if not self.collection_case_id:
            return super()._create_payment(**extra_create_values)
        lines = self._get_collection_lines()
        account = lines[:1].account_id or self._get_collection_account()
        # With an entry of its own, which journals without an outstanding account leave out.
        transaction = self.with_context(force_payment_move=True)
        payment = super(PaymentTransaction, transaction)._create_payment(
            **{"destination_account_id": account.id, **extra_create_values}
        )
        self._settle_collection(payment, lines)
        return payment

    def _settle_collection(self, payment, lines):
        """Match the payment with the chosen items, the oldest first, then with charges.

        An instalment is matched in the order that its schedule says. What is left over, because
        something was paid otherwise meanwhile, stays an open credit.
        """
        account = payment.destination_account_id
        credit = payment.move_id.line_ids.filtered(lambda line: line.account_id == account)
        if self.collection_schedule_id:
            self._settle_collection_schedule(credit)
        wanted = lines.filtered(lambda line: line.account_id == account and not line.reconciled)
        if wanted and not credit.reconciled:
            (credit | wanted).reconcile()
        self._settle_collection_charges(credit, payment.date)
        self.invoice_ids = lines.move_id.filtered(lambda move: move.is_sale_document())
        case = self.collection_case_id
        case._message_log(
            body=self.env._(
                "Paid online on the debtor's page: %(reference)s.", reference=self.reference
            )
        )
        case._refresh_verdicts(case.company_id._collection_today())

    def _settle_collection_schedule(self, credit):
        """Match an instalment in the agreed order; the money counts even where that cannot be."""
        try:
            with self.env.cr.savepoint():
                self.collection_schedule_id._reconcile_payment(credit)
        except UserError as error:
            self.collection_case_id._message_log(
                body=self.env._(
                    "%(reference)s was paid online and could not be matched in the order of "
                    "%(schedule)s: %(reason)s",
                    reference=self.reference,
                    schedule=self.collection_schedule_id.name,
                    reason=error.args[0],
                )
            )

    def _settle_collection_charges(self, credit, day):
        """Match what is left with charges; the money counts even where these cannot be booked."""
        for charge in self.collection_charge_ids.filtered(lambda each: each.state == "claimed"):
            if credit.reconciled:
                return
            try:
                with self.env.cr.savepoint():
                    charge._settle_with(credit, day)
            except UserError as error:
                self.collection_case_id._message_log(
                    body=self.env._(
                        "%(charge)s was paid online and could not be booked: %(reason)s",
                        charge=charge.name,
                        reason=error.args[0],
                    )
                )

    def _get_collection_lines(self):
        """Return the journal items of the chosen items that are still open."""
        return self.collection_item_ids.move_line_id.filtered(
            lambda line: line.parent_state == "posted" and not line.reconciled
        ).sorted(lambda line: (line.date_maturity or line.date, line.id))

    def _get_collection_account(self):
        company = self.collection_case_id.company_id
        return self.collection_case_id.partner_id.with_company(
            company
        ).property_account_receivable_id
