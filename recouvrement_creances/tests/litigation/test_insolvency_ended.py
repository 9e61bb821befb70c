from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import TODAY
from .handover_common import HandoverCommon
from .insolvency_common import InsolvencyCommon


@tagged("post_install", "-at_install")
class TestInsolvencyEnded(InsolvencyCommon, HandoverCommon):
    """Proceedings that have ended without assets are named so, and there is a way on."""

    def _end(self, ground="insufficient", **values):
        record = self._record(kind="liquidation", user=self.manager, **values)
        record._close(ground, TODAY, reason="BODACC")
        self._decide()
        return record

    def _check(self, handover):
        handover.action_work_out()
        return handover.check_ids.filtered(lambda check: check.code == "insolvency")

    def test_an_ended_liquidation_is_not_said_to_be_open(self):
        handover = self._complete(self._prepare())
        record = self._record(kind="liquidation", user=self.manager)
        line = self._check(handover)
        self.assertEqual((line.result, line.because), ("missing", "opened"))
        record._close("insufficient", TODAY, reason="BODACC")
        line = self._check(handover)
        self.assertEqual((line.result, line.because), ("missing", "insufficient"))
        self.assertIn("L643-11", line.explanation)
        self.assertIn("certificate", line.explanation)
        order = handover.route_ids.filtered(lambda route: route.code == "payment_order")
        self.assertFalse(order.is_open)
        self.assertIn("has ended", order.explanation)
        handover.route_code = "write_off"
        line = handover.check_ids.filtered(lambda check: check.code == "insolvency")
        self.assertEqual((line.result, line.because), ("stated", "insufficient"))

    def test_what_arose_after_the_end_is_pursued(self):
        self._owe(200, 1000)
        self._end(
            judgement_date=TODAY - timedelta(days=160), publication_date=TODAY - timedelta(days=150)
        )
        handover = self._complete(self._prepare(self._item(self._owe(60, 2000))))
        self.assertEqual(self._check(handover).result, "passed")
        self._approve(self._request(handover))
        self.assertEqual(handover.state, "approved")

    def test_what_was_paid_back_may_be_pursued(self):
        handover = self._complete(self._prepare())
        self._end("paid")
        self.assertEqual(self._check(handover).result, "passed")

    def test_an_approval_says_what_is_left_to_do(self):
        handover = self._request()
        self._end()
        with self.assertRaisesRegex(UserError, "L643-11"):
            self._approve(handover)

    def test_the_case_shows_the_record_and_the_way_on(self):
        item = self._overdue_item()
        case = item.case_id
        self.assertFalse(case.shown_insolvency_id or case.is_barred)
        record = self._end()
        case.invalidate_recordset()
        self.assertEqual((case.shown_insolvency_id, case.is_barred), (record, True))
        self.assertEqual(case.action_open_insolvency()["res_id"], record.id)
        self.assertIn("certificate of irrecoverability", case.next_step)
        self._step_of(record, "certificate")
        case.invalidate_recordset()
        self.assertIn("write off", case.next_step)
        self.assertEqual(record.way_on, case.next_step)
        opened = case.with_user(self.accountant).action_write_off_barred()
        self.assertEqual(opened["res_model"], "collection.waiver")
        context = opened["context"]
        self.assertEqual(context["default_item_ids"], item.ids)
        waiver = (
            self.env["collection.waiver"]
            .with_user(self.accountant)
            .with_context(**context)
            .create({})
        )
        self.assertEqual((waiver.amount, waiver.item_ids), (5000, item))

    def test_proceedings_that_ended_well_are_not_shown(self):
        item = self._overdue_item()
        self._end("paid")
        item.case_id.invalidate_recordset()
        self.assertFalse(item.case_id.shown_insolvency_id or item.case_id.is_barred)
