import logging
from decimal import Decimal

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...rules.money import split_exactly
from .collection_waiver_execution import WARNING

_logger = logging.getLogger(__name__)

# A difference of rounding between a credit note's tax and the amount given up, at most, in units
# of the currency.
MOST_ROUNDING = Decimal("0.10")
# Irrecoverable debts in the French chart.
LOSSES = "654"
EXPENSES = ("expense", "expense_other")


class CollectionWaiverBooking(models.AbstractModel):
    """How a waiver comes into the books: a credit note, a write-off entry, the end of charges.

    Posted once its condition is met, never inside somebody else's reconciliation.
    """

    _name = "collection.waiver.booking"
    _description = "Booking of waivers"

    # === BOOK === #

    def action_carry_out(self):
        """Book waivers whose condition is met, without waiting for the scheduled action."""
        self.env["collection.charge"]._check_accountant()
        self.check_access("read")
        # In sudo mode to post the entry, after the checks above.
        self.sudo()._carry_out(fields.Date.context_today(self))

    def _after_approval(self):
        """EXTENDS collection.approvable: book at once what depends on nothing."""
        conditional = self.filtered("condition_date")
        conditional.matched_after = self.env["collection.settlement"]._find_last_matching()
        # The rest may have been paid while the request waited, or its day may have passed.
        self.env["collection.settlement"]._judge_by_company(conditional)
        unconditional = self - conditional
        unconditional._apply_event("meet")
        unconditional._carry_out(fields.Date.context_today(self))

    def _wake_booking(self):
        # In sudo mode to wake the scheduled action.
        self.env.ref("recouvrement_creances.ir_cron_book_waivers").sudo()._trigger()

    @api.model
    def _cron_book(self):
        """Book waivers whose condition is met; each failure stays on its own waiver."""
        waiting = self.search([("state", "=", "met")], order="id")
        executor = self.env["collection.executor"]
        for number, waiver in enumerate(waiting, start=1):
            company = waiver.company_id
            waiver = waiver.with_company(company).with_context(lang=company.partner_id.lang)
            waiver._book_safely(company._collection_today())
            if not executor._checkpoint(1, remaining=len(waiting) - number):
                return

    def _book_safely(self, day):
        try:
            with self.env.cr.savepoint():
                self._carry_out(day)
        except OperationalError:
            raise
        except Exception as error:
            self.env.invalidate_all()
            _logger.info("collection waiver=%s was not booked", self.id, exc_info=True)
            is_new = self.failure != str(error)
            self.failure = str(error)
            if is_new:
                self.activity_schedule(
                    WARNING,
                    summary=self.env._("The waiver could not be booked"),
                    user_id=self.create_uid.id,
                )

    def _carry_out(self, day):
        """Give up what was approved: end charges, post credit notes or write-offs.

        :param date day: the accounting date
        :raises UserError: it cannot be booked; says why
        """
        for waiver in self:
            moves, given_up = self.env["account.move"], waiver.amount
            if waiver.charge_id:
                # Paid in part since it was asked for, less is left to be given up.
                given_up = waiver.charge_id._waive(waiver.amount)
            else:
                for item, amount in waiver._share_amount():
                    moves |= waiver._give_up(item, amount, day)
            waiver._apply_event(
                "carry_out",
                {
                    "amount": given_up,
                    "carried_out_on": day,
                    "move_ids": [Command.set(moves.ids)],
                    "failure": False,
                },
            )
        self.activity_unlink([WARNING])

    def _share_amount(self):
        """Return [(item, amount)]: what is given up, in proportion to what is still due."""
        self.ensure_one()
        items = self.item_ids.filtered(lambda item: item.amount_residual_currency > 0)
        residuals = [self._to_decimal(item.amount_residual_currency) for item in items]
        amount = min(self._to_decimal(self.amount), sum(residuals, Decimal(0)))
        if not amount:
            raise UserError(self.env._("Nothing is due any more: there is nothing to give up."))
        parts = split_exactly(amount, residuals, self.currency_id.decimal_places)
        return [(item, part) for item, part in zip(items, parts, strict=True) if part]

    def _give_up(self, item, amount, day):
        """Post what takes an amount off one item, matched with it; return the entry."""
        if self._is_credited(item):
            move = self._make_credit_note(item.move_id, amount, day)
        else:
            move = self.env["account.move"].create(
                self._prepare_write_off(item.move_line_id, float(amount), day)
            )
        move._post(soft=False)
        mine = item.move_line_id
        counterpart = move.line_ids.filtered(lambda line: line.account_id == mine.account_id)
        # Odoo matches a credit note with its invoice by itself, maybe with another due date of it.
        if counterpart.matched_debit_ids.debit_move_id - mine:
            counterpart.remove_move_reconcile()
        if not counterpart.reconciled:
            (mine | counterpart).reconcile()
        return move

    def _is_credited(self, items):
        """Tell whether credit notes take these items off; an opening balance has none."""
        return self.means == "credit_note" and all(
            move.is_sale_document() for move in items.move_id
        )

    def _check_bookable(self):
        """Tell who asks, and not who approves, that an entry lacks its account."""
        self.ensure_one()
        if not self.charge_id and not self._is_credited(self.item_ids):
            self._get_write_off_account(self.company_id)

    def _get_label(self, invoice):
        """Return what the books say: what is lost was granted to nobody."""
        words = {"invoice": invoice.name, "reason": self.reason_id.name}
        if self.reason_id.is_loss:
            return self.env._("Loss on %(invoice)s: %(reason)s", **words)
        return self.env._("Waiver on %(invoice)s: %(reason)s", **words)

    # === CREDIT NOTE === #

    def _make_credit_note(self, invoice, amount, day):
        """Return a draft credit note of an invoice, of this amount to the cent, tax included.

        Each line of the invoice is credited in proportion, with its own taxes and account.
        """
        factor = amount / self._to_decimal(invoice.amount_total)
        lines = invoice.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        refund = (
            self.env["account.move"]
            .with_company(invoice.company_id)
            .create(
                {
                    "move_type": "out_refund",
                    "reversed_entry_id": invoice.id,
                    "partner_id": invoice.partner_id.id,
                    "currency_id": invoice.currency_id.id,
                    "journal_id": invoice.journal_id.id,
                    "fiscal_position_id": invoice.fiscal_position_id.id,
                    "invoice_payment_term_id": False,
                    "invoice_date": day,
                    "date": day,
                    "invoice_date_due": day,
                    "ref": self._get_label(invoice),
                    "invoice_line_ids": [
                        Command.create(self._prepare_credit_line(line, factor)) for line in lines
                    ],
                }
            )
        )
        self._adjust_rounding(refund, amount)
        return refund

    def _prepare_credit_line(self, line, factor):
        is_included = any(line.tax_ids.flatten_taxes_hierarchy().mapped("price_include"))
        base = line.price_total if is_included else line.price_subtotal
        return {
            "name": self.env._("Waiver: %s", line.name or line.move_id.name),
            "quantity": 1,
            "price_unit": line.currency_id.round(float(self._to_decimal(base) * factor)),
            "discount": 0,
            "tax_ids": [Command.set(line.tax_ids.ids)],
            "account_id": line.account_id.id,
            "analytic_distribution": line.analytic_distribution,
        }

    def _adjust_rounding(self, refund, amount):
        """Put the cents that rounding took or added where they are: on the tax, else on a line."""
        rest = amount - self._to_decimal(refund.amount_total)
        taxes = refund.line_ids.filtered("tax_line_id").sorted(lambda line: -abs(line.balance))
        if rest and abs(rest) <= MOST_ROUNDING:
            if taxes:
                changed = taxes[0].amount_currency + float(rest)
                refund.write(
                    {"line_ids": [Command.update(taxes[0].id, {"amount_currency": changed})]}
                )
            else:
                refund.invoice_line_ids[0].price_unit += float(rest)
        if self._to_decimal(refund.amount_total) != amount:
            raise UserError(
                self.env._("No credit note of %s can be made: choose a write-off entry.", amount)
            )

    # === WRITE-OFF === #

    def _prepare_write_off(self, line, amount, day):
        """Return the values of the entry: loss to customer, at the rate that the line is booked at.

        So that matching them leaves no difference of exchange.
        """
        company = line.company_id
        balance = company.currency_id.round(
            line.amount_residual * amount / line.amount_residual_currency
        )
        label = self._get_label(line.move_id)
        return {
            "move_type": "entry",
            "company_id": company.id,
            "journal_id": self.env["collection.charge.booking"]._find_journal(company).id,
            "date": day,
            "ref": label,
            "line_ids": [
                Command.create(
                    {
                        "name": label,
                        "account_id": account.id,
                        "partner_id": line.partner_id.id,
                        "currency_id": line.currency_id.id,
                        "amount_currency": sign * amount,
                        "balance": sign * balance,
                        "tax_ids": [Command.clear()],
                    }
                )
                for account, sign in (
                    (self._get_write_off_account(company), 1),
                    (line.account_id, -1),
                )
            ],
        }

    def _get_write_off_account(self, company):
        """Return the account of losses: the company's choice, else that of the French chart.

        A branch that chooses none books as its company does.
        """
        account = company._find_inherited("collection_waiver_account_id")
        if self.reason_id.is_loss:
            return self._get_loss_account(company, account)
        account = account or company._find_charge_account("waiver")
        if not account:
            raise UserError(
                self.env._(
                    "Choose the account of waivers in the settings of collection: %s has none.",
                    company.name,
                )
            )
        return account

    def _get_loss_account(self, company, account):
        """Return the account of what is lost, not granted: 654, whatever gestures are booked on.

        :param account: the company's choice for waivers, taken where it is one of losses
        :raises UserError: there is none; says which setting to make
        """
        if (account.with_company(company).code or "").startswith(LOSSES):
            return account
        accounts = self.env["account.account"].with_company(company)
        losses = company._find_charge_account("waiver") or accounts.search(
            [
                *accounts._check_company_domain(company),
                ("code", "=like", f"{LOSSES}%"),
                ("account_type", "in", EXPENSES),
            ],
            order="code",
            limit=1,
        )
        if not losses and company.account_fiscal_country_id.code != "FR":
            # Other charts number their losses otherwise: what the company chose is taken.
            losses = account
        if not losses:
            raise UserError(
                self.env._(
                    "%(company)s has no account of losses, whose code begins with %(code)s: create "
                    "one, or choose it in the settings of collection, under “Booking of waived "
                    "invoices”. What is lost is not booked as a gesture.",
                    company=company.name,
                    code=LOSSES,
                )
            )
        return losses
