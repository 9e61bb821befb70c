from odoo import api, fields, models
from odoo.exceptions import UserError

# The holds that outcomes of conversations make have these reasons, by their external id.
HOLD_REASONS = {
    "promised": "collection_reason_hold_promise",
    "disputes": "collection_reason_hold_dispute",
    "cannot_pay": "collection_reason_hold_hardship",
    "already_paid": "collection_reason_hold_payment_announced",
}


class CollectionReason(models.Model):
    """Why a debtor does not pay, why contacts are held, why a proposal was turned down."""

    _name = "collection.reason"
    _description = "Collection reason"
    _inherit = ["collection.kept"]
    _order = "usage, sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    usage = fields.Selection(
        selection=[
            ("nonpayment", "Reason for non-payment"),
            ("hold", "Reason for a hold"),
            ("exclusion", "Reason for leaving out of a run"),
            ("override", "Reason for overriding a contact rule"),
            ("waiver", "Reason for waiving"),
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
    is_loss = fields.Boolean(
        string="Lost, not granted",
        help="Booked as a loss, never by a credit note: for VAT on what was just not paid to come "
        "back, the debtor is sent a duplicate of the invoice (CGI 272; BOI-TVA-DED-40-10-20 §110).",
    )
    active = fields.Boolean(default=True)
    description = fields.Text(translate=True)

    # === CRUD === #

    def write(self, vals):
        """Keep the use of the reasons that the flow gives by itself."""
        if "usage" in vals:
            changed = self.filtered(lambda reason: reason.usage != vals["usage"])
            changed._check_not_of_flow()
        result = super().write(vals)
        if {"active", "usage"} & vals.keys():
            self._check_every_usage()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_not_of_flow()
        used = self._find_used(
            (
                ("collection.hold", ["reason_id"]),
                ("collection.action", ["nonpayment_reason_id", "override_reason_id"]),
                ("collection.case", ["nonpayment_reason_id"]),
                ("collection.waiver", ["reason_id"]),
                ("collection.reason.note", ["reason_id"]),
                ("collection.dispute.category", ["nonpayment_reason_id"]),
            )
        )
        if used:
            raise UserError(
                self.env._(
                    "The reason “%s” is part of cases' history: archive it instead.", used.name
                )
            )
        self._check_every_usage(without=self)

    # === BUSINESS === #

    def _check_every_usage(self, without=()):
        """Dialogs ask for reasons of each use: none is left without.

        :param without: reasons that are about to be deleted
        """
        labels = dict(self._fields["usage"]._description_selection(self.env))
        # Said outright: a context from outside would count the archived ones.
        live = self.with_context(active_test=True).search([("usage", "in", list(labels))])
        kept = live.filtered(lambda reason: reason not in without).mapped("usage")
        missing = [label for usage, label in labels.items() if usage not in kept]
        if missing:
            raise UserError(
                self.env._("Keep at least one reason of each use; missing: %s.", missing)
            )

    def _check_not_of_flow(self):
        """Refuse to take away the reasons that outcomes of conversations are noted with."""
        needed = {f"recouvrement_creances.{name}" for name in HOLD_REASONS.values()}
        names = self._get_external_ids()
        for reason in self:
            if needed.intersection(names[reason.id]):
                raise UserError(
                    self.env._(
                        "“%s” is noted by outcomes of conversations: rename or archive it instead.",
                        reason.name,
                    )
                )
