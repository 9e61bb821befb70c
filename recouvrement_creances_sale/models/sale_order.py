from odoo import api, fields, models
from odoo.exceptions import UserError

MANAGER = "recouvrement_creances.group_manager"


class SaleOrder(models.Model):
    """Orders of a customer whose deliveries collection has stopped wait for a manager.

    Who pays an order in full before it is confirmed owes nothing for it: that one goes on.
    """

    _inherit = "sale.order"

    collection_stop_reason = fields.Char(
        string="Why deliveries are stopped",
        compute="_compute_collection_stop_reason",
        # Customers see their orders too, and this on none of them.
        groups="base.group_user",
        compute_sudo=True,
    )

    collection_advance_note = fields.Char(
        string="Payment in advance",
        compute="_compute_collection_stop_reason",
        groups="base.group_user",
        compute_sudo=True,
    )

    # === COMPUTE === #

    @api.depends("partner_id", "company_id")
    def _compute_collection_stop_reason(self):
        for order in self:
            partner = order.partner_id.commercial_partner_id.with_company(order.company_id)
            order.collection_stop_reason = partner.collection_stop_reason
            order.collection_advance_note = partner.collection_prepays and self.env._(
                "%s pays in advance: a manager of collection decided so.", partner.display_name
            )

    # === ACTIONS === #

    def action_confirm(self):
        """EXTENDS sale: refuse, but to managers of collection, whose word is logged."""
        stopped = self.filtered("collection_stop_reason")
        self.filtered(lambda order: order._is_stopped())._check_may_confirm()
        result = super().action_confirm()
        for order in stopped:
            order._message_log(
                body=self.env._("Confirmed although stopped: %s", order.collection_stop_reason)
            )
        return result

    # === BUSINESS === #

    def _is_stopped(self):
        """Tell whether the order would be delivered on credit to a customer who gets none."""
        self.ensure_one()
        return bool(self.collection_stop_reason) and not self._is_paid()

    def _check_may_confirm(self):
        """Refuse stopped orders to whoever is asking, in sudo mode too.

        A customer who signs on the portal confirms in sudo mode. Only what no person asks for, a
        job of the server, has no group.
        """
        if not self or self.env.user._is_superuser() or self.env.user.has_group(MANAGER):
            return
        if not self.env.user._is_internal():
            raise UserError(
                self.env._("This order cannot be confirmed here: please get in touch with us.")
            )
        raise UserError(
            self.env._(
                "%(customer)s: %(reason)s. A manager of collection lets deliveries go on, or "
                "confirms this order.",
                customer=self[0].partner_id.display_name,
                reason=self[0].collection_stop_reason,
            )
        )

    # === CUSTOMER PORTAL === #

    def _has_to_be_signed(self):
        """EXTENDS sale: no signature is asked for that would confirm a stopped order."""
        # In sudo mode as customers do not see why an order is stopped.
        return super()._has_to_be_signed() and not self.sudo()._is_stopped()

    def _get_prepayment_required_amount(self):
        """EXTENDS sale: a part of the price confirms no stopped order, all of it does."""
        # In sudo mode as customers do not see why an order is stopped.
        return (
            self.amount_total
            if self.sudo().collection_stop_reason
            else super()._get_prepayment_required_amount()
        )
