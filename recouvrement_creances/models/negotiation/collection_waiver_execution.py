from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ...rules.settlement import KEPT, PENDING

# What asks a person to look at a waiver.
WARNING = "mail.mail_activity_data_warning"


class CollectionWaiverExecution(models.AbstractModel):
    """What a waiver waits for, judged with the reconciliations of its invoices."""

    _name = "collection.waiver.execution"
    _description = "Execution of waivers"
    _inherit = ["collection.commitment"]
    _pending_state = "approved"
    _start_field = "decided_on"

    # Written by the flow alone.
    _EXECUTION_FIELDS = (
        "hold_id",
        "last_date",
        "tolerance",
        "matched_after",
        "carried_out_on",
        "move_ids",
        "failure",
        "condition_lost_on",
    )

    condition_date = fields.Date(
        string="Only if the rest is paid by",
        help="Empty: without a condition. For charges: if the invoices are paid by then.",
    )
    carried_out_on = fields.Date(string="Booked on", readonly=True)
    move_ids = fields.Many2many(
        "account.move",
        "collection_waiver_move_rel",
        "waiver_id",
        "move_id",
        string="Entries",
        readonly=True,
        groups="account.group_account_invoice,account.group_account_readonly",
    )
    failure = fields.Char(string="Why it is not booked", readonly=True)
    condition_lost_on = fields.Date(
        string="Payment cancelled on",
        readonly=True,
        help="The payment that the waiver depended on was cancelled after it was booked.",
    )

    # === JUDGE === #

    @api.model
    def _select_judged(self):
        """Return SQL of (id, item_id) of the waivers that depend on a payment."""
        return SQL(
            "SELECT waiver.id, waived.item_id FROM collection_waiver_item_rel waived "
            "JOIN collection_waiver waiver ON waiver.id = waived.waiver_id "
            "WHERE waiver.condition_date IS NOT NULL "
            "AND waiver.state IN ('approved', 'met', 'done', 'void')"
        )

    def _judge(self, as_of):
        """Let each condition follow the payments of its invoices."""
        received, residuals = self._read_received(), self._read_residuals()
        booked = self._read_booked()
        events = {}
        for waiver in self:
            settled = waiver._settle_condition(
                received[waiver.id], residuals[waiver.id], booked.get(waiver.id, Decimal(0)), as_of
            )
            event = waiver._find_event(settled.state)
            if event:
                events[event] = events.get(event, self.browse()) | waiver
        for event, waivers in events.items():
            if event == "lose":
                waivers._note_lost_condition(as_of)
            elif event == "regain":
                waivers.write({"condition_lost_on": False})
                waivers.activity_unlink([WARNING])
            else:
                waivers._apply_judgement(event)
                waivers._follow_void(event)
        if "meet" in events:
            self._wake_booking()

    def _read_booked(self):
        """Return {waiver id: what its own entries have taken off its items}, in one statement."""
        self.env["account.partial.reconcile"].flush_model()
        return {
            waiver_id: Decimal(amount)
            for waiver_id, amount in self.env.execute_query(
                SQL(
                    """
                    SELECT waived.waiver_id, SUM(partial.debit_amount_currency)::text
                      FROM collection_waiver_move_rel booked
                      JOIN account_move_line line ON line.move_id = booked.move_id
                      JOIN account_partial_reconcile partial ON partial.credit_move_id = line.id
                      JOIN collection_item item ON item.move_line_id = partial.debit_move_id
                      JOIN collection_waiver_item_rel waived
                        ON waived.item_id = item.id AND waived.waiver_id = booked.waiver_id
                     WHERE booked.waiver_id IN %s
                  GROUP BY waived.waiver_id
                    """,
                    tuple(self.ids) or (0,),
                )
            )
        }

    def _settle_condition(self, received, residual, booked, as_of):
        """Return what became of the payment that the waiver depends on.

        :param Received received: since the waiver was approved
        :param residual: what is open of the invoices
        :param booked: what the waiver itself has taken off them already
        """
        self.ensure_one()
        rest = received.owed(residual)
        if self.kind == "principal":
            # Whether it is still open, was taken off in time, or too late and so is counted above.
            is_counted = not booked or self.carried_out_on > self.last_date
            rest += (Decimal(0) if is_counted else booked) - self._to_decimal(self.amount)
        return self._settle(rest, received.payments, as_of)

    def _find_event(self, state):
        """Return the event that a judgement asks for, None when nothing changes."""
        self.ensure_one()
        is_met = state == KEPT
        if self.state == "done":
            if is_met == (not self.condition_lost_on):
                return None
            return "regain" if is_met else "lose"
        if is_met:
            return "meet" if self.state in ("approved", "void") else None
        if self.state == "met" or (self.state == "void" and state == PENDING):
            return "reopen"
        return "lapse" if self.state == "approved" and state != PENDING else None

    def _note_lost_condition(self, as_of):
        """Ask a person: what was booked is not undone by itself."""
        self.write({"condition_lost_on": as_of})
        for waiver in self:
            waiver.activity_schedule(
                WARNING,
                summary=self.env._(
                    "The payment that this waiver depended on was cancelled: reverse its entry, or "
                    "leave it."
                ),
                date_deadline=as_of,
                user_id=waiver.create_uid.id,
            )

    def _follow_void(self, event):
        """Tell the collector that a condition was not met; take it back when it is met after all.

        What was given up is owed again: somebody has to ask for it, or to agree on it anew.
        """
        if event != "lapse":
            self.activity_unlink([WARNING])
            return
        for waiver in self:
            user = waiver.case_id.user_id or waiver.create_uid
            told = waiver.with_context(
                lang=user.lang or self.env.lang, mail_activity_quick_update=True
            )
            told.activity_schedule(
                WARNING,
                summary=told.env._("The waiver is void: the rest was not paid in time"),
                note=told.env._(
                    "%(amount)s are owed again since %(date)s.",
                    amount=waiver.currency_id.format(waiver.amount),
                    date=format_date(told.env, waiver.last_date),
                ),
                user_id=user.id,
            )
