from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .collection_dispute_flow import ACCEPTED, UNDECIDED


class CollectionDisputeLedger(models.AbstractModel):
    """What the ledger does to disputes: credit notes and payments end them, undone ones do not."""

    _name = "collection.dispute.ledger"
    _description = "Disputes judged from the ledger"

    # === BUSINESS === #

    @api.model
    def _select_judged(self):
        """IMPLEMENTS the agreement: every dispute, as what is undone opens it again."""
        self.env["collection.dispute.line"].flush_model(["dispute_id", "item_id"])
        return SQL("SELECT dispute_id AS id, item_id FROM collection_dispute_line")

    @api.model
    def _find_due(self, companies, as_of):
        """IMPLEMENTS the agreement: invoices are cancelled and deleted without any payment."""
        return self.search([("company_id", "in", companies.ids), ("is_running", "=", True)])

    def _get_agreed_items(self):
        """IMPLEMENTS the agreement: what is disputed."""
        return self.line_ids.item_id

    def _refuse_by_hand(self):
        """EXTENDS the agreement: say what to do with a dispute."""
        raise UserError(
            self.env._(
                "This hold belongs to %s: decide the dispute, and it ends by itself.",
                self[0].display_name,
            )
        )

    def _judge(self, as_of):
        """Bring state and holds of the disputes in line with the ledger.

        An undecided dispute ends when nothing of it is due any more, and opens again when that is
        undone. A founded one holds what waits for its credit note.
        """
        credited = self.line_ids._read_credited(self.line_ids.item_id)
        for dispute in self:
            is_due = bool(dispute.line_ids.item_id._filter_due())
            if dispute.state in UNDECIDED and not is_due:
                dispute._settle(as_of)
            elif dispute.state == "settled" and is_due:
                dispute._resume()
            elif dispute.state in ACCEPTED:
                dispute._judge_accepted(credited, as_of)

    def _judge_accepted(self, credited, as_of):
        """Hold what is to be credited; end the dispute once all of it was."""
        pending = self.line_ids.filtered(lambda line: line._is_pending(credited))
        if pending:
            if self._is_held_as_wanted(credited):
                return
            self._release_hold(self.env._("The part that is to be credited is held on"))
            self.write({"is_running": True, "ended_on": False})
            self._hold()
        elif self.is_running:
            self.write({"is_running": False, "ended_on": as_of})
            self._release_hold(self.env._("Dispute over: the credit note has settled it"))
            self._drop_tasks()

    def _is_held_as_wanted(self, credited):
        hold = self.hold_id
        if hold.state != "open":
            return False
        lines = self._prepare_hold_lines(credited)
        wanted = {values["item_id"]: values["amount"] for values in lines}
        return wanted == {line.item_id.id: line.amount for line in hold.line_ids}

    def _settle(self, as_of):
        """End undecided disputes of which nothing is due any more."""
        self.ensure_one()
        self._apply_event(
            "settle",
            {
                "is_running": False,
                "ended_on": as_of,
                "days_to_decide": (as_of - self.opened_on).days,
            },
        )
        self._release_hold(self.env._("Dispute over: nothing of it is due any more"))
        self._drop_tasks()

    def _resume(self):
        """Open a dispute again whose payment was undone."""
        self._apply_event("reopen", {"is_running": True, "ended_on": False, "escalation": 0})
        self._hold()
        self._give_to_owner()
