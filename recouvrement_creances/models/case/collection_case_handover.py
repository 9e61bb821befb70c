from odoo import api, fields, models

from ...rules.transitions_litigation import HANDOVER_RUNNING

# What may still be changed, and takes up what is overdue meanwhile.
IN_PREPARATION = ("draft", "refused")


class CollectionCaseHandover(models.AbstractModel):
    """What of a case was handed over, or might be; its documents and checks for litigation."""

    _name = "collection.case.handover"
    _description = "Handovers of a collection case"

    handover_ids = fields.One2many("collection.handover", "case_id", readonly=True)
    handover_count = fields.Integer(
        string="Handovers", compute="_compute_handover_count", compute_sudo=True
    )
    legal_document_ids = fields.One2many("collection.legal.document", "case_id", readonly=True)
    debtor_check_ids = fields.One2many("collection.debtor.check", "case_id", readonly=True)

    # === COMPUTE === #

    @api.depends("handover_ids")
    def _compute_handover_count(self):
        counts = dict(
            self.env["collection.handover"]._read_group(
                [("case_id", "in", self.ids)], ["case_id"], ["__count"]
            )
        )
        for case in self:
            case.handover_count = counts.get(case._origin, 0)

    # === ACTIONS === #

    def action_open_handovers(self):
        """Open the handovers of the case."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "recouvrement_creances.collection_handover_action"
        )
        domain = [("case_id", "=", self.id)]
        return {**action, "domain": domain, "context": {"default_case_id": self.id}}

    def action_prepare_handover(self):
        """Prepare a handover of what is overdue and show what is missing; or open what runs."""
        self.ensure_one()
        running = self.handover_ids.filtered(lambda handover: handover.state in HANDOVER_RUNNING)
        items = self._get_handover_items()
        prepared = running.filtered(lambda handover: handover.state in IN_PREPARATION)
        if prepared or (running and not items):
            return (prepared or running)[:1].get_formview_action()
        handover = self.env["collection.handover"].create(
            {"case_id": self.id, "item_ids": items.ids}
        )
        return handover.get_formview_action()

    # === BUSINESS === #

    def _get_handover_items(self):
        """Return what is overdue and not handed over, in the currency that has waited longest."""
        today = fields.Date.context_today(self)
        # In sudo mode to read due dates, as far as a role in collection goes.
        case_sudo = self.sudo()
        running = case_sudo.handover_ids.filtered(
            lambda handover: handover.state in HANDOVER_RUNNING
        )
        items = case_sudo.open_item_ids.filtered(
            lambda item: item.verdict != "handed_over" and item._get_due_date() < today
        )
        items -= running.item_ids
        items = items.sorted(lambda item: (item._get_due_date(), item.id))
        currency = items[:1].currency_id
        return items.filtered(lambda item: item.currency_id == currency).with_env(self.env)

    def _stand_at(self, kind):
        """Let open cases stand at the stage that fits; another way for it is a person's."""
        stage = self.env["collection.stage"]._first_of_kind(kind)
        if stage:
            self.filtered(
                lambda case: case.is_open and case.stage_kind != "insolvency"
            ).stage_id = stage

    def _is_in_court(self):
        """Tell whether a proceeding about the case is running."""
        self.ensure_one()
        return any(
            proceeding.state not in ("draft", "settled", "rejected", "withdrawn", "closed")
            for proceeding in self.proceeding_ids
        )

    def _hand_handovers_to(self, case):
        """Let checks and documents follow the items of merged debtors to their case."""
        # In sudo mode to write what people do not change; the items have moved already.
        self.sudo().legal_document_ids.case_id = case
        self.sudo().debtor_check_ids.case_id = case

    def _erase_handovers(self):
        """Erase what requests, documents and checks of purged cases say of people."""
        self.handover_ids._erase()
        self.legal_document_ids.unlink()
        self.debtor_check_ids.write({"note": False})
