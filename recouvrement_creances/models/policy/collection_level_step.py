from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..mixins.collection_text import SPOKEN_OF

# The ways to reach a debtor. "task" reaches nobody: it is work inside the company.
CHANNELS = [
    ("email", "E-mail"),
    ("letter", "Letter"),
    ("registered_letter", "Registered letter"),
    ("electronic_letter", "Electronic registered letter"),
    ("sms", "SMS"),
    ("call", "Phone call"),
    ("visit", "Visit"),
    ("meeting", "Meeting"),
    ("task", "Internal task"),
]
WRITTEN = ("email", "letter", "registered_letter", "electronic_letter")


class CollectionLevelStep(models.Model):
    """What is done at a level, by which channel, and whether a person agrees first."""

    _name = "collection.level.step"
    _description = "Step of a collection level"
    _inherit = ["collection.kept"]
    _order = "level_id, sequence, id"

    name = fields.Char(compute="_compute_name")
    sequence = fields.Integer(default=10)
    level_id = fields.Many2one(
        "collection.level", required=True, index=True, ondelete="cascade", bypass_search_access=True
    )
    company_id = fields.Many2one(related="level_id.policy_id.company_id")
    channel = fields.Selection(selection=CHANNELS, required=True, default="email")
    fallback_channel = fields.Selection(
        selection=CHANNELS,
        string="Otherwise",
        help="Used when the debtor has no address for the channel. Without it, or when that one "
        "is missing too, a task “Find the debtor” is given to the collector.",
    )
    mode = fields.Selection(
        selection=[
            ("automatic", "Automatic"),
            ("confirm", "To confirm"),
            ("manual", "Manual"),
        ],
        required=True,
        default="automatic",
        help="Automatic: the daily run does it. To confirm: it waits in the proposal until "
        "somebody sends it. Manual: it is never part of a group sending.",
    )
    template_id = fields.Many2one(
        "mail.template",
        domain=[("model", "=", SPOKEN_OF)],
        ondelete="restrict",
        help="The text of the e-mail or letter.",
    )
    sms_template_id = fields.Many2one(
        "sms.template",
        string="SMS text",
        domain=[("model", "=", SPOKEN_OF)],
        ondelete="restrict",
    )
    instructions = fields.Text(
        translate=True, help="Shown to the person who calls, visits or does the task."
    )
    attach_invoices = fields.Boolean(help="The invoices are joined as PDF.")
    attach_statement = fields.Boolean(help="A statement of account is joined as PDF.")
    mention_bodies = fields.Boolean(
        string="Mention bodies that help",
        help="The message names the bodies that help the debtor, by kind and territory.",
    )

    # === COMPUTE === #

    @api.depends("channel", "level_id.name")
    def _compute_name(self):
        labels = dict(self._fields["channel"]._description_selection(self.env))
        for step in self:
            step.name = f"{step.level_id.name or ''} · {labels.get(step.channel, '')}"

    # === CONSTRAINTS === #

    @api.constrains("channel", "fallback_channel")
    def _check_fallback_channel(self):
        for step in self:
            if step.fallback_channel == step.channel:
                raise ValidationError(
                    self.env._("The other channel of “%(step)s” is the same one.", step=step.name)
                )

    @api.constrains("template_id", "sms_template_id")
    def _check_templates(self):
        """A text about something else would speak of another customer's record."""
        for step in self:
            for template in (step.template_id, step.sms_template_id):
                if template and template.model != SPOKEN_OF:
                    raise ValidationError(step._describe_stray_template(template))

    @api.constrains("template_id", "sms_template_id", "level_id", "channel", "fallback_channel")
    def _check_words(self):
        """A text that is fit for professionals may not be for the consumers of a policy."""
        for policy, steps in self.grouped(lambda step: step.level_id.policy_id).items():
            for_consumers = policy._reaches_consumers()
            steps.template_id._check_collection_words(for_consumers)
            steps.sms_template_id._check_collection_words(for_consumers)
            if for_consumers:
                steps._check_neutral()

    @api.constrains("mode", "level_id")
    def _check_formal_notice(self):
        self.level_id._check_formal_notice()

    @api.constrains("level_id", "channel", "fallback_channel", "template_id", "sms_template_id")
    def _check_policy_complete(self):
        self.level_id.policy_id._check_still_complete()

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """The levels of a confirmed policy get no further step."""
        steps = super().create(vals_list)
        steps.level_id.policy_id._check_may_change()
        return steps

    def write(self, vals):
        """The steps of a confirmed policy stay as they are; none moves into one."""
        self.level_id.policy_id._check_may_change()
        result = super().write(vals)
        if "level_id" in vals:
            self.level_id.policy_id._check_may_change()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_needed(self):
        self._check_unused()
        self.level_id.policy_id._check_may_change()
        self.level_id.policy_id._check_still_complete(without_steps=self)

    # === BUSINESS === #

    def _check_neutral(self):
        """Refuse subjects and SMS that tell of a debt: consumers get the texts of these steps."""
        for step in self:
            channels = {step.channel, step.fallback_channel}
            if "email" in channels:
                step.template_id._check_collection_neutral("subject")
            if "sms" in channels:
                step.sms_template_id._check_collection_neutral("body")

    def _check_unused(self):
        """Refuse to delete steps that contacts were made for."""
        used = self._find_used((("collection.action", ["step_id"]),))
        if used:
            raise UserError(
                self.env._(
                    "“%(step)s” is part of the debtors' history: archive its level and make a "
                    "new one instead.",
                    step=used.name,
                )
            )

    def _describe_stray_template(self, template):
        # In sudo mode to name the kind of record, which administrators alone may read.
        return self.env._(
            "“%(template)s” of “%(step)s” is not written for collection contacts, but for "
            "“%(model)s”: choose another template.",
            template=template.name,
            step=self.name,
            model=template.sudo().model_id.name or "",
        )

    def _is_contact(self):
        """Tell whether the step reaches the debtor (a task does not)."""
        self.ensure_one()
        return self.channel != "task"

    def _check_complete(self):
        """Refuse steps that cannot be carried out, naming what is missing."""
        for step in self:
            channels = {step.channel, step.fallback_channel}
            for template in (step.template_id, step.sms_template_id):
                if template and template.model != SPOKEN_OF:
                    raise UserError(step._describe_stray_template(template))
            if channels.intersection(WRITTEN) and not step.template_id:
                raise UserError(
                    self.env._("“%(step)s” has no text: choose a template for it.", step=step.name)
                )
            if "sms" in channels and not step.sms_template_id:
                raise UserError(
                    self.env._(
                        "“%(step)s” has no SMS text: choose an SMS template.", step=step.name
                    )
                )
