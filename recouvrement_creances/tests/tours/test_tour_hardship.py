from datetime import date

from odoo.tests import tagged

from ..negotiation.means_common import MeansCommon
from .common import CollectionTourCommon


@tagged("post_install", "-at_install")
class TestTourHardship(MeansCommon, CollectionTourCommon):
    """A collector reports that a debtor cannot pay, a manager decides."""

    def setUp(self):
        super().setUp()
        self.root["collection.reason"].create(
            {"name": "Why nothing is left", "usage": "nonpayment", "kind": "personal"}
        )
        # The only other manager: nobody else is proposed to decide.
        self.company.sudo().collection_senior_user_id = self.manager

    def _report_and_decide(self, language):
        self._tour("collector", language, "hardship_report")
        assessment = self._as(self.collector, "collection.assessment").search([])
        self.assertRecordValues(
            assessment, [{"state": "draft", "amount_ability": 450.0, "case_id": self.case.id}]
        )
        report = self._as(self.collector, "collection.hardship").search([])
        self.assertRecordValues(
            report, [{"state": "asked", "manager_id": self.manager.id, "case_id": self.case.id}]
        )
        self._tour("manager", language, "hardship_decide")
        self.assertRecordValues(report, [{"state": "accepted", "decided_by_id": self.manager.id}])
        self.assertRecordValues(
            self.case.hold_ids, [{"kind": "manual", "date_end": date(2026, 4, 16)}]
        )

    def test_collector_reports_hardship_and_manager_decides(self):
        self._report_and_decide("en_US")

    def test_collector_reports_hardship_and_manager_decides_in_french(self):
        self._report_and_decide("fr_FR")
