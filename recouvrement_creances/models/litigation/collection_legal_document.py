from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

from ...rules.uploads import find_kind

DOCUMENT_KINDS = [
    ("invoice", "Invoice"),
    ("order", "Order or quote"),
    ("delivery", "Delivery note or acceptance"),
    ("contract", "Contract or general terms"),
    ("notice", "Formal notice"),
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
        help="Empty: about the whole case. An invoice has a document of its own: say which it is.",
    )
    content = fields.Binary(string="File", required=True, attachment=True)
    file_name = fields.Char()
    shown_name = fields.Char(compute="_compute_shown_name")
    is_readable = fields.Boolean(
        string="Read by courts",
        compute="_compute_is_readable",
        store=True,
        help="A court reads it: told once, by the first bytes of the file as it was joined.",
    )

    # === COMPUTE === #

    @api.depends("name", "file_name")
    def _compute_shown_name(self):
        for document in self:
            document.shown_name = document.file_name or document.name

    @api.depends("content")
    def _compute_is_readable(self):
        """Tell documents from other files; one that the store has lost is named later."""
        files = {file_sudo.res_id: file_sudo for file_sudo in self._get_files()}
        for document in self:
            file_sudo = files.get(document._origin.id)
            start = file_sudo._read_first_bytes() if file_sudo else b""
            is_lost = bool(file_sudo and file_sudo.file_size and not start)
            document.is_readable = is_lost or find_kind(start) is not None

    # === CONSTRAINTS === #

    @api.constrains("content", "file_name")
    def _check_content(self):
        """Refuse what no court reads."""
        for document in self.filtered(lambda one: not one.is_readable):
            raise ValidationError(
                self.env._(
                    "“%s” is no document that a court reads: join it as PDF, PNG or JPEG. Print "
                    "anything else to a PDF first.",
                    document.shown_name,
                )
            )

    # The case alone changes as debtors are merged: what is on it by then goes along.
    @api.constrains("kind", "item_ids", "content")
    def _check_own_invoice(self):
        """Each invoice has a document of its own."""
        invoices = self.filtered(lambda document: document.kind == "invoice")
        twins = invoices._find_twins()
        for document in invoices:
            if len(document._get_moves()) != 1:
                raise ValidationError(
                    self.env._(
                        "“%s”: say under “About” of which invoice it is. Each invoice has a "
                        "document of its own: split a file of several.",
                        document.shown_name,
                    )
                )
            twin = twins.get(document)
            if twin:
                raise ValidationError(
                    self.env._(
                        "“%(file)s” is on the case as the document of %(invoice)s: each invoice "
                        "has its own.",
                        file=document.shown_name,
                        invoice=", ".join(twin._get_moves().mapped("name")),
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Bring the checklists that wait for the piece up to date."""
        documents = super().create([self._name_invoice(vals) for vals in vals_list])
        documents.case_id.handover_ids._work_out_open()
        return documents

    def write(self, vals):
        """Bring the checklists up to date: it may be about another invoice now."""
        result = super().write(vals)
        if vals:
            self.case_id.handover_ids._work_out_open()
        return result

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

    @api.model
    def _name_invoice(self, vals):
        """Return the values with the one invoice of the case, where it has no other."""
        if vals.get("kind") != "invoice" or vals.get("item_ids"):
            return vals
        case = self.env["collection.case"].browse(vals.get("case_id"))
        # In sudo mode to read the ledger, as far as a role in collection goes.
        items_sudo = case.sudo().open_item_ids
        is_only = len(items_sudo.move_id) == 1
        return {**vals, "item_ids": [Command.set(items_sudo.ids)]} if is_only else vals

    def _get_moves(self):
        """Return the invoices that it is said to be about."""
        # In sudo mode to read the ledger, as far as a role in collection goes.
        return self.sudo().item_ids.move_id

    def _get_own_invoices(self):
        """Return the invoices that have a document of their own among the pieces."""
        found, seen = self.env["account.move"].sudo(), set()
        files = {file_sudo.res_id: file_sudo.checksum for file_sudo in self._get_files()}
        for document in self.filtered(lambda one: one.kind == "invoice").sorted("id"):
            moves = document._get_moves()
            checksum = files.get(document.id)
            if len(moves) == 1 and checksum not in seen:
                seen.add(checksum)
                found |= moves
        return found

    def _find_twins(self):
        """Return {piece: another of its case, of the same content and about another invoice}."""
        others = self.case_id.legal_document_ids.filtered(lambda one: one.kind == "invoice")
        files = {file_sudo.res_id: file_sudo.checksum for file_sudo in (self | others)._get_files()}
        same = others.grouped(lambda one: (one.case_id, files.get(one.id)))
        twins = {}
        for document in self:
            alike = same.get((document.case_id, files.get(document.id)), self.browse())
            moves = document._get_moves()
            twins[document] = alike.filtered(lambda one, moves=moves: one._get_moves() - moves)[:1]
        return twins

    def _is_about(self, items):
        """Tell whether the piece is about one of the items."""
        self.ensure_one()
        return not self.item_ids or bool(self.item_ids & items)
