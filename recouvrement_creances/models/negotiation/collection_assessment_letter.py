import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError


class CollectionAssessmentLetter(models.AbstractModel):
    """The synthesis for the debtor: printed once, kept with the assessment, posted as a letter."""

    _name = "collection.assessment.letter"
    _description = "Synthesis letter of a financial assessment"

    letter_note = fields.Text(
        string="Words for the debtor", help="Printed in the synthesis letter, in neutral words."
    )
    with_bodies = fields.Boolean(
        string="Name the bodies that help",
        default=True,
        help="The letter names the bodies of the debtor's kind and territory.",
    )
    letter_id = fields.Many2one("ir.attachment", readonly=True, copy=False, index="btree_not_null")
    letter_hash = fields.Char(string="SHA-256", readonly=True, copy=False)
    action_id = fields.Many2one(
        "collection.action",
        string="Contact",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    lang = fields.Char(compute="_compute_lang", compute_sudo=True)

    @api.depends("case_id")
    def _compute_lang(self):
        for assessment in self:
            debtor, company = assessment.case_id.partner_id, assessment.case_id.company_id
            assessment.lang = debtor._get_collection_lang(company)

    # === ACTIONS === #

    def action_print_letter(self):
        """Download the letter; what was printed first is what stays."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._make_letter().id}?download=true",
            "target": "self",
        }

    def action_send_letter(self):
        """Put the letter on the worklist of letters to post; its evidence holds its hash only."""
        self.ensure_one()
        self.case_id.check_access("write")
        if self.action_id:
            raise UserError(self.env._("This letter is on the list of letters already."))
        self._make_letter()
        today = fields.Date.context_today(self)
        # In sudo mode to create the contact and its evidence, after the checks of access above.
        action_sudo = (
            self.env["collection.action"].sudo()._with_door().create(self._prepare_contact(today))
        )
        self.env["collection.evidence"].sudo()._note(
            action_sudo,
            "prepared",
            {"subject": self.env._("Restricted document"), "sha256": self.letter_hash},
        )
        action_sudo._apply_event("plan", {"date_planned": today})
        self._with_door().write({"action_id": action_sudo.id})

    # === BUSINESS === #

    def _make_letter(self):
        """Return the letter, printed and kept with its hash the first time."""
        self.ensure_one()
        self.check_access("read" if self.letter_id else "write")
        if self.state == "draft":
            raise UserError(self.env._("Conclude the assessment first: a draft is not sent."))
        if not self.letter_id:
            letter = self.env["ir.actions.report"]._print_file(
                "recouvrement_creances.collection_assessment_report",
                self,
                self.lang,
                self.env._("Synthesis %s.pdf", self.case_id.name.replace("/", "-")),
            )
            self._with_door().write(
                {"letter_id": letter.id, "letter_hash": hashlib.sha256(letter.raw).hexdigest()}
            )
        return self.letter_id

    def _prepare_contact(self, today):
        letter = self.case_id._prepare_letter(today)
        return {
            **letter,
            "user_id": self.env.uid,
            "partner_id": letter["partner_id"] or self.partner_id.id,
        }
