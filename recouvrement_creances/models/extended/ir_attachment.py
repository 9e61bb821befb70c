from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# What a file is, and the record through which people get at it.
CONTENT_FIELDS = {
    "checksum",
    "datas",
    "db_datas",
    "name",
    "raw",
    "res_field",
    "res_id",
    "res_model",
    "store_fname",
    "type",
    "url",
}


class IrAttachment(models.Model):
    """Files that are part of the evidence stay as they are."""

    _inherit = "ir.attachment"

    def write(self, vals):
        """EXTENDS base: refuse to change a file that evidence refers to."""
        if CONTENT_FIELDS & vals.keys():
            self._check_collection_evidence()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_collection_evidence(self):
        self._check_collection_evidence()

    def _check_collection_evidence(self):
        if not self.ids:
            return
        rows = self.env.execute_query(
            SQL(
                "SELECT 1 FROM collection_evidence_ir_attachment_rel "
                "WHERE ir_attachment_id IN %(ids)s UNION ALL "
                "SELECT 1 FROM collection_limitation_event_ir_attachment_rel "
                "WHERE ir_attachment_id IN %(ids)s LIMIT 1",
                ids=tuple(self.ids),
            )
        )
        if rows:
            raise UserError(
                self.env._("This file is part of the evidence of a collection case and is kept.")
            )
