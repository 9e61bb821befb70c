from datetime import date

from odoo.fields import Command
from odoo.tests import tagged

from ...rules.settlement import CREDIT_NOTE, OTHER, PAYMENT, Credit
from ..ledger.common import ChargeCommon
from ..rules.common import D

START = date(2026, 11, 2)


@tagged("post_install", "-at_install")
class TestSettlement(ChargeCommon):
    """What came in since a day, as the reconciliations say."""

    def setUp(self):
        super().setUp()
        self.invoice = self._invoice(1000, date(2026, 9, 30))
        self.item = self._item(self.invoice)

    def _credits(self, start=START, items=None):
        wanted = [("key", (items or self.item).ids, start)]
        return self.root["collection.settlement"]._read_credits(wanted)["key"]

    def _post_entry(self, amount, day, others="default_account_expense", creditor=None):
        """Return the line of an entry that takes an amount off the debtor's account.

        :param others: the account on its other side, or {account: amount}
        :param creditor: the partner on its other side, or {account: partner}
        """
        if isinstance(others, str):
            others = self.company_data[others]
        if not isinstance(others, dict):
            others = {others: amount}
        if not isinstance(creditor, dict):
            creditor = dict.fromkeys(others, creditor)
        account = self.invoice.line_ids.account_id.filtered(
            lambda account: account.account_type == "asset_receivable"
        )
        entry = self.root["account.move"].create(
            {
                "journal_id": self.company_data["default_journal_misc"].id,
                "date": day,
                "line_ids": [
                    Command.create(
                        {"account_id": account.id, "partner_id": self.debtor.id, "credit": amount}
                    ),
                    *(
                        Command.create(
                            {
                                "account_id": other.id,
                                "partner_id": creditor[other] and creditor[other].id,
                                "debit": part,
                            }
                        )
                        for other, part in others.items()
                    ),
                ],
            }
        )
        entry.action_post()
        return entry.line_ids.filtered("credit")

    def _match(self, line):
        (self.root["account.move.line"].browse(self.item.move_line_id.id) | line).reconcile()

    def test_payment_counts_from_the_first_day_on(self):
        self._pay_on(self.invoice, date(2026, 11, 1), 100)
        self._pay_on(self.invoice, START, 200)
        self.assertEqual(self._credits(), [Credit(START, D("200.00"), PAYMENT)])
        self.assertEqual(len(self._credits(date(2026, 11, 1))), 2)

    def test_payment_that_is_cancelled_is_gone(self):
        payment = self._pay_on(self.invoice, START, 200)
        payment.action_draft()
        self.assertEqual(len(self._credits()), 1, "matched, while it is being corrected")
        payment.action_cancel()
        self.assertEqual(self._credits(), [])

    def test_credit_notes_and_other_entries_are_told_apart(self):
        refund = (
            self.root["account.move"]
            .browse(self.invoice.id)
            ._reverse_moves([{"invoice_date": START, "date": START}])
        )
        refund.invoice_line_ids.price_unit = 300
        refund.action_post()
        self._match(refund.line_ids.filtered(lambda line: line.account_type == "asset_receivable"))
        self._match(self._post_entry(50, date(2026, 11, 3)))
        self._match(self._post_entry(20, date(2026, 11, 4), "default_account_payable", self.debtor))
        self.assertEqual(
            self._credits(),
            [
                Credit(START, D("300.00"), CREDIT_NOTE),
                # Booked as a loss, then set off against what we owe.
                Credit(date(2026, 11, 3), D("50.00"), CREDIT_NOTE),
                Credit(date(2026, 11, 4), D("20.00"), PAYMENT),
            ],
        )

    def _make_account(self, name, code, account_type):
        return self.root["account.account"].create(
            {
                "name": name,
                "code": code,
                "account_type": account_type,
                "company_ids": [Command.link(self.company.id)],
            }
        )

    def test_what_moves_to_another_account_is_paid_by_nobody(self):
        doubtful = self._make_account("Doubtful customers", "416100", "asset_current")
        self._match(self._post_entry(70, START, doubtful, self.debtor))
        self.assertEqual(self._credits(), [Credit(START, D("70.00"), OTHER)])

    def test_what_is_owed_to_others_pays_nothing(self):
        factor = self._make_account("Factor", "467000", "liability_current")
        tax = self.company_data["default_account_tax_sale"]
        for account, creditor in ((factor, self.partner_b), (factor, None), (tax, self.debtor)):
            with self.subTest(account=account.name, creditor=creditor and creditor.name):
                line = self._post_entry(70, START, account, creditor)
                self._match(line)
                self.assertEqual(self._credits(), [Credit(START, D("70.00"), OTHER)])
                line.remove_move_reconcile()

    def test_what_is_owed_to_the_debtor_pays_no_more_than_it_is(self):
        factor = self._make_account("Factor", "467000", "liability_current")
        payable = self.company_data["default_account_payable"]
        person = self.root["res.partner"].create({"name": "Books", "parent_id": self.debtor.id})
        creditor = {payable: person, factor: self.partner_b}
        self._match(self._post_entry(100, START, {payable: 30, factor: 70}, creditor))
        self.assertEqual(self._credits(), [Credit(START, D("100.00"), OTHER)])
        deposit = self._make_account("Deposits of customers", "419100", "liability_current")
        creditor = {payable: person, deposit: self.debtor}
        self._match(self._post_entry(100, date(2026, 11, 3), {payable: 30, deposit: 70}, creditor))
        self.assertEqual(self._credits()[1:], [Credit(date(2026, 11, 3), D("100.00"), PAYMENT)])

    def test_tax_taken_back_with_a_loss_is_no_payment(self):
        tax = self.company_data["default_account_tax_sale"]
        self.assertEqual(tax.internal_group, "liability")
        loss = self.company_data["default_account_expense"]
        self._match(self._post_entry(120, START, {loss: 100, tax: 20}))
        self.assertEqual(self._credits(), [Credit(START, D("120.00"), CREDIT_NOTE)])

    def test_amounts_are_in_the_currency_of_the_invoice(self):
        invoice = self._invoice(800, date(2026, 9, 30), currency_id=self.other_currency.id)
        self._register_payment(invoice, payment_date=START, amount=200)
        self.assertEqual(
            self._credits(items=self._item(invoice)), [Credit(START, D("200.00"), PAYMENT)]
        )

    def test_any_number_of_agreements_is_read_in_one_statement(self):
        self._pay_on(self.invoice, START, 200)
        service = self.root["collection.settlement"]
        service._read_credits([(1, self.item.ids, START)])
        with self.assertQueryCount(1):
            service._read_credits([(1, self.item.ids, START)])
        wanted = [(number, self.item.ids, START) for number in range(50)]
        with self.assertQueryCount(1):
            found = service._read_credits(wanted)
        self.assertEqual(len(found), 50)
        self.assertTrue(all(len(credits) == 1 for credits in found.values()))

    def test_nothing_wanted_is_nothing_read(self):
        with self.assertQueryCount(0):
            self.assertEqual(
                self.root["collection.settlement"]._read_credits([("none", (), START)]),
                {"none": []},
            )
