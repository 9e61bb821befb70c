from datetime import date
from decimal import Decimal

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from ...rules.imputation import SCHEDULE_ORDER
from .common import NOW, ChargeCommon


@tagged("post_install", "-at_install")
class TestChargeAttribution(ChargeCommon):
    """What a payment settles by law is shown to who matches it with a statement of charges."""

    def setUp(self):
        super().setUp()
        # 62 days of 1,000 at 12.40 %: 21.06 of interest, and 40 of indemnity.
        self.invoice = self._invoice(1000, date(2026, 9, 30))

    def _receive(self, amount, day=NOW, partner=None, **vals):
        """Return the open credit of a payment that nobody has matched."""
        payment = self.root["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": (partner or self.debtor).id,
                "amount": amount,
                "date": day,
                "journal_id": self.company_data["default_journal_bank"].id,
                **vals,
            }
        )
        payment.action_post()
        return payment.move_id.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )

    def _attribute(self, charge, amount, **options):
        """Return ([(document, component, amount)], the statement's share)."""
        allocation, share = (
            self.env["collection.attribution"]
            .with_user(self.accountant)
            ._attribute(charge, amount, NOW, **options)
        )
        items = self.root["collection.item"]
        lines = [
            (items.browse(line.reference).move_line_id.move_id, line.component, str(line.amount))
            for line in allocation.lines
        ]
        return lines, share

    def _dialog(self, charge, credit, **vals):
        dialog = self.env["collection.charge.payment"].with_user(self.accountant)
        form = Form(dialog.with_context(default_charge_id=charge.id))
        form.way = "received"
        form.credit_id = credit
        for name, value in vals.items():
            form[name] = value
        return form

    # === THE LAW'S ORDER === #

    def test_interest_then_principal_then_indemnity(self):
        charge = self._claim()
        lines, share = self._attribute(charge, 61.06)
        self.assertEqual(
            lines, [(self.invoice, "interest", "21.06"), (self.invoice, "principal", "40.00")]
        )
        self.assertEqual(share, Decimal("21.06"))

    def test_order_that_was_agreed_puts_the_indemnity_before_the_principal(self):
        charge = self._claim()
        _lines, share = self._attribute(charge, 61.06, order=SCHEDULE_ORDER)
        self.assertEqual(share, Decimal("61.06"))

    def test_older_debt_comes_before_the_younger_one(self):
        younger = self._invoice(500, date(2026, 10, 31))
        charge = self._claim()
        # 1,061.06 for the older invoice whole; the younger one: 31 days of 500 = 5.27, then 3.67.
        lines, share = self._attribute(charge, 1070)
        self.assertEqual(
            lines,
            [
                (self.invoice, "interest", "21.06"),
                (self.invoice, "principal", "1000.00"),
                (self.invoice, "indemnity", "40.00"),
                (younger, "interest", "5.27"),
                (younger, "principal", "3.67"),
            ],
        )
        self.assertEqual(share, Decimal("66.33"))

    def test_dearer_debt_comes_before_the_older_one(self):
        # Charges of an invoice that is paid bear no interest any more.
        self._pay_on(self.invoice, date(2026, 11, 30))
        younger = self._invoice(500, date(2026, 10, 31))
        charge = self._claim()
        lines, _share = self._attribute(charge, 10)
        # 31 days of 500: 5.27.
        self.assertEqual(lines, [(younger, "interest", "5.27"), (younger, "principal", "4.73")])

    def test_what_was_paid_of_a_statement_took_its_interest_first(self):
        charge = self._claim()
        charge.with_user(self.accountant)._settle_with(self._receive(20), NOW)
        lines, share = self._attribute(charge, 61.06)
        # 1.06 of the interest is left.
        self.assertEqual(lines[0], (self.invoice, "interest", "1.06"))
        self.assertEqual(share, Decimal("1.06"))

    def test_older_statement_takes_its_part_first(self):
        first = self._claim(as_of=date(2026, 10, 31))
        second = self._claim()
        # 31 days = 10.53 each.
        self.assertEqual(self._attribute(first, 15)[1], Decimal("10.53"))
        self.assertEqual(self._attribute(second, 15)[1], Decimal("4.47"))

    def test_booked_charges_are_no_principal(self):
        self.company.sudo().collection_charge_booking = "claim"
        charge = self._claim()
        self._decide()
        lines, _share = self._attribute(charge, 5000)
        self.assertEqual(sum(Decimal(amount) for _move, _kind, amount in lines), Decimal("1061.06"))

    def test_interest_of_a_paid_invoice_is_a_debt_of_its_own(self):
        self._pay_on(self.invoice, date(2026, 11, 30))
        charge = self._claim()
        # 61 days of 1,000: 20.72.
        lines, share = self._attribute(charge, 50)
        self.assertEqual(
            [line[1:] for line in lines], [("interest", "20.72"), ("indemnity", "29.28")]
        )
        self.assertEqual(share, Decimal("50.00"))

    def test_debtor_chooses_a_document_that_he_pays_entirely(self):
        younger = self._invoice(500, date(2026, 10, 31))
        charge = self._claim()
        lines, _share = self._attribute(charge, 600, chosen=self._item(younger))
        self.assertEqual(lines[0], (younger, "interest", "5.27"))

    # === THE DIALOG === #

    def test_dialog_warns_when_the_matching_departs_from_the_law(self):
        charge = self._claim()
        form = self._dialog(charge, self._receive(61.06))
        self.assertIn("By law", form.attribution)
        self.assertIn("C. civ. 1342-10", form.attribution)
        form.order = "agreed"
        self.assertNotIn("By law", form.attribution)

    def test_choice_that_is_not_paid_entirely_is_named(self):
        younger = self._invoice(500, date(2026, 10, 31))
        charge = self._claim()
        form = self._dialog(charge, self._receive(100))
        form.chosen_item_ids.add(self._item(younger))
        self.assertIn("Not paid entirely", form.attribution)
        form.creditor_agrees = True
        self.assertNotIn("Not paid entirely", form.attribution)

    def test_history_keeps_payer_choice_and_the_law_s_share(self):
        charge = self._claim()
        form = self._dialog(charge, self._receive(61.06), order="agreed")
        form.chosen_item_ids.add(self._item(self.invoice))
        form.save().action_apply()
        self.assertEqual(charge.state, "paid")
        message = charge.sudo().message_ids.filtered(lambda note: "1343-1" in note.body)
        self.assertEqual(len(message), 1)
        self.assertEqual(message.author_id, self.accountant.partner_id)
        for words in ("Late Payer", self.invoice.name, "as was agreed", "61.06"):
            self.assertIn(words, message.body)

    def test_payment_in_another_currency_is_not_attributed(self):
        charge = self._claim()
        credit = self._receive(61.06, currency_id=self.other_currency.id)
        form = self._dialog(charge, credit)
        self.assertFalse(form.attribution)

    def test_accountant_of_another_company_reads_nothing_of_the_debtor(self):
        charge = self._claim()
        credit = self._receive(61.06)
        sister = self.root["res.company"].create({"name": "Sister company"})
        stranger = self.accountant.sudo().copy(
            {
                "login": "stranger",
                "company_id": sister.id,
                "company_ids": [Command.set(sister.ids)],
            }
        )
        dialogs = self.root["collection.charge.payment"].with_context(
            allowed_company_ids=sister.ids
        )
        with self.assertRaises(AccessError):
            dialog = dialogs.with_user(stranger).create(
                {"charge_id": charge.id, "credit_id": credit.id}
            )
            dialog.mapped("attribution")

    def test_only_what_stands_on_accounts_of_customers_is_offered(self):
        """A VAT credit stands on a receivable account too, and is no payment of the debtor's."""
        charge, payment = self._claim(), self._receive(61.06)
        customers, partner_id = payment.account_id, self.debtor.id
        other = customers.copy({"code": "445670", "name": "VAT credit", "non_trade": True})
        amounts = ((other, -50), (self.interest_account, 50))
        entry = self.root["account.move"].create(
            {
                "date": NOW,
                "line_ids": [
                    Command.create(
                        {"account_id": account.id, "partner_id": partner_id, "balance": balance}
                    )
                    for account, balance in amounts
                ],
            }
        )
        entry.action_post()
        dialogs = self.env["collection.charge.payment"].with_user(self.accountant)
        domain = safe_eval(
            dialogs.fields_get(["credit_id"], ["domain"])["credit_id"]["domain"],
            {"company_id": charge.company_id.id, "debtor_ids": [partner_id]},
        )
        lines = self.env["account.move.line"].with_user(self.accountant)
        self.assertEqual(lines.search(domain), payment)

    def _item_elsewhere(self):
        """Return what the same debtor owes to another company, and that company."""
        sister = self.setup_other_company(name="Sister company")["company"]
        invoice = (
            self.root["account.move"]
            .with_company(sister)
            .create(
                {
                    "move_type": "out_invoice",
                    "company_id": sister.id,
                    "partner_id": self.debtor.id,
                    "invoice_date": date(2026, 9, 30),
                    "invoice_date_due": date(2026, 9, 30),
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        Command.create({"name": "Work", "price_unit": 70, "tax_ids": False})
                    ],
                }
            )
        )
        invoice.action_post()
        self.root["collection.refresh"]._refresh(sister, NOW)
        return self._item(invoice), sister

    def _choose(self, charge, credit, items):
        """Match a payment with a statement, as the accountant, with a choice made over RPC."""
        dialogs = self.env["collection.charge.payment"].with_user(self.accountant)
        companies = self.accountant.sudo().company_ids
        return dialogs.with_context(allowed_company_ids=companies.ids).create(
            {
                "charge_id": charge.id,
                "way": "received",
                "credit_id": credit.id,
                "chosen_item_ids": [Command.set(items.ids)],
            }
        )

    def test_items_of_a_company_that_is_not_ones_own_are_not_chosen(self):
        charge, credit = self._claim(), self._receive(61.06)
        item, _sister = self._item_elsewhere()
        with self.assertRaises(AccessError):
            self._choose(charge, credit, item).action_apply()
        self.assertEqual(charge.state, "claimed")
        self.assertFalse(credit.reconciled)

    def test_items_of_another_company_or_debtor_are_not_chosen(self):
        charge, credit = self._claim(), self._receive(61.06)
        item, sister = self._item_elsewhere()
        self.accountant.sudo().company_ids += sister
        neighbour = self._item(self._invoice(80, date(2026, 9, 30), partner=self.partner_b))
        for stranger in (item, neighbour):
            with self.subTest(item=stranger), self.assertRaisesRegex(UserError, "not owed by"):
                self._choose(charge, credit, stranger).action_apply()
        self.assertEqual(charge.state, "claimed")
        self.assertFalse(credit.reconciled)

    def test_naming_costs_the_same_for_many_documents(self):
        invoices = [self._invoice(10, date(2026, 9, 30)) for _number in range(8)]
        charge = self._claim()
        dialog = (
            self.env["collection.charge.payment"]
            .with_user(self.accountant)
            .new({"charge_id": charge.id})
        )
        items = [self._item(invoice).id for invoice in invoices]
        lines = [-line.id for line in charge.line_ids]
        names = dialog._name_debts([*items, *lines])
        self.assertEqual(names[: len(items)], [invoice.name for invoice in invoices])
        self.assertEqual(names[len(items) :], charge.sudo().line_ids.mapped("number"))

        def count(references):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            dialog._name_debts(references)
            return self.env.cr.sql_log_count - before

        self.assertEqual(count([*items, *lines]), count([*items[:1], *lines[:1]]))
