from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.pdf import merge_pdf

LETTER_CHANNELS = ("letter", "registered_letter")


class CollectionChannelLetter(models.AbstractModel):
    """Letter: one PDF per debtor, frozen; a person prints the batch and posts it."""

    _name = "collection.channel.letter"
    _description = "Collection by letter"
    _inherit = "collection.channel"
    _address_kind = "address"

    @api.model
    def _prepare(self, actions, as_of):
        subjects = self._render(actions, "subject")
        bodies = self._render(actions, "body_html")
        for action in actions:
            action.attachment_id = self._make_letter(action, subjects[action.id], bodies[action.id])
        self.env["collection.evidence"]._note(
            actions,
            "prepared",
            lambda action: self._get_facts(
                action, subject=subjects[action.id], body=str(bodies[action.id])
            ),
            attachments={action: action.attachment_id for action in actions},
        )
        actions._apply_event("plan", {"date_planned": as_of})
        return self.env["collection.action"]

    # === DOCUMENTS === #

    def _make_letter(self, action, subject, body):
        if not (subject or "").strip() or not body:
            raise UserError(
                self.env._(
                    "The template “%s” gives an empty subject or text.",
                    action._get_template().name,
                )
            )
        return self._make_pdf(
            action,
            "recouvrement_creances.collection_letter_report",
            self.env._("Letter %s.pdf", f"{action.case_id.name}-{action.id}"),
            {"subject": subject, "body": body},
        )

    @api.model
    def _make_statement(self, action):
        """Return the statement of account of the action's debtor, as PDF."""
        return self._make_pdf(
            action,
            "recouvrement_creances.collection_statement_report",
            self.env._("Statement %s.pdf", f"{action.case_id.name}-{action.id}"),
            {},
        )

    def _make_pdf(self, action, report, name, values):
        """Render one document in the debtor's language, with the case's company's letterhead."""
        reports = self.env["ir.actions.report"].with_company(action.company_id)
        content, _format = reports.with_context(
            lang=action.lang, force_report_rendering=True
        )._render_qweb_pdf(report, res_ids=action.ids, data=values)
        return self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": content,
                "mimetype": "application/pdf",
                "res_model": "collection.action",
                "res_id": action.id,
            }
        )

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
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{merged.id}?download=true",
            "target": "self",
        }

    @api.model
    def _post(self, actions, posted_on, tracking_numbers=None):
        """Note the day letters were posted: the wait for the next level counts from it.

        :param dict tracking_numbers: {action: number} of registered letters
        """
        actions._check_single_kind(LETTER_CHANNELS)
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
            },
        )
