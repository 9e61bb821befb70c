from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

# What its record writes on a hold.
INSOLVENCY_FIELDS = {"insolvency_id", "arose_before"}


class CollectionHoldInsolvency(models.AbstractModel):
    """Insolvency holds the debts that arose before it; it ends with its record, never by itself."""

    _name = "collection.hold.insolvency"
    _description = "Insolvency and collection holds"

    insolvency_id = fields.Many2one(
        "collection.insolvency",
        string="Insolvency proceedings",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    arose_before = fields.Date(
        string="Debts before",
        readonly=True,
        help="Only debts that arose before this day are held; later ones go on being collected.",
    )

    # === CONSTRAINTS === #

    @api.constrains("kind", "date_end")
    def _check_insolvency_end(self):
        """Reminders must not start again because a day has passed."""
        for hold in self:
            if hold.kind == "insolvency" and hold.date_end:
                raise ValidationError(
                    self.env._(
                        "Insolvency proceedings hold contacts until they are closed: give a review "
                        "date instead of an end."
                    )
                )

    def _check_insolvency_by_hand(self, vals_list):
        """Refuse by hand what the record of the proceedings does.

        :raises UserError: says where to record it
        """
        if any(
            vals.get("kind") == "insolvency" or INSOLVENCY_FIELDS & vals.keys()
            for vals in vals_list
        ):
            raise UserError(
                self.env._(
                    "Record the insolvency on the case instead: it holds the earlier debts, stops "
                    "their interest and opens the legal deadlines."
                )
            )
        if self.insolvency_id and any(vals.keys() - {"note", "review_date"} for vals in vals_list):
            self._refuse_with_insolvency()

    def _refuse_with_insolvency(self):
        raise UserError(
            self.env._(
                "This hold belongs to insolvency proceedings: it changes and ends with their "
                "record."
            )
        )

    # === BUSINESS === #

    @api.model
    def _bears_on(self):
        """Return the condition that hold ``whole`` on a whole case bears on ``item``, in SQL.

        A debt arises when what is sold is delivered (C. com. L622-17), else with its invoice; what
        a person found out about it comes first.
        """
        return SQL(
            """
            (whole.arose_before IS NULL OR COALESCE(
                (SELECT claim.side = 'earlier' FROM collection_insolvency_claim claim
                  WHERE claim.insolvency_id = whole.insolvency_id AND claim.item_id = item.id
                    AND claim.side IS NOT NULL),
                (SELECT %s < whole.arose_before
                   FROM account_move_line born
                   JOIN account_move origin ON origin.id = born.move_id
                  WHERE born.id = item.move_line_id)))
            """,
            self.env["collection.insolvency"]._arose_on("born", "origin"),
        )

    def _filter_borne(self, items):
        """Return those of the case's items that a hold on the whole of it bears on."""
        self.ensure_one()
        if not self.arose_before or not items:
            return items
        return self.insolvency_id._filter_earlier(items)
