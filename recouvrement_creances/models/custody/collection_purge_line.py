from odoo import fields, models
from odoo.exceptions import UserError


class CollectionPurgeLine(models.Model):
    """One case of a purge: what would go, and why it may."""

    _name = "collection.purge.line"
    _description = "Case of a purge"
    _inherit = ["collection.derived"]
    _order = "kept_until, id"

    purge_id = fields.Many2one(
        "collection.purge", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="purge_id.company_id", store=True, index=True)
    purge_state = fields.Selection(related="purge_id.state")
    case_id = fields.Many2one(
        "collection.case", required=True, readonly=True, index=True, ondelete="restrict"
    )
    evidence_count = fields.Integer(string="Records of evidence", readonly=True)
    file_count = fields.Integer(string="of which with documents", readonly=True)
    has_notes = fields.Boolean(
        string="Notes and messages",
        readonly=True,
        help="Notes, messages, addresses and reasons of the case go too.",
    )
    kept_until = fields.Date(readonly=True)
    why = fields.Char(readonly=True)
    is_kept = fields.Boolean(string="Left out", readonly=True)

    def action_toggle(self):
        """Leave the case out of the purge, or take it in again."""
        self.purge_id.check_access("write")
        # In sudo mode as nobody says by hand which cases are due.
        for line in self.sudo():
            if line.purge_state != "draft":
                raise UserError(self.env._("This purge is over: make a new proposal."))
            line.is_kept = not line.is_kept
