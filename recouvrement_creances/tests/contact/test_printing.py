import io
from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools.pdf import PdfFileReader, PdfFileWriter

from odoo.addons.base.models import ir_actions_report
from odoo.addons.base.models.ir_actions_report import IrActionsReport

from ...reports.report_recouvrement_creances_letter import LINES_IN_LETTER
from ..common import CollectionCommon


@tagged("post_install", "-at_install")
class TestPrinting(CollectionCommon):
    """Many documents take few calls of wkhtmltopdf, and each becomes a file of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.root["ir.config_parameter"].set_param("report.url", "http://127.0.0.1:9")
        cls.company.collection_policy_id = cls._make_policy([(5, "letter")])
        cls.debtors = [
            cls._debtor(f"Debtor number {number}", street="1 rue du Port", city="Nantes")
            for number in range(4)
        ]

    @contextmanager
    def _count_calls(self):
        """Yield a list that gets the number of bodies of each call."""
        calls = []
        run = IrActionsReport._run_wkhtmltopdf

        def counted(reports, bodies, *args, **kwargs):
            calls.append(len(bodies))
            return run(reports, bodies, *args, **kwargs)

        with patch.object(IrActionsReport, "_run_wkhtmltopdf", counted), self.allow_pdf_render():
            yield calls

    def _letters(self):
        """Return {debtor: pages of its letter as texts}."""
        actions = self.root["collection.action"].search([("state", "=", "planned")])
        return {
            action.debtor_id: [
                " ".join(page.extract_text().split())
                for page in PdfFileReader(io.BytesIO(action.attachment_id.raw)).pages
            ]
            for action in actions
        }

    def test_all_documents_are_paper(self):
        reports = self.root["ir.actions.report"].search(
            [("report_name", "=like", "recouvrement_creances.%"), ("report_type", "=", "qweb-pdf")]
        )
        self.assertGreater(len(reports), 10)
        for report in reports:
            with self.subTest(report=report.report_name):
                self.assertTrue(report._is_paper())
        self.assertFalse(self.root.ref("account.account_invoices")._is_paper())

    def test_the_account_of_a_case_is_printed_without_the_server(self):
        invoice = self._overdue_invoice(6, partner=self.debtors[0])
        self._decide()
        case = self._item(invoice).case_id
        dialog = self.root["collection.statement.print"].create({"case_id": case.id})
        bodies, run = [], IrActionsReport._run_wkhtmltopdf

        def kept(reports, pages, *args, **kwargs):
            bodies.extend(pages)
            return run(reports, pages, *args, **kwargs)

        with patch.object(IrActionsReport, "_run_wkhtmltopdf", kept), self.allow_pdf_render():
            self.root["ir.actions.report"]._render_separately(
                "recouvrement_creances.collection_case_statement_report", dialog.ids
            )
        self.assertIn("o_collection_paper", bodies[0])
        self.assertNotIn("/web/assets", bodies[0])

    def test_letters_of_one_page_leave_one_call(self):
        for debtor in self.debtors:
            self._overdue_invoice(6, partner=debtor)
        with self._count_calls() as calls:
            self._run()
        self.assertEqual(len(calls), 1)
        letters = self._letters()
        self.assertEqual(len(letters), 4)
        for debtor, pages in letters.items():
            with self.subTest(debtor=debtor.name):
                self.assertEqual(len(pages), 1)
                self.assertIn(debtor.name, pages[0])
                others = set(self.debtors) - {debtor}
                self.assertFalse([other for other in others if other.name in pages[0]])

    def test_letter_of_several_pages_keeps_them_all(self):
        for debtor in self.debtors:
            self._overdue_invoice(6, partner=debtor)
        for _number in range(LINES_IN_LETTER + 1):
            self._overdue_invoice(6, partner=self.debtors[1])
        with self._count_calls() as calls:
            self._run()
        self.assertLess(len(calls), 8)
        letters = self._letters()
        self.assertEqual({len(pages) for pages in letters.values()}, {1, 2})
        self.assertEqual(len(letters[self.debtors[1]]), 2)
        for debtor, pages in letters.items():
            self.assertIn(debtor.name, pages[0])

    def test_split_by_headings_is_not_trusted(self):
        """Odoo takes a document apart by its headings, which stand anywhere in a letter."""

        def pages(count):
            writer = PdfFileWriter()
            for _number in range(count):
                writer.addBlankPage(width=100, height=100)
            stream = io.BytesIO()
            writer.write(stream)
            return {"stream": stream, "attachment": None}

        def rendered(reports, report_ref, res_ids=None, data=None):
            # Three pages of two records: the first got a page of the second.
            split = dict(zip(res_ids, (2, 1), strict=True)) if len(res_ids) == 2 else {7: 1, 8: 2}
            return {res_id: pages(split[res_id]) for res_id in res_ids}, "pdf"

        reports = type(self.root["ir.actions.report"])
        with patch.object(reports, "_pre_render_qweb_pdf", rendered):
            printed = self.root["ir.actions.report"]._render_separately("any", [7, 8])
        counts = {
            res_id: PdfFileReader(io.BytesIO(content)).numPages
            for res_id, content in printed.items()
        }
        self.assertEqual(counts, {7: 1, 8: 2})

    def test_invoices_of_many_reminders_are_printed_together(self):
        self.company.collection_policy_id = self._make_policy(
            [(5, "email", {"attach_invoices": True})]
        )
        invoices = [self._overdue_invoice(6, partner=debtor) for debtor in self.debtors]
        calls = []

        def printed(reports, report_ref, res_ids, data=None):
            calls.append(list(res_ids))
            return {res_id: b"%%PDF-1.4 of %d" % res_id for res_id in res_ids}

        reports = type(self.root["ir.actions.report"])
        with patch.object(reports, "_render_separately", printed), self._mail_server() as sink:
            self._run()
        self.assertEqual([sorted(ids) for ids in calls if ids], [[each.id for each in invoices]])
        for message in sink.messages:
            (file,) = message.iter_attachments()
            number = int(file.get_content().split()[-1])
            debtor = self.root["account.move"].browse(number).partner_id
            self.assertIn(debtor.email, message["To"])

    def _read_delays(self):
        """Return the delays that wkhtmltopdf is given for a letter and for Odoo's own report."""
        reports = self.root["ir.actions.report"]
        paper = self.root.ref("base.paperformat_euro")
        commands = [
            one._build_wkhtmltopdf_args(paper, False)
            for one in (reports.with_context(collection_paper=True), reports)
        ]
        return [command[command.index("--javascript-delay") + 1] for command in commands]

    def test_letters_wait_for_no_script(self):
        self._overdue_invoice(6, partner=self.debtors[0])
        given = []
        run = ir_actions_report._run_wkhtmltopdf

        def noted(command):
            given.append(command[command.index("--javascript-delay") + 1])
            return run(command)

        with patch.object(ir_actions_report, "_run_wkhtmltopdf", noted), self.allow_pdf_render():
            self._run()
        self.assertEqual(given, ["0"])
        ((_debtor, pages),) = self._letters().items()
        self.assertIn(self.debtors[0].name, pages[0])

    def test_delay_that_was_set_is_kept(self):
        parameters = self.root["ir.config_parameter"]
        parameters.set_param("report.print_delay", False)
        self.assertEqual(self._read_delays(), ["0", "1000"])
        parameters.set_param("report.print_delay", "300")
        self.assertEqual(self._read_delays(), ["300", "300"])
