from datetime import date

from odoo.tests import freeze_time, tagged

from .schedule_common import FIRST, SCAN, ScheduleCommon


@tagged("post_install", "-at_install")
class TestScheduleContact(ScheduleCommon):
    """A schedule reminds by itself, through the run, the guard and the evidence."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.write(
            {
                "schedule_reminder_before": 3,
                "schedule_reminder_after": 4,
                "schedule_notice_after": 10,
            }
        )
        cls.debtor.write({"street": "1 rue du Port", "zip": "44000", "city": "Nantes"})

    def setUp(self):
        super().setUp()
        self.schedule = self._signed()
        with self._mail_server() as sink:
            self.root["collection.executor"]._cron_send()
        self.copies = sink.messages

    def _run_on(self, day):
        """Do a day's work; return the contacts about instalments that the debtor has had."""
        with freeze_time(f"{day.isoformat()} 10:00:00"):
            self._run()
        self.env.invalidate_all()
        return self._contacts()

    def _contacts(self):
        actions = self.root["collection.action"].search(
            [("instalment_id", "!=", False), ("instalment_step", "!=", "copy")], order="id"
        )
        return [(action.instalment_step, action.state) for action in actions]

    def test_reminder_before_the_due_date_leaves_once(self):
        with self._mail_server() as sink:
            # Friday: four days before Tuesday 5 January.
            self.assertEqual(self._run_on(date(2027, 1, 1)), [])
            self.assertEqual(self._run_on(date(2027, 1, 4)), [("before", "sent")])
            self.assertEqual(self._run_on(date(2027, 1, 5)), [("before", "sent")])
        self.assertEqual(len(sink.messages), 1)
        action = self.root["collection.action"].search([("instalment_step", "=", "before")])
        evidence = action.evidence_ids.filtered(lambda record: record.kind == "prepared")
        self.assertIn(f"{self.schedule.name}-1", evidence.payload)
        self.assertIn("300.00", evidence.payload.replace("\N{NO-BREAK SPACE}", " "))
        self.assertFalse(action.line_ids)
        # What lists show of it is what the instalment still asks for.
        self.assertEqual(action.amount, 300)
        message = sink.to(self.debtor.email)[0]
        self.assertIn("collection@company.example", message["From"])
        text = message.get_body(("html",)).get_content()
        self.assertIn(self.schedule.name, text)
        self.assertIn("300.00", text.replace("\N{NO-BREAK SPACE}", " "))

    def test_who_signs_on_the_page_gets_the_agreement_by_mail(self):
        self.assertEqual(len(self.copies), 1)
        mail = self.copies[0]
        self.assertIn(self.debtor.email, mail["To"])
        agreement = self.schedule.sudo().signed_agreement_id
        files = [file.get_content() for file in mail.iter_attachments()]
        self.assertEqual(files, [agreement.raw])
        text = mail.get_body(("html",)).get_content().replace("\N{NO-BREAK SPACE}", " ")
        for part in ("The next instalment, of", "Statement of account"):
            self.assertIn(part, text)
        self.assertIn("300.00", text)
        self.assertIn(self.schedule.name, text)
        action = self.root["collection.action"].search([("instalment_step", "=", "copy")])
        self.assertEqual(action.state, "sent")
        prepared = action.evidence_ids.filtered(lambda record: record.kind == "prepared")
        self.assertEqual(prepared.attachment_ids, agreement)

    def test_copy_leaves_once_and_also_when_the_first_instalment_is_paid(self):
        schedule = self._signed(previous=self.schedule.with_user(self.collector), count=2)
        self._pay_schedule(schedule, 450, date(2026, 12, 1))
        with self._mail_server() as sink:
            self.root["collection.executor"]._cron_send()
            self.root["collection.executor"]._cron_send()
        self.assertEqual(len(sink.messages), 1)
        self._assertNothingAsked(schedule, sink.messages[0])

    def test_copy_of_a_schedule_that_is_over_asks_for_nothing(self):
        schedule = self._signed(previous=self.schedule.with_user(self.collector), count=2)
        schedule.with_user(self.personas["manager"]).action_cancel()
        with self._mail_server() as sink:
            self.root["collection.executor"]._cron_send()
        self._assertNothingAsked(schedule, sink.messages[0])

    def _assertNothingAsked(self, schedule, mail):
        text = mail.get_body(("html",)).get_content()
        self.assertIn(schedule.name, text)
        for part in ("The next instalment", "Statement of account", "How to pay"):
            self.assertNotIn(part, text)

    def test_who_signs_on_paper_keeps_his_own(self):
        schedule = self._proposed(previous=self.schedule.with_user(self.collector), count=2)
        schedule._sign_on_paper(date(2026, 12, 1), "Jeanne Payeur", SCAN)
        copies = self.root["collection.action"].search([("instalment_step", "=", "copy")])
        self.assertEqual(copies.schedule_id, self.schedule)

    def test_debtor_without_an_address_gets_a_letter_after_and_nothing_before(self):
        self.debtor.email = False
        with self._mail_server() as sink:
            self.assertEqual(self._run_on(date(2027, 1, 4)), [])
            self.assertEqual(self._run_on(date(2027, 1, 11)), [("after", "proposed")])
        self.assertFalse(sink.messages)
        letter = self.root["collection.action"].search([("instalment_step", "=", "after")])
        self.assertEqual((letter.channel, letter.mode), ("letter", "confirm"))
        with freeze_time("2027-01-11 10:00:00"):
            letter.with_user(self.collector).action_confirm()
        self.assertEqual(letter.state, "planned", letter.failure_reason)
        self.assertTrue(letter.attachment_id.raw.startswith(b"%PDF"))

    def test_paid_instalment_is_not_reminded_of(self):
        self._pay_schedule(self.schedule, 300, date(2027, 1, 2))
        with self._mail_server() as sink:
            self.assertEqual(self._run_on(date(2027, 1, 4)), [])
        self.assertFalse(sink.messages)

    def test_reminder_that_waits_is_withdrawn_when_the_instalment_is_paid(self):
        with self._mail_server() as sink:
            # A Saturday: what the run makes waits for Monday.
            self.assertEqual(self._run_on(date(2027, 1, 2)), [("before", "confirmed")])
            self._pay_schedule(self.schedule, 300, date(2027, 1, 3))
            with freeze_time("2027-01-04 10:00:00"):
                self.root["collection.executor"]._cron_send()
        self.env.invalidate_all()
        self.assertEqual(self._contacts(), [("before", "cancelled")])
        self.assertFalse(sink.messages)

    def test_missed_instalment_is_reminded_of_and_then_noticed_by_a_person(self):
        with self._mail_server() as sink:
            self._run_on(date(2027, 1, 4))
            self.assertEqual(self._run_on(date(2027, 1, 8)), [("before", "sent")])
            self.assertEqual(self.schedule.state, "late")
            self.assertEqual(
                self._run_on(date(2027, 1, 11)), [("before", "sent"), ("after", "sent")]
            )
            self.assertEqual(
                self._run_on(date(2027, 1, 15))[-1],
                ("notice", "proposed"),
            )
            self.assertEqual(len(self._run_on(date(2027, 1, 18))), 3)
        self.assertEqual(len(sink.messages), 2)
        notice = self.schedule._find_notices()[self.schedule]
        self.assertEqual(notice.channel, "registered_letter")
        with freeze_time("2027-01-18 10:00:00"):
            notice.with_user(self.collector).action_confirm()
        self.assertEqual(notice.state, "planned")
        self.assertTrue(notice.attachment_id.raw.startswith(b"%PDF"))

    def test_notice_is_withdrawn_when_the_debtor_catches_up(self):
        self._run_on(date(2027, 1, 8))
        self._run_on(date(2027, 1, 15))
        notice = self.schedule._find_notices()[self.schedule]
        self._pay_schedule(self.schedule, 300, date(2027, 1, 16))
        self.assertEqual((self.schedule.state, notice.state), ("running", "cancelled"))

    def test_a_run_of_the_same_day_makes_nothing_twice(self):
        with self._mail_server():
            self._run_on(date(2027, 1, 4))
        with freeze_time("2027-01-04 11:00:00"):
            run = self.root["collection.run"].search([], order="id desc", limit=1)
            self.assertFalse(self.root["collection.schedule"]._contact_due(run))

    def test_covered_items_are_not_reminded_of(self):
        with self._mail_server():
            self._run_on(FIRST)
        actions = self.root["collection.action"].search(
            [("case_id", "=", self.case.id), ("step_id", "!=", False)]
        )
        self.assertFalse(actions.filtered(lambda action: action.state != "cancelled"))
