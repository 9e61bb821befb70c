from odoo.tests import tagged

from .handover_common import HandoverCommon
from .insolvency_common import InsolvencyCommon


@tagged("post_install", "-at_install")
class TestWhoLeft(InsolvencyCommon, HandoverCommon):
    """What somebody has to see goes to nobody who was archived."""

    def test_legal_deadlines_pass_to_who_is_there(self):
        self._owe()
        self.collector.sudo().active = False
        record = self._record()
        self.assertEqual(record._get_deadline_user(), self.manager)
        self.assertEqual(record.deadline_ids.user_id, self.manager)
        self.company.sudo().collection_user_id = self.personas["other_collector"]
        self.assertEqual(record._get_deadline_user(), self.personas["other_collector"])

    def test_a_forbidden_payment_is_told_to_who_follows_it(self):
        invoice = self._owe()
        record = self._record(user=self.manager)
        self.company.sudo().collection_accountant_id = self.accountant
        self.accountant.sudo().active = False
        self._pay(invoice, 300)
        self.assertEqual(record.activity_ids.user_id, self.collector)

    def test_a_question_goes_to_who_has_the_case_now(self):
        handover = self._request()
        self.collector.sudo().active = False
        handover.case_id.sudo().user_id = self.personas["other_collector"]
        handover.with_user(self.director)._decide("ask", "Is it signed?")
        asked = self.root.ref("recouvrement_creances.mail_activity_type_handover")
        tasks = handover.sudo().activity_ids.filtered(lambda one: one.activity_type_id == asked)
        self.assertEqual(tasks.user_id, self.personas["other_collector"])
