from odoo import models
from odoo.tools import get_lang


class ReportRecouvrementCreancesDeclarationPieces(models.AbstractModel):
    """The list of the pieces that go with a declaration of claims."""

    _name = "report.recouvrement_creances.declaration_pieces"
    _description = "Pieces of a declaration of claims"
    _inherit = ["collection.paper"]
    _printed = "collection.insolvency.declaration"

    def _prepare_documents(self, records, data):
        """IMPLEMENTS collection.paper."""
        return [self._prepare_list(declaration.sudo(), data) for declaration in records]

    def _prepare_list(self, declaration, data):
        company = declaration.company_id
        return {
            **self.env["collection.correspondence"]._get_parties(declaration.case_id, company),
            "record": declaration,
            "debtor": declaration.partner_id,
            "lang": get_lang(self.env).code,
            "type_style": self._get_type_style(company),
            "pieces": data["pieces"],
            "as_of": data["as_of"],
            # Of one that was sent before its file was kept.
            "made_on": data["made_on"],
            "sent_on": declaration.sent_on,
        }
