import math
import random
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from ...rules.verdicts import HOLD_VERDICTS, VERDICTS
from ..common import TODAY, CollectionCommon

SEED = 20260316
DEBTORS = 60
DAYS = (0, 3, 6, 7, 17, 40)


def runs(hold, as_of):
    """Tell whether a hold is running on a day."""
    return (
        hold.state == "open"
        and hold.date_start <= as_of
        and (not hold.date_end or hold.date_end >= as_of)
    )


class NaiveReading:
    """The rules of the decision, read record by record, as one would explain them to a person."""

    def __init__(self, env, as_of):
        self.env = env
        self.as_of = as_of
        self.running = [hold for hold in env["collection.hold"].search([]) if runs(hold, as_of)]

    def decide(self, cases):
        """Return {item: verdict}."""
        verdicts = {}
        for case in cases:
            items = case.item_ids.filtered("is_open").sorted(lambda item: (self.due(item), item.id))
            alone = {item: self.alone(item) for item in items}
            left = self.allocate(case, items)
            for item in items:
                if not alone[item] and left[item] is None:
                    alone[item] = "covered"
            claimable = sum(
                left[item] * item.amount_residual / item.amount_residual_currency
                for item in items
                if not alone[item] and item.amount_residual_currency
            )
            for item in items:
                verdicts[item] = alone[item] or self.together(item, claimable)
        return verdicts

    # === ONE ITEM === #

    def due(self, item):
        return item.move_line_id.date_maturity or item.move_line_id.date

    def policy(self, item):
        own = item.move_line_id.move_id.collection_policy_id
        return own if own.active else item.case_id.policy_id.filtered("active")

    def is_paid(self, item):
        line = item.move_line_id
        return (
            line.reconciled
            or line.parent_state != "posted"
            or (line.amount_residual <= 0 and line.amount_residual_currency <= 0)
        )

    def is_excluded(self, item):
        line = item.move_line_id
        return line.no_followup or line.move_id.payment_state == "blocked"

    def is_time_barred(self, item):
        """Tell whether a consumer's item is past its two years, and nothing confirmed keeps it.

        The only events of this ledger are acknowledgements, which begin two years anew.
        """
        if item.case_id.partner_id.collection_debtor_kind != "consumer":
            return False
        start = item.move_id.collection_claim_start or self.due(item)
        last_day = start + relativedelta(years=2)
        for event in item.env["collection.limitation.event"].search(
            [("item_ids", "in", item.ids), ("record_kind", "=", "event")], order="date"
        ):
            if event.follow_up_ids.filtered(lambda said: said.record_kind == "confirmation"):
                last_day = max(last_day, event.date + relativedelta(years=2))
        return last_day < self.as_of

    def holds(self, item):
        """Return {kind: amount held, None for all of the item}, of the holds that run."""
        found = {}
        for hold in self.running:
            if hold.case_id != item.case_id:
                continue
            if not hold.line_ids:
                found[hold.kind] = None
            for line in hold.line_ids.filtered(lambda line: line.item_id == item):
                if not line.amount or found.get(hold.kind, 0) is None:
                    found[hold.kind] = None
                else:
                    found[hold.kind] = found.get(hold.kind, 0) + line.amount
        return found

    def disputed(self, item):
        """Return the disputed part of an item."""
        amount = self.holds(item).get("dispute", 0)
        return item.amount_residual_currency if amount is None else amount

    def next_level(self, item):
        """Return the level above the one reached; preventive ones count before the due date."""
        is_due = self.due(item) < self.as_of
        reached = item.level_id.number
        levels = self.policy(item).level_ids.sorted("number")
        return levels.filtered(
            lambda level: level.number > reached and (level.delay_days >= 0 or not is_due)
        )[:1]

    def alone(self, item):
        """Return the verdict that bears on the item alone, credits apart; None without one."""
        if self.is_paid(item):
            return "paid"
        if self.is_excluded(item):
            return "not_collectible"
        holds = self.holds(item)
        found = {HOLD_VERDICTS[kind] for kind, amount in holds.items() if kind != "dispute"}
        if "dispute" in holds and self.disputed(item) >= item.amount_residual_currency:
            found.add("disputed")
        if self.is_time_barred(item):
            found.add("time_barred")
        for verdict in VERDICTS:
            if verdict in found:
                return verdict
        policy = self.policy(item)
        if not policy.level_ids or policy.state != "confirmed":
            return "no_policy"
        if self.due(item) >= self.as_of:
            level = self.next_level(item)
            preventive_day = (
                level and level.delay_days < 0 and self.due(item) + timedelta(days=level.delay_days)
            )
            if not preventive_day or preventive_day > self.as_of:
                return "not_due"
        return None

    # === THE WHOLE CASE === #

    def allocate(self, case, items):
        """Give the unallocated credits to the oldest items; return what is left of each claim.

        None for an item that is covered wholly.
        """
        credits = self.env["account.move.line"].search(
            [
                ("partner_id.commercial_partner_id", "=", case.partner_id.id),
                ("company_id", "=", case.company_id.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("account_id.non_trade", "=", False),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("balance", "<", 0),
                ("amount_residual_currency", "<", 0),
            ]
        )
        purse = {}
        for line in credits:
            purse[line.currency_id] = purse.get(line.currency_id, 0) - line.amount_residual_currency
        left = {}
        for item in items:
            open_amount = max(item.amount_residual_currency - self.disputed(item), 0)
            if self.is_paid(item) or self.is_excluded(item):
                open_amount = 0
            had = item.currency_id in purse
            given = min(purse.get(item.currency_id, 0), open_amount)
            if had:
                purse[item.currency_id] = item.currency_id.round(purse[item.currency_id] - given)
            rest = item.currency_id.round(open_amount - given)
            left[item] = None if had and not rest else rest
        return left

    def together(self, item, claimable):
        """Return the verdict of an item that could be claimed, seen with its case."""
        policy = self.policy(item)
        if claimable < policy.minimum_amount:
            return "below_minimum"
        if self.notice_runs(item):
            return "notice_running"
        level = self.next_level(item)
        if not level:
            return "ladder_done"
        return "too_soon" if self.earliest(item, policy, level) > self.as_of else "remind"

    def notice_runs(self, item):
        """Tell whether a formal notice that the item got gives its debtor time still."""
        consumer = item.partner_id.collection_debtor_kind == "consumer"
        for line in self.env["collection.action.item"].search([("item_id", "=", item.id)]):
            letter = line.action_id
            if letter.state != "sent" or not letter.level_id.is_formal_notice:
                continue
            if line.level_id == letter.level_id:
                if not letter.presented_on:
                    return True
                last = letter.presented_on + timedelta(days=15 if consumer else 8)
                while last.weekday() in (5, 6):
                    last += timedelta(days=1)
                if self.as_of <= last:
                    return True
        return False

    def earliest(self, item, policy, level):
        """Return the first day on which the item's next level may be sent."""
        days = [self.due(item) + timedelta(days=level.delay_days)]
        if item.level_id and item.level_id.delay_days >= 0:
            wait = level.delay_days - item.level_id.delay_days
            days.append(item.last_contact_date + timedelta(days=wait))
        contacts = sorted(
            item.case_id.action_ids.filtered(
                lambda action: action.state in ("sent", "done") and action.channel != "task"
            ).mapped("contact_date"),
            reverse=True,
        )
        if contacts:
            days.append(contacts[0] + timedelta(days=policy.minimum_days_between))
        for cap, window in ((policy.weekly_cap, 7), (policy.monthly_cap, 30)):
            if cap and len(contacts) >= cap:
                days.append(contacts[cap - 1] + timedelta(days=window))
        return max(days)


@tagged("post_install", "-at_install")
class TestDecisionNaive(CollectionCommon):
    """The one query decides as a plain reading of the rules does, over a random ledger."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dice = random.Random(SEED)
        cls.policies = cls._make_policies()
        cls.company.collection_policy_id = cls.policies[0]
        debtors = [
            cls._debtor(f"Random {number}", is_company=cls.dice.random() < 0.7)
            for number in range(DEBTORS)
        ]
        for debtor in debtors:
            if cls.dice.random() < 0.5:
                debtor.with_company(cls.company).collection_policy_id = cls.dice.choice(
                    cls.policies
                )
        cls._make_ledger(debtors)
        cls._make_old_claims(debtors)
        cls.env.flush_all()

    # === A RANDOM LEDGER === #

    @classmethod
    def _make_policies(cls):
        ladders = (
            ([(-5, "email"), (4, "email"), (12, "call"), (25, "email")], {"weekly_cap": 2}),
            ([(3, "email"), (20, "email")], {"minimum_amount": 350, "monthly_cap": 1}),
            ([(0, "email"), (40, "email")], {"minimum_days_between": 0}),
            ([(2, "email")], {}),
            (
                [(2, "email"), (5, "registered_letter", {"mode": "confirm"}), (9, "email")],
                {"minimum_days_between": 0},
            ),
            ([(1, "registered_letter", {"mode": "confirm"})], {}),
        )
        policies = [cls._make_policy(levels, **values) for levels, values in ladders]
        for policy in policies:
            policy.level_ids.filtered(
                lambda level: level.step_ids.channel == "registered_letter"
            ).is_formal_notice = True
        draft = cls._make_policy([(5, "email")], confirm=False)
        archived = cls._make_policy([(1, "email")])
        archived.active = False
        return [*policies, draft, archived]

    @classmethod
    def _make_ledger(cls, debtors):
        """Post invoices, some of them part paid or excluded, and credit notes, in one go."""
        dice = cls.dice
        vals_list = []
        for debtor in debtors:
            for _index in range(dice.randint(1, 5)):
                due = TODAY - timedelta(days=dice.randint(-30, 60))
                amount = dice.choice((20, 75.5, 100, 333.33, 1000))
                vals_list.append(cls._move_vals("out_invoice", debtor, due, amount))
            if dice.random() < 0.35:
                amount = dice.choice((20, 175.5, 400))
                vals_list.append(cls._move_vals("out_refund", debtor, TODAY, amount))
        moves = cls.root["account.move"].with_company(cls.company).create(vals_list)
        moves.action_post()
        # Else core's own queries on each payment are planned for the tables of before.
        cls.env.flush_all()
        for table in ("account_move", "account_move_line", "account_partial_reconcile"):
            cls.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
        for move in moves.filtered(lambda move: move.move_type == "out_invoice"):
            chance = dice.random()
            if chance < 0.1:
                move.collection_policy_id = dice.choice(cls.policies)
            elif chance < 0.2:
                amount = round(move.amount_residual * dice.random(), 2) or 1
                cls._register_payment(move, amount=amount, currency_id=move.currency_id.id)
            elif chance < 0.25:
                move.no_followup = True

    @classmethod
    def _make_old_claims(cls, debtors):
        """Make some debtors consumers, and let some of their claims end about these days."""
        dice = random.Random(SEED + 1)
        for debtor in debtors:
            if dice.random() < 0.5:
                debtor.collection_debtor_kind = "consumer"
        moves = cls.root["account.move"].search(
            [("partner_id", "in", [debtor.id for debtor in debtors])], order="id"
        )
        for move in moves.filtered(lambda move: move.move_type == "out_invoice"):
            if dice.random() < 0.3:
                days = dice.randint(700, 760)
                move.collection_claim_start = TODAY - timedelta(days=days)

    def _make_acknowledgements(self):
        """Let debtors acknowledge some of the old claims in time; confirm half of them."""
        dice = random.Random(SEED + 2)
        items = self.root["collection.item"].search(
            [("company_id", "=", self.company.id), ("is_open", "=", True)], order="id"
        )
        old = items.filtered("move_id.collection_claim_start")
        for item in old.filtered(lambda item: dice.random() < 0.4):
            event = self.root["collection.limitation.event"]._note(
                item.case_id,
                item,
                "acknowledgement",
                item.move_id.collection_claim_start + timedelta(days=dice.randint(1, 100)),
                by_debtor=True,
                attachment_ids=self.root["ir.attachment"].create({"name": "scan", "raw": b"x"}),
            )
            if dice.random() < 0.5:
                event.action_confirm()

    @classmethod
    def _move_vals(cls, move_type, debtor, due, amount):
        return {
            "move_type": move_type,
            "partner_id": debtor.id,
            "invoice_date": min(due, TODAY) - timedelta(days=30),
            "invoice_date_due": due,
            "invoice_payment_term_id": False,
            "currency_id": cls.dice.choice((cls.company.currency_id, cls.other_currency)).id,
            "invoice_line_ids": [
                Command.create({"name": "Work", "price_unit": amount, "tax_ids": False})
            ],
        }

    def _make_holds(self):
        reason = self.root.ref("recouvrement_creances.collection_reason_hold_other")
        values_list = []
        for case in self.root["collection.case"].search([("company_id", "=", self.company.id)]):
            for _index in range(self.dice.choice((0, 0, 1, 1, 2))):
                values_list.append(self._random_hold(case, reason))
        holds = self.root["collection.hold"].create(values_list)
        for hold in holds:
            if self.dice.random() < 0.1:
                hold.action_release()

    def _random_hold(self, case, reason):
        dice = self.dice
        kind = dice.choice(list(HOLD_VERDICTS))
        start = TODAY + timedelta(days=dice.randint(-3, 8))
        # Often the last day of a hold is one on which the two are compared.
        end = TODAY + timedelta(days=dice.choice(DAYS) - dice.choice((0, 0, 1)))
        values = {
            "case_id": case.id,
            "kind": kind,
            "reason_id": reason.id,
            "date_start": start,
            "date_end": dice.choice((False, max(start, end), max(start, end))),
            "review_date": start + timedelta(days=30),
        }
        items = case.open_item_ids
        if kind != "insolvency" and dice.random() < 0.6:
            chosen = dice.sample(list(items), dice.randint(1, len(items)))
            values["line_ids"] = [
                Command.create(
                    {
                        "item_id": item.id,
                        "amount": min(
                            dice.choice((0, 20, 50, math.inf)), item.amount_residual_currency
                        )
                        if kind == "dispute"
                        else 0,
                    }
                )
                for item in chosen
            ]
        return values

    def _handle_notices(self, moment):
        """Post the letters that are proposed; the post presents some of the earlier ones."""
        letters = self.root["collection.action"].search([("channel", "=", "registered_letter")])
        proposed = letters.filtered(lambda letter: letter.state == "proposed")
        proposed._apply_event("confirm")
        proposed._apply_event("plan")
        for letter in letters.filtered(lambda letter: letter.state == "sent"):
            if not letter.presented_on and self.dice.random() < 0.6:
                days = self.dice.randint(0, (moment - letter.contact_date).days)
                self.root["collection.channel.registered_letter"]._note_proof(
                    letter, "presented", letter.contact_date + timedelta(days=days)
                )
        for letter in proposed:
            letter._deliver(moment)

    # === COMPARISON === #

    def _compare(self, as_of: date):
        cases = self.root["collection.case"].search([("company_id", "=", self.company.id)])
        naive = NaiveReading(self.root, as_of).decide(cases)
        different = [
            f"{item.display_name} of {item.case_id.name}: {item.verdict}, naively {verdict}"
            for item, verdict in naive.items()
            if item.verdict != verdict
        ]
        self.assertFalse(different, "\n".join(different))
        return {item.verdict for item in naive}

    def test_the_query_decides_as_a_plain_reading_does(self):
        self._decide()
        self._make_holds()
        self._make_acknowledgements()
        seen = set()
        with self._mail_server():
            for day in DAYS:
                moment = TODAY + timedelta(days=day)
                with self.subTest(day=day), freeze_time(moment.isoformat() + " 09:00:00"):
                    self._decide()
                    seen |= self._compare(moment)
                    self._run()
                    self._handle_notices(moment)
                    self._decide()
                    seen |= self._compare(moment)
        self.assertEqual(seen, set(VERDICTS) - {"paid"})
