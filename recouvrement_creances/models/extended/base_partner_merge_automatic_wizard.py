from odoo import models


class MergePartnerAutomatic(models.TransientModel):
    """Merging two debtors makes one case of theirs."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """EXTENDS base: a debtor has one open case, so the others end before the merge."""
        # In sudo mode to join cases: who may merge partners need not work on collection.
        self.env["collection.case"].sudo()._join_debtors(src_partners, dst_partner)
        self.env.flush_all()
        return super()._update_foreign_keys(src_partners, dst_partner)
