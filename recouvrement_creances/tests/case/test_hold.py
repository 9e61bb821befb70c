from datetime import timedelta

import psycopg2

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import TODAY, CollectionCommon


@tagged("post_install", "-at_install")
class TestHold(CollectionCommon):
    """What stops contacts has a reason, an end or a review, and stays readable afterwards."""

    def setUp(self):
        super().setUp()
        self.invoice = self._overdue_invoice(6, amount=1000)
        self.other = self._overdue_invoice(7, amount=200)
        self._decide()
        self.case = self._case()
        self.item = self._item(self.invoice)

    def _dispute(self, amount=0, **values):
        return self._hold(
            self.case,
            "dispute",
            review_date=TODAY + timedelta(days=10),
            line_ids=[Command.create({"item_id": self.item.id, "amount": amount})],
            **values,
        )

    def _assert_refused_by_database(self, **values):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.CheckViolation),
            self.env.cr.savepoint(),
        ):
            self._hold(self.case, **values)

    def test_dispute_stays_while_its_invoice_is_corrected(self):
        hold = self._dispute()
        self.invoice.button_draft()
        self.root["collection.hold"]._expire(self.company, TODAY)
        self.assertEqual(hold.state, "open")
        self.invoice.action_post()
        self._decide()
        self.assertVerdict(self.invoice, "disputed")

    # === DATES === #

    def test_hold_without_an_end_or_a_review_is_refused(self):
        self._assert_refused_by_database(date_end=False)

    def test_hold_does_not_end_before_it_starts(self):
        self._assert_refused_by_database(date_end=TODAY - timedelta(days=1))

    def test_hold_with_a_review_runs_until_it_is_released(self):
        hold = self._hold(self.case, review_date=TODAY + timedelta(days=2))
        # A Monday: the release lets the reminder leave at once.
        with self.on(42), self._mail_server() as sink:
            self._run()
            self.assertFalse(sink.messages)
            self.assertEqual(hold.state, "open")
            self.assertVerdict(self.invoice, "held", next_date=False)
            hold.with_user(self.collector).action_release()
            self._run()
            self.assertEqual(len(sink.messages), 1)

    def test_hold_that_starts_later_stops_nothing_today(self):
        self._hold(
            self.case,
            date_start=TODAY + timedelta(days=3),
            date_end=TODAY + timedelta(days=9),
        )
        self.assertVerdict(self.invoice, "remind")
        self.assertFalse(self.case.hold_count)
        with self.on(3):
            self._decide()
            self.case.invalidate_recordset()
            self.assertVerdict(self.invoice, "held")
            self.assertEqual(self.case.hold_count, 1)

    def test_longest_of_two_holds_counts(self):
        self._hold(self.case, date_end=TODAY + timedelta(days=2))
        self._hold(self.case, date_end=TODAY + timedelta(days=5))
        self.assertVerdict(self.invoice, "held", next_date=TODAY + timedelta(days=6))

    # === WHAT IS HELD === #

    def test_screens_tell_the_truth_as_soon_as_a_hold_changes(self):
        hold = self._hold(self.case)
        self.assertVerdict(self.invoice, "held")
        hold.date_start = TODAY + timedelta(days=1)
        self.assertVerdict(self.invoice, "remind")

    def test_screens_tell_the_truth_as_soon_as_a_held_item_changes(self):
        hold = self._dispute()
        self.assertVerdict(self.invoice, "disputed")
        hold.line_ids.amount = 300
        self.assertVerdict(self.invoice, "remind")
        line = self.root["collection.hold.line"].create(
            {"hold_id": hold.id, "item_id": self._item(self.other).id}
        )
        self.assertVerdict(self.other, "disputed")
        line.unlink()
        self.assertVerdict(self.other, "remind")

    def test_last_item_does_not_leave_a_hold(self):
        hold = self._dispute()
        with self.assertRaisesRegex(UserError, "release it instead"), self.env.cr.savepoint():
            hold.line_ids.unlink()
        with self.assertRaisesRegex(UserError, "release it instead"), self.env.cr.savepoint():
            hold.line_ids = [Command.clear()]

    def test_hold_of_a_deleted_invoice_does_not_spread_over_the_case(self):
        self._dispute()
        self.invoice.button_draft()
        self.invoice.with_context(force_delete=True).unlink()
        self._decide()
        self.assertVerdict(self.other, "remind")

    def test_two_disputes_of_one_item_add_up(self):
        self._dispute(600)
        self.assertVerdict(self.invoice, "remind")
        self._dispute(400)
        self.assertVerdict(self.invoice, "disputed")

    def test_message_claims_what_is_not_disputed(self):
        self._dispute(300)
        self.env.flush_all()
        # Entered before the run, not while its messages leave.
        self.env.cr.execute("UPDATE collection_hold SET write_date = write_date - interval '1 h'")
        with self._mail_server() as sink:
            self._run()
        html = sink.messages[0].get_body(("html",)).get_content()
        self.assertIn("900.00", html)
        self.assertNotIn("1,200.00", html)

    def test_payment_below_the_disputed_part_leaves_nothing_to_remind_of(self):
        self._dispute(300)
        self._pay(self.invoice, 700)
        self._decide()
        self.assertVerdict(self.invoice, "disputed")

    def test_amount_held_follows_the_items(self):
        self.assertEqual(self._hold(self.case).amount_held, 1200)
        self.assertEqual(self._dispute(300).amount_held, 300)
        self.assertEqual(self._dispute().amount_held, 1000)

    def test_item_of_another_case_is_refused(self):
        stranger = self._overdue_invoice(6, partner=self.partner_b)
        self._decide()
        with self.assertRaisesRegex(ValidationError, "another case"):
            self._hold(
                self.case,
                date_end=TODAY,
                line_ids=[Command.create({"item_id": self._item(stranger).id})],
            )

    def test_only_a_dispute_holds_a_part(self):
        with self.assertRaisesRegex(ValidationError, "Only a dispute"):
            self._hold(
                self.case,
                date_end=TODAY,
                line_ids=[Command.create({"item_id": self.item.id, "amount": 10})],
            )

    def test_insolvency_holds_the_whole_case(self):
        with self.assertRaisesRegex(ValidationError, "whole case"):
            self._hold(
                self.case,
                "insolvency",
                review_date=TODAY,
                line_ids=[Command.create({"item_id": self.item.id})],
            )

    def test_negative_amount_is_refused(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.CheckViolation),
            self.env.cr.savepoint(),
        ):
            self._dispute(-5)

    # === END === #

    def test_release_keeps_who_when_and_why(self):
        hold = self._hold(self.case)
        with self.on(2):
            hold.with_user(self.collector).with_context(
                collection_release_note="Paid by cheque"
            ).action_release()
        self.assertEqual(hold.state, "released")
        self.assertEqual(hold.released_on, TODAY + timedelta(days=2))
        self.assertEqual(hold.released_by_id, self.collector)
        self.assertEqual(hold.release_note, "Paid by cheque")

    def test_timeline_says_a_kind_once(self):
        self.root["collection.reason"].search([("usage", "=", "hold")], limit=1).name = "Dispute"
        self._dispute()
        body = self.case.message_ids[0].body
        self.assertEqual(body.count("Dispute"), 1, body)

    def test_released_hold_is_not_released_again(self):
        hold = self._hold(self.case)
        hold.action_release()
        with self.assertRaisesRegex(UserError, "not possible any more"):
            hold.action_release()

    def test_run_notes_holds_that_ran_out(self):
        hold = self._hold(self.case, date_end=TODAY + timedelta(days=2))
        with self._mail_server():
            with self.on(2):
                self._run()
                self.assertEqual(hold.state, "open")
            before = self.case.priority
            with self.on(3):
                self._run()
        self.assertEqual(hold.state, "expired")
        self.assertIn("hold_expired", self.case.priority_detail)
        self.assertGreater(self.case.priority, before)

    def test_hold_to_be_reviewed_rises_in_the_worklist(self):
        self._hold(self.case, review_date=TODAY + timedelta(days=2))
        with self.on(1):
            self._run()
        self.assertNotIn("hold_expired", self.case.priority_detail or "")
        with self.on(2):
            self._run()
        self.assertIn("hold_expired", self.case.priority_detail)

    def test_ended_hold_is_history(self):
        released, expired = self._dispute(), self._hold(self.case)
        released.action_release()
        expired._apply_event("expire")
        for hold in (released, expired):
            for values in (
                {"note": "Rewritten"},
                {"date_end": TODAY + timedelta(days=90)},
                {"kind": "promise"},
                {"released_by_id": self.collector.id},
            ):
                with self.subTest(values=values), self.assertRaisesRegex(UserError, "is history"):
                    hold.write(values)
        line = released.line_ids
        with self.assertRaisesRegex(UserError, "is history"):
            line.amount = 5
        with self.assertRaisesRegex(UserError, "is history"):
            line.unlink()
        with self.assertRaisesRegex(UserError, "is history"):
            line.create({"hold_id": released.id, "item_id": self._item(self.other).id})

    def test_holds_are_never_deleted_nor_moved(self):
        hold = self._hold(self.case)
        with self.assertRaisesRegex(UserError, "release them instead"):
            hold.unlink()
        self._overdue_invoice(6, partner=self.partner_b)
        self._decide()
        with self.assertRaisesRegex(UserError, "stays with its case"):
            hold.case_id = self._case(self.partner_b)
