from odoo import models


class MailActivity(models.Model):
    """A task of a collection action that is marked as done completes the action."""

    _inherit = "mail.activity"

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
        return super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
