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
# collection_<name> has files that prove what it says, in a table of links.
JOINED_TO = (
    "evidence",
    "limitation_event",
    "judgement",
    "proceeding_event",
    "deadline",
    "insolvency_event",
    "insolvency_declaration",
)
# What was written for a lawyer, a court or a representative, beside its SHA-256.
NAMED_BY = (
    ("collection.handover", "file_id"),
    ("collection.insolvency.declaration", "document_id"),
)


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
        for name, field in NAMED_BY:
            # What is pointed to right now counts: a file that was replaced may go.
            self.env[name].flush_model([field])
        references = [
            *(
                SQL(
                    "SELECT ir_attachment_id FROM %s WHERE ir_attachment_id IN %s",
                    SQL.identifier(f"collection_{name}_ir_attachment_rel"),
                    tuple(self.ids),
                )
                for name in JOINED_TO
            ),
            *(
                SQL(
                    "SELECT %s FROM %s WHERE %s IN %s",
                    SQL.identifier(field),
                    SQL.identifier(self.env[name]._table),
                    SQL.identifier(field),
                    tuple(self.ids),
                )
                for name, field in NAMED_BY
            ),
        ]
        rows = self.env.execute_query(SQL(" UNION ").join(references))
        return self - self.browse(row[0] for row in rows)
