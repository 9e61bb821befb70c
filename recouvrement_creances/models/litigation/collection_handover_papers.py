from functools import partial

from odoo import models

REPORT = "recouvrement_creances.collection_legal_paper_report"
# The papers that the add-on writes, in the order of the file, and those of one route only.
PAPERS = ("summary", "statement", "request")
REQUEST_ROUTES = ("payment_order",)


class CollectionHandoverPapers(models.AbstractModel):
    """What the file of a handover is made of (``collection.legal.file``)."""

    _name = "collection.handover.papers"
    _description = "Papers of a handover"

    # === BUSINESS === #

    def _gather_file_pieces(self):
        """IMPLEMENTS collection.legal.file"""
        return self.env["collection.legal.pieces"]._gather(self.case_id, self.item_ids)

    def _get_file_name(self):
        """IMPLEMENTS collection.legal.file"""
        return self.env._("File %s.zip", self.case_id.name)

    def _get_file_papers(self, pieces, as_of):
        """IMPLEMENTS collection.legal.file"""
        data = {
            "as_of": as_of,
            "pieces": pieces,
            "statement": self.env["collection.legal.statement"]._prepare(self, as_of),
        }
        names = {
            "summary": self.env._("Summary of the case"),
            "statement": self.env._("Statement of the claim"),
            "request": self.env._("Request for an order for payment"),
        }
        return {
            names[paper]: partial(self._print_paper, {**data, "paper": paper})
            for paper in PAPERS
            if paper != "request" or self.route_code in REQUEST_ROUTES
        }

    def _print_file_list(self, pieces, as_of):
        """IMPLEMENTS collection.legal.file"""
        statement = self.env["collection.legal.statement"]._prepare(self, as_of)
        data = {"as_of": as_of, "pieces": pieces, "statement": statement, "paper": "list"}
        return self._print_paper(data)

    def _print_paper(self, data):
        return self.env["collection.legal.file"]._print(REPORT, self, self.company_id, data)
