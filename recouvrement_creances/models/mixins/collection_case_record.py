from odoo import fields, models


class CollectionCaseRecord(models.AbstractModel):
    """A record that is about one case: whose it is, and whether the present user works on it.

    Companies, debtors and rights are the case's; what inherits this sets ``_check_company_auto``.
    """

    _name = "collection.case.record"
    _description = "Record of a collection case"

    case_id = fields.Many2one(
        "collection.case", required=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="case_id.partner_id", string="Debtor")
    can_work = fields.Boolean(related="case_id.can_work", related_sudo=False)

    # === ACTIONS === #

    def action_open_case(self):
        """Open the case."""
        self.ensure_one()
        return self.case_id.get_formview_action()
