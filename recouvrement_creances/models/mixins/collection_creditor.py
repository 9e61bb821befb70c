from odoo import fields, models

# After so many days without an answer of the gazette somebody has to look.
GAZETTE_DAYS_UNTIL_LATE = 3


class CollectionCreditor(models.AbstractModel):
    """What a company settles about insolvency, credit and the watch of the gazette."""

    _name = "collection.creditor"
    _description = "Settings of a company about insolvency and credit"

    collection_shares_insolvency = fields.Boolean(
        string="Insolvency is shared with the group",
        help="Proceedings recorded in one of the companies that share them are recorded in all of "
        "them: demands stop everywhere, each declares its own claims.",
    )

    # === CREDIT === #
    collection_insurer_days = fields.Integer(
        string="Days to declare to the credit insurer",
        help="So many days after the due date a non-payment of an insured customer has to be "
        "declared, as the policy says. 0: no customer is insured.",
    )
    collection_short_term_id = fields.Many2one(
        "account.payment.term",
        string="Terms for late payers",
        ondelete="set null",
        help="Proposed for customers who pay late.",
    )
    collection_advance_term_id = fields.Many2one(
        "account.payment.term",
        string="Terms of payment in advance",
        ondelete="set null",
        help="For customers who get no credit any more. Empty: immediate payment.",
    )
    _collection_credit_rules = models.Constraint(
        "CHECK(collection_insurer_days >= 0)",
        "The days to declare to the credit insurer are not below zero: 0 when nobody is insured.",
    )

    # === OFFICIAL GAZETTE === #
    collection_gazette_watch = fields.Boolean(
        string="Watch the official gazette",
        help="Looks debtors with something due up in the open data of the BODACC, once a day, by "
        "their SIREN. Nothing but their numbers leaves.",
    )
    collection_gazette_success = fields.Datetime(string="Last answer", readonly=True, copy=False)
    collection_gazette_until = fields.Date(string="Notices known until", readonly=True, copy=False)
    collection_gazette_error = fields.Char(string="Last error", readonly=True, copy=False)
    collection_gazette_unread = fields.Text(
        string="Notices that could not be read",
        readonly=True,
        copy=False,
        help="Of the last days: read them in the gazette, they may be about a debtor's insolvency.",
    )

    def _is_gazette_late(self):
        """Tell whether the watch is on and has had no answer for some days."""
        self.ensure_one()
        success = self.collection_gazette_success
        if not self.collection_gazette_watch or not (success or self.collection_gazette_error):
            return False
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=GAZETTE_DAYS_UNTIL_LATE)
        return not success or success < limit
