from odoo import api, models

# Of two the same, the one that says most of what was done about it stays.
_RANK = {"accepted": 2, "proposed": 1, "dismissed": 0}


class CollectionPublicationMerge(models.AbstractModel):
    """Notices about debtors that become one: each notice is known once."""

    _name = "collection.publication.merge"
    _description = "Notices of merged debtors"

    # === BUSINESS === #

    @api.model
    def _join_debtors(self, partners, destination):
        """Keep each notice about some debtors once per company, before they become one.

        Odoo would delete all of them that the index refuses, and those of the same debtor with
        them.
        """
        # In sudo mode to take away doubles, of colleagues' cases too.
        notices_sudo = self.sudo().search([("partner_id", "in", partners.ids)])
        groups = notices_sudo.grouped(lambda notice: (notice.company_id, notice.reference))
        kept_for = {}
        for same in groups.values():
            kept = max(
                same, key=lambda notice: (_RANK[notice.state], notice.partner_id == destination)
            )
            kept_for |= {double.id: kept for double in same - kept}
        doubles = notices_sudo.browse(kept_for)
        for later in notices_sudo.search([("former_id", "in", doubles.ids)]):
            later.former_id = kept_for[later.former_id.id]
        doubles._with_door().unlink()
