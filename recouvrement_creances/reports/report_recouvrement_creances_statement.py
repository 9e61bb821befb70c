from odoo import models

# A statement has no text: its first page holds more lines than a letter's.
LINES_IN_STATEMENT = 16


class ReportRecouvrementCreancesStatement(models.AbstractModel):
    """The statement of account: what is open, since when, how to pay."""

    _name = "report.recouvrement_creances.statement"
    _description = "Statement of account"
    _inherit = ["collection.paper"]
    _printed = "collection.action"

    def _check_printable(self, records):
        """IMPLEMENTS collection.paper: what is not asked for any more is not sent."""
        records._check_still_asked()

    def _prepare_documents(self, records, data):
        """IMPLEMENTS collection.paper: the frame of a letter, without its words."""
        letter = self.env["report.recouvrement_creances.letter"]
        charges = records._get_charges()
        return [
            letter._prepare_document(action, LINES_IN_STATEMENT, charges=charges.get(action))
            for action in records
        ]
