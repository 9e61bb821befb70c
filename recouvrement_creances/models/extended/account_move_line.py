from odoo import api, fields, models
from odoo.fields import Domain

from ..case.collection_item import VERDICT_LABELS
from .account_move import INTERNAL_GROUPS


class AccountMoveLine(models.Model):
    """Journal items show where their collection stands."""

    _inherit = "account.move.line"

    collection_item_id = fields.Many2one(
        "collection.item",
        compute="_compute_collection_item",
        compute_sudo=True,
        groups=INTERNAL_GROUPS,
    )
    collection_level_id = fields.Many2one(
        "collection.level",
        compute="_compute_collection_item",
        compute_sudo=True,
        groups=INTERNAL_GROUPS,
    )
    collection_verdict = fields.Selection(
        selection=VERDICT_LABELS,
        compute="_compute_collection_item",
        compute_sudo=True,
        search="_search_collection_verdict",
        groups=INTERNAL_GROUPS,
    )

    # Depends on nothing of the ledger, see ``account.move._compute_collection_situation``.
    def _compute_collection_item(self):
        items = self.env["collection.item"].search([("move_line_id", "in", self._origin.ids)])
        by_line = {item.move_line_id.id: item for item in items}
        empty = self.env["collection.item"]
        for line in self:
            item = by_line.get(line._origin.id, empty)
            line.collection_item_id = item
            line.collection_level_id = item.level_id
            line.collection_verdict = item.verdict

    @api.model
    def _forget_collection(self):
        self.invalidate_model(["collection_item_id", "collection_level_id", "collection_verdict"])

    def _search_collection_verdict(self, operator, value):
        # Odoo checks it for the fields that it searches by itself only.
        self._check_field_access(self._fields["collection_verdict"], "read")
        if operator != "in":
            return NotImplemented
        # In sudo mode to find journal items by their verdict without any collection right.
        items_sudo = self.env["collection.item"].sudo()
        found = items_sudo._search([("verdict", "in", [item for item in value if item])])
        domain = Domain("id", "in", found.subselect("move_line_id"))
        if False in value:
            domain |= Domain("id", "not in", items_sudo._search([]).subselect("move_line_id"))
        return domain
