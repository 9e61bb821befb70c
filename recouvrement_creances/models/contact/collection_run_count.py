from odoo import fields, models

from ..case.collection_item import VERDICT_LABELS


class CollectionRunCount(models.Model):
    """How many items of a run got which verdict, and what they are worth."""

    _name = "collection.run.count"
    _description = "Verdicts of a collection run"
    _order = "run_id, item_count desc"
    _rec_name = "verdict"
    _log_access = False

    run_id = fields.Many2one(
        "collection.run", required=True, index=True, ondelete="cascade", bypass_search_access=True
    )
    company_id = fields.Many2one(related="run_id.company_id")
    currency_id = fields.Many2one(related="run_id.company_id.currency_id")
    verdict = fields.Selection(selection=VERDICT_LABELS, required=True, readonly=True)
    item_count = fields.Integer(string="Items", readonly=True)
    amount = fields.Monetary(readonly=True)

    def action_open_items(self):
        """Open the items that have this verdict now."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "recouvrement_creances.collection_item_action"
        )
        domain = [
            ("verdict", "=", self.verdict),
            ("is_open", "=", True),
            ("company_id", "=", self.company_id.id),
        ]
        if self.run_id.case_ids:
            domain.append(("case_id", "in", self.run_id.case_ids.ids))
        return {**action, "domain": domain, "context": {}}
