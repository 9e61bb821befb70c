from odoo.tests import tagged

from .handover_common import HandoverCommon


@tagged("post_install", "-at_install")
class TestHandoverQuestion(HandoverCommon):
    """Who asks something before he decides gets the answer, with the decision to take."""

    def setUp(self):
        super().setUp()
        self.handover = self._request()

    def _ask(self, user=None):
        self.handover.with_user(user or self.director)._decide("ask", "Is it signed?")
        return self._tasks_of(self.collector)

    def _tasks_of(self, user):
        return self.handover.activity_ids.filtered(lambda one: one.user_id == user)

    def _mails_to(self, user):
        mails = self.root["mail.mail"].search([("model", "=", "collection.handover")])
        return mails.filtered(lambda mail: user.partner_id in mail.recipient_ids)

    def test_the_answer_comes_back_to_who_asked_with_his_task(self):
        before = self._mails_to(self.director)
        self._ask().with_user(self.collector).action_feedback("Yes, on 3 March")
        task = self._tasks_of(self.director)
        self.assertEqual(len(task), 1)
        self.assertIn("Yes, on 3 March", task.note)
        self.assertEqual(len(task._get_answers()), 3)
        mail = self._mails_to(self.director) - before
        self.assertEqual(len(mail), 1)
        self.assertIn("Yes, on 3 March", mail.body_html)
        answer = self.handover.decision_ids[-1]
        self.assertEqual(
            (answer.decision, answer.user_id, answer.note),
            ("answer", self.collector, "Yes, on 3 March"),
        )
        self._approve(self.handover)
        self.assertEqual(self.handover.state, "approved")

    def test_who_asked_gets_it_though_the_task_was_another_ones(self):
        self._ask(self.second_director).with_user(self.collector).action_feedback("Yes")
        self.assertFalse(self._tasks_of(self.director))
        self.assertIn("Yes", self._tasks_of(self.second_director).note)

    def test_a_question_is_read_as_it_was_written(self):
        question = "Does <Dupont & Fils> owe it?\nSince when?"
        self.handover.with_user(self.director)._decide("ask", question)
        note = self._tasks_of(self.collector).note
        self.assertIn("&lt;Dupont &amp; Fils&gt; owe it?<br>Since when?", note)

    def test_a_piece_is_asked_for_by_its_name(self):
        check = self.handover.check_ids.filtered(lambda one: one.code == "delivery")
        check.sudo().write(
            {"result": "missing", "because": "unreadable", "names": "<Dupont & Fils>.doc"}
        )
        self.handover._ask_for(check)
        self.assertIn("&lt;Dupont &amp; Fils&gt;.doc", check.sudo().activity_id.note)

    def test_without_a_word_he_is_told_so(self):
        self._ask().with_user(self.collector).action_feedback()
        self.assertIn("without an answer", self._tasks_of(self.director).note)

    def test_what_the_checklist_asks_for_answers_nothing(self):
        check = self.handover.check_ids.filtered(lambda one: one.code == "delivery")
        check.sudo().activity_id = self._ask().sudo()
        check.sudo().activity_id.with_user(self.collector).action_feedback("Found it")
        self.assertEqual(self.handover.decision_ids[-1].decision, "ask")
