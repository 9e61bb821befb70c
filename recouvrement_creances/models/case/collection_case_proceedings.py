from odoo import api, fields, models

from ...rules.transitions import ACTION_WAITING


class CollectionCaseProceedings(models.AbstractModel):
    """What a case has before the courts."""

    _name = "collection.case.proceedings"
    _description = "Proceedings of a collection case"
    _inherit = ["collection.case.insolvency"]

    proceeding_ids = fields.One2many("collection.proceeding", "case_id", readonly=True)
    proceeding_count = fields.Integer(
        string="Proceedings", compute="_compute_proceeding_count", compute_sudo=True
    )

    # === COMPUTE === #

    @api.depends("proceeding_ids")
    def _compute_proceeding_count(self):
        counts = dict(
            self.env["collection.proceeding"]._read_group(
                [("case_id", "in", self.ids)], ["case_id"], ["__count"]
            )
        )
        for case in self:
            case.proceeding_count = counts.get(case._origin, 0)

    # === ACTIONS === #

    def action_open_proceedings(self):
        """Open the proceedings of the case."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "recouvrement_creances.collection_proceeding_action"
        )
        domain = [("case_id", "=", self.id)]
        return {**action, "domain": domain, "context": {"default_case_id": self.id}}

    def action_prepare_proceeding(self):
        """Open the form of a new proceeding about what is open of the case."""
        self.ensure_one()
        return {
            "name": self.env._("Prepare a proceeding"),
            "type": "ir.actions.act_window",
            "res_model": "collection.proceeding",
            "view_mode": "form",
            "context": {"default_case_id": self.id},
        }

    # === BUSINESS === #

    def _hold_what_is_in_court(self):
        """Let proceedings that run hold what something else has held until now. In sudo mode."""
        today = fields.Date.context_today(self)
        for proceeding in self.proceeding_ids.filtered(lambda one: one._holds_items()):
            proceeding._hold_items(today)

    def _get_handover_holds(self):
        """Return what holds items of the case for a handover or a court now."""
        return self.hold_ids.filtered(lambda one: one.kind == "handover" and one.state == "open")

    def _filter_unheld(self, items):
        """Return the open items that nothing holds for a handover or a court yet."""
        held = items.browse().union(*(hold._get_items() for hold in self._get_handover_holds()))
        return (items - held).filtered("is_open")

    def _withdraw_contacts(self, items, note):
        """Cancel what was planned about items that nobody reminds of any more. In sudo mode.

        What is about other items of the case too stays: the guard leaves these out as it is done.
        What names no item goes once none is left.
        """
        if not items:
            return
        waiting = self.action_ids.filtered(
            lambda action: action.state in ACTION_WAITING and not action.instalment_id
        )
        is_nothing_left = all(item.verdict == "handed_over" for item in self.open_item_ids)
        waiting.filtered(
            lambda action: action.line_ids.item_id <= items if action.line_ids else is_nothing_left
        )._withdraw(note)

    def _hand_proceedings_to(self, case):
        """Let proceedings, deadlines and notices follow the items of merged debtors."""
        # In sudo mode to write what people do not change; the items have moved already.
        deadlines_sudo = self.env["collection.deadline"].sudo()
        deadlines_sudo.search([("case_id", "in", self.ids)]).case_id = case
        self.sudo().proceeding_ids.case_id = case
        notices_sudo = self.env["collection.publication"].sudo()
        notices_sudo.search([("case_id", "in", self.ids)]).case_id = case
        self._hand_handovers_to(case)
        self._hand_insolvency_to(case)

    def _erase_proceedings(self):
        """Erase what notes on purged cases say of people; steps, dates and amounts stay."""
        silent = {"tracking_disable": True}
        self.proceeding_ids.with_context(**silent).write({"note": False})
        self.proceeding_ids.event_ids._erase_notes()
        self.insolvency_ids.event_ids._erase_notes()
        self._erase_insolvency()
