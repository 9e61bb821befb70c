from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import TODAY
from .common import LitigationCommon

HEARING = datetime(2026, 3, 16, 15, 0)
FIVE_YEARS = TODAY.replace(year=TODAY.year + 5)


@tagged("post_install", "-at_install")
class TestProceedingDoubt(LitigationCommon):
    """A claim that is dismissed interrupts limitation until the dismissal is definitive (2243)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The company of the tests has its seat abroad, where deadlines are longer.
        cls.company.partner_id.sudo().write(
            {"country_id": cls.root.ref("base.fr").id, "zip": "75001"}
        )

    def _dismissed(self, invoice=None, procedure="summons"):
        """Return a proceeding whose claim, confirmed to interrupt limitation, was dismissed."""
        proceeding = self._sue(invoice, procedure=procedure)
        self._take(proceeding, "serve", procedure=procedure)
        claim = proceeding.event_ids.limitation_event_id
        claim.with_user(self.manager).action_confirm()
        self.assertDates(proceeding, FIVE_YEARS, FIVE_YEARS)
        self._take(proceeding, "file", procedure=procedure)
        self._take(proceeding, "reject", procedure=procedure)
        return proceeding

    def assertDates(self, proceeding, confirmed, possible):
        item = proceeding.item_ids
        item.invalidate_recordset()
        self.assertEqual(
            (item.limitation_confirmed_date, item.limitation_possible_date), (confirmed, possible)
        )

    def _legal(self, proceeding):
        return proceeding.item_ids.limitation_date

    def _claim_states(self, proceeding):
        claims = proceeding.event_ids.limitation_event_id
        claims.invalidate_recordset()
        return claims.mapped("state"), any(claims.mapped("is_doubtful"))

    def _warn(self, day):
        self.root["collection.deadline"]._warn(self.company, day)
        self.root["collection.deadline"]._end_doubts(self.company, day)

    def _notified(self, **values):
        """Return one whose dismissal was notified five days later: an appeal is due by 21 April."""
        proceeding = self._dismissed(**values)
        with self.on(5) as day:
            self._take(proceeding, "notify", day, procedure="summons")
        return proceeding

    def test_while_an_appeal_is_possible_nobody_counts_on_the_interruption(self):
        proceeding = self._dismissed()
        legal = self._legal(proceeding)
        self.assertDates(proceeding, legal, FIVE_YEARS)
        self.assertEqual(self._claim_states(proceeding), (["confirmed"], True))
        self.assertIn("2243", str(proceeding.message_ids.mapped("body")))
        self.assertIn("2243", proceeding.activity_ids.note)
        self.assertIn("definitive", proceeding.item_ids.limitation_explanation)

    def test_past_the_earlier_date_it_is_uncertain(self):
        invoice = self._overdue_invoice(365 * 5 - 20, 5000, partner=self.debtor)
        proceeding = self._dismissed(invoice)
        with self.on(25):
            item = proceeding.item_ids
            item.invalidate_recordset()
            self.assertEqual(item.limitation_state, "uncertain")

    def test_the_alarm_stands_on_the_date_without_it(self):
        # Part of it was acknowledged; that alone is what one may count on.
        invoice = self._overdue_invoice(365 * 5 + 200, 5000, partner=self.debtor)
        proceeding = self._sue(invoice, procedure="summons")
        item = proceeding.item_ids
        note = self.root["collection.limitation.event"]._note(
            item.case_id,
            item,
            "acknowledgement",
            TODAY - timedelta(days=365 * 4 + 200),
            by_debtor=True,
            attachment_ids=self._paper(user=self.root.user),
        )
        note.action_confirm()
        self._take(proceeding, "serve", procedure="summons")
        proceeding.event_ids.limitation_event_id.with_user(self.manager).action_confirm()
        alarms = self.root["collection.limitation.alarm"]
        alarms._raise_alarms(self.company, TODAY)
        self.assertFalse(alarms.search([("item_id", "=", item.id)]))
        for key in ("file", "reject"):
            self._take(proceeding, key, procedure="summons")
        alarms._raise_alarms(self.company, TODAY)
        found = alarms.search([("item_id", "=", item.id)])
        self.assertEqual(set(found.mapped("date")), {item.limitation_confirmed_date})
        self.assertLess(item.limitation_confirmed_date, FIVE_YEARS)

    def test_once_nobody_has_appealed_in_time_it_has_interrupted_nothing(self):
        proceeding = self._notified()
        legal = self._legal(proceeding)
        with self.on(36) as day:
            self._warn(day)
            self.assertDates(proceeding, legal, FIVE_YEARS)
        with self.on(37) as day:
            self._warn(day)
            self.assertEqual(self._claim_states(proceeding), (["void"], False))
            self.assertDates(proceeding, legal, legal)

    def test_an_appeal_in_time_that_is_recorded_late_keeps_it(self):
        proceeding = self._notified()
        legal = self._legal(proceeding)
        with self.on(37) as day:
            self._warn(day)
            in_time = TODAY + timedelta(days=36)
            appeal = self._take(proceeding, "appeal", in_time, procedure="summons")
            self.assertDates(proceeding, legal, FIVE_YEARS)
            proceeding.with_user(self.manager)._undo_step(appeal, "Another case")
            self.assertDates(proceeding, legal, legal)

    def test_an_appeal_out_of_time_keeps_nothing(self):
        proceeding = self._notified()
        legal = self._legal(proceeding)
        with self.on(37) as day:
            self._warn(day)
            with self.assertRaisesRegex(UserError, "Our time to appeal ended on"):
                self._take(proceeding, "appeal", day, procedure="summons")
            self._take(proceeding, "appeal", day, procedure="summons", reason="Force majeure")
            self.assertDates(proceeding, legal, legal)
            self.assertIn("out of time", str(proceeding.message_ids.mapped("body")))
            own = proceeding.deadline_ids.filtered(
                lambda one: one.rule_code == "judgement.own_appeal"
            )
            self.assertNotIn("done", own.mapped("state"))

    def test_where_nobody_has_notified_it_an_appeal_is_never_late(self):
        proceeding = self._dismissed()
        with self.on(60) as day:
            self._warn(day)
            self._take(proceeding, "appeal", day, procedure="summons")
        own = proceeding.deadline_ids.filtered(lambda one: one.rule_code == "judgement.own_appeal")
        self.assertEqual(own.state, "done")

    def test_a_dismissal_that_nobody_has_notified_is_not_definitive(self):
        proceeding = self._dismissed()
        legal = self._legal(proceeding)
        self.assertIn("notified", str(proceeding.message_ids.mapped("body")))
        with self.on(60) as day:
            self._warn(day)
            self.assertDates(proceeding, legal, FIVE_YEARS)
            notify = self._take(proceeding, "notify", day, procedure="summons")
        with self.on(120) as day:
            self._warn(day)
            self.assertDates(proceeding, legal, legal)
            proceeding.with_user(self.manager)._undo_step(notify, "Of another case")
            self._warn(day)
            self.assertDates(proceeding, legal, FIVE_YEARS)

    def test_the_day_of_its_notification_may_be_given_with_it(self):
        proceeding = self._sue(procedure="summons")
        for key in ("serve", "file"):
            self._take(proceeding, key, procedure="summons")
        with self.on(5) as notified:
            self._take(proceeding, "reject", TODAY, procedure="summons", counts_from=notified)
        legal = self._legal(proceeding)
        with self.on(37) as day:
            self._warn(day)
            self.assertDates(proceeding, legal, legal)

    def _give_up(self, proceeding):
        own = self._open_own_appeal(proceeding)
        self.env["collection.deadline.closing"].with_user(self.accountant).create(
            {"deadline_id": own.id, "way": "drop", "reason": "We do not appeal"}
        ).action_apply()

    def _open_own_appeal(self, proceeding):
        proceeding.invalidate_recordset()
        return proceeding.deadline_ids.filtered(
            lambda one: one.rule_code == "judgement.own_appeal" and one.state == "open"
        )

    def test_who_says_that_no_appeal_is_made_waits_for_its_time_to_end(self):
        proceeding = self._notified()
        legal = self._legal(proceeding)
        with self.on(10) as day:
            self._give_up(proceeding)
            self._warn(day)
            self.assertDates(proceeding, legal, FIVE_YEARS)
        with self.on(37) as day:
            self._warn(day)
            self.assertDates(proceeding, legal, legal)

    def test_who_appeals_after_all_keeps_it(self):
        proceeding = self._notified()
        legal = self._legal(proceeding)
        with self.on(10) as day:
            self._give_up(proceeding)
            self._take(proceeding, "appeal", day, procedure="summons")
        with self.on(37) as day:
            self._warn(day)
            self.assertDates(proceeding, legal, FIVE_YEARS)

    def test_what_breaks_for_one_stops_no_other_and_no_alarm(self):
        broken, sound = self._notified(), self._notified()
        own = self._open_own_appeal(broken)
        proceedings = type(self.root["collection.proceeding"])
        end_doubt = proceedings._end_doubt

        def break_down(model, as_of):
            if model == broken:
                raise ValueError("Broken data")
            return end_doubt(model, as_of)

        with (
            self.on(37),
            patch.object(proceedings, "_end_doubt", break_down),
            self.assertLogs("odoo.addons.recouvrement_creances", "ERROR") as logs,
            self.enter_registry_test_mode(),
        ):
            self.root.ref("recouvrement_creances.ir_cron_warn_deadlines").method_direct_trigger()
        self.env.invalidate_all()
        self.assertIn("Broken data", "".join(logs.output))
        self.assertIn("Broken data", str(broken.message_ids.mapped("body")))
        self.assertEqual(own.state, "missed")
        self.assertEqual(self._claim_states(sound), (["void"], False))
        self.assertEqual(self._claim_states(broken), (["confirmed"], True))

    def test_it_ends_though_nobody_hears_of_it(self):
        proceeding = self._notified()
        self._open_own_appeal(proceeding).sudo().user_id = False
        users = type(self.root["res.users"])
        with (
            self.on(37) as day,
            patch.object(users, "_find_collection_manager", lambda model, *args: model.browse()),
            self.assertLogs("odoo.addons.recouvrement_creances", "ERROR"),
        ):
            self._warn(day)
        self.assertEqual(self._claim_states(proceeding), (["void"], False))

    def test_a_judgement_that_grants_nothing_is_recorded_as_a_dismissal(self):
        proceeding = self._sue(procedure="summons")
        for key in ("serve", "file"):
            self._take(proceeding, key, procedure="summons")
        with self.assertRaisesRegex(UserError, "Claim dismissed"), self.cr.savepoint():
            self._take(proceeding, "judge", procedure="summons", amount_granted=0)
        self._take(proceeding, "reject", procedure="summons")
        for key in ("appeal", "appeal_hear"):
            self._take(proceeding, key, procedure="summons", hearing=HEARING)
        with self.assertRaisesRegex(UserError, "dismissed on appeal"), self.cr.savepoint():
            self._take(proceeding, "appeal_judge", procedure="summons", amount_granted=0)

    def test_where_nothing_is_due_any_more_a_judgement_grants_costs_alone(self):
        invoice = self._overdue_invoice(90, 5000, partner=self.debtor)
        proceeding = self._sue(invoice, procedure="summons")
        for key in ("serve", "file"):
            self._take(proceeding, key, procedure="summons")
        self._pay(invoice, 5000)
        self._take(proceeding, "judge", procedure="summons", amount_granted=0, costs_granted=90)
        self.assertEqual(proceeding.state, "judged")

    def test_what_a_person_said_was_void_stays_void(self):
        for key, granted in (("judge", {"amount_granted": 5000}), ("close", {})):
            proceeding = self._dismissed() if key == "close" else self._sue(procedure="summons")
            with self.subTest(key=key):
                if key == "judge":
                    self._take(proceeding, "serve", procedure="summons")
                    self._take(proceeding, "file", procedure="summons")
                claim = proceeding.event_ids.limitation_event_id
                claim.with_user(self.manager)._say("void", note="The summons has lapsed")
                managed = proceeding.with_user(self.manager)
                step = self._take(managed, key, procedure="summons", reason="Over", **granted)
                self.assertEqual(self._claim_states(proceeding), (["void"], False))
                proceeding.with_user(self.manager)._undo_step(step, "Another case")
                self.assertEqual(self._claim_states(proceeding), (["void"], False))

    def test_what_a_decision_had_revived_is_void_again_without_it(self):
        proceeding = self._dismissed()
        legal = self._legal(proceeding)
        hearings = {"procedure": "summons", "hearing": HEARING}
        for key in ("appeal", "appeal_hear"):
            self._take(proceeding, key, **hearings)
        overturn = self._take(proceeding, "appeal_overturn", procedure="summons")
        refer = self._take(proceeding, "refer", procedure="summons")
        quashed = self._take(proceeding, "appeal_judge", procedure="summons", amount_granted=5000)
        self.assertDates(proceeding, legal, FIVE_YEARS)
        # Sent back, it is on appeal again: the interruption is doubtful, not void.
        for step, possible in ((quashed, FIVE_YEARS), (refer, legal)):
            proceeding.with_user(self.manager)._undo_step(step, "Another case")
            self.assertDates(proceeding, legal, possible)
        proceeding.with_user(self.manager)._undo_step(overturn, "Another case")
        self.assertDates(proceeding, legal, FIVE_YEARS)

    def test_who_goes_to_the_wrong_court_has_interrupted_it_all_the_same(self):
        proceeding = self._sue(procedure="summons")
        self._take(proceeding, "serve", procedure="summons")
        proceeding.event_ids.limitation_event_id.with_user(self.manager).action_confirm()
        self._take(proceeding, "file", procedure="summons")
        dialog = (
            self.env["collection.proceeding.step"]
            .with_user(self.accountant)
            .create(
                {
                    "proceeding_id": proceeding.id,
                    "step_id": self._step("reject", "summons").id,
                    "attachment_ids": self._paper().ids,
                    "is_formal": True,
                }
            )
        )
        self.assertTrue(dialog.asks_ground)
        dialog.action_apply()
        self.assertDates(proceeding, FIVE_YEARS, FIVE_YEARS)
        self.assertIn("2241", str(proceeding.message_ids.mapped("body")))
        # Nobody found that nothing is due.
        self.assertEqual(proceeding.hold_id.state, "released")
        self._take(
            proceeding.with_user(self.manager),
            "close",
            procedure="summons",
            reason="The credit note follows",
        )
        self.assertDates(proceeding, FIVE_YEARS, FIVE_YEARS)

    def test_what_is_granted_on_appeal_is_sure_again(self):
        proceeding = self._dismissed()
        self._take(proceeding, "appeal", procedure="summons")
        with self.on(40) as day:
            self._warn(day)
            self.assertEqual(self._claim_states(proceeding), (["confirmed"], True))
            hearing = HEARING + timedelta(days=40)
            self._take(proceeding, "appeal_hear", day, procedure="summons", hearing=hearing)
            self._take(proceeding, "appeal_judge", day, procedure="summons", amount_granted=5000)
        self.assertEqual(self._claim_states(proceeding), (["confirmed"], False))
        self.assertDates(proceeding, FIVE_YEARS, FIVE_YEARS)

    def test_what_is_dismissed_on_appeal_too_has_interrupted_nothing(self):
        proceeding = self._dismissed()
        legal = self._legal(proceeding)
        self._take(proceeding, "appeal", procedure="summons")
        self._take(proceeding, "appeal_hear", procedure="summons", hearing=HEARING)
        overturn = self._take(proceeding, "appeal_overturn", procedure="summons")
        self.assertDates(proceeding, legal, legal)
        proceeding.with_user(self.manager)._undo_step(overturn, "Another case")
        # Noted anew, it has to be confirmed anew.
        self.assertDates(proceeding, legal, FIVE_YEARS)

    def test_closing_a_dismissed_one_makes_it_definitive(self):
        proceeding = self._dismissed()
        legal = self._legal(proceeding)
        close = self._take(
            proceeding.with_user(self.manager),
            "close",
            procedure="summons",
            reason="The credit note follows",
        )
        self.assertDates(proceeding, legal, legal)
        proceeding.with_user(self.manager)._undo_step(close, "We appeal")
        self.assertDates(proceeding, legal, FIVE_YEARS)

    def test_a_dismissal_that_is_taken_back_leaves_no_doubt(self):
        proceeding = self._dismissed()
        reject = proceeding._get_last_decision()
        proceeding.with_user(self.manager)._undo_step(reject, "Another case")
        self.assertDates(proceeding, FIVE_YEARS, FIVE_YEARS)

    def test_an_interim_order_has_its_own_time(self):
        proceeding = self._dismissed(procedure="interim")
        legal = self._legal(proceeding)
        self.assertDates(proceeding, legal, FIVE_YEARS)
        with self.on(1) as day:
            self._take(proceeding, "notify", day, procedure="interim")
        with self.on(17) as day:
            self._warn(day)
            self.assertDates(proceeding, legal, legal)

    def test_a_withdrawal_has_interrupted_nothing_at_once(self):
        proceeding = self._sue(procedure="summons")
        self._take(proceeding, "serve", procedure="summons")
        self._take(proceeding, "withdraw", procedure="summons")
        legal = self._legal(proceeding)
        self.assertDates(proceeding, legal, legal)
