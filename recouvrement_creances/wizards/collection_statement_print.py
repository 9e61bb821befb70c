from odoo import api, fields, models
from odoo.exceptions import UserError


class CollectionStatementPrint(models.TransientModel):
    """A statement of account of any debtor: as of a day, or with the movements of a period."""

    _name = "collection.statement.print"
    _description = "Print a statement of account"
    _inherit = ["collection.sourced"]

    case_id = fields.Many2one("collection.case", required=True)
    partner_id = fields.Many2one(related="case_id.partner_id", string="Debtor")
    date_from = fields.Date(
        string="Movements from",
        help="Invoices, payments and credit notes from this day on, with the balance before it. "
        "Empty: only what was open on the day of the statement.",
    )
    date_to = fields.Date(string="As of", required=True, default=fields.Date.context_today)
    lang = fields.Selection(
        selection="_get_languages",
        string="Language",
        required=True,
        compute="_compute_lang",
        store=True,
        precompute=True,
        readonly=False,
    )

    # === COMPUTE === #

    @api.model
    def _get_languages(self):
        return self.env["res.lang"].get_installed()

    @api.depends("case_id")
    def _compute_lang(self):
        for wizard in self:
            case = wizard.case_id
            wizard.lang = case.partner_id._get_collection_lang(case.company_id)

    # === ACTIONS === #

    def action_print(self):
        """Return the statement as PDF."""
        self.ensure_one()
        if self.date_from and self.date_from > self.date_to:
            raise UserError(self.env._("The period ends before it starts: correct its days."))
        report = self.env.ref("recouvrement_creances.collection_case_statement_report")
        return report.with_context(lang=self.lang).report_action(self)
