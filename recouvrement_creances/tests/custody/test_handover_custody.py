from odoo.tests import tagged

from ..common import TODAY
from ..litigation.handover_common import HandoverCommon
from .common import LONG_AGO

QUESTION = "Does Mr Smith still live with his mother?"
ANSWER = "He moved out after his divorce"
REASON = "Mr Smith will never pay"


@tagged("post_install", "-at_install")
class TestHandoverCustody(HandoverCommon):
    """What was asked, answered and decided about a handover goes with its case."""

    def _discuss(self):
        """Return a handover that was asked about, and turned down."""
        handover = self._request()
        handover.with_user(self.director)._decide("ask", QUESTION)
        task = handover.activity_ids.filtered(lambda one: one.user_id == self.collector)
        task.with_user(self.collector).action_feedback(ANSWER)
        handover.with_user(self.director)._decide("refuse", REASON)
        return handover

    def _find_said(self, handover):
        """Return what of it stands in messages and tasks, done or not, found in the tables."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT body FROM mail_message
             WHERE model = 'collection.handover' AND res_id = %(id)s
             UNION ALL
            SELECT concat(summary, note, feedback) FROM mail_activity
             WHERE res_model = 'collection.handover' AND res_id = %(id)s
            """,
            {"id": handover.id},
        )
        return " ".join(row[0] or "" for row in self.env.cr.fetchall())

    def test_purge_erases_what_was_said_about_a_handover(self):
        handover = self._discuss()
        for words in (QUESTION, ANSWER, REASON):
            self.assertIn(words, self._find_said(handover))
        for item in handover.sudo().item_ids:
            self._pay(item.move_id)
        self._decide()
        case = handover.sudo().case_id
        self.assertFalse(case.is_open)
        case.closed_on = LONG_AGO
        purges = self.root["collection.purge"].with_user(self.manager)
        purges = purges.with_context(allowed_company_ids=self.company.ids)
        purges.browse(purges.action_propose_new()["res_id"]).action_execute()
        self.env.invalidate_all()
        self.assertEqual(case.purged_on, TODAY)
        self.assertEqual(self._find_said(handover), "")
        self.assertFalse(any(handover.sudo().decision_ids.mapped("note")))
