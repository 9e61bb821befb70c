from odoo import api, fields, models
from odoo.exceptions import AccessError


class CollectionApproval(models.TransientModel):
    """Asks whoever decides on a request for the decision and for the reason of it."""

    _name = "collection.approval"
    _description = "Decision on a request"
    _inherit = ["collection.sourced"]

    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True, readonly=True)
    description = fields.Char(compute="_compute_description")
    decision = fields.Selection(
        selection=[("approve", "Approve"), ("refuse", "Refuse")], required=True, default="approve"
    )
    note = fields.Text(string="Why")

    # === COMPUTE === #

    @api.depends("res_model", "res_id")
    def _compute_description(self):
        for dialog in self:
            dialog.description = dialog._get_request().display_name

    # === ACTIONS === #

    def action_apply(self):
        """Write the decision down; what was asked for goes on as it says."""
        self.ensure_one()
        self._get_request()._decide(self.decision, self.note)
        return {"type": "ir.actions.act_window_close"}

    # === HELPERS === #

    def _get_request(self):
        """Return the record that is decided on; the model comes from the client: ask again."""
        self.ensure_one()
        model = self.env.get(self.res_model)
        if not isinstance(model, self.pool["collection.approvable"]):
            raise AccessError(self.env._("This is no request that anybody decides on."))
        request = model.browse(self.res_id)
        request.check_access("read")
        return request
