from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

# Carried by the context while a reason is noted by its own method: no client can send it.
NOTING = object()


class CollectionCaseDisputes(models.AbstractModel):
    """What the debtor does not agree with, and why it does not pay."""

    _name = "collection.case.disputes"
    _description = "Disputes and reasons of a collection case"

    company_id = fields.Many2one("res.company")
    currency_id = fields.Many2one(related="company_id.currency_id")
    dispute_ids = fields.One2many("collection.dispute", "case_id", readonly=True)
    dispute_count = fields.Integer(
        string="Running disputes", compute="_compute_dispute_count", compute_sudo=True
    )
    amount_disputed = fields.Monetary(
        compute="_compute_dispute_count",
        compute_sudo=True,
        help="What running disputes hold, in the company's currency.",
    )
    reason_note_ids = fields.One2many("collection.reason.note", "case_id", readonly=True)

    # === COMPUTE === #

    @api.depends("dispute_ids.is_running")
    def _compute_dispute_count(self):
        running = self.env["collection.dispute"].search(
            [("case_id", "in", self.ids), ("is_running", "=", True)]
        )
        by_case = running.grouped("case_id")
        for case in self:
            disputes = by_case.get(case._origin, running.browse())
            case.dispute_count = len(disputes)
            case.amount_disputed = sum(disputes.hold_id.mapped("amount_held"))

    # === CRUD === #

    def write(self, vals):
        """Keep the history of reasons, whoever changes the present one and how."""
        if not vals.get("nonpayment_reason_id"):
            return super().write(vals)
        changed = self.filtered(
            lambda case: case.nonpayment_reason_id.id != vals["nonpayment_reason_id"]
        )
        result = super().write(vals)
        if self.env.context.get("collection_noting") is not NOTING:
            reason = self.env["collection.reason"].browse(vals["nonpayment_reason_id"])
            changed._keep_reason(reason, "hand", fields.Date.context_today(self))
        return result

    # === ACTIONS === #

    def action_open_dispute(self):
        """Open the dialog that opens a dispute."""
        return self._open_dialog("collection.dispute.entry", self.env._("Open a dispute"))

    def action_note_reason(self):
        """Open the dialog that notes why the debtor does not pay."""
        return self._open_dialog("collection.reason.entry", self.env._("Why they do not pay"))

    # === BUSINESS - REASONS === #

    def _note_nonpayment_reason(self, reason, source, day=None):
        """Note why the debtor does not pay: on the case, and in its history.

        :param reason: a collection.reason record of usage nonpayment
        :param str source: one of ``collection_reason_note.SOURCES``
        :param date day: when it was said; today when empty
        :raise UserError: when the reason is one for something else
        """
        self.check_access("write")
        if reason.usage != "nonpayment":
            raise UserError(self.env._("“%s” is a reason for something else.", reason.name))
        noting = self.with_context(collection_noting=NOTING)
        noting.write({"nonpayment_reason_id": reason.id})
        self._keep_reason(reason, source, day or fields.Date.context_today(self))

    def _keep_reason(self, reason, source, day):
        """Append to the history of reasons."""
        # In sudo mode to append: nobody writes the history by hand; the caller checked the case.
        self.env["collection.reason.note"].sudo().create(
            [
                {
                    "case_id": case.id,
                    "reason_id": reason.id,
                    "source": source,
                    "noted_on": day,
                    "user_id": self.env.uid,
                    "amount_open": case.amount_open,
                }
                for case in self
            ]
        )

    # === BUSINESS - ALREADY PAID === #

    def _note_already_paid(
        self,
        items,
        attachments=None,
        day=None,
        how="other",
        until=None,
        as_of=None,
        note="",
    ):
        """Note that the debtor says it has paid; somebody looks for the payment.

        With proof it is a dispute of the category “already paid”: nobody reminds until it was
        looked into. Without, reminders wait until a day and go on by themselves.

        :param items: the items that were paid; empty: all that is open
        :param attachments: ir.attachment records that prove it
        :param date day: when it was paid, as the debtor says
        :param str how: one of ``collection_dispute.WAYS``
        :param date until: without proof, until when reminders wait; a week when empty
        :param date as_of: the day on which it was said; today when empty
        :param str note: what else was said
        :return: the collection.dispute, or the collection.hold
        :raise UserError: when all of the items is disputed already
        """
        self.ensure_one()
        self.check_access("write")
        disputes = self.env["collection.dispute"]
        # In sudo mode to read what is due, which does not depend on who asks.
        free = disputes._get_undisputed(items or self.sudo().open_item_ids.with_env(self.env))
        if not free:
            raise UserError(self.env._("Nothing of it is due and not disputed already."))
        said = self._get_payment_words(day, note)
        as_of = as_of or fields.Date.context_today(self)
        if attachments:
            category = self.env["collection.dispute.category"]._get_of_kind("already_paid")
            return disputes._open(
                self, list(free.items()), category, said, attachments, how=how, as_of=as_of
            )
        return self._wait_for_payment(self.env["collection.item"].union(*free), said, as_of, until)

    @api.model
    def _get_payment_words(self, day, note):
        """Return what the debtor says of its payment."""
        said = self.env._("Already paid, says the debtor.")
        if day:
            said = self.env._("Paid on %s, says the debtor.", format_date(self.env, day))
        return "\n".join(filter(None, (said, note)))

    def _wait_for_payment(self, items, said, as_of, until):
        """Hold items while a payment is looked for; reminders go on by themselves."""
        until = until or fields.Date.add(as_of, days=7)
        # In sudo mode to hold and to give the task, after the check of the caller.
        hold_sudo = (
            self.env["collection.hold"]
            .sudo()
            .create(
                {
                    "case_id": self.id,
                    "kind": "manual",
                    "reason_id": self.env.ref(
                        "recouvrement_creances.collection_reason_hold_payment_announced"
                    ).id,
                    "date_start": as_of,
                    "date_end": until,
                    "note": said,
                    "line_ids": [fields.Command.create({"item_id": item.id}) for item in items],
                }
            )
        )
        self.sudo().activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("The debtor says it is paid: look for the payment"),
            date_deadline=as_of,
            user_id=(self._find_accountant() or self.sudo()._map_responsible()[self.sudo()]).id,
        )
        return hold_sudo.with_env(self.env)

    def _find_accountant(self):
        """Return the company's accountant, where he may see collection; else nobody."""
        self.ensure_one()
        # In sudo mode to read the roles of a colleague.
        accountant_sudo = self.sudo().company_id.collection_accountant_id
        reader = self.env.ref("recouvrement_creances.group_reader")
        return accountant_sudo.filtered(
            lambda user: user.active and reader in user.all_group_ids
        ).with_env(self.env)

    # === BUSINESS - ERASURE === #

    def _erase_disputes(self):
        """Erase what disputes and reasons of purged cases say of people; amounts stay."""
        if not self.env.su:
            raise AccessError(self.env._("Only a purge erases what disputes say."))
        silent = {"tracking_disable": True}
        self.dispute_ids.with_context(**silent).write(
            dict.fromkeys(("description", "answer", "decision", "raised_by_id"), False)
        )
        self.reason_note_ids.unlink()
