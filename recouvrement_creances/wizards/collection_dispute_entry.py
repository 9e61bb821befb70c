from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import html2plaintext

from ..models.negotiation.collection_dispute import WAYS

LONGEST_QUOTE = 2000


class CollectionDisputeEntry(models.TransientModel):
    """Open a dispute: what is disputed, of which invoices, how much, who looks into it."""

    _name = "collection.dispute.entry"
    _description = "Open a dispute"
    _inherit = ["collection.sourced"]

    case_id = fields.Many2one("collection.case", required=True)
    partner_id = fields.Many2one(related="case_id.partner_id", string="Debtor")
    category_id = fields.Many2one(
        "collection.dispute.category", string="What is disputed", required=True
    )
    hint = fields.Text(related="category_id.description", string="What to ask for")
    how = fields.Selection(
        selection=WAYS,
        string="Received by",
        compute="_compute_mail",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    description = fields.Text(
        string="What the debtor says",
        compute="_compute_mail",
        store=True,
        readonly=False,
        precompute=True,
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Documents")
    mail_id = fields.Many2one("mail.message", compute="_compute_mail", store=True, precompute=True)
    keeps_mail_files = fields.Boolean(string="With the files of the debtor's e-mail", default=True)
    owner_id = fields.Many2one(
        "res.users",
        string="Looked into by",
        domain=[("share", "=", False)],
        compute="_compute_owner_id",
        store=True,
        readonly=False,
    )
    deadline = fields.Date(
        string="To be answered by", compute="_compute_deadline", store=True, readonly=False
    )
    line_ids = fields.One2many(
        "collection.dispute.entry.line",
        "wizard_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    # === COMPUTE === #

    @api.depends("case_id")
    def _compute_line_ids(self):
        """Offer what is due and not disputed yet."""
        for wizard in self:
            free = self.env["collection.dispute"]._get_undisputed(wizard.case_id.open_item_ids)
            wizard.line_ids = [Command.clear()] + [
                Command.create({"item_id": item.id, "amount_due": left, "amount": left})
                for item, left in free.items()
            ]

    @api.depends("case_id")
    def _compute_mail(self):
        """Start from the debtor's last e-mail when it has not been dealt with yet."""
        for wizard in self:
            mail = wizard._find_mail()
            wizard.mail_id = mail
            wizard.how = "email" if mail else "call"
            wizard.description = html2plaintext(mail.body or "")[:LONGEST_QUOTE]

    @api.depends("category_id", "case_id")
    def _compute_owner_id(self):
        for wizard in self:
            category = wizard.category_id
            wizard.owner_id = category._get_owner(wizard.case_id) if category else False

    @api.depends("category_id")
    def _compute_deadline(self):
        today = fields.Date.context_today(self)
        for wizard in self:
            days = wizard.category_id.days
            wizard.deadline = fields.Date.add(today, days=days) if days else False

    @api.onchange("description")
    def _onchange_description(self):
        return self.env["collection.note.flag"]._warn_form(self.description)

    # === ACTIONS === #

    def action_apply(self):
        """Open the dispute and show it."""
        self.ensure_one()
        if self.deadline and self.deadline < fields.Date.context_today(self):
            raise UserError(self.env._("The deadline is in the past."))
        chosen = self.line_ids.filtered("is_chosen")
        dispute = self.env["collection.dispute"]._open(
            self.case_id,
            [(line.item_id, line.amount) for line in chosen],
            self.category_id,
            self.description or "",
            self._collect_documents(),
            how=self.how,
            deadline=self.deadline,
        )
        if self.owner_id != dispute.owner_id:
            dispute.owner_id = self.owner_id
        return dispute.get_formview_action()

    # === HELPERS === #

    def _find_mail(self):
        """Return the debtor's last e-mail, as long as its task waits for an answer."""
        self.ensure_one()
        answer = self.env.ref("recouvrement_creances.mail_activity_type_answer")
        if answer not in self.case_id.activity_ids.activity_type_id:
            return self.env["mail.message"]
        return self.case_id.message_ids.filtered(
            lambda message: message.message_type == "email"
        ).sorted("id")[-1:]

    def _collect_documents(self):
        """Return the files that were joined, and copies of those of the e-mail."""
        files = self.attachment_ids
        files.check_access("write")
        if self.mail_id and self.keeps_mail_files and self.mail_id in self._find_mail():
            # In sudo mode to copy files of the case, which the person reads; the originals stay.
            copies_sudo = self.mail_id.attachment_ids.sudo()
            files |= copies_sudo.union(*(file.copy() for file in copies_sudo)) - copies_sudo
        return files
