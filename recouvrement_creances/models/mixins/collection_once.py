from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class CollectionOnce(models.AbstractModel):
    """A dialog that does something once, however often its button is pressed.

    Where no state refuses the second time by itself: a second payment is as good as the first.
    """

    _name = "collection.once"
    _description = "Dialog that is applied once"

    is_applied = fields.Boolean(readonly=True)

    # === BUSINESS === #

    def _apply_once(self):
        """Refuse what this dialog has done already: called before anything follows from it.

        The row is written first: of two at once the second waits, is told so by the database, and
        finds it done when it is tried again.
        """
        self.ensure_one()
        self.flush_recordset()
        written = self.env.execute_query(
            SQL(
                "UPDATE %s SET is_applied = TRUE WHERE id = %s AND is_applied IS NOT TRUE "
                "RETURNING id",
                SQL.identifier(self._table),
                self.id,
            )
        )
        self.invalidate_recordset(["is_applied"])
        if not written:
            raise UserError(self.env._("This was registered already: reload the page to see it."))
