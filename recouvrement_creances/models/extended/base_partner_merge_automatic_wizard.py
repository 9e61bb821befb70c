from odoo import models


class MergePartnerAutomatic(models.TransientModel):
    """Merging two debtors makes one case of theirs."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """EXTENDS base: a debtor has one open case, so the others end before the merge."""
        # In sudo mode to read and write what only collection users see.
        dst_partner.sudo()._take_contact_rules(src_partners.sudo())
        # In sudo mode to join cases: who may merge partners need not work on collection.
        self.env["collection.case"].sudo()._join_debtors(src_partners, dst_partner)
        self.env.flush_all()
        return super()._update_foreign_keys(src_partners, dst_partner)

    def _update_values(self, src_partners, dst_partner):
        """EXTENDS base: who may merge partners need not be a collector, nor see what one noted."""
        # In sudo mode to carry over what the user may not read or choose.
        return super()._update_values(src_partners.sudo(), dst_partner.sudo())
