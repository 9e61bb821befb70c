from datetime import date, timedelta
from decimal import Decimal
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import TODAY, CollectionCommon

TRACK = "recouvrement_creances.mail_activity_type_track_letter"
FIND = "recouvrement_creances.mail_activity_type_find_debtor"


@tagged("post_install", "-at_install")
class TestFormalNotice(CollectionCommon):
    """What follows a formal notice waits for its period, which waits for its presentation."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ladder = cls._make_policy(
            [(5, "registered_letter", {"mode": "confirm"}), (6, "email")], minimum_days_between=0
        )
        cls.ladder.level_ids[0].is_formal_notice = True
        cls.debtor = cls._debtor("Silent", street="1 rue Haute", city="Lyon", zip="69001")
        cls.debtor.country_id = cls.root.ref("base.fr")
        cls.debtor.with_company(cls.company).sudo().collection_policy_id = cls.ladder
        cls.invoice = cls._overdue_invoice(10, partner=cls.debtor)

    def _post_notice(self):
        """Propose, confirm and post the formal notice today; return it."""
        self._run()
        letter = self._case(self.debtor).action_ids
        letter.with_user(self.collector).action_confirm()
        self.root["collection.letter.post"].with_user(self.collector).create(
            {"action_ids": [Command.set(letter.ids)], "posted_on": TODAY}
        ).action_apply()
        return letter

    def _prove(self, letter, event, days):
        self.root["collection.letter.proof"].with_user(self.collector).create(
            {"action_id": letter.id, "event": event, "date": TODAY + timedelta(days=days)}
        ).action_apply()

    def _verdict_on(self, days):
        with self.on(days):
            self._decide()
        return self._item(self.invoice).verdict

    # === THE PERIOD === #

    def test_ladder_waits_for_the_first_presentation(self):
        letter = self._post_notice()
        self.assertTrue(letter.is_notice)
        self.assertFalse(letter.next_level_from)
        self.assertEqual(self._verdict_on(90), "notice_running")
        self.assertFalse(self._item(self.invoice).next_date)
        self.assertIn("waits for its first presentation", self._case(self.debtor).explanation)

    def test_professional_has_eight_days_from_the_presentation(self):
        letter = self._post_notice()
        with self.on(3):
            # Presented on Wednesday 18 March: eight days end on Thursday 26.
            self._prove(letter, "presented", 2)
        self.assertEqual(letter.notice_ends_on, date(2026, 3, 26))
        self.assertEqual(letter.next_level_from, date(2026, 3, 27))
        item = self._item(self.invoice)
        self.assertEqual((item.verdict, item.next_date), ("notice_running", date(2026, 3, 27)))
        self.assertIn("period of the formal notice", self._case(self.debtor).explanation)
        self.assertEqual(self._verdict_on(10), "notice_running")
        self.assertEqual(self._verdict_on(11), "remind")

    def test_consumer_has_fifteen_days(self):
        self.debtor.collection_debtor_kind = "consumer"
        letter = self._post_notice()
        with self.on(3):
            self._prove(letter, "presented", 2)
        self.assertEqual(letter.notice_ends_on, date(2026, 4, 2))

    def test_level_may_give_other_days(self):
        self.ladder.level_ids[0].notice_days = 10
        letter = self._post_notice()
        with self.on(3):
            self._prove(letter, "presented", 2)
        self.assertEqual(letter.notice_ends_on, date(2026, 3, 28))

    def test_days_that_a_letter_gave_outlive_a_revised_level(self):
        self.ladder.level_ids[0].notice_days = 10
        letter = self._post_notice()
        self.ladder.level_ids[0].notice_days = 3
        self.debtor.collection_debtor_kind = "consumer"
        with self.on(3):
            self._prove(letter, "presented", 2)
        self.assertEqual((letter.notice_days, letter.notice_ends_on), (10, date(2026, 3, 28)))

    def test_letter_gives_the_days_of_the_day_it_was_written(self):
        self._run()
        letter = self._case(self.debtor).action_ids
        letter.with_user(self.collector).action_confirm()
        self.ladder.level_ids[0].notice_days = 3
        self.root["collection.channel.letter"]._post(letter, TODAY)
        self.assertEqual(letter.notice_days, 8)

    def _read_shipped(self, level, lang, kind="professional"):
        """Return the text of a shipped level as a debtor would read it."""
        self.root["res.lang"]._activate_lang(lang)
        self.env["ir.module.module"]._load_module_terms(["recouvrement_creances"], [lang])
        self.debtor.write({"collection_debtor_kind": kind, "lang": lang})
        self._decide()
        level = self.root.ref(f"recouvrement_creances.collection_level_{level}")
        action = (
            self.root["collection.action"]
            ._with_door()
            .create(
                {
                    "company_id": self.company.id,
                    "case_id": self._case(self.debtor).id,
                    "channel": "letter",
                    "level_id": level.id,
                    "date_planned": TODAY,
                }
            )
        )
        template = level.step_ids.template_id[:1]
        text = template._render_field("body_html", action.ids, compute_lang=True)[action.id]
        return " ".join(text.replace("<t>", "").replace("</t>", "").split())

    def test_texts_tell_the_days_that_their_level_gives(self):
        for level, kind, english, french in (
            ("business_formal_notice", "professional", "eight days", "huit jours"),
            ("business_last", "professional", "eight days", "huit jours"),
            ("consumer_firm", "consumer", "ten days", "dix jours"),
            ("consumer_last", "consumer", "fifteen days", "quinze jours"),
            ("consumer_formal_notice", "consumer", "fifteen days", "quinze jours"),
            ("public_firm", "public", "fifteen days", "quinze jours"),
            ("public_last", "public", "fifteen days", "quinze jours"),
            ("public_formal_notice", "public", "fifteen days", "quinze jours"),
        ):
            with self.subTest(level=level):
                self.assertIn(f"within {english}", self._read_shipped(level, "en_US", kind))
                self.assertIn(french, self._read_shipped(level, "fr_FR", kind))

    def test_other_days_of_a_level_stand_in_its_text(self):
        name = "recouvrement_creances.collection_level_business_formal_notice"
        self.root.ref(name).notice_days = 21
        french = self._read_shipped("business_formal_notice", "fr_FR")
        self.assertIn("dans un délai de vingt et un jours", french.replace("-", " "))
        self.assertNotIn("huit jours", french)
        self.assertIn("twenty-one days", self._read_shipped("business_formal_notice", "en_US"))

    def test_indemnity_of_a_text_is_the_law_s(self):
        self.assertIn("40 euros", self._read_shipped("business_firm", "fr_FR"))
        raised = {"indemnity.amount": Decimal("45.50"), "notice.days.professional": 8}
        charges = "odoo.addons.recouvrement_creances.models.contact.collection_action_text"
        with patch(f"{charges}.value_on", lambda key, _day: raised[key]):
            text = self._read_shipped("business_firm", "fr_FR")
        self.assertIn("45,50 euros", text)
        self.assertNotIn("40 euros", text)

    def test_period_that_ends_on_easter_goes_on_to_the_day_after(self):
        letter = self._post_notice()
        with self.on(12):
            # Friday 27 March + 8 = Saturday 4 April; Monday 6 is Easter Monday.
            self._prove(letter, "presented", 11)
        self.assertEqual(letter.notice_ends_on, date(2026, 4, 4))
        self.assertEqual(letter.next_level_from, date(2026, 4, 8))

    def test_period_knows_the_holidays_of_the_debtor_s_department(self):
        letter = self._post_notice()
        for postcode, ends_on, days, next_from in (
            # 26 December 2025 is a Friday.
            ("67000", date(2025, 12, 26), 8, date(2025, 12, 30)),
            ("69001", date(2025, 12, 26), 8, date(2025, 12, 27)),
            # 22 May 2026, a Friday: the abolition of slavery in Martinique; Whit Monday follows.
            ("97200", date(2026, 5, 22), 8, date(2026, 5, 27)),
            ("69001", date(2026, 5, 22), 8, date(2026, 5, 23)),
        ):
            with self.subTest(postcode=postcode, ends_on=ends_on):
                self.debtor.zip = postcode
                letter.sudo().presented_on = ends_on - timedelta(days=days)
                letter.sudo()._follow_notice()
                self.assertEqual(
                    (letter.notice_ends_on, letter.next_level_from), (ends_on, next_from)
                )

    def test_last_level_is_not_done_before_the_period_is_over(self):
        self.ladder.level_ids[1].active = False
        letter = self._post_notice()
        with self.on(2):
            self._prove(letter, "presented", 2)
        self.assertEqual(self._verdict_on(10), "notice_running")
        self.assertEqual(self._verdict_on(11), "ladder_done")

    def test_run_sends_the_next_level_only_when_the_period_is_over(self):
        letter = self._post_notice()
        with self.on(2):
            self._prove(letter, "presented", 2)
        case = self._case(self.debtor)
        with self._mail_server() as sink:
            with self.on(10):
                self._run()
            self.assertEqual((case.action_ids, len(sink.messages)), (letter, 0))
            with self.on(11):
                self._run()
        self.assertEqual(len(sink.messages), 1)

    def test_notice_by_another_channel_runs_from_the_day_it_left(self):
        self.ladder.level_ids[0].step_ids.channel = "email"
        self._run()
        with self._mail_server():
            self._case(self.debtor).action_ids.with_user(self.collector).action_confirm()
        # Monday 16 March + 8 = Tuesday 24.
        self.assertEqual(self._case(self.debtor).action_ids.next_level_from, date(2026, 3, 25))

    # === WHAT BECAME OF IT === #

    def test_letter_not_collected_or_refused_is_a_notice_all_the_same(self):
        for event in ("not_collected", "refused"):
            with self.subTest(event=event), self.env.cr.savepoint() as point:
                letter = self._post_notice()
                with self.on(20):
                    self._prove(letter, "presented", 2)
                    self._prove(letter, event, 18)
                self.assertEqual((letter.state, letter.letter_outcome), ("sent", event))
                self.assertEqual(letter.next_level_from, date(2026, 3, 27))
                self.assertIn(event, letter.evidence_ids.mapped("kind"))
                point.rollback()
                self.env.invalidate_all()

    def test_return_without_a_known_presentation_counts_from_the_return(self):
        letter = self._post_notice()
        with self.on(18):
            self._prove(letter, "not_collected", 18)
        self.assertEqual(letter.presented_on, TODAY + timedelta(days=18))

    def test_return_is_no_older_than_the_presentation(self):
        letter = self._post_notice()
        with self.on(18):
            self._prove(letter, "presented", 10)
            with self.assertRaisesRegex(UserError, "neither received nor returned before"):
                self._prove(letter, "not_collected", 9)

    def test_letter_that_was_received_does_not_come_back(self):
        letter = self._post_notice()
        with self.on(4):
            self._prove(letter, "acknowledged", 3)
            for event in ("not_collected", "refused", "returned"):
                with self.subTest(event=event), self.assertRaisesRegex(UserError, "was received"):
                    self._prove(letter, event, 4)
        self.assertEqual((letter.state, letter.letter_outcome), ("sent", "received"))

    def test_unknown_address_puts_the_item_back_and_looks_for_the_debtor(self):
        letter = self._post_notice()
        item = self._item(self.invoice)
        self.assertEqual(item.level_id, self.ladder.level_ids[0])
        with self.on(4):
            self._prove(letter, "returned", 4)
        self.assertEqual((letter.state, letter.letter_outcome), ("failed", "unknown_address"))
        self.assertFalse(item.level_id)
        self.assertNotEqual(item.verdict, "notice_running")
        self.assertEqual(len(self._case(self.debtor).activity_search([FIND])), 1)

    def test_letter_noted_as_returned_turns_out_to_have_arrived(self):
        for event, outcome in (("acknowledged", "received"), ("not_collected", "not_collected")):
            with self.subTest(event=event), self.env.cr.savepoint() as point:
                letter = self._post_notice()
                with self.on(4):
                    self._prove(letter, "returned", 4)
                with self.on(6):
                    self._prove(letter, event, 3)
                self.assertEqual((letter.state, letter.letter_outcome), ("sent", outcome))
                self.assertFalse(letter.failure_reason)
                # The level is reached again, and the period runs from the presentation.
                item = self._item(self.invoice)
                self.assertEqual(item.level_id, self.ladder.level_ids[0])
                self.assertEqual(item.last_contact_date, TODAY)
                self.assertEqual(item.verdict, "notice_running")
                self.assertEqual(letter.notice_ends_on, date(2026, 3, 27))
                self.assertFalse(self._case(self.debtor).activity_search([FIND]))
                kinds = letter.evidence_ids.sorted("id").mapped("kind")
                self.assertEqual(kinds[-2:], ["returned", event])
                point.rollback()
                self.env.invalidate_all()

    def _contact(self, letter, channel, state, **values):
        """Return a contact of the same case, as the flow would have left it."""
        return (
            letter.sudo()
            ._with_door()
            .copy(
                {
                    "channel": channel,
                    "state": state,
                    "step_id": False,
                    "letter_outcome": False,
                    **values,
                }
            )
        )

    def _arrive_after(self, letter):
        with self.on(4):
            self._prove(letter, "returned", 4)
        with self.on(6):
            self._prove(letter, "acknowledged", 3)

    def test_search_ends_whatever_failed_otherwise_or_before(self):
        letter = self._post_notice()
        self._contact(letter, "sms", "failed", failure_reason="No credit left")
        self._contact(letter, "call", "failed", outcome="wrong_number", cycle=letter.cycle - 1)
        self._arrive_after(letter)
        self.assertFalse(self._case(self.debtor).activity_search([FIND]))

    def test_search_goes_on_for_another_contact_without_address(self):
        for channel, values in {
            "call": {"outcome": "wrong_number"},
            "letter": {"recipient": False},
            "email": {"recipient": "gone@debtor.example"},
        }.items():
            with self.subTest(channel=channel), self.env.cr.savepoint() as point:
                letter = self._post_notice()
                self.debtor.sudo().collection_bounced_email = "Gone@debtor.example"
                self._contact(letter, channel, "failed", cycle=letter.cycle + 1, **values)
                self._arrive_after(letter)
                self.assertEqual(len(self._case(self.debtor).activity_search([FIND])), 1)
                point.rollback()
                self.env.invalidate_all()

    def test_letter_that_arrived_turns_no_later_contact_back(self):
        letter = self._post_notice()
        item = self._item(self.invoice)
        with self.on(4):
            self._prove(letter, "returned", 4)
        lower = letter.level_id.sudo().copy({"delay_days": 4, "is_formal_notice": False})
        self.env.flush_all()
        later = TODAY + timedelta(days=5)
        with self.on(5):
            reminder = self._contact(letter, "email", "sending", cycle=letter.cycle + 1)
            reminder._with_door().level_id = lower
            letter.line_ids.sudo().copy({"action_id": reminder.id, "level_id": lower.id})
            reminder._deliver(later)
        self.assertEqual((item.level_id, item.last_contact_date), (lower, later))
        with self.on(6):
            self._prove(letter, "acknowledged", 3)
        self.assertEqual(item.level_id, letter.level_id)
        self.assertEqual(item.last_contact_date, later)

    def test_presentation_alone_brings_no_returned_letter_back(self):
        letter = self._post_notice()
        with self.on(6):
            self._prove(letter, "returned", 4)
            self._prove(letter, "presented", 3)
        self.assertEqual((letter.state, letter.letter_outcome), ("failed", "unknown_address"))
        self.assertFalse(letter.notice_ends_on)

    def test_letter_that_failed_otherwise_has_no_proof(self):
        letter = self._post_notice()
        letter.sudo()._fail("The post lost it.")
        with self.assertRaisesRegex(UserError, "that was posted has a proof"):
            self._prove(letter, "acknowledged", 0)

    # === NOBODY NOTED THE PRESENTATION === #

    def _ask(self, days):
        return self.root["collection.channel.registered_letter"]._ask_for_presentation(
            self.company, TODAY + timedelta(days=days)
        )

    def test_presentation_is_asked_for_after_ten_days_and_once(self):
        letter = self._post_notice()
        case = self._case(self.debtor)
        self.assertFalse(self._ask(9))
        self.assertEqual(self._ask(10), letter)
        task = case.activity_search([TRACK])
        self.assertEqual((len(task), task.user_id), (1, case.user_id))
        self.assertFalse(self._ask(11))
        with self.on(11):
            self._prove(letter, "presented", 2)
        self.assertFalse(case.activity_search([TRACK]))

    def test_presented_letter_is_not_asked_for(self):
        letter = self._post_notice()
        with self.on(3):
            self._prove(letter, "presented", 2)
        self.assertFalse(self._ask(20))

    def test_scheduled_action_asks_for_every_company(self):
        letter = self._post_notice()
        with self.on(12):
            self.root["collection.channel.registered_letter"]._cron_ask_for_presentation()
        self.assertEqual(letter.presentation_asked_on, TODAY + timedelta(days=12))
