from unittest.mock import patch

from odoo.tests import tagged

from ..common import CollectionCommon


@tagged("post_install", "-at_install")
class TestFilesOfTexts(CollectionCommon):
    """Files that are joined to a template leave with each e-mail, and are kept with it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.files = cls.root["ir.attachment"].create(
            [
                {
                    "name": name,
                    "raw": content,
                    "mimetype": "application/pdf",
                    "res_model": "mail.template",
                    "res_id": cls.template.id,
                }
                for name, content in (("Terms.pdf", b"%PDF terms"), ("Slip.pdf", b"%PDF slip"))
            ]
        )
        cls.template.attachment_ids = cls.files

    def _received(self, message):
        return {file.get_filename(): file.get_content() for file in message.iter_attachments()}

    def test_files_leave_with_each_email_and_are_kept(self):
        self._overdue_invoice(6)
        self._overdue_invoice(6, partner=self.partner_b)
        with self._mail_server() as sink:
            run = self._run()
        for address in ("a@debtor.example", "b@debtor.example"):
            (message,) = sink.to(address)
            self.assertEqual(
                self._received(message), {"Terms.pdf": b"%PDF terms", "Slip.pdf": b"%PDF slip"}
            )
        for action in run.action_ids:
            kept = action.evidence_ids.attachment_ids
            self.assertEqual(set(kept.mapped("name")), {"Terms.pdf", "Slip.pdf"})
            self.assertEqual(set(kept.mapped("res_id")), set(action.ids))
        # The template gives its own files up, what left stays.
        self.files.unlink()
        self.assertEqual(len(run.action_ids.evidence_ids.attachment_ids.exists()), 4)
        self.assertFalse(self.root["collection.evidence"]._find_break(self.company))

    def test_files_join_those_of_the_step(self):
        self.company.sudo().collection_policy_id = self._make_policy(
            [(5, "email", {"attach_invoices": True})]
        )
        self._overdue_invoice(6)

        def print_all(reports, report_ref, res_ids, data=None):
            return dict.fromkeys(res_ids, b"%PDF invoice")

        reports = type(self.root["ir.actions.report"])
        with patch.object(reports, "_render_separately", print_all), self._mail_server() as sink:
            self._run()
        contents = self._received(sink.messages[0]).values()
        self.assertEqual(sorted(contents), [b"%PDF invoice", b"%PDF slip", b"%PDF terms"])

    def test_letter_takes_none_of_them(self):
        self.company.sudo().collection_policy_id = self._make_policy([(5, "letter")])
        self.partner_a.write({"street": "1 rue du Port", "zip": "44000", "city": "Nantes"})
        self._overdue_invoice(6)
        letter = self._run().action_ids
        self.assertEqual(letter.evidence_ids.attachment_ids, letter.attachment_id)

    def test_nobody_else_gets_a_copy(self):
        self.template.email_cc = "colleague@elsewhere.example"
        self._overdue_invoice(6)
        with self._mail_server() as sink:
            self._run()
        (message,) = sink.messages
        self.assertFalse(message["Cc"])
        self.assertFalse(sink.to("colleague@elsewhere.example"))
