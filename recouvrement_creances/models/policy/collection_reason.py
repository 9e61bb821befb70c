from odoo import fields, models


class CollectionReason(models.Model):
    """Why a debtor does not pay, why contacts are held, why a proposal was turned down."""

    _name = "collection.reason"
    _description = "Collection reason"
    _order = "usage, sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    usage = fields.Selection(
        selection=[
            ("nonpayment", "Reason for non-payment"),
            ("hold", "Reason for a hold"),
            ("exclusion", "Reason for leaving out of a run"),
            ("override", "Reason for overriding a contact rule"),
        ],
        required=True,
        help="Where this reason is offered.",
    )
    kind = fields.Selection(
        selection=[
            ("professional", "Professional difficulty"),
            ("personal", "Personal difficulty"),
            ("dispute", "Dispute"),
            ("oversight", "Oversight or paperwork"),
            ("bad_faith", "Bad faith"),
            ("disappeared", "Debtor not found"),
            ("commercial", "Commercial decision"),
            ("other", "Other"),
        ],
        required=True,
        default="other",
        help="The fixed meaning of the reason: statistics and next steps are built on it.",
    )
    active = fields.Boolean(default=True)
    description = fields.Text(translate=True)
