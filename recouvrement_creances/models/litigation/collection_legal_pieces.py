from odoo import api, fields, models

from ...rules.sealed_archive import file_name

# The order of the list: what is owed, what it rests on, what was demanded, what was said.
ORDER = (
    "invoice",
    "order",
    "contract",
    "delivery",
    "notice",
    "notice_proof",
    "acknowledgement",
    "correspondence",
    "other",
    "charge",
    "account",
)


class CollectionLegalPieces(models.AbstractModel):
    """The numbered pieces of a file for litigation: nothing that was written for colleagues.

    Invoices, what was put on the case for litigation, and what was sent about the items with the
    proofs of it. Notes, scores, checks of solvency and assessments are never among them: nothing
    is taken from the chatter, and of contacts only what the debtor was sent.
    """

    _name = "collection.legal.pieces"
    _description = "Pieces for litigation"

    @api.model
    def _gather(self, cases, items, charges=(), day=None):
        """Return the pieces in the order of their list; called in sudo mode.

        A piece is a dict of kind, title, date, name (of its file), identity and content, which is
        read as the file is built: one that the store has lost is listed. The same file stands in
        the list once.

        :param cases: of the items, whose documents and contacts are looked through
        :param charges: statements of charges that are claimed by themselves
        :param date day: what came to the case later is left out
        """
        found, seen = [], set()
        for piece in (
            *self._iterate_invoices(items),
            *self._iterate_documents(cases, items),
            *self._iterate_contacts(cases, items),
            *self._iterate_charges(charges),
        ):
            if piece["identity"] not in seen and self._was_there(piece["kept_since"], day):
                seen.add(piece["identity"])
                found.append(piece)
        return self._sort(found)

    @api.model
    def _was_there(self, moment, day):
        """Tell whether what came at a moment was there on a day; without a day everything is."""
        return not day or fields.Datetime.context_timestamp(self, moment).date() <= day

    @api.model
    def _sort(self, pieces):
        """Return pieces in the order of their list."""
        return sorted(
            pieces, key=lambda piece: (ORDER.index(piece["kind"]), piece["date"], piece["name"])
        )

    def _iterate_charges(self, charges):
        pieces = self.env["collection.evidence.pieces"]
        for charge in charges:
            if charge.attachment_id:
                title = self.env._("Statement of charges %s", charge.name)
                piece = pieces._make_file(charge.attachment_id, title, charge.date)
                yield {**piece, "kind": "charge"}

    def _iterate_invoices(self, items):
        pieces = self.env["collection.evidence.pieces"]
        moves = items.move_id
        for move in moves.sorted(lambda move: (move.invoice_date or move.date, move.name or "")):
            file = move.invoice_pdf_report_id
            if file:
                title = self.env._("Invoice %s", move.name)
                piece = pieces._make_file(file, title, move.invoice_date or move.date)
                yield {**piece, "kind": "invoice"}

    def _iterate_documents(self, cases, items):
        """Yield what was put on the case for litigation, about these items."""
        kinds = dict(
            self.env["collection.legal.document"]._fields["kind"]._description_selection(self.env)
        )
        pieces = self.env["collection.evidence.pieces"]
        # What no court reads is no piece, though it was put there before that was refused.
        documents = cases.legal_document_ids.filtered("is_readable").sorted("id")
        files = {file.res_id: file for file in documents._get_files()}
        for document in documents:
            file = files[document.id]
            if document._is_about(items):
                title = self.env._(
                    "%(kind)s: %(name)s", kind=kinds[document.kind], name=document.name
                )
                piece = pieces._make_file(file, title, document.date)
                piece["name"] = self._name_file(document)
                yield {**piece, "kind": document.kind}

    def _name_file(self, document):
        return file_name(document.file_name or f"{document.name}.pdf")

    def _iterate_contacts(self, cases, items):
        """Yield what was sent to the debtor about the items, and what proves that it arrived."""
        pieces = self.env["collection.evidence.pieces"]
        for case in cases:
            message_ids = pieces._get_message_ids(case)
            for evidence in pieces._read_in_batches(case):
                if evidence.action_id.line_ids.item_id & items:
                    yield from self._iterate_evidence(evidence, message_ids)

    def _iterate_evidence(self, evidence, message_ids):
        pieces = self.env["collection.evidence.pieces"]
        action = evidence.action_id
        sent, proof = ("notice", "notice_proof") if action.is_notice else ("correspondence",) * 2
        if evidence.kind == "prepared" and evidence.channel == "email":
            piece = pieces._make_email(evidence, message_ids.get(action.id))
            yield {**piece, "kind": sent}
        elif evidence.kind == "prepared" and evidence.channel == "sms":
            yield {**pieces._make_text(evidence), "kind": sent}
        for file in self._get_files(evidence):
            title = pieces._get_title(evidence)
            piece = pieces._make_file(file, title, evidence.occurred_at)
            kind = sent if evidence.kind == "prepared" else proof
            yield {**piece, "kind": kind, "date": fields.Date.to_date(evidence.occurred_at)}

    def _get_files(self, evidence):
        """Return the files of a record that left, or that prove what became of it."""
        # What was said on the phone, and why a rule was overridden, stays inside.
        if evidence.kind in ("outcome", "override", "failed"):
            return self.env["ir.attachment"]
        return evidence.attachment_ids.sorted("id")
