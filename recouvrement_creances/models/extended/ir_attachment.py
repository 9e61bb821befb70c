from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# What a file is, how it is shown, and through what people get at it.
CONTENT_FIELDS = {
    "checksum",
    "company_id",
    "datas",
    "db_datas",
    "description",
    "mimetype",
    "name",
    "public",
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
        if self - self._filter_out_collection_evidence():
            raise UserError(
                self.env._("This file is part of the evidence of a collection case and is kept.")
            )

    def _filter_out_collection_evidence(self):
        """Return the files that no evidence refers to."""
        if not self.ids:
            return self
        rows = self.env.execute_query(
            SQL(
                "SELECT ir_attachment_id FROM collection_evidence_ir_attachment_rel "
                "WHERE ir_attachment_id IN %(ids)s UNION "
                "SELECT ir_attachment_id FROM collection_limitation_event_ir_attachment_rel "
                "WHERE ir_attachment_id IN %(ids)s UNION "
                "SELECT ir_attachment_id FROM collection_judgement_ir_attachment_rel "
                "WHERE ir_attachment_id IN %(ids)s UNION "
                "SELECT ir_attachment_id FROM collection_proceeding_event_ir_attachment_rel "
                "WHERE ir_attachment_id IN %(ids)s UNION "
                "SELECT ir_attachment_id FROM collection_deadline_ir_attachment_rel "
                "WHERE ir_attachment_id IN %(ids)s",
                ids=tuple(self.ids),
            )
        )
        return self - self.browse(row[0] for row in rows)
