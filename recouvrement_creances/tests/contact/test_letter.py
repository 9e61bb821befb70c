import io
from base64 import b64encode
from datetime import timedelta
from importlib.util import module_from_spec, spec_from_file_location

from odoo.exceptions import AccessError, UserError
from odoo.modules.module import get_module_path
from odoo.tests import Form, tagged
from odoo.tools.pdf import PdfFileReader

from ..common import TODAY, CollectionCommon


@tagged("post_install", "-at_install")
class TestLetter(CollectionCommon):
    """A letter is a real PDF; it counts from the day somebody has posted it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Letters fetch nothing while they are printed: a call to this address warns, which fails.
        cls.root["ir.config_parameter"].set_param("report.url", "http://127.0.0.1:9")
        cls.company.collection_policy_id = cls._make_policy(
            [(5, "letter"), (15, "registered_letter"), (30, "email")]
        )
        for partner in (cls.partner_a, cls.partner_b):
            partner.write({"street": "1 rue du Port", "zip": "44000", "city": "Nantes"})
        cls.find_debtor = cls.root.ref("recouvrement_creances.mail_activity_type_find_debtor")

    # === BUILDERS === #

    def _prepare(self, days=0):
        """Do the day's work with real PDF; return the letters to post."""
        with self.allow_pdf_render(), self.on(days):
            self._run()
        return self.root["collection.action"].search([("state", "=", "planned")])

    def _open_post(self, actions, **values):
        dialogs = self.root["collection.letter.post"].with_user(self.collector)
        return dialogs.create({"action_ids": [(6, 0, actions.ids)], **values})

    def _registered_letter(self):
        """Return a registered letter that was posted on the tenth day."""
        invoice = self._overdue_invoice(6)
        self._open_post(self._prepare()).action_apply()
        letter = self._prepare(days=10)
        with self.on(10):
            dialog = self._open_post(letter)
            dialog.line_ids.tracking_number = "2C 123 456 7890 1"
            dialog.action_apply()
        return invoice, letter

    def _note_proof(self, letter, event, days, **values):
        dialogs = self.root["collection.letter.proof"].with_user(self.collector)
        with self.on(days) as date:
            dialogs.create(
                {"action_id": letter.id, "event": event, "date": date, **values}
            ).action_apply()

    def _read(self, attachment):
        """Return the pages of a PDF as texts."""
        reader = PdfFileReader(io.BytesIO(attachment.raw))
        return [page.extract_text() for page in reader.pages]

    # === PREPARE === #

    def test_run_makes_the_letter_and_waits_for_the_post(self):
        invoice = self._overdue_invoice(6, amount=1234)
        letter = self._prepare()
        self.assertEqual((letter.state, letter.contact_date), ("planned", False))
        self.assertIn("Nantes", letter.recipient)
        self.assertFalse(self._item(invoice).level_id)
        self.assertTrue(letter.attachment_id.raw.startswith(b"%PDF"))
        text = " ".join(self._read(letter.attachment_id))
        for part in (self.partner_a.name, invoice.name, "1,234.00"):
            self.assertIn(part, text)
        evidence = letter.evidence_ids
        self.assertEqual(
            (evidence.kind, evidence.attachment_ids), ("prepared", letter.attachment_id)
        )

    def test_letters_of_a_batch_print_as_one_document(self):
        first, second = self._overdue_invoice(6), self._overdue_invoice(6, partner=self.partner_b)
        letters = self._prepare()
        self.assertEqual(len(letters), 2)
        action = letters.with_user(self.collector).action_print()
        merged = self.root["ir.attachment"].browse(int(action["url"].split("/")[3].split("?")[0]))
        pages = self._read(merged.with_user(self.collector))
        self.assertEqual(
            len(pages), sum(len(self._read(letter.attachment_id)) for letter in letters)
        )
        for invoice in (first, second):
            self.assertIn(invoice.name, " ".join(pages))
        self.assertEqual(set(letters.mapped("state")), {"planned"})

    def _print_batch(self):
        """Return the file that a collector printed of the letters of the day."""
        self._overdue_invoice(6)
        action = self._prepare().with_user(self.collector).action_print()
        return self.root["ir.attachment"].browse(int(action["url"].split("/")[3].split("?")[0]))

    def test_printed_batch_is_its_printers_and_goes_after_a_day(self):
        merged = self._print_batch()
        letter = self._case().action_ids.attachment_id
        with self.assertRaises(AccessError):
            merged.with_user(self.personas["other_collector"]).check_access("read")
        channel = self.root["collection.channel.letter"]
        self.env.cr.execute(
            "UPDATE ir_attachment SET create_date = %s WHERE id IN %s",
            [TODAY - timedelta(hours=1), (merged | letter)._ids],
        )
        channel._vacuum_batches()
        self.assertTrue(merged.exists())
        with self.on(2):
            channel._vacuum_batches()
        self.assertEqual((merged | letter).exists(), letter)

    def test_batches_that_were_kept_so_far_go_too(self):
        merged = self._print_batch()
        values = {"raw": b"%PDF-1.4 batch", "mimetype": "application/pdf"}
        files = self.root["ir.attachment"].create(
            [
                {"name": name, **values}
                for name in ("Letters (3).pdf", "Lettres (12).pdf", "Letters (of May).pdf")
            ]
        )
        sent, words = files[0].copy(), "The batch"
        self._case().message_post(body=words, attachment_ids=sent.ids)
        sent.write({"res_model": False, "res_id": 0})
        path = f"{get_module_path('recouvrement_creances')}/migrations/19.0.1.1.0/"
        spec = spec_from_file_location("post_letters", f"{path}post-letters.py")
        script = module_from_spec(spec)
        spec.loader.exec_module(script)
        self.env.flush_all()
        script.migrate(self.env.cr, "19.0.1.0.0")
        self.env.cr.execute(
            "UPDATE ir_attachment SET create_date = %s WHERE id IN %s",
            [TODAY, (merged | files | sent)._ids],
        )
        self.env.invalidate_all()
        with self.on(2):
            self.root["collection.channel.letter"]._vacuum_batches()
        self.assertEqual((merged | files | sent).exists(), files[2] | sent)

    def test_debtor_without_an_email_gets_a_letter_instead(self):
        self.company.sudo().collection_policy_id = self._make_policy(
            [(5, "email", {"fallback_channel": "letter"})]
        )
        self._overdue_invoice(6)
        self._overdue_invoice(6, partner=self.partner_b)
        self.partner_a.email = False
        with self._mail_server() as sink:
            letter = self._prepare()
        self.assertEqual(len(sink.messages), 1)
        self.assertEqual((letter.channel, letter.debtor_id), ("letter", self.partner_a))

    def test_debtor_without_an_address_asks_to_be_found(self):
        self.partner_a.street = False
        self._overdue_invoice(6)
        self.assertFalse(self._prepare())
        self.assertEqual(self._case().action_ids.state, "failed")
        self.assertEqual(self._case().activity_ids.activity_type_id, self.find_debtor)

    def test_letter_that_breaks_leaves_the_others(self):
        self.template.body_html = (
            "<p><t t-if=\"object.debtor_id.ref == 'broken'\" t-out='1 / 0'/>Please pay.</p>"
        )
        self.partner_b.ref = "broken"
        self._overdue_invoice(6)
        self._overdue_invoice(6, partner=self.partner_b)
        self.assertEqual(self._prepare().debtor_id, self.partner_a)
        self.assertEqual(self._case(self.partner_b).action_ids.state, "failed")
        self.assertFalse(self._case(self.partner_b).action_ids.attachment_id)

    def test_statement_of_account_is_joined_to_an_email(self):
        self.company.sudo().collection_policy_id = self._make_policy(
            [(5, "email", {"attach_statement": True})]
        )
        invoice = self._overdue_invoice(6)
        with self._mail_server() as sink:
            self._prepare()
        (file,) = sink.messages[0].iter_attachments()
        self.assertEqual(file.get_content_type(), "application/pdf")
        statement = self._case().evidence_ids.attachment_ids
        self.assertEqual(statement.raw, file.get_content())
        self.assertIn(invoice.name, " ".join(self._read(statement)))

    def test_letter_that_was_not_posted_goes_with_the_debt(self):
        invoice = self._overdue_invoice(6)
        letter = self._prepare()
        self._pay(invoice)
        with self.on(1):
            self._run()
        self.assertEqual(letter.state, "cancelled")
        with self.assertRaises(UserError), self.on(1):
            self._open_post(letter).action_apply()

    def test_letter_of_which_a_part_was_paid_is_not_posted(self):
        invoices = self._overdue_invoice(6) | self._overdue_invoice(7)
        letter = self._prepare()
        self._pay(invoices[0])
        with self.assertRaisesRegex(UserError, f"Paid or held.*{invoices[0].name}"):
            self._open_post(letter).action_apply()
        letter.with_user(self.collector).action_cancel()
        with self.on(1):
            again = self._prepare()
            self.assertEqual(again.line_ids.item_id, self._item(invoices[1]))
            self._open_post(again).action_apply()
        self.assertEqual(again.state, "sent")

    def test_letter_that_was_in_the_post_before_its_payment_is_noted(self):
        invoices = self._overdue_invoice(6) | self._overdue_invoice(7)
        letter = self._prepare()
        with self.on(1):
            self._pay(invoices[0])
            self._open_post(letter, posted_on=TODAY).action_apply()
        self.assertEqual(letter.state, "sent")
        posted = letter.evidence_ids.filtered(lambda line: line.kind == "posted")
        self.assertIn(invoices[0].name, posted.payload)

    # === POST === #

    def test_level_counts_from_the_day_of_posting(self):
        invoice = self._overdue_invoice(6)
        letter = self._prepare()
        posted_on = TODAY + timedelta(days=2)
        with self.on(4):
            self._open_post(letter, posted_on=posted_on).action_apply()
            self._decide()
        self.assertEqual((letter.state, letter.contact_date), ("sent", posted_on))
        item = self._item(invoice)
        self.assertEqual((item.level_id.number, item.last_contact_date), (1, posted_on))
        self.assertVerdict(invoice, "too_soon", next_date=posted_on + timedelta(days=10))
        self.assertEqual(letter.evidence_ids[0].kind, "posted")

    def test_letters_are_posted_once_and_not_in_the_future(self):
        self._overdue_invoice(6)
        letter = self._prepare()
        with self.assertRaisesRegex(UserError, "in the future"):
            self._open_post(letter, posted_on=TODAY + timedelta(days=1)).action_apply()
        self._open_post(letter).action_apply()
        with self.assertRaisesRegex(UserError, "not possible any more"):
            self._open_post(letter).action_apply()

    def test_only_letters_are_posted_and_only_ones_own(self):
        self._overdue_invoice(6)
        letter = self._prepare()
        call = (
            self.root["collection.action"]
            .sudo()
            ._with_door()
            .create(
                {
                    "company_id": self.company.id,
                    "case_id": self._case().id,
                    "channel": "call",
                    "state": "planned",
                }
            )
        )
        with self.assertRaisesRegex(UserError, "letters only"):
            self._open_post(letter | call).action_apply()
        self._case().user_id = self.personas["other_collector"]
        with self.assertRaises(AccessError):
            self._open_post(letter).action_apply()

    # === REGISTERED LETTER === #

    def test_registered_letter_is_followed_to_its_receipt(self):
        _invoice, letter = self._registered_letter()
        self.assertEqual(letter.channel, "registered_letter")
        self.assertEqual(letter.tracking_number, "2C 123 456 7890 1")
        self.assertEqual(letter.evidence_ids[0].transport_reference, "2C 123 456 7890 1")
        self._note_proof(letter, "presented", 12)
        self._note_proof(
            letter,
            "acknowledged",
            15,
            document=b64encode(b"%PDF-1.4 scan"),
            document_name="receipt.pdf",
        )
        self.assertEqual(letter.presented_on, TODAY + timedelta(days=12))
        self.assertEqual(letter.acknowledged_on, TODAY + timedelta(days=15))
        self.assertEqual(letter.acknowledgement_id.raw, b"%PDF-1.4 scan")
        self.assertEqual(
            letter.evidence_ids.sorted("position").mapped("kind"),
            ["prepared", "posted", "presented", "acknowledged"],
        )
        self.assertFalse(self.root["collection.evidence"]._find_break(self.company))
        with self.assertRaises(UserError):
            letter.acknowledgement_id.unlink()

    def test_receipt_proves_the_presentation_too(self):
        _invoice, letter = self._registered_letter()
        self._note_proof(letter, "acknowledged", 15)
        self.assertEqual(letter.presented_on, TODAY + timedelta(days=15))

    def test_letter_that_comes_back_asks_to_find_the_debtor(self):
        _invoice, letter = self._registered_letter()
        self._note_proof(letter, "returned", 20)
        self.assertEqual(letter.state, "failed")
        self.assertIn("came back", letter.failure_reason)
        self.assertEqual(self._case().activity_ids.activity_type_id, self.find_debtor)
        self.assertEqual(letter.evidence_ids[0].kind, "returned")

    def test_proof_is_not_older_than_the_posting(self):
        _invoice, letter = self._registered_letter()
        with self.assertRaisesRegex(UserError, "no proof is older"):
            self._note_proof(letter, "presented", 9)

    def test_plain_letter_has_no_proof(self):
        self._overdue_invoice(6)
        letter = self._prepare()
        self._open_post(letter).action_apply()
        with self.assertRaisesRegex(UserError, "Only a registered letter"):
            self._note_proof(letter, "presented", 3)

    def test_dialog_asks_for_the_numbers_of_registered_letters_only(self):
        self._overdue_invoice(6)
        plain = self._prepare()
        self.assertFalse(self._open_post(plain).line_ids)
        plain.sudo().channel = "registered_letter"
        dialogs = self.root["collection.letter.post"].with_user(self.collector)
        form = Form(dialogs.with_context(default_action_ids=plain.ids))
        self.assertEqual(len(form.line_ids), 1)
