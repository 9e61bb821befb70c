import io
import json
import zipfile

from odoo.tests import freeze_time, tagged

from ..negotiation.means_common import CONCLUSION, MeansCommon
from .common import LONG_AGO, CustodyCommon


@tagged("post_install", "-at_install")
class TestMeansCustody(MeansCommon, CustodyCommon):
    """What is known of means is answered to the person, kept from files, and erased in time."""

    def _read(self, service, record):
        records = self._as(self.manager, service)
        file, _name = records._export(record.with_env(records.env))
        with file:
            return zipfile.ZipFile(io.BytesIO(file.read()))

    def _make_means(self):
        household = self._assess()
        household.action_conclude()
        household.with_context(force_report_rendering=True).action_send_letter()
        report = self._report(assessment_id=household.id)
        self._decide_on(report, note=f"{self.collector.name} has checked the payslips")
        return household, report

    def test_answer_to_an_access_request_holds_it_all(self):
        household, _report = self._make_means()
        archive = self._read("collection.person.export", self.debtor)
        (case,) = json.loads(archive.read("data.json"))["cases"]
        (assessment,) = case["assessments"]
        self.assertEqual(assessment["conclusion"], CONCLUSION)
        self.assertEqual(assessment["persons_in_household"], 3)
        self.assertEqual(len(assessment["declared"]), 5)
        self.assertIn("300.00", assessment["ability_to_pay_a_month"])
        (report,) = case["hardship_reports"]
        self.assertEqual((report["facts"], report["decision"]), (CONCLUSION, "Accepted"))
        self.assertEqual(report["why"], "[third party] has checked the payslips")
        page = archive.read("what-we-hold-about-you.html").decode()
        for words in (CONCLUSION, "Wages", "Persons in the household: 3"):
            self.assertIn(words, page)
        documents = [name for name in archive.namelist() if name.startswith("documents/")]
        self.assertIn(household.letter_id.raw, [archive.read(name) for name in documents])

    def test_contact_of_a_debtor_is_not_told_of_the_debtor_s_means(self):
        self._make_means()
        contact = self.root["res.partner"].create(
            {"name": "Paul Martin", "parent_id": self.debtor.id, "type": "other"}
        )
        archive = self._read("collection.person.export", contact)
        self.assertNotIn(CONCLUSION, archive.read("data.json").decode())
        self.assertFalse([name for name in archive.namelist() if name.startswith("documents/")])

    def test_legal_file_holds_nothing_of_it(self):
        household, _report = self._make_means()
        archive = self._read("collection.evidence.export", self.case)
        content = b"\n".join(archive.read(name) for name in archive.namelist())
        for secret in (CONCLUSION.encode(), b"payslips", household.letter_id.raw):
            self.assertNotIn(secret, content)
        self.assertIn(household.letter_hash.encode(), content)

    def test_purge_erases_it_with_its_files(self):
        with freeze_time(LONG_AGO.isoformat() + " 09:00:00"):
            invoice = self._overdue_invoice(40, partner=self.partner_b)
            self._decide()
            self.case = self._case(self.partner_b)
            self.case.user_id = self.collector
            household = self._assess(recommendation="stop")
            household.action_conclude()
            household.with_context(force_report_rendering=True).action_print_letter()
            report = self._report(until="2010-04-01")
            self._pay(invoice)
            self._decide()
        letter = household.letter_id
        purges = self._as(self.manager, "collection.purge")
        purges.browse(purges.action_propose_new()["res_id"]).action_execute()
        self.env.invalidate_all()
        self.assertFalse(household.exists() or report.exists())
        self.assertFalse(letter.exists())
        self.assertTrue(self.case.purged_on)
