from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.pdf import merge_pdf

LETTER_CHANNELS = ("letter", "registered_letter")
# What a batch of printed letters is a file of: of no record, so that only who printed it reads it.
BATCH_MODEL = "collection.channel.letter"
# Long enough to download it; the letters themselves stay with their contacts.
BATCH_HOURS = 24


class CollectionChannelLetter(models.AbstractModel):
    """Letter: one PDF per debtor, frozen; a person prints the batch and posts it."""

    _name = "collection.channel.letter"
    _description = "Collection by letter"
    _inherit = "collection.channel"
    _address_kind = "address"

    @api.model
    def _prepare(self, actions, as_of):
        actions._check_charges_known()
        subjects = self._render(actions, "subject")
        bodies = self._render(actions, "body_html")
        words = {action: (subjects[action.id], bodies[action.id]) for action in actions}
        letters = self._make_letters(words)
        actions._keep_given_days()
        for action in actions:
            action.attachment_id = letters[action]
        self.env["collection.evidence"]._note(
            actions,
            "prepared",
            lambda action: self._get_facts(
                action, subject=words[action][0], body=str(words[action][1])
            ),
            attachments=letters,
        )
        return super()._prepare(actions, as_of)

    # === DOCUMENTS === #

    def _make_letters(self, words):
        """Return {action: its letter as attachment}.

        :param dict words: {action: (subject, body)}
        """
        for action, (subject, body) in words.items():
            if not (subject or "").strip() or not body:
                raise UserError(
                    self.env._(
                        "The template “%s” gives an empty subject or text.",
                        action._get_template().name,
                    )
                )
        return self._make_documents(
            self.env["collection.action"].union(*words),
            "recouvrement_creances.collection_letter_report",
            lambda env, action: env._("Letter %s.pdf", f"{action.case_id.name}-{action.id}"),
            {"words": {action.id: text for action, text in words.items()}},
        )

    @api.model
    def _make_statements(self, actions):
        """Return {action: the statement of account of its debtor, as attachment}."""
        return self._make_documents(
            actions,
            "recouvrement_creances.collection_statement_report",
            lambda env, action: env._("Statement %s.pdf", f"{action.case_id.name}-{action.id}"),
        )

    def _make_documents(self, actions, report, get_name, data=None):
        """Print one document per action, in the debtor's language, with the case's letterhead."""
        # All links at once: each document looks its own up among them.
        actions.case_id._give_portal_accesses()
        vals_list = []
        for (company, lang), selected in actions.grouped(
            lambda action: (action.company_id, action.lang)
        ).items():
            reports = self.env["ir.actions.report"].with_company(company).with_context(lang=lang)
            contents = reports._render_separately(report, selected.ids, data)
            vals_list += [
                {
                    "name": get_name(reports.env, action),
                    "raw": contents[action.id],
                    "mimetype": "application/pdf",
                    "res_model": "collection.action",
                    "res_id": action.id,
                }
                for action in selected
            ]
        files = self.env["ir.attachment"].create(vals_list)
        return {self.env["collection.action"].browse(file.res_id): file for file in files}

    # === PRINT AND POST === #

    @api.model
    def _print(self, actions):
        """Return the download of one PDF that holds every letter of the selection."""
        letters = actions.filtered("attachment_id").sorted("id")
        if not letters:
            raise UserError(self.env._("None of these actions has a letter to print."))
        merged = self.env["ir.attachment"].create(
            {
                "name": self.env._("Letters (%s).pdf", len(letters)),
                "raw": merge_pdf([letter.attachment_id.raw for letter in letters]),
                "mimetype": "application/pdf",
                "res_model": BATCH_MODEL,
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{merged.id}?download=true",
            "target": "self",
        }

    @api.autovacuum
    def _vacuum_batches(self):
        """Delete batches of letters that were printed: no purge of a case would find them."""
        # In sudo mode to delete what everybody printed.
        files_sudo = self.env["ir.attachment"].sudo()
        latest = fields.Datetime.subtract(fields.Datetime.now(), hours=BATCH_HOURS)
        files_sudo.search(
            [
                ("res_model", "=", BATCH_MODEL),
                ("res_id", "in", (False, 0)),
                ("create_date", "<", latest),
            ]
        ).unlink()

    @api.model
    def _post(self, actions, posted_on, tracking_numbers=None):
        """Note the day letters were posted: the wait for the next level counts from it.

        :param dict tracking_numbers: {action: number} of registered letters
        """
        actions._check_single_kind(LETTER_CHANNELS)
        refusals = self._find_refused(actions, posted_on)
        for action in actions:
            number = (tracking_numbers or {}).get(action)
            action._deliver(posted_on, {"tracking_number": number} if number else None)
        actions.case_id._refresh_verdicts(fields.Date.context_today(self))
        self.env["collection.evidence"]._note(
            actions,
            "posted",
            lambda action: {
                "posted_on": str(posted_on),
                "transport_reference": action.tracking_number,
                "overridden": refusals.get(action, ""),
            },
        )

    def _find_refused(self, actions, posted_on):
        """Refuse letters that a wish or a hold overtook; those that are in the post are noted.

        :return: {letter posted before today: why it should not have been}
        """
        guard = self.env["collection.guard"]
        refusals = guard._find_posting_refusals(actions, fields.Datetime.now())
        if posted_on >= fields.Date.context_today(self):
            for letter, reason in refusals.items():
                raise UserError(
                    self.env._(
                        "%(letter)s: %(reason)s\nDo not post it: cancel it.",
                        letter=letter.display_name,
                        reason=reason,
                    )
                )
        return refusals
