import email
import email.policy
import hashlib
import io
import json
import os
import subprocess
import tempfile
import zipfile

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfFileReader

from .common import CustodyCommon


@tagged("post_install", "-at_install")
class TestEvidenceExport(CustodyCommon, HttpCase):
    """A case's evidence as one file that anybody can check, on any system."""

    def setUp(self):
        super().setUp()
        self.invoice = self._overdue_invoice(6, amount=1000)
        self.other_invoice = self._overdue_invoice(6, partner=self.partner_b)
        for move, content in ((self.invoice, b"%PDF-1.4 own"), (self.other_invoice, b"%PDF other")):
            self.root["ir.attachment"].create(
                {
                    "name": "invoice.pdf",
                    "raw": content,
                    "res_model": "account.move",
                    "res_id": move.id,
                    "res_field": "invoice_pdf_report_file",
                    "mimetype": "application/pdf",
                }
            )
            move.invalidate_recordset(["invoice_pdf_report_id", "invoice_pdf_report_file"])
        with self._mail_server():
            self._run()
        self.case = self._case()
        self._attach(self._case(self.partner_b), b"%PDF-1.4 of another debtor")
        self._attach(self.case, "%PDF-1.4 é".encode(), "Accusé de réception.pdf")
        self._log_call(self.case, "Called")
        self.accountant = self.personas["accountant"]

    def _export(self, user=None, lang="en_US", case=None):
        """Return the bytes of an export."""
        export = self.root["collection.evidence.export"].with_user(user or self.accountant)
        export = export.with_context(lang=lang, allowed_company_ids=self.company.ids)
        case = (case or self.case).with_env(export.env)
        file, _name = export._export(case)
        with file:
            return file.read()

    def _unpack(self, content):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        zipfile.ZipFile(io.BytesIO(content)).extractall(folder.name)
        return folder.name

    def _check(self, folder, *command):
        return subprocess.run(
            command, cwd=folder, capture_output=True, text=True, env={"PATH": os.environ["PATH"]}
        )

    # === CONTENT === #

    def test_pieces_are_numbered_in_the_order_of_their_list(self):
        names = zipfile.ZipFile(io.BytesIO(self._export())).namelist()
        pieces = [name for name in names if name[:2].isdigit()]
        day = "2026-03-16"
        self.assertEqual(
            pieces,
            [
                f"01-{self.invoice.invoice_date}-invoice.pdf",
                f"02-{day}-your-account-{self.case.name.lower()}.eml".replace("/", "-"),
                f"03-{day}-accuse-de-reception.pdf",
                "00-list-of-pieces.pdf",
            ],
        )

    def test_email_is_read_by_mail_programs(self):
        archive = zipfile.ZipFile(io.BytesIO(self._export()))
        (name,) = [name for name in archive.namelist() if name.endswith(".eml")]
        message = email.message_from_bytes(archive.read(name), policy=email.policy.default)
        sent = self.case.evidence_ids.filtered(lambda record: record.kind == "sent")
        prepared = self.case.evidence_ids.filtered(lambda record: record.kind == "prepared")
        self.assertEqual(message["To"], "a@debtor.example")
        self.assertIn("company.example", message["From"])
        self.assertEqual(message["Message-ID"], sent.transport_reference)
        self.assertEqual(message["Subject"], prepared.subject)
        self.assertIn(self.partner_a.name, message.get_content())

    def test_nothing_of_other_debtors_is_in_it(self):
        archive = zipfile.ZipFile(io.BytesIO(self._export()))
        for name in archive.namelist():
            content = archive.read(name)
            self.assertNotIn(b"b@debtor.example", content, name)
            self.assertNotIn(b"another debtor", content, name)
            self.assertNotIn(self.partner_b.name.encode(), content, name)
            self.assertNotIn(self._case(self.partner_b).name.encode(), content, name)

    def test_list_is_a_document_in_the_language_of_the_user(self):
        self.root["res.lang"]._activate_lang("fr_FR")
        for lang, name in (("en_US", "00-list-of-pieces"), ("fr_FR", "00-bordereau-de-pieces")):
            archive = zipfile.ZipFile(io.BytesIO(self._export(lang=lang)))
            content = archive.read(f"{name}.pdf")
            self.assertGreaterEqual(PdfFileReader(io.BytesIO(content)).numPages, 1)
        self.assertIn("Comment vérifier", archive.read("README.txt").decode())

    # === VERIFIED BY STANDARD TOOLS === #

    def test_standard_tools_verify_the_export(self):
        folder = self._unpack(self._export())
        for command in (
            ("sha256sum", "-c", "SHA256SUMS"),
            ("sha256sum", "-c", "records.sha256"),
            ("sh", "verify.sh"),
        ):
            result = self._check(folder, *command)
            self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        with open(os.path.join(folder, "SHA256SUMS")) as sums:
            listed = {line.split("  ", 1)[1].strip() for line in sums}
        found = {
            os.path.relpath(os.path.join(place, name), folder)
            for place, _folders, files in os.walk(folder)
            for name in files
        }
        self.assertEqual(found - listed, {"SHA256SUMS"})

    def test_lines_of_the_chain_are_sealed_as_the_readme_says(self):
        archive = zipfile.ZipFile(io.BytesIO(self._export()))
        lines = [json.loads(line) for line in archive.read("chain.jsonl").splitlines()]
        self.assertEqual(
            [line["position"] for line in lines],
            self.case.evidence_ids.sorted("position").mapped("position"),
        )
        for line in lines:
            own = hashlib.sha256(line["payload"].encode()).hexdigest()
            seal = hashlib.sha256(f"{line['previous_hash']}\n{own}".encode()).hexdigest()
            self.assertEqual((own, seal), (line["payload_hash"], line["content_hash"]))

    def test_verification_notices_every_change(self):
        content = self._export()
        for name, before, after in (
            ("01-", b"own", b"OWN"),
            ("records/", b"1000", b"9000"),
            ("seals.txt", b"a", b"b"),
            ("chain.jsonl", b"1000", b"9000"),
        ):
            folder = self._unpack(content)
            path = next(
                os.path.join(place, file)
                for place, _folders, files in os.walk(folder)
                for file in sorted(files)
                if os.path.relpath(os.path.join(place, file), folder).startswith(name)
            )
            with open(path, "rb") as file:
                original = file.read()
            self.assertIn(before, original)
            with open(path, "wb") as file:
                file.write(original.replace(before, after))
            with self.subTest(name=name):
                self.assertNotEqual(self._check(folder, "sh", "verify.sh").returncode, 0)

    def test_change_with_matching_sums_still_breaks_the_chain(self):
        folder = self._unpack(self._export())
        name = sorted(os.listdir(os.path.join(folder, "records")))[0]
        path = os.path.join(folder, "records", name)
        with open(path, "rb") as file:
            forged = file.read().replace(b"1000", b"9000")
        with open(path, "wb") as file:
            file.write(forged)
        script = (
            "sha256sum records/*.json > records.sha256; "
            "find . -type f ! -name SHA256SUMS | xargs sha256sum > /tmp/sums.$$; "
            "mv /tmp/sums.$$ SHA256SUMS"
        )
        self._check(folder, "sh", "-c", script)
        result = self._check(folder, "sh", "verify.sh")
        self.assertEqual(result.returncode, 1)
        self.assertIn(f"records/{name} is not the record that was sealed", result.stdout)

    # === SAME CONTENT, SAME BYTES === #

    def test_same_evidence_gives_the_same_file(self):
        first = self._export()
        with self.on(40):
            self.assertEqual(self._export(), first)

    def test_new_evidence_gives_another_file(self):
        first = self._export()
        self._log_call(self.case, "Called again")
        self.assertNotEqual(self._export(), first)

    # === WHO, AND THE LOG === #

    def test_export_is_logged_with_its_sum(self):
        content = self._export()
        log = self._logs("export")
        self.assertEqual(
            (log.author, log.case_id, log.file_hash),
            (self.accountant.name, self.case, hashlib.sha256(content).hexdigest()),
        )
        self.assertIn(log.file_hash, self.case.message_ids[0].body)

    def test_readers_and_collectors_do_not_export(self):
        for name in ("reader", "collector", "finance_director"):
            user = self.personas[name]
            with self.subTest(role=name):
                with self.assertRaises(AccessError):
                    self.case.with_user(user).action_export_evidence()
                with self.assertRaises(AccessError):
                    self._export(user)

    def test_invoices_that_a_role_may_not_see_are_left_out(self):
        archive = zipfile.ZipFile(io.BytesIO(self._export(self.personas["manager"])))
        self.assertFalse([name for name in archive.namelist() if "invoice" in name])

    def test_case_of_another_company_is_refused(self):
        other = self.setup_other_company()["company"]
        case = self.root["collection.case"].create(
            {"name": "Foreign", "company_id": other.id, "partner_id": self.partner_a.id}
        )
        with self.assertRaises(AccessError):
            self._export(case=case)

    def test_button_downloads_over_http(self):
        action = self.case.with_user(self.accountant).action_export_evidence()
        self.authenticate(self.accountant.login, self.accountant.login)
        answer = self.url_open(action["url"])
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.headers["Content-Type"], "application/zip")
        self.assertIn("evidence.zip", answer.headers["Content-Disposition"])
        self.assertEqual(hashlib.sha256(answer.content).hexdigest(), self._logs("export").file_hash)
        self.assertIsNone(zipfile.ZipFile(io.BytesIO(answer.content)).testzip())

    def test_url_is_refused_to_others(self):
        url = f"/recouvrement_creances/case/{self.case.id}/evidence.zip"
        self.authenticate(self.collector.login, self.collector.login)
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open(url).status_code, 403)
        self.assertFalse(self._logs("export"))

    def test_purged_case_is_exported_with_its_seals(self):
        case = self._old_case(self._debtor("Old debtor"))
        purge = self.root["collection.purge"].create({})
        purge.action_execute()
        folder = self._unpack(self._export(case=case))
        result = self._check(folder, "sh", "verify.sh")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
