from decimal import Decimal

from odoo import api, fields, models

from ...rules.settlement import Commitment, last_day, settle, sort_credits


class CollectionCommitment(models.AbstractModel):
    """An agreement on one sum that has to be paid by a day: a promise, or what a waiver waits for.

    The rules of the day on which it was made stay on it: until when it is in time, what may be
    missing, and which payments of that day came after it. What inherits this has ``item_ids`` and
    ``currency_id``.
    """

    _name = "collection.commitment"
    _description = "Agreement on a payment by a day"
    _inherit = ["collection.agreement"]

    # The state in which a day that passes may change something.
    _pending_state = None
    # The field that says from which day on payments count.
    _start_field = None

    currency_id = fields.Many2one("res.currency")
    last_date = fields.Date(
        string="In time until",
        readonly=True,
        help="The day agreed on, and the days that banks may take after it.",
    )
    tolerance = fields.Monetary(
        readonly=True, help="What may be missing, bank charges for instance."
    )
    matched_after = fields.Integer(
        readonly=True, help="Of the first day only what was matched later counts."
    )

    # === HOOKS === #

    @api.model
    def _find_due(self, companies, as_of):
        """IMPLEMENTS collection.agreement: those whose last day has passed."""
        return self.search(
            [
                ("state", "=", self._pending_state),
                ("last_date", "<", as_of),
                ("company_id", "in", companies.ids),
            ]
        )

    def _move_to(self, case):
        """EXTENDS collection.agreement: what has no item there stays where it was, as history."""
        return super(CollectionCommitment, self._filter_on(case))._move_to(case)

    # === RULES OF ITS DAY === #

    @api.model
    def _get_payment_rules(self, company, due):
        """Return the company's rules, as they are now, for what has to be paid by a day."""
        return {
            "last_date": last_day(
                due, company.collection_promise_bank_days, company._get_bank_holidays()
            ),
            "tolerance": company.collection_promise_tolerance,
        }

    def _convert_tolerance(self, as_of):
        """The company says in its own currency what may be missing."""
        self.ensure_one()
        own = self.company_id.currency_id
        if self.currency_id != own:
            # In sudo mode to write what only the flow writes on an agreement.
            self.sudo().tolerance = own._convert(
                self.tolerance, self.currency_id, self.company_id, as_of
            )

    # === WHAT THE LEDGER SAYS === #

    def _read_received(self):
        """Return {id: Received} of what came in since each was made: one statement.

        What bears the date of a day to come is among it: it is open no more, and not paid yet.
        """
        credits = self.env["collection.settlement"]._read_credits(
            [(one._origin.id, one.item_ids._origin.ids, one[self._start_field]) for one in self]
        )
        return {
            one._origin.id: sort_credits(
                filter(one._is_after_start, credits[one._origin.id]), one.last_date
            )
            for one in self
        }

    def _read_residuals(self):
        """Return {id: what is still due of its items}: one statement."""
        return self.env["collection.settlement"]._read_residuals(
            [(one.id, one.item_ids.ids) for one in self]
        )

    def _is_after_start(self, credit):
        return credit.day > self[self._start_field] or credit.reference > self.matched_after

    def _settle(self, amount, payments, as_of):
        """Return what became of an amount that was to be paid, see ``rules/settlement.settle``.

        :param Decimal amount: what was owed of it; less than nothing is nothing
        """
        self.ensure_one()
        commitment = Commitment(self.last_date, max(amount, Decimal(0)))
        return settle([commitment], payments, as_of, self._to_decimal(self.tolerance))[0]
