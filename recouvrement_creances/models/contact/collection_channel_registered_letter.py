from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class CollectionChannelRegisteredLetter(models.AbstractModel):
    """Registered letter: a letter whose way is followed to its first presentation and receipt."""

    _name = "collection.channel.registered_letter"
    _description = "Collection by registered letter"
    _inherit = "collection.channel.letter"

    @api.model
    def _note_proof(self, action, event, date, attachment=None):
        """Note what the post reports of a registered letter.

        :param str event: presented, acknowledged or returned
        :param attachment: the scanned acknowledgement or returned envelope
        """
        posted = action.state in ("sent", "failed") and action.contact_date
        if action.channel != "registered_letter" or not posted:
            raise UserError(self.env._("Only a registered letter that was posted has a proof."))
        if date < action.contact_date:
            raise UserError(
                self.env._(
                    "The letter was posted on %s: no proof is older.",
                    format_date(self.env, action.contact_date),
                )
            )
        self._check_order(action, event, date)
        field = {"presented": "presented_on", "acknowledged": "acknowledged_on"}.get(event)
        values = {field: date} if field else {}
        if event == "acknowledged" and not action.presented_on:
            values["presented_on"] = date
        if attachment:
            values["acknowledgement_id"] = attachment.id
        action.write(values)
        self.env["collection.evidence"]._note(
            action,
            event,
            {"date": str(date), "transport_reference": action.tracking_number},
            attachments={action: attachment} if attachment else None,
        )
        if event == "returned":
            problem = self.env._("The registered letter came back: unknown at this address.")
            action._fail(problem)
            self._ask_for_address({action: problem})

    def _check_order(self, action, event, date):
        """Refuse days that the post cannot have reported: to come, or the wrong way round."""
        if date > fields.Date.context_today(self):
            raise UserError(self.env._("The day that the post reports is in the future."))
        presented, acknowledged = action.presented_on, action.acknowledged_on
        if event == "acknowledged" and presented and date < presented:
            raise UserError(
                self.env._(
                    "The letter was first presented on %s: it was not received before.",
                    format_date(self.env, presented),
                )
            )
        if event == "presented" and acknowledged and date > acknowledged:
            raise UserError(
                self.env._(
                    "The letter was received on %s: it was not first presented after.",
                    format_date(self.env, acknowledged),
                )
            )
