from odoo import api, models


class AccountPartialReconcile(models.Model):
    """Statements of charges are judged when their entries are matched or taken apart."""

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS account: a statement whose entry is matched in full is paid."""
        partials = super().create(vals_list)
        self.env["collection.charge"]._judge(partials.debit_move_id.move_id)
        return partials

    def unlink(self):
        """EXTENDS account: a statement whose entry is open again is claimed again."""
        moves = self.debit_move_id.move_id
        result = super().unlink()
        self.env["collection.charge"]._judge(moves.exists())
        return result
