from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import TODAY, CollectionCommon


def day(number):
    """Return the day so many days after TODAY."""
    return TODAY + timedelta(days=number)


@tagged("post_install", "-at_install")
class TestOddInput(CollectionCommon):
    """Dialogs refuse what cannot be, in words; addresses and texts bear what people type."""

    def setUp(self):
        super().setUp()
        self.invoice = self._overdue_invoice(6)
        self._decide()
        self.case = self._case()

    def _action(self, channel, state="planned", **values):
        return (
            self.root["collection.action"]
            .sudo()
            ._with_door()
            .create(
                {
                    "company_id": self.company.id,
                    "case_id": self.case.id,
                    "channel": channel,
                    "state": state,
                    "date_planned": TODAY,
                    **values,
                }
            )
        )

    def _dialog(self, model, user=None, **values):
        return self.root[model].with_user(user or self.collector).create(values)

    def _log(self, outcome, **values):
        if "action_id" not in values:
            values["case_id"] = self.case.id
        self._dialog("collection.contact.outcome", outcome=outcome, **values).action_apply()

    def _reason(self, name):
        return self.root.ref(f"recouvrement_creances.collection_reason_{name}").id

    # === REGISTERED LETTERS === #

    def _prove(self, letter, event, days):
        self._dialog(
            "collection.letter.proof", action_id=letter.id, event=event, date=day(days)
        ).action_apply()

    def test_post_reports_nothing_of_tomorrow(self):
        letter = self._action("registered_letter", "sent", contact_date=TODAY)
        for event in ("presented", "acknowledged", "returned"):
            with self.subTest(event=event), self.assertRaisesRegex(UserError, "in the future"):
                self._prove(letter, event, 1)
        self.assertFalse(letter.evidence_ids)

    def test_letter_is_presented_before_it_is_received(self):
        letter = self._action("registered_letter", "sent", contact_date=TODAY)
        with self.on(9):
            self._prove(letter, "presented", 4)
            with self.assertRaisesRegex(UserError, "neither received nor returned before"):
                self._prove(letter, "acknowledged", 3)
            self._prove(letter, "acknowledged", 6)
            with self.assertRaisesRegex(UserError, "not first presented after"):
                self._prove(letter, "presented", 7)
            self._prove(letter, "presented", 5)
        self.assertEqual((letter.presented_on, letter.acknowledged_on), (day(5), day(6)))

    def test_letter_that_is_sent_anew_starts_anew(self):
        self.partner_a.write({"street": "1 rue Neuve", "zip": "75001", "city": "Paris"})
        former = self.root["ir.attachment"].create({"name": "scan", "raw": b"scan"})
        letter = self._action(
            "registered_letter",
            "failed",
            contact_date=TODAY,
            presented_on=day(2),
            acknowledged_on=day(3),
            acknowledgement_id=former.id,
            attachment_id=former.id,
            tracking_number="1A 234",
            outcome="wrong_number",
            step_id=self._letter_step().id,
        )
        with self.on(5):
            letter.with_user(self.collector).action_retry()
        self.assertNotEqual(letter.state, "failed")
        self.assertNotEqual(letter.attachment_id, former)
        for name in (
            "contact_date",
            "presented_on",
            "acknowledged_on",
            "acknowledgement_id",
            "tracking_number",
            "outcome",
        ):
            self.assertFalse(letter[name], name)

    def _letter_step(self):
        policy = self._make_policy([(5, "registered_letter", {"mode": "confirm"})])
        return policy.level_ids.step_ids

    # === TAKE-OVER === #

    def test_take_over_counts_from_no_day_to_come(self):
        manager = self.personas["manager"]
        for values, words in (
            ({"counted_from": day(1)}, "in the future"),
            ({"as_of": day(1)}, "as they are today"),
        ):
            with self.subTest(values=values), self.assertRaisesRegex(ValidationError, words):
                self._dialog("collection.takeover", manager, **values)
            dialog = self._dialog("collection.takeover", manager)
            with self.subTest(write=values), self.assertRaisesRegex(ValidationError, words):
                dialog.write(values)

    # === OUTCOMES === #

    def test_no_more_is_promised_than_is_open(self):
        with self.assertRaisesRegex(UserError, r"1,000\.00 is open"):
            self._log("promised", amount=1000.01, next_date=day(7))
        for amount in (0, -5):
            with self.subTest(amount=amount), self.assertRaisesRegex(UserError, "Give the amount"):
                self._log("promised", amount=amount, next_date=day(7))
        self._log("promised", amount=1000, next_date=day(7))

    def test_nothing_is_planned_in_years(self):
        self.policy.promise_longest_days = 0
        for outcome in ("promised", "call_back", "reached", "no_answer"):
            with self.subTest(outcome=outcome), self.assertRaisesRegex(UserError, "a year ahead"):
                self._log(outcome, next_date="9999-12-31")
        self._log("promised", next_date=day(365))

    def test_reasons_are_of_the_use_that_the_dialog_asks_for(self):
        for values in (
            {"nonpayment_reason_id": self._reason("override_risk")},
            {"override_reason_id": self._reason("nonpayment_other")},
        ):
            with self.subTest(values=values), self.assertRaisesRegex(UserError, "something else"):
                self._log("reached", **values)
        with self.assertRaisesRegex(UserError, "something else"):
            self._dialog(
                "collection.action.untick",
                action_ids=[Command.set(self._action("email", "proposed").ids)],
                reason_id=self._reason("override_risk"),
            ).action_apply()

    # === TEXTS === #

    def test_wrong_number_without_a_number(self):
        visit = self._action("visit")
        self._log("wrong_number", action_id=visit.id)
        self.assertEqual(visit.failure_reason, "Wrong number or address.")

    def test_next_step_outside_the_ladder_names_no_level(self):
        self._log("call_back", next_date=day(3))
        self.assertEqual(self.case.next_step, "Phone call to do on 03/19/2026")
        self.case.action_ids.filtered(lambda action: action.state == "planned").action_cancel()
        self._action("email", "failed", failure_reason="Mailbox full")
        self.case.invalidate_recordset()
        self.assertEqual(self.case.next_step, "E-mail failed: Mailbox full")

    # === ADDRESSES === #

    def test_several_addresses_in_one_field(self):
        for typed in (
            "a@x.example, b@x.example",
            "A <a@x.example>; b@x.example",
            "nobody, a@x.example\nb@x.example",
        ):
            self.partner_a.email = typed
            with self.subTest(typed=typed):
                found = self.partner_a._find_collection_contact("email")
                self.assertEqual(found, (self.partner_a, "a@x.example", ""))

    def test_second_address_is_used_once_the_first_came_back(self):
        self.partner_a.email = "a@x.example, b@x.example"
        with self._mail_server() as sink:
            self._run()
            self.assertEqual(sink.messages[0]["X-Envelope-To"], "a@x.example")
        action = self.case.action_ids
        self.root["collection.action"]._note_bounce(self.case, "a@x.example")
        self.assertEqual(action.state, "failed")
        self.assertEqual(
            self.partner_a._find_collection_contact("email")[1],
            "b@x.example",
        )
        self.partner_a.email = "a@x.example"
        self.assertIn("refused", self.partner_a._find_collection_contact("email")[2])

    def test_line_feeds_leave_the_number(self):
        self.partner_a.phone = " +33 4\n00 00 00 01 "
        self.assertEqual(self.partner_a._find_collection_contact("phone")[1], "+33 4 00 00 00 01")
