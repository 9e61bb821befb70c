from odoo import models


class ReportRecouvrementCreancesEvidenceList(models.AbstractModel):
    """The list of pieces of an export (bordereau de pièces), then the journal of the records."""

    _name = "report.recouvrement_creances.evidence_list"
    _description = "List of pieces"
    _inherit = ["collection.paper"]
    _printed = "collection.case"

    def _prepare_documents(self, records, data):
        """IMPLEMENTS collection.paper."""
        return [self._prepare_document(case, data) for case in records]

    def _prepare_document(self, case, data):
        pieces = self.env["collection.evidence.pieces"]
        records = [self._prepare_record(evidence) for evidence in pieces._read_in_batches(case)]
        invoices = pieces._get_invoices(case)
        company = case.sudo().company_id
        return {
            "case": case,
            "company": company,
            "debtor": case.sudo().partner_id,
            "pieces": data.get("pieces") or [],
            "records": records,
            "unprinted": invoices.filtered(lambda move: not move.invoice_pdf_report_id),
            "mentions": company.collection_legal_mention,
            "type_style": self._get_type_style(company),
        }

    def _prepare_record(self, evidence):
        kinds = dict(evidence._fields["kind"]._description_selection(self.env))
        channels = dict(evidence._fields["channel"]._description_selection(self.env))
        return {
            "position": evidence.position,
            "occurred_at": evidence.occurred_at,
            "what": " · ".join(
                part for part in (channels.get(evidence.channel), kinds[evidence.kind]) if part
            ),
            "recipient": evidence.recipient or "",
            "reference": evidence.transport_reference or "",
            "erased_on": evidence.erased_on,
            "seal": evidence.content_hash,
        }
