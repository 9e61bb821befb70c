from odoo import models
from odoo.fields import Domain

from ...rules.competence import Claim
from ...rules.money import to_decimal

# Regulation 1896/2006 binds the Union without Denmark.
ORDER_REGION, OUTSIDE = "base.europe", "DK"


class CollectionRouteFacts(models.AbstractModel):
    """What it depends on which way is open to some items: of a handover, and of a proceeding.

    What inherits this has ``case_id``, ``partner_id`` and ``item_ids``.
    """

    _name = "collection.route.facts"
    _description = "What the ways of a claim depend on"

    # === BUSINESS === #

    def _get_claim(self, amount):
        """Return what the rules want to know of the claim.

        :param float amount: principal and what is asked for beside it, in EUR as the law's limits
        """
        self.ensure_one()
        # In sudo mode to read the address as the letters do.
        partner_sudo = self.case_id.partner_id.sudo()
        is_french = partner_sudo.country_id.code in (False, "FR")
        return Claim(
            to_decimal(f"{amount:.2f}"),
            partner_sudo.collection_debtor_kind or "professional",
            self.item_ids._origin[:1].limitation_nature or "",
            ((partner_sudo.zip or "")[:2] or "00") if is_french else "",
            partner_sudo._is_trader(),
        )

    def _is_european(self):
        """Tell whether the debtor lives in another state that the European order reaches."""
        # In sudo mode to read the address as the letters do.
        country_sudo = self.case_id.partner_id.sudo().country_id
        union_sudo = self.sudo().env.ref(ORDER_REGION).country_ids
        return country_sudo in union_sudo and country_sudo.code not in ("FR", OUTSIDE)

    def _get_running_holds(self, today):
        """Return the kinds of holds that bear on the items, on the debtor for insolvency."""
        holds = self.env["collection.hold"]
        holds = holds.search(
            holds._running_domain(today)
            & (
                Domain("case_id", "=", self.case_id.id)
                | (
                    Domain("kind", "=", "insolvency")
                    & Domain("case_id.partner_id", "=", self.partner_id.id)
                )
            )
        )
        return {hold.kind for hold in holds if self._is_borne(hold)}

    def _is_borne(self, hold):
        """Tell whether a hold says something of the items.

        What an ended insolvency has barred is what arose before it; a running one concerns all.
        """
        if hold.insolvency_id._are_barring():
            return bool(hold._filter_borne(self.item_ids))
        is_whole = hold.kind == "insolvency" or not hold.line_ids
        return is_whole or bool(hold._get_items() & self.item_ids)
