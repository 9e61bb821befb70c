from odoo import api, fields, models
from odoo.exceptions import UserError


class CollectionActionWait(models.AbstractModel):
    """What a contact waits for when the contact rules forbid it, and how it leaves all the same."""

    _name = "collection.action.wait"
    _description = "Waiting of a collection action"

    not_before = fields.Datetime(
        string="Leaves from",
        readonly=True,
        copy=False,
        help="The next moment at which the contact rules allow it; it leaves by itself then.",
    )
    wait_reason = fields.Char(
        string="Why it waits", readonly=True, copy=False, help="The rule, and its article."
    )
    confirmed_by_id = fields.Many2one(
        "res.users",
        string="Confirmed by",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="Who agreed to this very contact; empty when a run or an automatic step did.",
    )
    wait_description = fields.Char(compute="_compute_wait_description")

    # === COMPUTE === #

    @api.depends("state", "not_before", "wait_reason")
    def _compute_wait_description(self):
        for action in self:
            action.wait_description = self.env["collection.guard"]._describe_wait(action)

    # === ACTIONS === #

    def action_override(self):
        """Open the dialog in which a manager lets contacts leave against a rule, with a reason."""
        return self._open_wizard("collection.contact.override", self.env._("Contact all the same"))

    # === BUSINESS === #

    def _override(self, reason, note, moment):
        """Let contacts leave now although a rule forbids it; what was overridden is kept.

        :param reason: collection.reason, with the usage "override"
        :param str note: the manager's own words; may be empty
        :param datetime moment: UTC, now
        :raises UserError: not a manager, no reason, nothing to override, a third party
        """
        self.check_access("write")
        if any(action.state not in ("proposed", "confirmed") for action in self):
            raise UserError(self.env._("Only contacts that have not left yet can leave now."))
        guard = self.env["collection.guard"]
        requests = [guard._request(action) for action in self]
        refusals = guard._find_refusals(requests, moment)
        # In sudo mode to write the contact and its evidence, after the check of access above.
        for request in requests:
            refusal = refusals.get(request)
            if refusal and refusal.is_final:
                raise UserError(refusal.text)
            text = refusal.text if refusal else self._get_senior_rule(request.action)
            guard._check_override(text, reason)
            request.action.sudo().write(
                {
                    "override_reason_id": reason.id,
                    "override_note": "\n".join(filter(None, (text, note))),
                    "not_before": False,
                    "wait_reason": False,
                }
            )
        self.env["collection.evidence"]._note(
            self,
            "override",
            lambda action: {"reason": reason.name, "note": action.override_note},
        )
        self.filtered(lambda action: action.state == "proposed")._apply_event("confirm")
        return self.env["collection.executor"].sudo()._execute_by_hand(self)

    def _get_senior_rule(self, action):
        """Return the rule that stands when no refusal does: a person makes this contact."""
        # In sudo mode to read who is vulnerable, which few people see.
        if not action.case_id.partner_id.sudo().collection_is_vulnerable:
            raise UserError(self.env._("No rule forbids “%s”: confirm it.", action.display_name))
        return self.env._("Contacts with this debtor are made by a person of the company's choice.")
