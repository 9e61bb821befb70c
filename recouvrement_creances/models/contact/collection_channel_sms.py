import time

from odoo import api, models
from odoo.exceptions import UserError


class CollectionChannelSms(models.AbstractModel):
    """SMS, through the gateway that Odoo is set up with."""

    _name = "collection.channel.sms"
    _description = "Collection by SMS"
    _inherit = "collection.channel"
    _address_kind = "phone"

    @api.model
    def _find_recipient(self, action):
        """EXTENDS: gateways want the country's code, which few people type."""
        partner, number, problem = super()._find_recipient(action)
        country = (
            partner.country_id
            or action.case_id.partner_id.country_id
            or action.company_id.country_id
        )
        # What is no number of that country leaves as it was typed: the gateway says what is wrong.
        formatted = number and partner._phone_format(number=number, country=country)
        return partner, formatted or number, problem

    @api.model
    def _render_texts(self, actions):
        texts = {}
        for template, selected in actions.grouped(lambda a: a.step_id.sms_template_id).items():
            if not template:
                raise UserError(self.env._("The step has no SMS text."))
            self._check_template(template, selected)
            # All links at once: each text looks its own up among them.
            selected.case_id._give_portal_accesses()
            texts.update(template._render_field("body", selected.ids, compute_lang=True))
        for action in actions:
            # Without the end that a company leaves which sends no links.
            texts[action.id] = texts[action.id].strip()
            self.env["collection.guard"]._check_neutral(action, texts[action.id])
        return texts

    @api.model
    def _prepare(self, actions, as_of):
        texts = self._render_texts(actions)
        messages = self.env["sms.sms"].create(
            [
                {
                    "number": action.recipient,
                    "partner_id": action.partner_id.id,
                    "body": texts[action.id],
                    # Not "outgoing" before it is handed over: Odoo's own queue would send it too.
                    "state": "error",
                }
                for action in actions
            ]
        )
        for action, message in zip(actions, messages, strict=True):
            action.sms_id = message
        self.env["collection.evidence"]._note(
            actions,
            "prepared",
            lambda action: self._get_facts(action, body=texts[action.id]),
        )
        self.env["collection.claim"]._claim(actions)
        return actions

    @api.model
    def _hand_over(self, actions, as_of):
        # What another process holds is left out: it has not been handed over.
        claims = self.env["collection.claim"]
        changed = claims._find_changed(actions.ids, as_of)
        unchanged = actions.filtered(lambda action: action.id not in changed)
        if time.monotonic() > claims._get_hand_over_deadline(actions):
            unchanged = actions.browse()
        messages = unchanged.sms_id.try_lock_for_update()
        messages.state = "outgoing"
        messages.send(unlink_failed=False, unlink_sent=False)
        tried = actions.filtered(lambda action: action.sms_id in messages)
        executor = self.env["collection.executor"]
        executor._checkpoint()
        claims._settle_surely(self, actions, as_of, tried)

    @api.model
    def _settle(self, actions, as_of, interrupted):
        """Read from each message what became of it; what nobody can tell is a person's."""
        labels = dict(self.env["sms.sms"]._fields["failure_type"]._description_selection(self.env))
        for action in actions:
            message = action.sms_id
            if message.state in ("pending", "sent", "process"):
                action._deliver(as_of)
            elif message.state in ("error", "canceled") and message.failure_type:
                action._fail(labels.get(message.failure_type) or self.env._("Not sent."))
            elif action in interrupted or not message:
                # The gateway said nothing of it: Odoo's own queue must not send it again either.
                message.filtered(lambda sms: sms.state == "outgoing").state = "canceled"
                action._apply_event("lose")
            else:
                message.state = "canceled"
                action._apply_event("release", {"sms_id": False})
        evidence = self.env["collection.evidence"]
        evidence._note(
            actions.filtered(lambda action: action.state == "sent"),
            "sent",
            lambda action: {"transport_reference": action.sms_id.uuid},
        )
        evidence._note(
            actions.filtered(lambda action: action.state == "failed"),
            "failed",
            lambda action: {"reason": action.failure_reason},
        )
