from datetime import date, timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import TODAY
from .insolvency_common import COPIES_WENT, OPENED, InsolvencyCommon


@tagged("post_install", "-at_install")
class TestDeclarationCredits(InsolvencyCommon):
    """What a debtor has in credit is deducted in plain sight; a commission is told the claim."""

    def _prepare(self, record=None):
        declarations = self.root["collection.insolvency.declaration"].with_user(self.accountant)
        record = (record or self._record()).with_user(self.accountant)
        declaration = declarations._prepare_for(record)
        declaration.signatory_quality = "Finance director"
        return declaration

    def _credit(self, amount, day, **values):
        return self._create_invoice_one_line(
            move_type="out_refund",
            price_unit=amount,
            tax_ids=[],
            partner_id=self.debtor,
            invoice_date=day,
            post=True,
            **values,
        )

    def _receive(self, amount, day, partner=None):
        """Return a payment on account that nobody has matched."""
        payment = self.root["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": (partner or self.debtor).id,
                "amount": amount,
                "date": day,
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        )
        payment.with_context(force_payment_move=True).action_post()
        return payment

    def _text(self, declaration):
        html = self.env["ir.qweb"]._render(
            "recouvrement_creances.declaration",
            self.root["report.recouvrement_creances.declaration"]._get_report_values(
                declaration.ids
            ),
        )
        return " ".join(str(html).split())

    # === CREDITS === #

    def test_what_is_in_credit_before_the_judgement_is_deducted(self):
        invoice = self._owe(60, 1000)
        before = self._credit(150, OPENED - timedelta(days=20))
        payment = self._receive(200, OPENED - timedelta(days=5))
        self._credit(70, OPENED + timedelta(days=1))
        self._receive(80, OPENED)
        self._receive(90, OPENED - timedelta(days=5), partner=self.partner_b)
        declaration = self._prepare()
        credits = declaration.line_ids.filtered("is_credit")
        self.assertEqual(
            {line.number: line.principal for line in credits},
            {before.name: -150, payment.move_id.name: -200},
        )
        self.assertEqual(declaration.amount_credit, 350)
        self.assertEqual(
            declaration.amount_total, declaration.amount_due + declaration.amount_coming - 350
        )
        self.assertAlmostEqual(
            declaration.amount_total, sum(declaration.line_ids.mapped("amount_total"))
        )
        self.assertIn(before.name, declaration.piece_names)
        text = self._text(declaration)
        for words in ("Set-off", "L622-7", "deducted above", invoice.name, before.name):
            with self.subTest(words=words):
                self.assertIn(words, text)

    def test_the_set_off_may_be_reserved_instead(self):
        self._owe(60, 1000)
        self._credit(150, OPENED - timedelta(days=20))
        declaration = self._prepare()
        net = declaration.amount_total
        declaration.action_print()
        declaration.deducts_credits = False
        self.assertAlmostEqual(declaration.amount_total, net + 150)
        self.assertFalse(declaration.line_ids.filtered("is_credit"))
        self.assertIn("we reserve the set-off", self._text(declaration))
        with self.assertRaisesRegex(UserError, "changed since it was printed"):
            declaration._note_sending(TODAY, "hand", "", self._paper(), COPIES_WENT)
        declaration.deducts_credits = True
        self.assertAlmostEqual(declaration.amount_total, net)

    def test_a_later_credit_note_on_an_earlier_invoice_counts(self):
        invoice = self._owe(60, 1000)
        record = self._record()
        note = self._credit(250, TODAY, reversed_entry_id=invoice.id)
        # Odoo matches it by itself; somebody has undone that.
        note.line_ids.remove_move_reconcile()
        declaration = self._prepare(record)
        self.assertEqual(declaration.line_ids.filtered("is_credit").number, note.name)
        # Once it is matched the invoice itself is less.
        lines = (invoice | note).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        lines.reconcile()
        declaration.action_compute()
        self.assertFalse(declaration.amount_credit)
        self.assertEqual(declaration.line_ids.principal, 750)

    def test_who_owes_no_more_than_it_has_in_credit_owes_nothing(self):
        self._owe(60, 1000)
        self._credit(5000, OPENED - timedelta(days=20))
        with self.assertRaisesRegex(UserError, "covers what was due"):
            self._prepare()

    # === CONSUMERS === #

    def _over_indebted(self):
        self.debtor.write({"is_company": False, "collection_debtor_kind": "consumer"})
        self._owe(60, 1000)
        return self._record(kind="overindebtedness", publication_date=False)

    def test_a_commission_is_told_the_claim(self):
        record = self._over_indebted()
        self._step_of(record, "claim_letter")
        self.assertEqual(self._state(record, "overindebtedness.claim"), ["open"])
        declaration = self._prepare(record)
        self.assertFalse(sum(declaration.line_ids.mapped("indemnity")))
        text = self._text(declaration)
        for words in ("Statement of our claim", "R723-3", "Nothing is demanded of the debtor"):
            with self.subTest(words=words):
                self.assertIn(words, text)
        for words in ("certifie", "L622-25", "judgement"):
            with self.subTest(words=words):
                self.assertNotIn(words, text)
        declaration.action_print()
        self.assertTrue(declaration.document_id.raw)
        declaration._note_sending(
            TODAY, "registered_letter", "1A 1", self._paper("receipt.pdf"), COPIES_WENT
        )
        self.assertEqual(declaration.state, "sent")
        self.assertEqual(self._state(record, "overindebtedness.claim"), ["done"])
        self.assertEqual(
            record.event_ids.sorted("id").mapped("code"), ["claim_letter", "claim_given"]
        )
        self.assertEqual(record.amount_declared, declaration.amount_total)
        # The request of the debtor interrupts limitation, not the answer of a creditor.
        self.assertFalse(record.case_id.limitation_event_ids)

    def test_a_personal_recovery_is_joined_with_the_claim(self):
        self.debtor.write({"is_company": False, "collection_debtor_kind": "consumer"})
        self._owe(60, 1000)
        record = self._record(kind="personal_recovery")
        self.assertEqual(self._state(record, "overindebtedness.recovery"), ["open"])
        declaration = self._prepare(record)
        self.assertIn("R742-11", self._text(declaration))
        declaration.action_print()
        declaration._note_sending(
            TODAY, "registered_letter", "1A 1", self._paper("receipt.pdf"), COPIES_WENT
        )
        self.assertEqual(self._state(record, "overindebtedness.recovery"), ["done"])
        self.assertEqual(record.event_ids.mapped("code"), ["recovery_joined"])

    def test_a_claim_that_is_given_late_says_so(self):
        record = self._over_indebted()
        self._step_of(record, "claim_letter")
        declaration = self._prepare(record)
        with self.on((date(2026, 5, 20) - TODAY).days) as today:
            declaration._note_sending(today, "email", "", self._paper("mail.pdf"), COPIES_WENT)
        self.assertTrue(declaration.is_late)

    def test_a_commission_is_named_before_it_is_told(self):
        record = self._over_indebted()
        record.representative_id = False
        declaration = self._prepare(record)
        with self.assertRaisesRegex(UserError, "the commission"):
            declaration.action_print()
