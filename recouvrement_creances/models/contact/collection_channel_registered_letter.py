from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, format_date

from .collection_channel import FIND_DEBTOR

# What the post reports, and what became of the letter then.
OUTCOMES = {
    "acknowledged": "received",
    "not_collected": "not_collected",
    "refused": "refused",
    "returned": "unknown_address",
}
# A letter is presented within two or three working days; later somebody asks the post.
DAYS_TO_PRESENTATION = 10
TRACK_LETTER = "recouvrement_creances.mail_activity_type_track_letter"


class CollectionChannelRegisteredLetter(models.AbstractModel):
    """Registered letter: a letter whose way is followed to its first presentation and receipt."""

    _name = "collection.channel.registered_letter"
    _description = "Collection by registered letter"
    _inherit = "collection.channel.letter"

    @api.model
    def _note_proof(self, action, event, date, attachment=None):
        """Note what the post reports of a registered letter.

        :param str event: presented, acknowledged, not_collected, refused or returned
        :param attachment: the scanned acknowledgement or returned envelope
        """
        self._check_order(action, event, date)
        was_returned = action.state == "failed"
        action.write(self._get_proof_values(action, event, date, attachment))
        action._follow_notice()
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
        elif was_returned and event in OUTCOMES:
            action._arrive()
            self._end_search(action)
        self._end_tracking(action)
        action.case_id._refresh_verdicts(fields.Date.context_today(self))

    def _get_proof_values(self, action, event, date, attachment):
        values = {}
        if event == "presented":
            values["presented_on"] = date
        elif event == "acknowledged":
            values["acknowledged_on"] = date
        if event in OUTCOMES:
            values["letter_outcome"] = OUTCOMES[event]
        # Who received a letter, refused it or left it at the post had it presented that day at
        # the latest; an earlier presentation that was noted stays.
        if event not in ("presented", "returned") and not action.presented_on:
            values["presented_on"] = date
        if attachment:
            values["acknowledgement_id"] = attachment.id
        return values

    def _end_search(self, letter):
        """Nobody needs to find a debtor whom a letter has reached after all.

        Unless a contact of its round or of a later one lacks an address too.
        """
        lacking = letter.case_id.action_ids.filtered(
            lambda action: (
                action.state == "failed"
                and action.cycle >= letter.cycle
                and self._lacks_address(action)
            )
        )
        if not lacking:
            letter.case_id.activity_unlink([FIND_DEBTOR])

    def _lacks_address(self, action):
        """Tell whether a contact failed for its address: none, a wrong one, one that refuses."""
        bounced = email_normalize(action.partner_id.collection_bounced_email)
        return bool(
            action.letter_outcome == OUTCOMES["returned"]
            or action.outcome == "wrong_number"
            or (action.channel == "email" and bounced and bounced == action.recipient)
            or (
                not action.recipient
                and self.env[f"collection.channel.{action.channel}"]._address_kind
            )
        )

    def _check_posted(self, action, date):
        """Refuse a proof of what never left; one that came back may turn out to have arrived."""
        came_back = action.state == "failed" and action.letter_outcome == OUTCOMES["returned"]
        posted = (action.state == "sent" or came_back) and action.contact_date
        if action.channel != "registered_letter" or not posted:
            raise UserError(self.env._("Only a registered letter that was posted has a proof."))
        if date < action.contact_date:
            raise UserError(
                self.env._(
                    "The letter was posted on %s: no proof is older.",
                    format_date(self.env, action.contact_date),
                )
            )

    def _check_order(self, action, event, date):
        """Refuse what the post cannot have reported: before the posting, to come, in disorder."""
        self._check_posted(action, date)
        if date > fields.Date.context_today(self):
            raise UserError(self.env._("The day that the post reports is in the future."))
        presented, acknowledged = action.presented_on, action.acknowledged_on
        if acknowledged and event in ("not_collected", "refused", "returned"):
            raise UserError(
                self.env._(
                    "The letter was received on %s: it was neither refused nor returned.",
                    format_date(self.env, acknowledged),
                )
            )
        is_answer = event in ("acknowledged", "not_collected", "refused")
        if is_answer and presented and date < presented:
            raise UserError(
                self.env._(
                    "The letter was first presented on %s: it was neither received nor returned "
                    "before.",
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

    # === PRESENTATION === #

    @api.model
    def _cron_ask_for_presentation(self):
        """Ask for the first presentation of formal notices that were posted long enough ago."""
        for company in self.env["res.company"].search([("active", "=", True)]):
            self._ask_for_presentation(company, company._collection_today())

    @api.model
    def _ask_for_presentation(self, company, today):
        """Give the task to look for a first presentation that nobody noted, once a letter.

        Without it the period never runs and the ladder stands still.

        :return: the letters that were asked for
        """
        self._forget_lost_tasks(company)
        letters = self.env["collection.action"].search(
            [
                *self._unreported_domain(company),
                ("presentation_asked_on", "=", False),
                ("contact_date", "<=", today - timedelta(days=DAYS_TO_PRESENTATION)),
            ]
        )
        letters.presentation_asked_on = today
        kind = self.env.ref(TRACK_LETTER)
        model_id = self.env["ir.model"]._get_id("collection.case")
        responsible = letters.case_id._map_responsible()
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [
                {
                    "activity_type_id": kind.id,
                    "res_model_id": model_id,
                    "res_id": letter.case_id.id,
                    "user_id": responsible[letter.case_id].id,
                    "date_deadline": today,
                    "automated": True,
                    "summary": self._describe_untracked(letter),
                }
                for letter in letters
            ]
        )
        return letters

    def _unreported_domain(self, company):
        return [
            ("company_id", "=", company.id),
            ("is_notice", "=", True),
            ("channel", "in", ("registered_letter", "electronic_letter")),
            ("state", "=", "sent"),
            ("presented_on", "=", False),
            # A provider that has told the debtor reports the rest; so does the last day.
            ("informed_on", "=", False),
            ("accepted_on", "=", False),
        ]

    def _forget_lost_tasks(self, company):
        """Let letters be asked for anew whose task is gone: Odoo deletes those of who leaves.

        A task that somebody has done is kept, archived.
        """
        asked = self.env["collection.action"].search(
            [*self._unreported_domain(company), ("presentation_asked_on", "!=", False)]
        )
        latest = dict(
            self.env["mail.activity"]
            .with_context(active_test=False)
            ._read_group(
                [
                    ("activity_type_id", "=", self.env.ref(TRACK_LETTER).id),
                    ("res_model", "=", "collection.case"),
                    ("res_id", "in", asked.case_id.ids),
                ],
                ["res_id"],
                ["date_deadline:max"],
            )
        )
        asked.filtered(
            lambda letter: (
                letter.case_id.id not in latest
                or latest[letter.case_id.id] < letter.presentation_asked_on
            )
        ).presentation_asked_on = False

    def _describe_untracked(self, letter):
        values = {
            "date": format_date(self.env, letter.contact_date),
            "number": letter.tracking_number or self.env._("no tracking number"),
        }
        if letter.channel == "electronic_letter":
            return self.env._(
                "Formal notice deposited on %(date)s (%(number)s): the provider has reported "
                "nothing, ask it",
                **values,
            )
        return self.env._(
            "Formal notice posted on %(date)s (%(number)s): note its first presentation", **values
        )

    def _end_tracking(self, action):
        """The post has reported: nobody needs to ask for this case's letter any more."""
        waiting = action.case_id.action_ids.filtered(
            lambda letter: letter.presentation_asked_on and letter.state == "sent"
        ).filtered(
            lambda letter: not (letter.presented_on or letter.informed_on or letter.accepted_on)
        )
        if not waiting:
            action.case_id.activity_unlink([TRACK_LETTER])
