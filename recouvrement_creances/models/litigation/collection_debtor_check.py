from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...rules.handover_checklist import IDENTITY, INSOLVENCY, SOLVENCY

CHECK_KINDS = [
    (IDENTITY, "Identity and address"),
    (SOLVENCY, "Solvency"),
    (INSOLVENCY, "Insolvency notices"),
]
SOLVENCY_LABELS = [("good", "Can pay"), ("doubtful", "Doubtful"), ("poor", "Can hardly pay")]


class CollectionDebtorCheck(models.Model):
    """Somebody looked a debtor up: who, when, where, and what was found. Noted once, kept."""

    _name = "collection.debtor.check"
    _description = "Check of a debtor"
    _inherit = ["collection.derived"]
    _order = "date desc, id desc"
    _check_company_auto = True

    case_id = fields.Many2one(
        "collection.case", required=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="case_id.partner_id", string="Debtor")
    kind = fields.Selection(selection=CHECK_KINDS, required=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    source = fields.Char(
        required=True,
        help="Where it was looked up: extract of the register, gazette, credit report.",
    )
    reference = fields.Char(help="Date or number of the extract.")
    solvency = fields.Selection(
        selection=SOLVENCY_LABELS, help="What was found; it stays inside the company."
    )
    note = fields.Text(string="What was found")
    user_id = fields.Many2one(
        "res.users",
        string="Checked by",
        required=True,
        readonly=True,
        default=lambda self: self.env.uid,
        ondelete="restrict",
    )

    _solvency_is_said = models.Constraint(
        "CHECK(kind <> 'solvency' OR solvency IS NOT NULL)", "Say what the debtor is good for."
    )

    # === COMPUTE === #

    @api.depends("kind", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for check in self:
            day = format_date(self.env, check.date) if check.date else ""
            check.display_name = f"{kinds.get(check.kind, '')} · {day}"

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Note checks as the present user, of today or before, on cases that he works on."""
        vals_list = [{**vals, "user_id": self.env.uid} for vals in vals_list]
        cases = self.env["collection.case"].browse(vals["case_id"] for vals in vals_list)
        cases.check_access("write")
        checks = super().create(vals_list)
        if any(check.date > fields.Date.context_today(self) for check in checks):
            raise UserError(self.env._("A check is noted once it was made."))
        checks._refresh_handovers()
        return checks

    def write(self, vals):
        """Refuse: what was found that day stays."""
        if vals.keys() - {"case_id", "note"} or not self.env.su:
            raise UserError(self.env._("A check stays as it was noted: note another one."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        raise UserError(self.env._("Checks are history: note another one."))

    # === BUSINESS === #

    def _refresh_handovers(self):
        """Bring the checklists that wait for it up to date."""
        self.case_id.handover_ids._work_out_open()

    @api.model
    def _read_latest(self, case):
        """Return {kind: the latest check of it} of a case."""
        found = {}
        # In sudo mode: the checklist tells the same to everybody.
        for check_sudo in self.sudo().search([("case_id", "=", case.id)]):
            found.setdefault(check_sudo.kind, check_sudo)
        return found
