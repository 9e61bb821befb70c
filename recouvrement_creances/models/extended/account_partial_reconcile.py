from odoo import api, models


class AccountPartialReconcile(models.Model):
    """What depends on payments is judged when entries are matched or taken apart."""

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS account: statements of charges and agreements follow what was matched."""
        partials = super().create(vals_list)
        self._follow_matching(partials.debit_move_id)
        self.env["collection.insolvency"]._warn_of_payments(partials)
        return partials

    def unlink(self):
        """EXTENDS account: they turn back when the matching is undone."""
        lines = self.debit_move_id
        result = super().unlink()
        self._follow_matching(lines.exists())
        return result

    @api.model
    def _follow_matching(self, lines):
        # Odoo matches a batch pair by pair, and writes it at once: most calls have nothing.
        if not lines:
            return
        self.env["collection.charge"]._judge(lines.move_id)
        self.env["collection.settlement"]._judge_touched(lines)
