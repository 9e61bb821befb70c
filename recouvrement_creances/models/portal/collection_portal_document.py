from odoo import api, models

PDF = "application/pdf"


class CollectionPortalDocument(models.AbstractModel):
    """The papers that a debtor may read again: his invoices, and what was really sent to him."""

    _name = "collection.portal.document"
    _description = "Documents of a debtor's page"

    @api.model
    def _get_invoices(self, case):
        """Return the posted invoices that the case follows or followed, the latest first."""
        # In sudo mode to read invoices: callers have checked that the case is the debtor's own.
        cases_sudo = self._get_cases(case)
        moves_sudo = cases_sudo.item_ids.move_line_id.move_id
        return moves_sudo.filtered(
            lambda move: (
                move.state == "posted"
                and move.is_sale_document()
                and move.commercial_partner_id == case.partner_id
                and move.company_id == case.company_id
            )
        ).sorted(lambda move: (move.invoice_date, move.id), reverse=True)

    @api.model
    def _get_sent(self, case):
        """Return the actions that reached the debtor with a document, the latest first.

        :return: [(action, files)]
        """
        evidence_sudo = (
            self.env["collection.evidence"]
            .sudo()
            .search(
                [
                    ("case_id", "in", self._get_cases(case).ids),
                    ("kind", "=", "prepared"),
                    ("action_id.state", "=", "sent"),
                ]
            )
        )
        sent = [
            (record.action_id, record.attachment_ids.filtered(lambda file: file.mimetype == PDF))
            for record in evidence_sudo.sorted("id", reverse=True)
        ]
        # A message that was written twice, because the first never left, is shown once.
        latest = {}
        for action, files in sent:
            latest.setdefault(action, files)
        return [(action, files) for action, files in latest.items() if files]

    def _get_cases(self, case):
        return (
            self.env["collection.case"]
            .sudo()
            .search(
                [
                    ("partner_id", "=", case.partner_id.id),
                    ("company_id", "=", case.company_id.id),
                ]
            )
        )

    @api.model
    def _read_invoice(self, case, move_id):
        """Return (name, PDF) of an invoice of the debtor; nothing of any other id."""
        move_sudo = self._get_invoices(case).filtered(lambda move: move.id == move_id)
        if not move_sudo:
            return "", b""
        content = move_sudo.invoice_pdf_report_id.raw
        if not content:
            reports = self.env["ir.actions.report"].sudo().with_company(move_sudo.company_id)
            lang = move_sudo.partner_id.lang
            content = reports.with_context(lang=lang)._render_separately(
                "account.account_invoices", move_sudo.ids
            )[move_sudo.id]
        return move_sudo._get_invoice_report_filename(), content

    @api.model
    def _read_sent(self, case, file_id):
        """Return (name, PDF) of a document sent to the debtor; nothing of any other id."""
        for _action, files in self._get_sent(case):
            file = files.filtered(lambda file: file.id == file_id)
            if file:
                return file.name, file.raw
        return "", b""
