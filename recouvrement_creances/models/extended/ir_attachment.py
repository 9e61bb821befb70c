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
    # Files that a partner was given, and that others have replaced since.
    "handover",
)
# What was written for a lawyer, a court, a representative or the debtor.
NAMED_BY = (
    ("collection.handover", "file_id"),
    ("collection.insolvency.declaration", "document_id"),
    ("collection.insolvency.declaration", "file_id"),
    ("collection.schedule", "agreement_id"),
    ("collection.schedule", "signed_agreement_id"),
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

    def _read_first_bytes(self, count=16):
        """Return how the file begins, without reading all of it; nothing where it was lost."""
        self.ensure_one()
        if self.store_fname:
            return self._file_read(self.store_fname, count)
        return (self.db_datas or b"")[:count]

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
        references.append(self._select_handed_pieces())
        rows = self.env.execute_query(SQL(" UNION ").join(references))
        return self - self.browse(row[0] for row in rows)

    def _select_handed_pieces(self):
        """Return the files of pieces on a case that a partner was given as they are, in SQL.

        What is put there after the file was written is nobody's evidence yet.
        """
        self.env["collection.handover"].flush_model(["case_id", "file_id", "transmitted_on"])
        self.env["collection.legal.document"].flush_model(["case_id"])
        self.flush_model(["create_date", "res_field", "res_id", "res_model"])
        return SQL(
            """
            SELECT file.id
              FROM ir_attachment file
              JOIN collection_legal_document piece ON piece.id = file.res_id
              JOIN collection_handover handover ON handover.case_id = piece.case_id
              JOIN ir_attachment written ON written.id = handover.file_id
             WHERE file.id IN %s
               AND file.res_model = 'collection.legal.document' AND file.res_field = 'content'
               AND handover.transmitted_on IS NOT NULL
               AND file.create_date <= written.create_date
            """,
            tuple(self.ids),
        )
