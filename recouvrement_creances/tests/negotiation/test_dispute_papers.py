import io
import json
import zipfile

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import DisputeCommon

INSIDE = "Inside only"


@tagged("post_install", "-at_install")
class TestDisputePapers(DisputeCommon):
    """What the debtor sends is kept with the dispute, shown to the debtor, erased in time."""

    def _receive(self, body):
        """Receive an e-mail of the debtor with a file on the case."""
        file = self.root["ir.attachment"].create(
            {
                "name": "photo.txt",
                "raw": b"scratched",
                "res_model": "collection.case",
                "res_id": self.case.id,
            }
        )
        self.case.message_post(
            body=body,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            author_id=self.partner_a.id,
            attachment_ids=file.ids,
        )
        return file

    def test_dispute_starts_from_the_mail_that_waits_for_an_answer(self):
        file = self._receive("Two doors arrived scratched")
        entries = self.root["collection.dispute.entry"].with_user(self.collector)
        with Form(entries.with_context(default_case_id=self.case.id)) as form:
            self.assertEqual((form.how, form.description), ("email", "Two doors arrived scratched"))
            form.category_id = self.category.with_env(form._env)
            with form.line_ids.edit(0) as line:
                line.is_chosen = True
        form.record.action_apply()
        dispute = self.case.dispute_ids
        copies = self.root["ir.attachment"].search(
            [("res_model", "=", dispute._name), ("res_id", "=", dispute.id)]
        )
        self.assertEqual(copies.mapped("raw"), [b"scratched"])
        self.assertEqual(file.res_model, "collection.case")
        self.assertEqual(copies.with_user(self.sales).raw, b"scratched")
        shown = dispute.with_user(self.sales).document_ids
        self.assertEqual((shown, shown.mapped("raw")), (copies, [b"scratched"]))

    def test_dialog_tells_nobody_of_another_company_what_the_mail_says(self):
        self._receive("Two doors arrived scratched")
        elsewhere = self.setup_other_company(name="Elsewhere")["company"]
        stranger = self.collector.copy({"login": "collector_elsewhere"}).sudo()
        stranger.write({"company_ids": [Command.set(elsewhere.ids)], "company_id": elsewhere.id})
        entries = self.root["collection.dispute.entry"].with_user(stranger)
        entries = entries.with_context(allowed_company_ids=elsewhere.ids)
        values = {"case_id": self.case.id, "category_id": self.category.id}
        with self.assertRaises(AccessError):
            entries.create(values).read(["description"])
        with self.assertRaises(AccessError):
            entries.with_context(default_case_id=self.case.id).onchange({}, [], {"description": {}})

    def test_answered_mail_is_not_taken_again(self):
        self._receive("Two doors arrived scratched")
        self.case.activity_ids.unlink()
        entries = self.root["collection.dispute.entry"].with_user(self.collector)
        form = Form(entries.with_context(default_case_id=self.case.id))
        self.assertEqual((form.how, form.description), ("call", ""))

    def test_answer_to_an_access_request_shows_disputes_without_notes(self):
        dispute = self._open(300)
        dispute.with_user(self.sales).message_post(body=INSIDE, message_type="comment")
        dispute._answer("unfounded", "Signed for")
        exports = self.root["collection.person.export"].with_user(self.manager)
        exports = exports.with_context(allowed_company_ids=self.company.ids)
        file, _name = exports._export(self.partner_a.with_env(exports.env))
        with file, zipfile.ZipFile(io.BytesIO(file.read())) as archive:
            content = json.loads(archive.read("data.json"))
        [shown] = [
            entry for case in content["cases"] for entry in case.get("disputes", ()) if entry
        ]
        self.assertEqual((shown["number"], shown["answer"]), (dispute.name, "Signed for"))
        self.assertEqual(shown["description"], "Two doors are scratched")
        self.assertEqual(shown["messages"], [])

    def test_purge_erases_what_disputes_say_and_keeps_their_figures(self):
        dispute = self._open(300)
        self._decided(dispute, "unfounded")
        with self.assertRaises(AccessError):
            self.case.with_user(self.manager)._erase_disputes()
        self.case._erase_disputes()
        self.assertEqual(
            (dispute.description, dispute.decision, dispute.raised_by_id.ids), (False, False, [])
        )
        self.assertEqual((dispute.amount, dispute.state), (300, "unfounded"))
        self.assertFalse(self.case.reason_note_ids)
