from odoo import models

# Reports whose styles stand in the document itself.
PAPER_REPORTS = ("recouvrement_creances.letter", "recouvrement_creances.statement")


class IrActionsReport(models.Model):
    """Letters and statements are printed without a call to the server's own address.

    Odoo's layout makes wkhtmltopdf fetch stylesheets over HTTP; where the server does not reach
    itself (a proxy, a wrong ``report.url``), every document would come with a warning.
    """

    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """EXTENDS base"""
        reports = self
        if self._get_report(report_ref).report_name in PAPER_REPORTS:
            reports = self.with_context(collection_paper=True)
        return super(IrActionsReport, reports)._render_qweb_pdf_prepare_streams(
            report_ref, data, res_ids=res_ids
        )

    def _get_layout(self):
        """EXTENDS base"""
        if self.env.context.get("collection_paper"):
            return self.env.ref("recouvrement_creances.paper_layout")
        return super()._get_layout()
