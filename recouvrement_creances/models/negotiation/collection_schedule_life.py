from datetime import date
from decimal import Decimal

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...rules import plan
from ...rules.plan import CoveredDebt, PlanLine, judge_plan
from ...rules.settlement import CREDIT_NOTE, PAYMENT, Credit

# In effect, or waiting for the down payment: payments count for it.
LIVE = ("signed", "running", "late")
# Nothing of it is missed.
ON_TIME = ("signed", "running")
JUDGED = (*LIVE, "completed")
SHOWN = ["amount_paid", "amount_left", "next_due_date", "discounted_value"]
# What brings a schedule from the state that it has to the one that the ledger gives.
EVENTS = {
    ("signed", "running"): "begin",
    ("signed", "late"): "delay",
    ("signed", "completed"): "complete",
    ("running", "late"): "delay",
    ("running", "completed"): "complete",
    ("late", "running"): "catch_up",
    ("late", "completed"): "complete",
    ("running", "signed"): "wait",
    ("late", "signed"): "wait",
    ("completed", "signed"): "wait",
    ("completed", "running"): "reopen",
    ("completed", "late"): "reopen_late",
}


class CollectionScheduleLife(models.AbstractModel):
    """A schedule in effect: judged from the ledger alone, by ``rules/plan.py``.

    What the plan still asks for is always what the ledger shows as open of the debts it covers.
    """

    _name = "collection.schedule.life"
    _description = "Life of a schedule"
    _inherit = ["collection.agreement"]
    _hold_kind = "schedule"

    late_since = fields.Date(readonly=True, copy=False, help="When it was found to be late.")
    ended_on = fields.Date(readonly=True, copy=False)

    # === HOOKS OF THE KERNEL === #

    def _judge(self, as_of):
        """Bring instalments and states up to what the ledger says; see collection.agreement."""
        # In sudo mode to judge, whoever signs or matches payments.
        judged = self.sudo().filtered(lambda schedule: schedule.state in JUDGED)
        states = judged._read_states(as_of)
        self._write_instalments(states)
        moved = {}
        for schedule, state in states.items():
            event = EVENTS.get((schedule.state, schedule._find_target(state)))
            if event:
                moved.setdefault(event, []).append(schedule.id)
        for event, ids in moved.items():
            getattr(judged.browse(ids), f"_on_{event}")(as_of)
        judged.filtered(lambda schedule: schedule.state == "late")._accelerate_due(as_of)
        # What screens show of amounts is read from the ledger again.
        self.env["collection.instalment"].invalidate_model(["amount_paid", "amount_left"])
        self.env["collection.schedule"].invalidate_model(SHOWN)

    @api.model
    def _select_judged(self):
        """Return the pairs of schedules and items whose matching may change them."""
        return SQL(
            """
            SELECT schedule.id, cover.item_id
              FROM collection_schedule_item cover
              JOIN collection_schedule schedule ON schedule.id = cover.schedule_id
             WHERE schedule.state IN %s AND cover.item_id IS NOT NULL
            """,
            JUDGED,
        )

    @api.model
    def _find_due(self, companies, as_of):
        """Return the schedules of which a day that passed may have made something late.

        And completed ones of which something is due again without any matching: an invoice that
        was cancelled is back.
        """
        passed = Domain(
            "instalment_ids", "any", [("state", "=", "pending"), ("due_date", "<", as_of)]
        )
        late = Domain("state", "in", LIVE) & (passed | Domain("state", "=", "late"))
        is_due = Domain("item_line_ids.item_id.is_open", "=", True)
        back = Domain("state", "=", "completed") & is_due
        return self.search(Domain("company_id", "in", companies.ids) & (late | back))

    def _get_hold_values(self):
        """Hold what is covered; the schedule ends the hold, a review date keeps it in sight."""
        self.ensure_one()
        last = max(self.instalment_ids.mapped("due_date"))
        today = fields.Date.context_today(self)
        horizon = fields.Date.add(today, years=9)
        return {
            "review_date": min(max(fields.Date.add(last, months=1), today), horizon),
            "note": self.display_name,
            # Explicit: charges that are no entry yet hold nothing, and not the whole case.
            "lines": [{"item_id": item.id} for item in self._get_covered_items()],
        }

    def _get_agreed_items(self):
        """IMPLEMENTS collection.agreement: the items among what is covered."""
        return self.item_line_ids.item_id

    # === WHAT THE LEDGER SAYS === #

    def _get_lines(self):
        """Return the instalments in the order in which they are judged."""
        self.ensure_one()
        return self.instalment_ids.sorted(lambda line: (line.due_date, line.number))

    def _read_states(self, as_of):
        """Return {schedule: PlanState}, in a number of statements that does not grow with them."""
        debts = self._read_debts()
        terms = {company: self._get_settlement_terms(company) for company in self.company_id}
        return {
            schedule: judge_plan(
                [
                    PlanLine(line.due_date, schedule._to_decimal(line.amount))
                    for line in schedule._get_lines()
                ],
                debts.get(schedule.id, []),
                schedule.date_start or as_of,
                as_of,
                *terms[schedule.company_id],
            )
            for schedule in self
        }

    @api.model
    def _get_settlement_terms(self, company):
        """Return (what may be missing, working days that banks may take, their public holidays).

        Nothing may be missing: a plan of many instalments would end with an open invoice.
        """
        return (
            Decimal(0),
            company.collection_promise_bank_days,
            company._get_bank_holidays(),
        )

    def _read_debts(self):
        """Return {schedule id: CoveredDebts}, with all that each debt has received."""
        rows = self._read_covered()
        settlement = self.env["collection.settlement"]
        credits = settlement._read_credits(
            [(row["id"], [row["item_id"]], date.min) for row in rows if row["item_id"]]
        )
        by_line = self._read_charge_credits(
            [row["line_id"] for row in rows if row["charge_id"] and row["line_id"]]
        )
        debts = {}
        for row in rows:
            amount = Decimal(row["amount"])
            before = Decimal(row["total"]) - amount
            is_charge = bool(row["charge_id"])
            received = by_line.get(row["line_id"]) if is_charge else credits.get(row["id"])
            received = received or []
            if before < 0:
                # Of charges that much was waived; the invoice was corrected to less.
                received = [*received, Credit(date.min, -before, CREDIT_NOTE)]
            debts.setdefault(row["schedule_id"], []).append(
                CoveredDebt(amount, max(before, Decimal(0)), tuple(received), row["is_gone"])
            )
        return debts

    def _read_covered(self):
        """Return what the schedules cover, with its journal item as it is now."""
        self.env["collection.schedule.item"].flush_model()
        self.env["collection.item"].flush_model(["move_line_id"])
        self.env["collection.charge"].flush_model(
            ["move_id", "state", "amount_total", "amount_waived"]
        )
        self.env["account.move.line"].flush_model(["amount_currency", "parent_state"])
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT cover.id, cover.schedule_id, cover.item_id, cover.charge_id,
                       cover.amount::text, line.id AS line_id,
                       (CASE WHEN cover.charge_id IS NULL THEN COALESCE(line.amount_currency, 0)
                             ELSE charge.amount_total - COALESCE(charge.amount_waived, 0)
                              END)::text AS total,
                       CASE WHEN cover.charge_id IS NULL
                            -- In draft it is being corrected: it is owed all the same.
                            THEN line.id IS NULL OR line.parent_state = 'cancel'
                            ELSE charge.state NOT IN ('claimed', 'paid') END AS is_gone
                  FROM collection_schedule_item cover
             LEFT JOIN collection_item item ON item.id = cover.item_id
             LEFT JOIN collection_charge charge ON charge.id = cover.charge_id
             LEFT JOIN LATERAL (
                       SELECT own.id, own.amount_currency, own.parent_state
                         FROM account_move_line own
                        WHERE own.id = item.move_line_id
                        UNION ALL
                       SELECT own.id, own.amount_currency, own.parent_state
                         FROM account_move_line own
                         JOIN account_account account ON account.id = own.account_id
                        WHERE own.move_id = charge.move_id
                          AND account.account_type = 'asset_receivable') line ON TRUE
                 WHERE cover.schedule_id IN %s
              ORDER BY cover.schedule_id, cover.sequence, cover.id
                """,
                tuple(self.ids) or (0,),
            )
        )

    def _read_charge_credits(self, line_ids):
        """Return {journal item of a charge's entry: what it has received}."""
        if not line_ids:
            return {}
        settlement = self.env["collection.settlement"]
        settlement._flush_reconciliations()
        credits = {}
        for line_id, day, amount in self.env.execute_query(
            SQL(
                """
                SELECT partial.debit_move_id, line.date, partial.debit_amount_currency::text
                  FROM account_partial_reconcile partial
                  JOIN account_move_line line ON line.id = partial.credit_move_id
                  JOIN account_move move ON move.id = line.move_id
                  JOIN account_journal journal ON journal.id = line.journal_id
                 WHERE partial.debit_move_id IN %(line_ids)s AND partial.debit_amount_currency > 0
                   -- What was waived is known from the statement itself.
                   AND %(kind)s = %(payment)s
                """,
                line_ids=tuple(line_ids),
                kind=settlement._select_kind(),
                payment=PAYMENT,
            )
        ):
            credits.setdefault(line_id, []).append(Credit(day, Decimal(amount), PAYMENT))
        return credits

    @api.model
    def _write_instalments(self, states):
        """Write what changed of the instalments, in one statement."""
        rows = [
            (line.id, settled.state, settled.settled_on)
            for schedule, state in states.items()
            for line, settled in zip(schedule._get_lines(), state.settled, strict=True)
            if (line.state, line.settled_on or None) != (settled.state, settled.settled_on)
        ]
        if not rows:
            return
        ids, names, days = zip(*rows, strict=True)
        self.env["collection.instalment"].flush_model(["state", "settled_on"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE collection_instalment instalment
                   SET state = fresh.state, settled_on = fresh.settled_on
                  FROM unnest(%s::int[], %s::varchar[], %s::date[])
                       AS fresh(id, state, settled_on)
                 WHERE instalment.id = fresh.id
                """,
                list(ids),
                list(names),
                list(days),
            )
        )
        self.env["collection.instalment"].invalidate_model(["state", "settled_on"])

    def _find_target(self, state):
        """Return the state that the ledger gives a schedule."""
        self.ensure_one()
        if state.is_complete:
            return "completed"
        if state.late:
            return "late"
        return "signed" if self._waits_for_down_payment(state) else "running"

    def _waits_for_down_payment(self, state):
        """Tell whether the payment that puts the schedule into effect has not come, or is gone."""
        return self.begins_with_down_payment and any(
            line.kind == plan.DOWN_PAYMENT and amount and not settled.settled_on
            for line, amount, settled in zip(
                self._get_lines(), state.amounts, state.settled, strict=True
            )
        )

    # === EVENTS === #

    def _on_begin(self, as_of):
        self._apply_judgement("begin")

    def _on_wait(self, as_of):
        ended = self.filtered("ended_on")
        self._apply_judgement("wait", {"ended_on": False, "late_since": False})
        ended._hold_contacts(as_of)
        self._withdraw_contacts(("notice",), self.env._("The debtor has caught up."))

    def _on_delay(self, as_of):
        self._apply_judgement("delay", {"late_since": as_of})

    def _on_catch_up(self, as_of):
        self._apply_judgement("catch_up", {"late_since": False})
        self._withdraw_contacts(("notice",), self.env._("The debtor has caught up."))

    def _on_complete(self, as_of):
        self._apply_judgement("complete", {"ended_on": as_of, "late_since": False})
        self._release_hold(self.env._("The schedule is paid in full."))
        self._withdraw_contacts(
            ("before", "after", "notice"), self.env._("The schedule is paid in full.")
        )

    def _on_reopen(self, as_of):
        self._apply_judgement("reopen", {"ended_on": False})
        self._hold_contacts(as_of)

    def _on_reopen_late(self, as_of):
        self._apply_judgement("reopen_late", {"ended_on": False, "late_since": as_of})
        self._hold_contacts(as_of)

    def _accelerate_due(self, as_of):
        """The whole becomes due once a notice stayed without effect for its whole period."""
        notices = self._find_notices() if self else {}
        ripe = self.browse(
            schedule.id
            for schedule, notice in notices.items()
            if notice.state == "sent" and notice.next_level_from and notice.next_level_from <= as_of
        )
        if ripe:
            ripe._accelerate(as_of)

    def _accelerate(self, as_of):
        """End the schedules as broken: all that is open is due, the cases go on at their levels."""
        self._apply_judgement("accelerate", {"ended_on": as_of})
        note = self.env._("The notice stayed without effect: the whole is due.")
        self._release_hold(note)
        self._withdraw_contacts(("before", "after", "notice"), note)
        self._give_tasks(
            "recouvrement_creances.mail_activity_type_task",
            as_of,
            {
                schedule: self.env._("%s is broken: decide what follows", schedule.name)
                for schedule in self
            },
        )

    # === INTEREST === #

    @api.model
    def _get_suspensions(self, item_ids):
        """Return {item id: [(first day, last day or None)]} on which no interest runs.

        Interest that was waived on condition is due again, from the first day, once the
        condition fails: a broken or cancelled schedule suspends nothing. A new version goes on
        where the former one was replaced, through as many versions as there are.
        """
        spans = {}
        for item_id, start, end in self.env.execute_query(
            SQL(
                """
                  WITH RECURSIVE respected AS (
                       SELECT id, previous_id
                         FROM collection_schedule
                        WHERE state IN %(judged)s
                        UNION
                       SELECT former.id, former.previous_id
                         FROM respected
                         JOIN collection_schedule former ON former.id = respected.previous_id
                        WHERE former.state = 'cancelled')
                SELECT cover.item_id, schedule.date_start, schedule.ended_on
                  FROM collection_schedule_item cover
                  JOIN collection_schedule schedule ON schedule.id = cover.schedule_id
                  JOIN respected ON respected.id = schedule.id
                 WHERE cover.item_id IN %(item_ids)s
                   AND schedule.interest_clause = 'waived'
                   AND schedule.date_start IS NOT NULL
              ORDER BY schedule.date_start
                """,
                judged=JUDGED,
                item_ids=tuple(item_ids) or (0,),
            )
        ):
            if not end or end >= start:
                spans.setdefault(item_id, []).append((start, end))
        return spans
