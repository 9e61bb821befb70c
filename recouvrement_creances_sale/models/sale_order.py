from odoo import api, fields, models
from odoo.exceptions import UserError

MANAGER = "recouvrement_creances.group_manager"


class SaleOrder(models.Model):
    """Orders of a customer whose deliveries collection has stopped wait for a manager."""

    _inherit = "sale.order"

    collection_stop_reason = fields.Char(
        string="Why deliveries are stopped", compute="_compute_collection_stop_reason"
    )

    # === COMPUTE === #

    @api.depends("partner_id", "company_id")
    def _compute_collection_stop_reason(self):
        for order in self:
            partner = order.partner_id.commercial_partner_id.with_company(order.company_id)
            order.collection_stop_reason = partner.collection_stop_reason

    # === ACTIONS === #

    def action_confirm(self):
        """EXTENDS sale: refuse, but to managers of collection, whose word is logged."""
        stopped = self.filtered("collection_stop_reason")
        if stopped and not (self.env.su or self.env.user.has_group(MANAGER)):
            raise UserError(
                self.env._(
                    "%(customer)s: %(reason)s. A manager of collection lets deliveries go on, or "
                    "confirms this order.",
                    customer=stopped[0].partner_id.display_name,
                    reason=stopped[0].collection_stop_reason,
                )
            )
        result = super().action_confirm()
        for order in stopped:
            order._message_log(
                body=self.env._("Confirmed although stopped: %s", order.collection_stop_reason)
            )
        return result
