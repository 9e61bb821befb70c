from datetime import date
from decimal import Decimal

from odoo.fields import Command
from odoo.tests import freeze_time

from ...rules.words import amount_in_words
from ..ledger.common import NOW, ChargeCommon

# A Tuesday; the first instalments of the examples.
FIRST = date(2027, 1, 5)
SCAN = b"%PDF-1.4 a signed paper"


def make_schedule_records(case, item, day):
    """Return {model: a record} of the least that a schedule is, as the superuser makes it."""
    schedule = case.env["collection.schedule"].create(
        {
            "name": case.name,
            "case_id": case.id,
            "currency_id": case.currency_id.id,
            "item_line_ids": [Command.create({"item_id": item.id, "amount": 100})],
            "instalment_ids": [Command.create({"number": 1, "due_date": day, "amount": 100})],
        }
    )
    return {
        "collection.schedule": schedule,
        "collection.schedule.item": schedule.item_line_ids,
        "collection.instalment": schedule.instalment_ids,
    }


class ScheduleCommon(ChargeCommon):
    """A debtor who owes 600 and 300, and a policy that allows 12 months and instalments of 50."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.write(
            {
                "schedule_longest_months": 12,
                "schedule_manager_months": 18,
                "schedule_least_instalment": 50,
            }
        )
        cls.old = cls._invoice(600, date(2026, 9, 30))
        cls.young = cls._invoice(300, date(2026, 10, 31))
        cls.root["collection.decision"]._decide(cls.company, NOW)
        cls.case = cls.root["collection.case"].search([("partner_id", "=", cls.debtor.id)])
        cls.items = cls.case.open_item_ids
        cls.bank = cls.company_data["default_journal_bank"]

    def _schedules(self, persona="collector"):
        return self.env["collection.schedule"].with_user(self.personas[persona])

    def _draft(self, persona="collector", case=None, items=None, **terms):
        """Return the draft of three instalments, unless told otherwise."""
        user = self.personas[persona]
        if not {"count", "amount", "end", "lines"} & terms.keys():
            terms["count"] = 3
        return self._schedules(persona)._propose(
            (case or self.case).with_user(user),
            (self.items if items is None else items).with_user(user),
            first_date=terms.pop("first_date", FIRST),
            **terms,
        )

    def _proposed(self, **terms):
        schedule = self._draft(**terms)
        schedule.action_submit()
        self.assertEqual(schedule.state, "proposed")
        return schedule

    def _words(self, schedule):
        return amount_in_words(Decimal(str(schedule.amount_total)), "EUR")

    def _signed(self, **terms):
        """Return a schedule in effect, signed by the debtor on his own page."""
        schedule = self._proposed(**terms)
        schedule.sudo()._sign("", self._words(schedule), "Jeanne Payeur", "192.0.2.1", "Browser")
        return schedule

    def _pay_schedule(self, schedule, amount, day):
        """Register a payment as the accountant does, on its day."""
        with freeze_time(day.isoformat() + " 09:00:00"):
            return schedule.with_user(self.accountant)._register_payment(self.bank, amount, day)

    def _judge_on(self, schedule, day):
        """Do what the daily run does first, on a day."""
        with freeze_time(day.isoformat() + " 09:00:00"):
            self.root["collection.settlement"]._judge_due(self.company, day)
        schedule.invalidate_recordset()
        return schedule.state

    def _left(self, schedule, day):
        """Return what is still to pay of each instalment, as a day shows it."""
        schedule.invalidate_recordset()
        schedule.instalment_ids.invalidate_recordset()
        with freeze_time(day.isoformat() + " 09:00:00"):
            return schedule._get_lines().mapped("amount_left")

    def _cancel_payment(self, payment, day):
        """Take a payment back, as the accountant does when the bank returns it."""
        with freeze_time(day.isoformat() + " 09:00:00"):
            payment.with_user(self.accountant).action_cancel()
        self.env.invalidate_all()

    def _instalment_states(self, schedule):
        schedule.invalidate_recordset()
        return schedule._get_lines().mapped("state")
