from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from ..policy.collection_level_step import SPOKEN_OF


class MailTemplate(models.Model):
    """Texts of collection levels stay written for collection contacts, and stay."""

    _inherit = "mail.template"

    @api.constrains("model_id")
    def _check_collection_model(self):
        """A text for another kind of record would speak of somebody else's."""
        steps = self._find_collection_steps()
        for template in steps.template_id:
            if template.model != SPOKEN_OF:
                raise ValidationError(
                    self.env._(
                        "“%(template)s” is the text of a collection level: it stays written for "
                        "collection contacts.",
                        template=template.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_collection(self):
        step = self._find_collection_steps()[:1]
        if step:
            raise UserError(
                self.env._(
                    "“%(template)s” is the text of “%(step)s” in “%(policy)s”: choose another "
                    "template there first.",
                    template=step.template_id.name,
                    step=step.name,
                    policy=step.level_id.policy_id.name,
                )
            )

    def _find_collection_steps(self):
        # In sudo mode to find the steps of every company.
        steps_sudo = self.env["collection.level.step"].sudo().with_context(active_test=False)
        return steps_sudo.search([("template_id", "in", self.ids)])
