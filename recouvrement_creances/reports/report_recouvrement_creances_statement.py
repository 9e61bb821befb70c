from odoo import api, models

# A statement has no text: its first page holds more lines than a letter's.
LINES_IN_STATEMENT = 16


class ReportRecouvrementCreancesStatement(models.AbstractModel):
    """The statement of account: what is open, since when, how to pay."""

    _name = "report.recouvrement_creances.statement"
    _description = "Statement of account"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return one statement per action."""
        actions = self.env["collection.action"].browse(docids)
        # The frame is read in sudo mode: a report is not opened by somebody who may not see it.
        actions.check_access("read")
        actions._check_still_asked()
        letter = self.env["report.recouvrement_creances.letter"]
        charges = actions._get_charges()
        return {
            "doc_ids": docids,
            "doc_model": "collection.action",
            "docs": actions,
            "documents": [
                letter._prepare_document(action, LINES_IN_STATEMENT, charges=charges.get(action))
                for action in actions
            ],
        }
