from odoo import api, fields, models
from odoo.exceptions import UserError


class CollectionActionWait(models.AbstractModel):
    """What the contact rules do to a contact: it waits, is refused, or leaves all the same."""

    _name = "collection.action.wait"
    _description = "Waiting of a collection action"

    not_before = fields.Datetime(
        string="Leaves from",
        readonly=True,
        copy=False,
        help="The next moment at which the contact rules allow it; it leaves by itself then.",
    )
    wait_rule = fields.Json(readonly=True, copy=False)
    wait_reason = fields.Char(
        string="Why it waits",
        compute="_compute_wait_reason",
        help="The rule, and the text that it leans on.",
    )
    confirmed_by_id = fields.Many2one(
        "res.users",
        string="Confirmed by",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="Who agreed to this very contact; empty when a run or an automatic step did.",
    )
    override_reason_id = fields.Many2one(
        "collection.reason", readonly=True, copy=False, ondelete="restrict"
    )
    override_note = fields.Char(readonly=True, copy=False)
    wait_description = fields.Char(compute="_compute_wait_description")

    # === COMPUTE === #

    @api.depends("wait_rule")
    def _compute_wait_reason(self):
        for action in self:
            action.wait_reason = self.env["collection.guard"]._word_rule(action.wait_rule)

    @api.depends("state", "not_before", "wait_rule")
    def _compute_wait_description(self):
        for action in self:
            action.wait_description = self.env["collection.guard"]._describe_wait(action)

    # === ACTIONS === #

    def action_override(self):
        """Open the dialog in which a manager lets contacts leave against a rule, with a reason."""
        return self._open_dialog("collection.contact.override", self.env._("Contact all the same"))

    def action_try_now(self):
        """Ask the contact rules anew: a cap, an address or a clock may have been corrected."""
        self.check_access("write")
        if any(action.state != "confirmed" for action in self):
            raise UserError(self.env._("Only contacts that wait can be tried now."))
        # In sudo mode to write evidence and mails, which nobody may write by hand.
        self.sudo().write({"not_before": False, "wait_rule": False})
        return self.env["collection.executor"].sudo()._execute_by_hand(self)

    # === BUSINESS === #

    def _override(self, reason, note, moment):
        """Let contacts leave now although a rule forbids it; what was overridden is kept.

        :param reason: collection.reason, with the usage "override"
        :param str note: the manager's own words; may be empty
        :param datetime moment: UTC, now
        :raises UserError: not a manager, no reason, a third party, a case of which nothing leaves
        """
        self.check_access("write")
        if any(action.state not in ("proposed", "confirmed") for action in self):
            raise UserError(self.env._("Only contacts that have not left yet can leave now."))
        guard = self.env["collection.guard"]
        requests = [guard._request_sending(action) for action in self]
        refusals = guard._find_refusals(requests, moment)
        overridden = self.browse()
        for request in requests:
            refusal = refusals.get(request)
            if refusal and (refusal.is_final or refusal.is_stop):
                raise UserError(refusal.text)
            text = refusal.text if refusal else self._get_senior_rule(request.action)
            values = {"not_before": False, "wait_rule": False}
            if text:
                guard._check_override(text, reason)
                overridden |= request.action
                values["override_reason_id"] = reason.id
                values["override_note"] = "\n".join(filter(None, (text, note)))
            # In sudo mode to write the contact, after the check of access above.
            request.action.sudo().write(values)
        self.env["collection.evidence"]._note(
            overridden,
            "override",
            lambda action: {"reason": reason.name, "note": action.override_note},
        )
        self.filtered(lambda action: action.state == "proposed")._apply_event("confirm")
        return self.env["collection.executor"].sudo()._execute_by_hand(self)

    def _leave_settled_out(self):
        """Bring a task in line with the ledger at the moment at which somebody sets about it.

        :return: the notice that nothing of it is claimed any more and it is taken off; else None
        """
        self.ensure_one()
        if self.state != "planned" or not self.step_id:
            return None
        self.case_id.check_access("write")
        with_drafts = self.run_id.origin != "daily"
        # In sudo mode to write the contact, after the check of access above.
        guard_sudo = self.env["collection.guard"].sudo()
        today = fields.Date.context_today(self)
        if guard_sudo._withdraw_settled(self.sudo(), today, with_drafts):
            return None
        return self.env["collection.executor"]._notify(
            self.env._("Nothing of it is claimed any more: the task is taken off the list.")
        )

    def _complete_by_activity(self, feedback):
        """The collector ticked the task in the chatter: the conversation took place.

        :raises UserError: the contact rules forbid it now, or the tick does not say what took place
        """
        today, moment = fields.Date.context_today(self), fields.Datetime.now()
        guard = self.env["collection.guard"]
        for action in self:
            action._check_tick_tells()
            if action._leave_settled_out():
                raise UserError(
                    self.env._(
                        "Nothing of it is claimed any more: log what took place on the case, and "
                        "refresh it to take the task off."
                    )
                )
            refusal = action.channel != "task" and guard._find_block(
                action, action.case_id, action.channel, moment
            )
            if refusal:
                raise UserError(
                    self.env._(
                        "%s\nWhat took place at another time is noted by the contact's button "
                        "“Log outcome”.",
                        refusal.text,
                    )
                )
            self.env["collection.evidence"]._note(
                action, "outcome", {"outcome": "reached", "note": feedback or ""}
            )
        self._complete(today, {"outcome": "reached", "note": feedback or False})

    def _check_tick_tells(self):
        """Refuse the mere tick of a task that stands in for a message to the debtor.

        A call that is ticked took place. That somebody saw to such a task does not say that he
        reached the debtor, and a debtor whom nobody reached climbs to no level.
        """
        self.ensure_one()
        if self.channel == "task" and self.step_id and self.step_id.channel != "task":
            raise UserError(
                self.env._(
                    "This task stands in for a message to the debtor: note by the contact's button "
                    "“Log outcome” whether he was reached. Only then does his level count."
                )
            )

    def _get_senior_rule(self, action):
        """Return the rule that stands when no refusal does: a person makes this contact."""
        # In sudo mode to read who is vulnerable, which few people see.
        if not action.case_id.partner_id.sudo().collection_is_vulnerable:
            return ""
        return self.env._("Contacts with this debtor are made by a person of the company's choice.")
