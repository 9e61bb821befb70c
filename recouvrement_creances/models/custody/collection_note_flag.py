from odoo import api, fields, models
from odoo.exceptions import UserError

from ...rules.sensitive_words import find_sensitive

CATEGORIES = [
    ("health", "Health of a person"),
    ("beliefs", "Beliefs, opinions, union"),
    ("private_life", "Private life"),
    ("origin", "Origin"),
    ("offences", "Offences"),
]


class CollectionNoteFlag(models.Model):
    """A note that seems to hold health or other sensitive data, for a manager to read.

    The words themselves stay in the note: the flag repeats only what kind of data they look like.
    """

    _name = "collection.note.flag"
    _description = "Note that seems sensitive"
    _inherit = ["collection.derived"]
    _order = "is_reviewed, id desc"

    case_id = fields.Many2one(
        "collection.case", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True)
    place = fields.Selection(
        selection=[
            ("contact", "Outcome of a contact"),
            ("hold", "Hold"),
            ("promise", "Promise to pay"),
            ("dispute", "Dispute"),
            ("chatter", "Note on the case"),
            ("assessment", "Financial assessment"),
            ("hardship", "Hardship report"),
            ("wish", "Why a debtor is not contacted"),
        ],
        required=True,
        readonly=True,
    )
    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True, readonly=True)
    category = fields.Selection(selection=CATEGORIES, required=True, readonly=True)
    user_id = fields.Many2one("res.users", string="Written by", readonly=True, ondelete="set null")
    flagged_on = fields.Datetime(readonly=True)
    is_reviewed = fields.Boolean(string="Looked at", readonly=True)
    reviewed_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")

    _record_unique = models.UniqueIndex(
        "(res_model, res_id, category)", "This note is in the list already."
    )

    @api.depends("case_id", "category")
    def _compute_display_name(self):
        labels = dict(self._fields["category"]._description_selection(self.env))
        for flag in self:
            flag.display_name = f"{flag.case_id.name} · {labels[flag.category]}"

    # === ACTIONS === #

    def action_review(self):
        """Take the notes off the list: somebody has read them."""
        self.check_access("write")
        self.write({"is_reviewed": True, "reviewed_by_id": self.env.uid})

    def action_open_note(self):
        """Open the record that holds the note."""
        self.ensure_one()
        if self.place == "chatter":
            model, res_id = "collection.case", self.case_id.id
        else:
            model, res_id = self.res_model, self.res_id
        if not self.env[model].browse(res_id).exists():
            raise UserError(self.env._("This note does not exist any more."))
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "res_id": res_id,
            "view_mode": "form",
        }

    # === BUSINESS === #

    @api.model
    def _get_warning(self, text):
        """Return the warning of a form on a text as {title, message}, or None."""
        found = find_sensitive(text)
        if not found:
            return None
        return {
            "title": self.env._("Read this note again"),
            "message": self.env._(
                "“%(passages)s” seems to be about health or other data that may not be noted "
                "(%(articles)s). The debtor may ask to read this note: keep to facts on the debt, "
                "or choose the reason “personal difficulty” without details.",
                passages=", ".join(dict.fromkeys(finding.passage for finding in found)),
                articles=", ".join(sorted({finding.article for finding in found})),
            ),
        }

    @api.model
    def _warn_form(self, *texts):
        """Return what an onchange answers on texts: a warning on the first that needs one."""
        warning = next(filter(None, map(self._get_warning, texts)), None)
        return {"warning": warning} if warning else None

    @api.model
    def _flag(self, place, notes):
        """Bring the list up to date after notes were written.

        :param notes: [(case, record that holds the note, its text)]
        :return: the flags of notes that seem sensitive
        """
        if not notes:
            return self
        # In sudo mode to write the list, which people only look through.
        flags_sudo = self.sudo()
        model, ids = notes[0][1]._name, [record.id for _case, record, _text in notes]
        present = flags_sudo.search([("res_model", "=", model), ("res_id", "in", ids)])
        known = {(flag.res_id, flag.category): flag for flag in present}
        wanted = {
            (record.id, finding.category): case
            for case, record, text in notes
            for finding in find_sensitive(text)
        }
        present.filtered(lambda flag: (flag.res_id, flag.category) not in wanted).unlink()
        created = flags_sudo.create(
            [
                {
                    "case_id": case.id,
                    "place": place,
                    "res_model": model,
                    "res_id": res_id,
                    "category": category,
                    "user_id": self.env.uid,
                    "flagged_on": fields.Datetime.now(),
                }
                for (res_id, category), case in wanted.items()
                if (res_id, category) not in known
            ]
        )
        return created | flags_sudo.union(*(known[key] for key in wanted if key in known))
