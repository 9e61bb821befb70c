import json
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...rules.sealed_archive import file_name

BATCH = 200
CHUNK = 1 << 20


class CollectionEvidencePieces(models.AbstractModel):
    """Turns what is kept of a case into numbered pieces: invoices, letters, e-mails, proofs."""

    _name = "collection.evidence.pieces"
    _description = "Pieces of a case"

    @api.model
    def _iterate(self, case):
        """Yield the pieces of a case that the present user may see, in the order of their list.

        A piece is a dict of title, date, name (of its file), identity (the same for the same
        file) and content, an iterator over bytes: nothing is read before it is gone through. A
        document that was sent several times is one piece.
        """
        seen = set()
        for piece in self._iterate_invoices(case):
            seen.add(piece["identity"])
            yield piece
        message_ids = self._get_message_ids(case)
        for evidence in self._read_in_batches(case):
            if evidence.kind == "prepared" and evidence.channel == "email":
                yield self._make_email(evidence, message_ids.get(evidence.action_id.id))
            elif evidence.kind == "prepared" and evidence.channel == "sms":
                yield self._make_text(evidence)
            for file in evidence.attachment_ids.sorted("id"):
                piece = self._make_file(file, self._get_title(evidence), evidence.occurred_at)
                if piece["identity"] not in seen:
                    seen.add(piece["identity"])
                    yield piece

    @api.model
    def _read_in_batches(self, case):
        """Yield the evidence of a case in the order of its chain; what was read is forgotten."""
        position = 0
        while True:
            # one query per 200 records: a case may have thousands of contacts
            batch = self.env["collection.evidence"].search(
                [("case_id", "=", case.id), ("position", ">", position)],
                order="position",
                limit=BATCH,
            )
            if not batch:
                return
            position = batch[-1].position
            yield from batch
            batch.attachment_ids.invalidate_recordset()
            batch.invalidate_recordset()

    # === INVOICES === #

    @api.model
    def _get_invoices(self, case):
        """Return the invoices of a case that the present user may see."""
        # In sudo mode to find them; what the user may not read is left out right after.
        moves = case.sudo().item_ids.move_line_id.move_id.sudo(False)
        moves = moves._filtered_access("read")
        return moves.sorted(lambda move: (move.invoice_date or move.date, move.name or ""))

    def _iterate_invoices(self, case):
        for move in self._get_invoices(case).filtered("invoice_pdf_report_id"):
            # In sudo mode to read the file of an invoice that the user may see.
            yield self._make_file(
                move.invoice_pdf_report_id.sudo(),
                self.env._("Invoice %s", move.name),
                move.invoice_date or move.date,
            )

    # === PIECES === #

    def _get_title(self, evidence):
        """Return what a record is, in words."""
        kinds = dict(evidence._fields["kind"]._description_selection(self.env))
        channels = dict(evidence._fields["channel"]._description_selection(self.env))
        parts = (channels.get(evidence.channel), kinds[evidence.kind], evidence.subject)
        return " · ".join(part for part in parts if part)

    def _make_file(self, file, title, moment):
        return {
            "title": title,
            "date": self._get_day(moment),
            "kept_since": file.create_date,
            "name": file_name(file.name),
            # By its sum Odoo keeps a file, whoever joins it, once.
            "identity": file.checksum or f"file {file.id}",
            "content": self._read_file(file),
        }

    def _read_file(self, file):
        """Yield a file piece by piece."""
        if file.store_fname:
            try:
                with open(file._full_path(file.store_fname), "rb") as stored:
                    while chunk := stored.read(CHUNK):
                        yield chunk
            except OSError as error:
                raise UserError(
                    self.env._(
                        "The file “%s” is missing from Odoo's store: have it restored from a "
                        "backup, or join it anew.",
                        file.name,
                    )
                ) from error
        else:
            yield file.raw or b""

    def _get_message_ids(self, case):
        """Return {id of the action: Message-Id under which its e-mail left}."""
        sent = self.env["collection.evidence"].search_fetch(
            [("case_id", "=", case.id), ("kind", "=", "sent"), ("channel", "=", "email")],
            ["action_id", "transport_reference"],
        )
        return {evidence.action_id.id: evidence.transport_reference for evidence in sent}

    def _make_email(self, evidence, message_id):
        return {
            "title": self._get_title(evidence),
            "date": self._get_day(evidence.occurred_at),
            "kept_since": evidence.occurred_at,
            "name": file_name(f"{evidence.subject or 'message'}.eml"),
            "identity": evidence.content_hash,
            "content": self._write_email(evidence, message_id),
        }

    def _write_email(self, evidence, message_id):
        """Yield an e-mail, written anew from its sealed record, always to the same bytes."""
        company = evidence.company_id
        facts = json.loads(evidence.payload)["facts"] if evidence.payload else {}
        message = EmailMessage(policy=SMTP)
        message["Date"] = format_datetime(pytz.utc.localize(evidence.occurred_at))
        message["From"] = facts.get("sender") or company.collection_email or company.email or ""
        message["To"] = evidence.recipient or ""
        message["Subject"] = " ".join((evidence.subject or "").split())
        if message_id:
            message["Message-ID"] = message_id
        message["X-Collection-Evidence"] = evidence.content_hash
        message.set_content(evidence.body or "", subtype="html", cte="base64")
        for file in evidence.attachment_ids.sorted("id"):
            kind, _slash, subtype = (file.mimetype or "application/octet-stream").partition("/")
            message.add_attachment(
                file.raw or b"", maintype=kind, subtype=subtype, filename=file.name
            )
        if message.is_multipart():
            message.set_boundary(f"=_{evidence.content_hash[:40]}")
        yield message.as_bytes()

    def _make_text(self, evidence):
        facts = json.loads(evidence.payload)["facts"] if evidence.payload else {}
        text = evidence.body or facts.get("text") or ""
        content = f"{evidence.occurred_at} UTC\n{evidence.recipient or ''}\n\n{text}\n".encode()
        return {
            "title": self._get_title(evidence),
            "date": self._get_day(evidence.occurred_at),
            "kept_since": evidence.occurred_at,
            "name": "sms.txt",
            "identity": evidence.content_hash,
            "content": (content,),
        }

    def _get_day(self, moment):
        return fields.Date.to_date(moment)
