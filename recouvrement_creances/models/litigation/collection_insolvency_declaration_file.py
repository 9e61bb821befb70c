import hashlib

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...rules.sealed_archive import file_name

LIST = "recouvrement_creances.collection_declaration_pieces_report"
ACCOUNT = "recouvrement_creances.collection_case_statement_report"


class CollectionInsolvencyDeclarationFile(models.AbstractModel):
    """A declaration of claims with its numbered pieces, in one file (C. com. R622-23).

    Written by the builder of the files for lawyers; kept as it was sent.
    """

    _name = "collection.insolvency.declaration.file"
    _description = "File of a declaration of claims"

    file_id = fields.Many2one(
        "ir.attachment",
        string="With its pieces",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    file_hash = fields.Char(string="SHA-256 of the file", readonly=True, copy=False)
    file_made_at = fields.Datetime(related="file_id.create_date", string="Pieces as of")
    listed_names = fields.Text(
        string="Pieces that were read",
        readonly=True,
        copy=False,
        help="The list as it was read last: what else stands in it, a person wrote.",
    )

    # === ACTIONS === #

    def action_download_file(self):
        """Download the declaration with its pieces: anew while it is prepared, then as it was.

        :raises UserError: names the invoices that no document is there of
        """
        self.ensure_one()
        self.check_access("write" if self.state == "draft" else "read")
        # In sudo mode to put pieces together that the caller may not open one by one.
        declaration_sudo = self.sudo()
        if self.state == "draft":
            declaration_sudo._check_documented()
            self._print()
        if not declaration_sudo.file_id:
            declaration_sudo._build_file()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{declaration_sudo.file_id.id}?download=true",
            # A window of its own, so that the form shows what was kept.
            "target": "new",
        }

    # === BUSINESS === #

    def _keep_file(self):
        """Write the file that goes out, unless it was downloaded; called in sudo mode.

        That it was sent is noted all the same where a piece is missing or lost.
        """
        if self.file_id:
            return
        try:
            with self.env.cr.savepoint():
                self._build_file()
        except UserError as error:
            self._message_log(
                body=self.env._("The file with the pieces could not be written: %s", str(error))
            )

    def _build_file(self):
        """Write the file and keep it; called in sudo mode."""
        self.ensure_one()
        if not self.document_id:
            raise UserError(self.env._("There is no declaration yet: print it first."))
        content, name = self.env["collection.legal.file"]._build(self, self.opening_date)
        file = self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": content,
                "mimetype": "application/zip",
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        digest = hashlib.sha256(content).hexdigest()
        self._with_door().write({"file_id": file.id, "file_hash": digest})

    def _drop_file(self):
        """Forget a file whose declaration was printed anew; in sudo mode."""
        former = self.file_id
        self._with_door().write({"file_id": False, "file_hash": False})
        former.unlink()

    def _gather_file_pieces(self):
        """IMPLEMENTS collection.legal.file: what came after the sending was not sent."""
        title = self.env._("Statement of account")
        account = {
            **self._describe_account(),
            "name": file_name(f"{title}.pdf"),
            "content": (self._print_account(),),
        }
        return [*self._gather_pieces(self.sent_on), account]

    def _get_file_name(self):
        """IMPLEMENTS collection.legal.file"""
        return self.env._("Declaration %s.zip", self.case_id.name)

    def _get_file_papers(self, pieces, as_of):
        """IMPLEMENTS collection.legal.file: what was printed, as it is kept."""
        return {self.env._("Declaration of claims"): lambda: self.document_id.raw}

    def _print_file_list(self, pieces, as_of):
        """IMPLEMENTS collection.legal.file"""
        today = fields.Date.context_today(self)
        is_past = self.sent_on and self.sent_on < today
        data = {"as_of": as_of, "pieces": pieces, "made_on": today if is_past else False}
        return self.env["collection.legal.file"]._print(LIST, self, self.company_id, data)

    # === PIECES === #

    def _renew_pieces(self, day=None):
        """Read the pieces anew; lines that a person wrote, and no piece is, stay at their end.

        :param date day: what came to the case later is left out
        """
        pieces = self._list_pieces(day)
        listed = "\n".join(line for _title, line in pieces)
        read = [*(self.listed_names or "").splitlines(), *listed.splitlines()]
        said = {_simplify(words) for words in (*read, *(title for title, _line in pieces))}
        own = [
            line
            for line in (self.piece_names or "").splitlines()
            if line.strip() and _simplify(line) not in said
        ]
        self.write({"piece_names": "\n".join((listed, *own)), "listed_names": listed})

    def _list_pieces(self, day=None):
        """Return [(title, line)] of the pieces that go along, in the order of the file."""
        translated = self.with_context(lang=self._get_lang())
        pieces = translated._gather_pieces(day)
        undocumented = translated._find_undocumented(day)
        pieces += [translated._describe_invoice(move) for move in undocumented]
        pieces = self.env["collection.legal.pieces"]._sort(pieces)
        return [
            (
                piece["title"],
                translated.env._(
                    "%(number)s of %(date)s",
                    number=piece["title"],
                    date=format_date(translated.env, piece["date"]),
                ),
            )
            for piece in (*pieces, translated._describe_account())
        ]

    def _gather_pieces(self, day=None):
        """Return what is kept of what is declared: invoices, proofs, notices, charges.

        :param date day: what came to the case later is left out
        """
        items = self.line_ids.item_id
        charges = self.line_ids.charge_id | self.env["collection.charge"].search(
            [("move_id", "in", items.move_id.ids)]
        )
        cases = self.case_id | items.case_id
        return self._get_pieces()._gather(cases, items, charges, day)

    def _get_pieces(self):
        """Return the service of pieces, by the days of the company."""
        return self.env["collection.legal.pieces"].with_context(tz=self.company_id._get_zone())

    def _check_documented(self):
        missing = self._name_undocumented()
        if missing:
            raise UserError(missing)

    def _name_undocumented(self, day=None):
        """Return what to do about declared invoices without a document; empty where all have one.

        :param date day: what came to the case later is left out
        """
        missing = self._find_undocumented(day)
        if not missing:
            return ""
        return self.env._(
            "Without a document of their own: %s. Send each from Odoo, or add its PDF or "
            "scan to the case.",
            ", ".join(missing.mapped("name")),
        )

    def _find_undocumented(self, day=None):
        """Return the declared invoices that no document is there of, or was there of on a day."""
        moves = self.line_ids.item_id.move_id.filtered(lambda move: move.is_invoice())
        documents = (self.case_id | self.line_ids.item_id.case_id).legal_document_ids
        documents = documents.filtered("is_readable")
        pieces = self._get_pieces()
        files = (documents._get_files() | moves.invoice_pdf_report_id).filtered(
            lambda file: pieces._was_there(file.create_date, day)
        )
        kept = set(files.filtered(lambda file: file.res_model == documents._name).mapped("res_id"))
        own = documents.filtered(lambda document: document.id in kept)._get_own_invoices()
        return moves.filtered(
            lambda move: move.invoice_pdf_report_id not in files and move not in own
        )

    def _describe_invoice(self, move):
        title = self.env._("Invoice %s", move.name)
        return {
            "kind": "invoice",
            "title": title,
            "date": move.invoice_date or move.date,
            "name": file_name(title),
        }

    def _describe_account(self):
        """Return the piece that the account is; it tells what the debtor has in credit too."""
        title = (
            self.env._("Statement of account as of the admission")
            if self.is_consumer
            else self.env._("Statement of account as of the judgement")
        )
        credits = ", ".join(self.line_ids.filtered("is_credit").mapped("number"))
        if credits:
            title = self.env._(
                "%(account)s (in credit: %(credits)s)", account=title, credits=credits
            )
        return {"kind": "account", "title": title, "date": self.opening_date}

    def _print_account(self):
        """Return the account of the debtor when the day of the judgement began."""
        wizard = self.env["collection.statement.print"].create(
            {
                "case_id": self.case_id.id,
                "date_to": fields.Date.subtract(self.opening_date, days=1),
                "lang": self._get_lang(),
            }
        )
        return self.env["collection.legal.file"]._print(
            ACCOUNT, wizard, self.company_id, {"is_piece": True}
        )


def _simplify(line):
    """Return a line as it is compared: case and spaces say nothing."""
    return " ".join(line.lower().split())
