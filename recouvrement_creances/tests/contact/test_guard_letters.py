from datetime import datetime, timedelta

from odoo.fields import Command
from odoo.tests import tagged

from ..common import TODAY
from .test_guard_ways import GuardWaysCommon

ADDRESS = {"street": "1 rue Haute", "city": "Lyon", "zip": "69001"}


@tagged("post_install", "-at_install")
class TestGuardLetters(GuardWaysCommon):
    """Letters disturb nobody: how they are counted, and what does not stop them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner_a.write(ADDRESS)
        cls.guard = cls.root["collection.guard"]

    def _send(self, channel, cycle, **vals):
        """Note a contact of another round of the debtor that took place today."""
        action = self.root["collection.action"]._with_door()
        action = action.create(
            {
                "company_id": self.company.id,
                "case_id": self._case().id,
                "channel": channel,
                "mode": "manual",
                "state": "sent" if channel != "call" else "done",
                "cycle": cycle,
                "contact_date": TODAY,
                **vals,
            }
        )
        kind = {"email": "sent", "call": "outcome"}.get(channel, "posted")
        self.root["collection.evidence"]._note(action, kind, {})
        return action

    def _count(self, channel="email", days=2):
        """Return how many contacts count against another one of no round."""
        request = self.guard._request(self.root["collection.action"], self._case(), channel)
        moment = datetime.combine(TODAY, datetime.min.time()) + timedelta(days=days, hours=10)
        facts = self.root["collection.contact.facts"]._describe([request], moment)
        return len(facts[request].history)

    # === WHAT COUNTS === #

    def test_letters_of_one_day_are_one_contact(self):
        self._overdue_invoice(6)
        self._decide()
        self._send("letter", 8)
        self.assertEqual(self._count(), 1)
        self._send("registered_letter", 9)
        self.assertEqual(self._count(), 1)
        # They go into the same post, a call does not.
        self.assertEqual(self._count("letter", days=0), 0)
        self.assertEqual(self._count("call", days=0), 1)
        self._send("call", 10)
        self.assertEqual(self._count(), 2)

    def test_letters_of_a_day_and_the_email_of_one_of_them_are_one_contact(self):
        steps = self._make_policy([(5, "email"), (9, "letter")]).level_ids.step_ids
        self._overdue_invoice(6)
        self._decide()
        self._send("letter", 8)
        self._send("letter", 9, step_id=steps[0].id)
        self._send("email", 9, step_id=steps[1].id)
        self.assertEqual(self._count(), 1)

    def test_two_steps_of_a_level_take_one_place_among_the_caps(self):
        policy = self._make_policy(
            [(5, "email"), (9, "email")], confirm=False, minimum_days_between=0, weekly_cap=2
        )
        policy.level_ids.sorted("number")[0].step_ids = [
            Command.create({"channel": "letter", "template_id": self.template.id})
        ]
        policy.with_user(self.manager).action_confirm()
        self.company.sudo().collection_policy_id = policy
        invoice = self._overdue_invoice(6)
        with self._mail_server():
            self._run()
        letter = self._case().action_ids.filtered(lambda action: action.channel == "letter")
        self.root["collection.channel.letter"]._post(letter, TODAY)
        self._decide()
        self.assertEqual(self._item(invoice).next_date, TODAY + timedelta(days=4))

    # === WHAT STOPS THEM === #

    def _confirm_after_a_call(self, **level):
        """Let a collector confirm a letter to a debtor who was called an hour ago; return it."""
        policy = self._make_policy(
            [(5, "registered_letter", {"mode": "confirm"})], confirm=False, minimum_days_between=0
        )
        policy.level_ids.write(level)
        policy.with_user(self.manager).action_confirm()
        self.company.sudo().collection_policy_id = policy
        self._overdue_invoice(6)
        self._decide()
        self._send("call", 8)
        self._run()
        letter = self._case().action_ids.filtered(lambda action: action.channel != "call")
        letter.with_user(self.collector).action_confirm()
        return letter

    def test_letter_waits_for_the_caps(self):
        letter = self._confirm_after_a_call()
        self.assertEqual(letter.state, "confirmed")
        self.assertIn("a day at most", letter.wait_reason)

    def test_formal_notice_does_not_wait_for_the_caps(self):
        letter = self._confirm_after_a_call(is_formal_notice=True)
        self.assertEqual(letter.state, "planned")
        self.assertFalse(letter.not_before)

    def test_formal_notice_counts_for_what_follows(self):
        letter = self._confirm_after_a_call(is_formal_notice=True)
        self.root["collection.channel.letter"]._post(letter, TODAY)
        self.assertEqual(self._count(), 2)

    def test_letter_is_posted_whatever_took_place_since_it_was_drawn_up(self):
        self._follow((5, "letter"))
        self._overdue_invoice(6)
        self._run()
        letter = self._case().action_ids
        self.assertEqual(letter.state, "planned")
        self._send("call", 8)
        self.root["collection.channel.letter"]._post(letter, TODAY)
        self.assertEqual(letter.state, "sent")
