from odoo import api, models


class CollectionHoldExpiry(models.AbstractModel):
    """A hold ends by itself once its last day has passed, or nothing is due of what it holds."""

    _name = "collection.hold.expiry"
    _description = "End of collection holds"

    # === BUSINESS === #

    @api.model
    def _expire(self, companies, as_of, cases=None):
        """Note the holds whose last day has passed; their cases rise in the worklist.

        :param cases: only those of these cases; None for all
        """
        scope = self._get_scope(companies, cases)
        overdue = self.search(
            [
                *scope,
                ("state", "=", "open"),
                ("date_end", "<", as_of),
            ]
        )
        over = self._find_settled_disputes(scope)
        over._log_on_cases(lambda hold: self.env._("Dispute over: nothing of it is due any more"))
        # The run that expires them decides their cases right after, in one query.
        (overdue | over).with_context(collection_deciding=True)._apply_event("expire")
        return overdue | over

    @api.model
    def _get_scope(self, companies, cases):
        chosen = [] if cases is None else [("case_id", "in", cases.ids)]
        return [("company_id", "in", companies.ids), *chosen]

    @api.model
    def _find_settled_disputes(self, scope):
        """Return the running disputes of which nothing is due any more: paid, cancelled, deleted.

        Read from the ledger: a run expires holds before it refreshes the items.
        """
        disputes = self.search(
            [
                *scope,
                ("state", "=", "open"),
                ("kind", "=", "dispute"),
            ]
        )
        return disputes.filtered(lambda hold: not hold._get_items()._filter_due())
