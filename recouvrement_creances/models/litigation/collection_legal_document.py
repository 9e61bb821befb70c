from odoo import api, fields, models

DOCUMENT_KINDS = [
    ("invoice", "Invoice"),
    ("order", "Order or quote"),
    ("delivery", "Delivery note or acceptance"),
    ("contract", "Contract or general terms"),
    ("correspondence", "Correspondence"),
    ("acknowledgement", "Acknowledgement of debt"),
    ("notice_proof", "Proof of a formal notice"),
    ("other", "Other piece"),
]


class CollectionLegalDocument(models.Model):
    """A piece for the judge that somebody put on a case: what it is, of when, about which items."""

    _name = "collection.legal.document"
    _description = "Piece for litigation"
    _inherit = ["collection.derived", "collection.case.record"]
    _order = "kind, date, id"
    _check_company_auto = True

    kind = fields.Selection(selection=DOCUMENT_KINDS, required=True)
    name = fields.Char(string="Name of the piece", required=True)
    date = fields.Date(string="Of", required=True, default=fields.Date.context_today)
    item_ids = fields.Many2many(
        "collection.item",
        "collection_legal_document_item_rel",
        "document_id",
        "item_id",
        string="About",
        domain="[('case_id', '=', case_id)]",
        help="Empty: about the whole case.",
    )
    content = fields.Binary(string="File", required=True, attachment=True)
    file_name = fields.Char()

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Bring the checklists that wait for the piece up to date."""
        documents = super().create(vals_list)
        documents.case_id.handover_ids._work_out_open()
        return documents

    def unlink(self):
        """Take pieces away again; the file that was handed over keeps what it has."""
        cases = self.case_id
        result = super().unlink()
        cases.handover_ids._work_out_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_handed_over(self):
        # Before the piece goes: its files are looked for by it.
        self._get_files()._check_collection_evidence()

    # === ONCHANGE === #

    @api.onchange("file_name")
    def _onchange_file_name(self):
        """Propose the file's own name as the title."""
        if self.file_name and not self.name:
            self.name = self.file_name.rpartition(".")[0] or self.file_name

    # === BUSINESS === #

    def _get_file(self):
        """Return the attachment that holds the piece."""
        self.ensure_one()
        return self._get_files()[:1]

    def _get_files(self):
        """Return the attachments that hold the pieces."""
        # In sudo mode to find the files of pieces that the caller may see.
        files_sudo = self.env["ir.attachment"].sudo()
        return files_sudo.search(
            [
                ("res_model", "=", self._name),
                ("res_field", "=", "content"),
                ("res_id", "in", self.ids),
            ]
        )

    def _is_about(self, items):
        """Tell whether the piece is about one of the items."""
        self.ensure_one()
        return not self.item_ids or bool(self.item_ids & items)
