from odoo import models


class MailActivity(models.Model):
    """A task of a collection action that is marked as done completes the action."""

    _inherit = "mail.activity"

    def _get_answers(self):
        """Return [{"label", "url"}] of the answers that the message about the task offers.

        The message says who decides on a handover what it is about; where he answers is a page.
        """
        self.ensure_one()
        task = self.env.ref("recouvrement_creances.mail_activity_type_approval")
        if self.res_model != "collection.handover" or self.activity_type_id != task:
            return []
        handover = self.env["collection.handover"].browse(self.res_id)
        return [
            {"label": label, "url": handover._get_decision_url(verdict)}
            for verdict, label in handover._get_verdicts().items()
        ]

    def _action_done(self, feedback=False, attachment_ids=None):
        """EXTENDS mail: the tick in the chatter and the outcome dialog lead to the same end."""
        # In sudo mode to find the actions behind the tasks.
        actions_sudo = (
            self.env["collection.action"]
            .sudo()
            .search([("activity_id", "in", self.ids), ("state", "=", "planned")])
        )
        for action_sudo in actions_sudo:
            self.env["collection.guard"]._check_senior(action_sudo, action_sudo.case_id)
        actions_sudo.activity_id = False
        actions_sudo._complete_by_activity(feedback)
        self.env["collection.dispute"]._answer_by_tasks(
            self.filtered(lambda task: task.res_model == "collection.dispute"), feedback
        )
        self.env["collection.handover"]._answer_by_tasks(
            self.filtered(lambda task: task.res_model == "collection.handover"), feedback
        )
        return super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
