from datetime import timedelta

from dateutil.relativedelta import relativedelta

from ...rules.verdicts import HOLD_VERDICTS, VERDICTS


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
        counted = item.case_id.action_ids.filtered(
            lambda action: (
                action.state in ("sent", "done")
                and action.channel != "task"
                and not action.is_incoming
            )
        )
        # What reaches a debtor on one day is one contact.
        contacts = sorted(set(counted.mapped("contact_date")), reverse=True)
        if contacts:
            days.append(contacts[0] + timedelta(days=policy.minimum_days_between))
        for cap, window in ((policy.weekly_cap, 7), (policy.monthly_cap, 30)):
            if cap and len(contacts) >= cap:
                days.append(contacts[cap - 1] + timedelta(days=window))
        return max(days)
