import hashlib
from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import TODAY
from .insolvency_common import COPIES_WENT, OPENED, InsolvencyCommon


@tagged("post_install", "-at_install")
class TestDeclaration(InsolvencyCommon):
    """Claims are declared as of the judgement, and what was sent stays."""

    def _prepare(self, record=None, **words):
        """Return the declaration of proceedings, ready to be printed."""
        record = record or self._record()
        declaration = self.root["collection.insolvency.declaration"].with_user(self.accountant)
        declaration = declaration._prepare_for(record.with_user(self.accountant))
        declaration.write({"signatory_quality": "Finance director", **words})
        return declaration

    def _send(self, declaration, day=None, way="registered_letter"):
        declaration._note_sending(
            day or TODAY, way, "1A 000 000 0001", self._paper("receipt.pdf"), COPIES_WENT
        )

    # === FIGURES === #

    def test_amounts_are_those_of_the_judgements_day(self):
        paid_since = self._owe(90, 1000)
        paid_before = self._owe(90, 700)
        self._register_payment(paid_before, amount=200, payment_date=OPENED - timedelta(days=5))
        self._owe_later()
        coming = self._owe(-20, 300, invoice_date=OPENED - timedelta(days=5))
        record = self._record()
        self._register_payment(paid_since, amount=400, payment_date=OPENED + timedelta(days=1))
        declaration = self._prepare(record)
        lines = {line.number: line for line in declaration.line_ids}
        self.assertEqual(
            {number: line.principal for number, line in lines.items()},
            {paid_since.name: 1000, paid_before.name: 500, coming.name: 300},
        )
        self.assertTrue(lines[coming.name].is_coming)
        self.assertEqual(declaration.amount_coming, 300)
        self.assertEqual(declaration.amount_total, sum(declaration.line_ids.mapped("amount_total")))

    def test_credit_note_takes_back_what_was_never_owed(self):
        invoice = self._owe(90, 1000)
        record = self._record()
        credit = self._create_invoice_one_line(
            move_type="out_refund",
            price_unit=250,
            tax_ids=[],
            partner_id=self.debtor,
            invoice_date=TODAY,
            post=True,
        )
        lines = (invoice | credit).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        lines.reconcile()
        self.assertEqual(self._prepare(record).line_ids.principal, 750)

    def test_interest_and_indemnity_end_with_the_judgement(self):
        self.debtor.collection_debtor_kind = "professional"
        invoice = self._owe(60, 1000)
        self._owe(-20, 1000, invoice_date=OPENED - timedelta(days=5))
        declaration = self._prepare()
        line = declaration.line_ids.filtered(lambda one: one.number == invoice.name)
        expected = (
            self.root["collection.interest"]
            ._compute_items(self._item(invoice), OPENED - timedelta(days=1))[self._item(invoice).id]
            .charges
        )
        self.assertGreater(line.interest, 0)
        self.assertAlmostEqual(line.interest, float(expected.interest.total))
        self.assertFalse((declaration.line_ids - line).indemnity)

    def _claim_interest(self):
        """Return the interest that was claimed before the judgement."""
        self.debtor.collection_debtor_kind = "professional"
        with self.on(-20) as day:
            invoice = self._owe(60, 1000)
            case = self._case(self.debtor).with_user(self.accountant)
            charges = self.root["collection.charge"].with_user(self.accountant)
            claimed = charges._claim(case, self._item(invoice), day, day).sudo()
        return claimed.filtered("amount_interest")

    def _declared_for(self, charge, declaration):
        return declaration.line_ids.filtered(lambda line: line.charge_id == charge)

    def test_waived_charges_are_not_declared(self):
        charge = self._claim_interest()
        charge._waive(1)
        line = self._declared_for(charge, self._prepare())
        self.assertAlmostEqual(line.amount_total, charge.amount_total - 1)
        self.assertAlmostEqual(line.amount_document, charge.amount_total - 1)
        self.assertAlmostEqual(line.interest, charge.amount_interest - 1)

    def test_charges_whose_entry_was_reversed_are_declared(self):
        self.company.sudo().collection_charge_booking = "claim"
        self.root.ref("base.EUR").active = True
        for code in ("763100", "758100"):
            self.root["account.account"].create(
                {
                    "name": code,
                    "code": code,
                    "account_type": "income_other",
                    "company_ids": [Command.link(self.company.id)],
                }
            )
        charge = self._claim_interest()
        declaration = self._prepare()
        self.assertFalse(self._declared_for(charge, declaration))
        charge.move_id._reverse_moves([{"date": TODAY}], cancel=True)
        self.assertEqual(charge.state, "claimed")
        declaration.action_compute()
        line = self._declared_for(charge, declaration)
        self.assertEqual(line.amount_total, charge.amount_total)

    def test_currency_is_converted_on_the_judgements_day(self):
        self._owe(60, 1000, currency_id=self.other_currency.id)
        line = self._prepare().line_ids
        self.assertEqual(line.amount_document, 1000)
        self.assertEqual(
            line.principal,
            self.other_currency._convert(1000, self.company.currency_id, self.company, OPENED),
        )

    def test_put_off_payment_bears_interest_on(self):
        invoice = self._owe(-300, 1000, invoice_date=TODAY - timedelta(days=100))
        declaration = self._prepare()
        self.assertTrue(declaration.line_ids.goes_on)
        self.assertIn(invoice.name, declaration.interest_note)

    def test_nothing_before_the_judgement_is_nothing_to_declare(self):
        self._owe_later()
        with self.assertRaisesRegex(UserError, "nothing to declare"):
            self._prepare()

    def test_nothing_is_declared_in_a_conciliation(self):
        self._owe()
        record = self._record(kind="conciliation", publication_date=False)
        with self.assertRaisesRegex(UserError, "no claims are declared"):
            self._prepare(record)

    # === SENDING === #

    def test_sending_freezes_closes_and_interrupts(self):
        self._owe()
        record = self._record()
        declaration = self._prepare(record)
        self._send(declaration)
        self.assertEqual((declaration.state, declaration.sent_on), ("sent", TODAY))
        self.assertEqual(
            declaration.document_hash, hashlib.sha256(declaration.document_id.raw).hexdigest()
        )
        self.assertEqual(self._state(record, "insolvency.declaration"), ["done"])
        self.assertEqual(self._state(record, "insolvency.relief"), ["dropped"])
        self.assertEqual(record.amount_declared, declaration.amount_total)
        event = record.case_id.limitation_event_ids
        self.assertEqual((event.kind, event.date), ("insolvency_declaration", TODAY))

    def test_what_was_sent_stays(self):
        invoice = self._owe()
        declaration = self._prepare()
        self._send(declaration)
        total = declaration.amount_total
        self._pay(invoice)
        for user in (self.accountant, self.manager, self.root.user):
            with self.subTest(user=user.name):
                frozen = declaration.with_user(user)
                with self.assertRaises(UserError):
                    frozen.write({"security": "Pledge"})
                with self.assertRaises(UserError):
                    frozen.line_ids.write({"principal": 1})
                with self.assertRaises(UserError):
                    frozen.unlink()
                with self.assertRaises(UserError):
                    frozen.line_ids.unlink()
                with self.assertRaises(UserError):
                    frozen.action_compute()
        self.assertEqual(declaration.amount_total, total)

    def test_figures_are_not_given(self):
        self._owe()
        declaration = self._prepare()
        with self.assertRaisesRegex(UserError, "read from the ledger"):
            declaration.amount_total = 1
        with self.assertRaisesRegex(UserError, "read from the ledger"):
            declaration.line_ids.principal = 1

    def test_correction_is_another_version(self):
        self._owe()
        record = self._record()
        first = self._prepare(record)
        self._send(first)
        forgotten = self._owe(90, 200)
        second = self._prepare(record)
        self.assertEqual(second.version, 2)
        self.assertIn(forgotten.name, second.line_ids.mapped("number"))
        self._send(second)
        self.assertEqual((first.state, second.state), ("replaced", "sent"))
        self.assertEqual(record.amount_declared, second.amount_total)

    def test_late_sending_leaves_the_relief_open(self):
        self._owe()
        record = self._record()
        declaration = self._prepare(record)
        with self.on((date(2026, 5, 20) - TODAY).days) as today:
            self._send(declaration, today)
        self.assertTrue(declaration.is_late)
        self.assertEqual(self._state(record, "insolvency.relief"), ["open"])
        self._step_of(record, "relief")
        self.assertEqual(self._state(record, "insolvency.relief"), ["done"])

    def test_sending_is_proven_and_dated(self):
        self._owe()
        declaration = self._prepare()
        with self.assertRaisesRegex(UserError, "proof of the sending"):
            declaration._note_sending(TODAY, "email")
        for day in (TODAY + timedelta(days=1), OPENED - timedelta(days=1)):
            with self.subTest(day=day), self.assertRaisesRegex(UserError, "after the judgement"):
                self._send(declaration, day)

    def test_what_was_printed_is_what_was_sent(self):
        self._owe()
        declaration = self._prepare()
        declaration.action_print()
        printed = declaration.document_id
        with self.on(2) as today:
            self._send(declaration, today)
        self.assertEqual(declaration.document_id, printed)
        self.assertTrue(printed.exists())

    def test_words_changed_after_the_printing_are_printed_first(self):
        self._owe()
        declaration = self._prepare(security="None")
        declaration.action_print()
        declaration.security = "Pledge"
        with self.assertRaisesRegex(UserError, "changed since it was printed"):
            self._send(declaration)
        declaration.security = "None"
        self._owe(90, 200)
        declaration.action_compute()
        with self.assertRaisesRegex(UserError, "changed since it was printed"):
            self._send(declaration)
        declaration.action_print()
        self._send(declaration)
        self.assertEqual(declaration.state, "sent")

    def test_reader_does_not_print_a_draft_anew(self):
        self._owe()
        declaration = self._prepare()
        declaration.action_print()
        printed = declaration.document_id
        reading = declaration.with_user(self.personas["reader"])
        with self.assertRaises(AccessError):
            reading.action_print()
        self.assertEqual(declaration.document_id, printed)
        self._send(declaration)
        self.assertIn(f"/{printed.id}?", reading.action_print()["url"])

    def test_incomplete_declaration_is_not_printed(self):
        self._owe()
        declaration = self._prepare(self._record(representative_id=False), signatory_quality="")
        with self.assertRaisesRegex(UserError, "representative.*capacity"):
            declaration.action_print()

    def test_moved_judgement_asks_for_new_figures(self):
        self._owe()
        record = self._record()
        declaration = self._prepare(record)
        record.judgement_date = OPENED - timedelta(days=1)
        with self.assertRaisesRegex(UserError, "read the figures again"):
            self._send(declaration)
        declaration.action_compute()
        self._send(declaration)
        self.assertEqual(declaration.state, "sent")

    # === DOCUMENT === #

    def test_document_has_what_the_law_wants(self):
        invoice = self._owe(60, 1000)
        self._owe(-20, 300, invoice_date=OPENED - timedelta(days=5))
        self.debtor.collection_debtor_kind = "professional"
        declaration = self._prepare(security="Pledge of 3 March 2025, first rank")
        report = "recouvrement_creances.declaration"
        html = self.env["ir.qweb"]._render(
            report,
            self.root["report.recouvrement_creances.declaration"]._get_report_values(
                declaration.ids
            ),
        )
        text = " ".join(str(html).split())
        for words in (
            invoice.name,
            "certifie sincère",
            "Finance director",
            "Pledge of 3 March 2025",
            "L622-25",
            "Falls due after the judgement",
            "A202600012345",
            "Maître Durand",
            "Sued Debtor",
        ):
            with self.subTest(words=words):
                self.assertIn(words, text)

    # === FOLLOW-UP === #

    def test_admitted_contested_and_rejected_are_followed(self):
        self._owe()
        record = self._record()
        self._send(self._prepare(record))
        claim = record.claim_ids
        declared = claim.amount_declared
        self.assertGreaterEqual(declared, 1000)
        claim.write({"amount_admitted": 800, "amount_contested": declared - 800})
        self.assertEqual((record.amount_admitted, record.amount_rejected), (800, 0))
        with self.assertRaisesRegex(ValidationError, "is not more"):
            claim.amount_rejected = 10

    def test_plan_is_judged_from_the_ledger(self):
        invoice = self._owe()
        record = self._record()
        self._send(self._prepare(record))
        record.claim_ids.amount_admitted = 1000
        self._step_of(record, "plan")
        dividends = self.root["collection.insolvency.dividend"].with_user(self.accountant)
        first, second = dividends.create(
            [
                {"insolvency_id": record.id, "due_date": day, "share": share}
                for day, share in ((date(2026, 6, 30), 40), (date(2027, 6, 30), 60))
            ]
        )
        self.assertEqual((first.amount, second.amount), (400, 600))
        with self.on((date(2026, 6, 20) - TODAY).days):
            self._pay(invoice, 400)
            # Lawful by the plan: nobody is warned.
            self.assertFalse(record.activity_ids)
        with self.on((date(2027, 7, 31) - TODAY).days):
            dividends.invalidate_model()
            self.assertEqual((first.state, first.amount_paid), ("kept", 400))
            self.assertEqual((second.state, second.is_late), ("broken", True))

    # === PAYMENTS AFTER THE JUDGEMENT === #

    def test_payment_of_an_earlier_debt_is_warned_of(self):
        invoice = self._owe()
        record = self._record()
        self.company.sudo().collection_accountant_id = self.accountant
        self._pay(invoice, 300)
        self.assertEqual(record.activity_ids.user_id, self.accountant)
        self.assertIn("300", record.activity_ids.note)
        self.assertTrue(
            any("L622-7" in message.body for message in record.message_ids), record.message_ids
        )

    def test_other_payments_are_nobodys_concern(self):
        before, later = self._owe(), self._owe_later()
        stranger = self._owe(partner=self._debtor("Solvent"))
        record = self._record()
        self._register_payment(before, amount=100, payment_date=OPENED - timedelta(days=2))
        self._pay(later)
        self._pay(stranger)
        self.assertFalse(record.activity_ids)

    def test_nobody_insolvent_asks_the_database_nothing(self):
        invoice = self._owe()
        partials = self._pay_and_find(invoice)
        self.assertTrue(partials)
        insolvency = self.root["collection.insolvency"]
        insolvency._are_any_running()
        with self.assertQueryCount(0):
            insolvency._warn_of_payments(partials)
        self._record()
        self.assertTrue(insolvency._are_any_running())

    def _pay_and_find(self, invoice):
        self._pay(invoice)
        return invoice.line_ids.matched_credit_ids.sudo()
