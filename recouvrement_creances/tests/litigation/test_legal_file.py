import base64
import hashlib
import io
import subprocess
import tempfile
import zipfile
from contextlib import redirect_stderr, redirect_stdout
from datetime import timedelta
from email import message_from_bytes
from email.policy import default as default_policy
from pathlib import Path

from odoo.cli.command import find_command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools.pdf import PdfFileReader

from ..common import TODAY
from .handover_common import HandoverCommon

# Words that stand in everything that is written for colleagues only.
SECRETS = ("SECRETNOTE", "SECRETSCORE", "SECRETCHECK", "SECRETCHATTER", "SECRETHOLD", "SECRETWHY")


@tagged("post_install", "-at_install")
class TestLegalFile(HandoverCommon):
    """The file: its papers, its numbered pieces, its sums; and what is never in it."""

    def _build(self, handover, as_of=None):
        """Return {name: content} of the file."""
        content, _name = self.root["collection.legal.file"]._build(handover.sudo(), as_of or TODAY)
        return content, self._read(content)

    @staticmethod
    def _read(content):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    @staticmethod
    def _text(content):
        pages = PdfFileReader(io.BytesIO(content)).pages
        return " ".join(" ".join(page.extract_text().split()) for page in pages)

    def _paper(self, files, letter):
        (found,) = [name for name in files if name.startswith(f"{letter}-")]
        return self._text(files[found])

    def _sent_handover(self):
        """Return a handover of an invoice that real e-mails were sent about."""
        invoice = self._overdue_invoice(16, 1280.50, partner=self.debtor)
        with self._mail_server():
            self._run()
        return self._complete(self._prepare(self._item(invoice)))

    # === HOW IT IS WRITTEN === #

    def test_pieces_sort_by_their_number_whatever_their_count(self):
        pieces = [{"date": TODAY, "name": "x.pdf"} for _number in range(100)]
        names = [piece["file"] for piece in self.root["collection.legal.file"]._number(pieces)]
        self.assertEqual(names, sorted(names))
        self.assertEqual(names[9][:4], "010-")

    def test_a_file_that_is_missing_from_the_store_is_named(self):
        handover = self._complete(self._prepare())
        file = handover.case_id.legal_document_ids[0].sudo()._get_files()
        file.flush_recordset()
        self.env.cr.execute(
            "UPDATE ir_attachment SET store_fname = 'no/where' WHERE id = %s", [file.id]
        )
        file.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "missing from Odoo's store"):
            self._build(handover)

    # === WHAT IS IN IT === #

    def test_papers_and_pieces_with_sums_that_sha256sum_checks(self):
        handover = self._sent_handover()
        content, files = self._build(handover)
        names = list(files)
        self.assertEqual(
            names[:3],
            [
                "A-summary-of-the-case.pdf",
                "B-statement-of-the-claim.pdf",
                "C-request-for-an-order-for-payment.pdf",
            ],
        )
        self.assertEqual(names[-2:], ["00-list-of-pieces.pdf", "SHA256SUMS"])
        self.assertEqual([name[:2] for name in names[3:-2]], ["01", "02", "03", "04", "05", "06"])
        self.assertTrue(any(name.endswith(".eml") for name in names))
        with tempfile.TemporaryDirectory() as folder:
            zipfile.ZipFile(io.BytesIO(content)).extractall(folder)
            checked = subprocess.run(
                ["sha256sum", "-c", "SHA256SUMS"],
                cwd=folder,
                capture_output=True,
                text=True,
                check=False,
            )
            self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)
            self.assertEqual(checked.stdout.count(": OK"), len(names) - 1)
            with open(f"{folder}/{names[3]}", "ab") as file:
                file.write(b"x")
            spoiled = subprocess.run(
                ["sha256sum", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, check=False
            )
            self.assertNotEqual(spoiled.returncode, 0)
        listed = self._paper(files, "00")
        for name in names[3:-2]:
            self.assertIn(hashlib.sha256(files[name]).hexdigest(), listed.replace(" ", ""))

    def test_the_same_input_gives_the_same_bytes(self):
        handover = self._sent_handover()
        first, _files = self._build(handover)
        with self.on(2):
            again, _name = self.root["collection.legal.file"]._build(
                handover.with_user(self.director).sudo().with_context(lang="fr_FR"), TODAY
            )
        self.assertEqual(hashlib.sha256(first).hexdigest(), hashlib.sha256(again).hexdigest())
        later, _files = self._build(handover, TODAY + timedelta(days=1))
        self.assertNotEqual(first, later)

    def test_the_statement_adds_up_period_by_period(self):
        days = (TODAY - TODAY.replace(year=2025, month=9, day=30)).days
        item = self._overdue_item(10000, days)
        self._pay(item.move_id, 4000)
        handover = self._prepare(item)
        statement = self.root["collection.legal.statement"]._prepare(handover.sudo(), TODAY)
        (row,) = statement["rows"]
        self.assertEqual((row["total"], row["due"]), (10000, 6000))
        self.assertEqual([credit["amount"] for credit in row["credits"]], [4000])
        # 92 days at 12.15 %, 75 days at 12.15 % up to and with the day of the payment.
        self.assertEqual(
            [(one["days"], one["base"], float(one["rate"])) for one in row["segments"]],
            [(92, 10000.0, 12.15), (75, 10000.0, 12.15)],
        )
        self.assertEqual(row["interest"], round(306.25 + 249.66, 2))
        self.assertEqual(row["indemnity"], 40)
        total = self.root["collection.legal.statement"]._get_total(statement)
        # The books of the test are in dollars; the indemnity is set in euros and stands beside.
        self.assertEqual(total, 6000 + 555.91)
        text = self._paper(self._build(handover)[1], "B")
        for shown in ("12.15", "6,555.91", "555.91", "L441-10 II", "92 / 365"):
            self.assertIn(shown, text)

    def _claim_charges(self, items):
        """Return what the debtor was told to pay for late payment: (in dollars, in euros)."""
        self.root.ref("base.EUR").active = True
        charges = (
            self.env["collection.charge"]
            .with_user(self.accountant)
            ._claim(items.case_id.with_user(self.accountant), items, TODAY, TODAY)
        )
        dollars = charges.filtered(lambda charge: charge.currency_id == self.company.currency_id)
        return dollars.sudo(), (charges - dollars).sudo()

    def _receive(self, amount):
        """Return the open credit of a payment that nobody has matched yet."""
        payment = (
            self.root["account.payment"]
            .with_context(force_payment_move=True)
            .create(
                {
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": self.debtor.id,
                    "amount": amount,
                    "date": TODAY,
                    "journal_id": self.company_data["default_journal_bank"].id,
                }
            )
        )
        payment.action_post()
        return payment.move_id.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )

    def test_charges_are_claimed_of_its_own_invoices_as_far_as_they_are_due(self):
        first, second = self._overdue_item(), self._overdue_item(3000, 100)
        dollars, euros = self._claim_charges(first | second)
        handover = self._prepare(first).sudo()
        statements = self.root["collection.legal.statement"]

        def claimed():
            statement = statements._prepare(handover, TODAY)
            self.assertEqual([entry["due"] for entry in statement["claimed_besides"]], [40])
            return [entry["due"] for entry in statement["claimed"]], statement["claimed_total"]

        own = dollars.line_ids.filtered(lambda line: line.invoice_id == first.move_id)
        self.assertEqual(len(dollars.line_ids), 2)
        self.assertEqual(euros.amount_total, 80)
        self.assertEqual(claimed(), ([own.amount], own.amount))
        # All but half of what its own invoice cost is paid.
        half = self.company.currency_id.round(own.amount / 2)
        account = self.root["account.account"].create(
            {
                "name": "Interest",
                "code": "763100",
                "account_type": "income_other",
                "company_ids": [(4, self.company.id)],
            }
        )
        self.company.sudo().collection_interest_account_id = account
        credit = self._receive(dollars.amount_total - half)
        dollars.with_user(self.accountant)._settle_with(credit, TODAY)
        self.assertEqual(dollars.state, "claimed")
        self.assertEqual(claimed(), ([half], half))

    def test_the_request_names_court_parties_and_sums_and_is_no_form(self):
        handover = self._complete(self._prepare())
        text = self._paper(self._build(handover)[1], "C")
        for shown in (
            "Paris",
            self.debtor.name,
            "SIRET",
            "5,000.00",
            "CPC 1406",
            "CPC 1408",
            "is not the official form",
        ):
            self.assertIn(shown, text)
        self.assertNotIn("cerfa", text.lower())

    def test_a_court_is_named_once(self):
        papers = self.root["report.recouvrement_creances.legal_paper"]
        court = self.root["collection.court"].new(
            {"name": "Tribunal de commerce de Lyon", "city": "Lyon"}
        )
        self.assertEqual(papers._get_court_address(court), "")
        court.write({"street": "44 rue de Bonnel", "zip": "69003"})
        self.assertEqual(papers._get_court_address(court), "44 rue de Bonnel, 69003 Lyon")
        elsewhere = self.root["collection.court"].new(
            {"name": "Tribunal de commerce de la Drôme", "city": "Romans"}
        )
        self.assertEqual(papers._get_court_address(elsewhere), "Romans")

    def test_a_signature_never_stands_alone_on_a_page(self):
        handover = self._complete(self._prepare()).sudo()
        statement = self.root["collection.legal.statement"]._prepare(handover, TODAY)
        data = {"as_of": TODAY, "statement": statement, "paper": "request"}
        counts = set()
        for count in range(1, 22, 2):
            pieces = [{"title": f"Bordereau {n}", "date": TODAY} for n in range(count)]
            printed = handover._print_paper({**data, "pieces": pieces})
            pages = PdfFileReader(io.BytesIO(printed)).pages
            pages = [" ".join(page.extract_text().split()) for page in pages]
            counts.add(len(pages))
            with self.subTest(count=count):
                (signed,) = [text for text in pages if "signature:" in text]
                self.assertIn(f"Bordereau {count - 1},", signed)
        self.assertEqual(counts, {1, 2})

    def test_another_route_has_no_request(self):
        handover = self._complete(self._prepare())
        handover.route_code = "agency"
        files = self._build(handover)[1]
        self.assertFalse([name for name in files if name.startswith("C-")])

    def test_a_consumer_owes_neither_indemnity_nor_costs(self):
        self.debtor.write({"collection_debtor_kind": "consumer", "is_company": False})
        handover = self._prepare()
        text = self._paper(self._build(handover)[1], "B")
        self.assertNotIn("Fixed indemnity for", text)
        self.assertIn("the debtor is a consumer", text)
        self.assertIn("1231-6", text)

    def test_a_missing_rate_is_named_and_nothing_is_written(self):
        handover = self._request()
        self.root["collection.rate"].search([("kind", "=", "ecb")]).unlink()
        self.root.registry.clear_cache()
        self._approve(handover)
        self.assertEqual(handover.state, "approved")
        self.assertFalse(handover.file_id)
        self.assertIn("The rate in force from", handover.file_problem)

    def test_papers_are_in_the_language_of_the_creditor(self):
        self.root["res.lang"]._activate_lang("fr_FR")
        handover = self._complete(self._prepare())
        self.company.partner_id.lang = "fr_FR"
        _content, files = self._build(handover)
        self.assertIn("A-synthese-du-dossier.pdf", files)
        self.assertIn("Décompte", self._paper(files, "B"))
        self.assertIn("requête", self._paper(files, "C").lower())

    def test_a_command_writes_the_file_too(self):
        handover = self._approve(self._request())
        command = find_command("collection_file")()
        with tempfile.TemporaryDirectory() as folder, redirect_stdout(io.StringIO()) as printed:
            ended = command._write(self.root, handover.case_id.name, Path(folder))
            (written,) = Path(folder).iterdir()
            digest = hashlib.sha256(written.read_bytes()).hexdigest()
        self.assertEqual((ended, digest), (0, handover.file_hash))
        self.assertIn(digest, printed.getvalue())
        with redirect_stderr(io.StringIO()) as told:
            self.assertEqual(command._write(self.root, "nobody", Path(".")), 1)
        self.assertIn("no handover", told.getvalue())

    # === WHAT IS NEVER IN IT === #

    def _write_secrets(self, handover):
        """Put secret words into everything that is written for colleagues only."""
        case = handover.case_id
        handover.write({"note": "SECRETWHY"})
        self.root["collection.debtor.check"].create(
            {
                "case_id": case.id,
                "kind": "solvency",
                "solvency": "poor",
                "source": "SECRETCHECK",
                "note": "SECRETCHECK",
            }
        )
        self._hold(case, note="SECRETHOLD", date_end=TODAY)
        case.message_post(body=SECRETS[3])
        case.sudo().priority_detail = "SECRETSCORE:5"
        self.debtor.comment = "SECRETNOTE"
        case.sudo().action_ids.write({"note": "SECRETNOTE"})
        self.root["collection.assessment"].create({"case_id": case.id, "letter_note": "SECRETNOTE"})

    def _read_all(self, name, content):
        """Return all that can be read in a file: its bytes, the text of a paper, a mail's body."""
        text = content.decode("latin-1")
        if name.startswith(("A-", "B-", "C-", "00-")):
            text += self._text(content)
        if name.endswith(".eml"):
            body = message_from_bytes(content, policy=default_policy).get_body(("html",))
            text += body.get_content()
        return text

    def test_notes_scores_and_assessments_are_never_inside(self):
        handover = self._sent_handover()
        self._write_secrets(handover)
        _content, files = self._build(handover)
        self.assertTrue(any(name.endswith(".eml") for name in files))
        for name, content in files.items():
            read = self._read_all(name, content)
            for secret in (*SECRETS, "Can hardly pay"):
                with self.subTest(name=name, secret=secret):
                    self.assertNotIn(secret, read)

    def test_pieces_about_other_invoices_stay_out(self):
        handover = self._prepare()
        other = self._overdue_item(700, 100)
        self._add_document(handover, "order", item_ids=[(6, 0, other.ids)], file_name="other.pdf")
        self._add_document(handover, "order", item_ids=[(6, 0, handover.item_ids.ids)])
        names = list(self._build(handover)[1])
        self.assertFalse([name for name in names if "other" in name])
        self.assertTrue([name for name in names if "order.pdf" in name])

    def test_disputes_and_promises_about_other_invoices_stay_out(self):
        handover = self._prepare()
        other = self._overdue_item(700, 100)
        case = handover.case_id
        category = self.root["collection.dispute.category"].search([], limit=1)
        for item, amount in ((handover.item_ids, 111), (other, 77)):
            case.env["collection.promise"]._make(
                case, item.with_env(case.env), amount, TODAY + timedelta(5), self.debtor, "call"
            )
            case.env["collection.dispute"]._open(
                case,
                [(item.with_env(case.env), 0)],
                category.with_env(case.env),
                as_of=TODAY - timedelta(2),
            )
        papers = self.root["report.recouvrement_creances.legal_paper"]
        lines = papers._list_chronology(handover.sudo())
        self.assertEqual(
            [day for day, words in lines if "Dispute" in words], [TODAY - timedelta(2)]
        )
        (promise,) = [words for _day, words in lines if "Promise" in words]
        self.assertIn("111", promise)

    def test_the_same_file_stands_there_once(self):
        handover = self._prepare()
        for _number in range(2):
            self._add_document(handover, "order", base64.b64encode(b"%PDF-1.4 the same"))
        names = [name for name in self._build(handover)[1] if "order.pdf" in name]
        self.assertEqual(len(names), 1)

    def test_what_was_handed_over_stays_when_it_is_written_again(self):
        handover = self._approve(self._request())
        first = handover.file_hash
        handover.action_build_file()
        self.assertEqual(handover.file_hash, first)
        self._add_document(handover, "acknowledgement")
        handover.action_build_file()
        self.assertNotEqual(handover.file_hash, first)
        self._transmit(handover)
        given = handover.file_id
        handover.action_build_file()
        self.assertEqual(handover.former_file_ids, given)
        self.assertTrue(given.exists().raw)
