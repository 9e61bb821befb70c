from odoo import api, models
from odoo.tools import plaintext2html

QUESTION_TASK = "recouvrement_creances.mail_activity_type_handover"
APPROVAL_TASK = "recouvrement_creances.mail_activity_type_approval"


class CollectionHandoverQuestion(models.AbstractModel):
    """What who decides wants to know first: asked, answered, and back to who has asked."""

    _name = "collection.handover.question"
    _description = "Question about a handover"

    # === BUSINESS === #

    def _hand_question(self, note):
        """Give who asked for the handover the task of answering; the request goes on waiting."""
        self.ensure_one()
        self._message_log(body=note)
        user = (
            self.requested_by_id.filtered("active")
            or self.case_user_id.filtered("active")
            or self.env["res.users"]._find_collection_manager(self.company_id)
        )
        if user:
            self.activity_schedule(
                QUESTION_TASK,
                summary=self.env._("Question about the handover"),
                note=plaintext2html(note),
                user_id=user.id,
            )

    @api.model
    def _answer_by_tasks(self, tasks, text):
        """Take ticked questions as answered: the answer is kept, and who asked decides on.

        :param tasks: activities of handovers that are about to be done
        :param str text: the answer; without a word he is told that there is none
        """
        asked = tasks.filtered(lambda task: task.activity_type_id == self.env.ref(QUESTION_TASK))
        for task in asked:
            # In sudo mode to keep the answer and to give a colleague a task: who may tick answers.
            handover_sudo = self.browse(task.res_id).sudo()
            is_waiting = handover_sudo.state == handover_sudo._waiting_state
            # What the checklist asks people for is no question of who decides.
            if not is_waiting or task in handover_sudo.check_ids.activity_id:
                continue
            if task.create_uid != self.env.user:
                handover_sudo._take_answer(task.create_uid, (text or "").strip())

    def _take_answer(self, asked_by, text):
        """Keep an answer, and give the decision back to who wanted it; called in sudo mode."""
        self.ensure_one()
        self._keep_decision("answer", text)
        task = self.env.ref(APPROVAL_TASK)
        self.activity_ids.filtered(lambda activity: activity.activity_type_id == task).unlink()
        told = self.with_context(lang=asked_by.lang or self.env.lang)
        words = text or told.env._("The question was ticked without an answer.")
        may_decide = asked_by in self._get_deciders() - self._get_taken()
        told._assign_approval(asked_by if may_decide else None, plaintext2html(words))
