from odoo.tests import tagged

from .common import day
from .promise_common import PromiseCommon


@tagged("post_install", "-at_install")
class TestJudgedCases(PromiseCommon):
    """Whoever proposes for one case leaves the others as the last whole run left them."""

    def setUp(self):
        super().setUp()
        self.theirs = self._overdue_invoice(6, partner=self.partner_b)
        self._decide()
        self.their_item = self._item(self.theirs)
        self.promises = self._promise(on=day(4)) | self._promise(on=day(4), items=self.their_item)
        self._decide()

    def _propose(self):
        case = self.case.with_user(self.collector)
        self.env["collection.run"].with_user(self.collector)._propose_for(case)

    def test_proposal_for_a_case_judges_the_promises_of_that_case_alone(self):
        with self.on(6):
            self._propose()
            self.assertEqual(self.promises.mapped("state"), ["broken", "pending"])
            self.assertEqual(self.promises.hold_id.mapped("state"), ["released", "open"])
            self.assertVerdict(self.invoice, "remind")
            self.assertVerdict(self.theirs, "promise")
            self._run()
            self.assertEqual(self.promises.mapped("state"), ["broken", "broken"])
            self.assertNotEqual(self.their_item.verdict, "promise")

    def test_proposal_for_a_case_ends_the_pauses_of_that_case_alone(self):
        pauses = self._hold(self.case, date_end=day(5)) | self._hold(
            self.their_item.case_id, date_end=day(5)
        )
        with self.on(6):
            self._propose()
            self.assertEqual(pauses.mapped("state"), ["expired", "open"])
            self._run()
            self.assertEqual(pauses.mapped("state"), ["expired", "expired"])
