from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, freeze_time, tagged

from ..common import TODAY, CollectionCommon


@tagged("post_install", "-at_install")
class TestOperator(CollectionCommon):
    """Whoever looks after the daily run sees how far it is and can stop it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtors = [cls._debtor(f"Late {number}") for number in range(4)]
        for number, debtor in enumerate(cls.debtors):
            cls._overdue_invoice(6, amount=100 * (number + 1), partner=debtor)

    def _proposal(self, **values):
        run = self.root["collection.run"].create({"company_id": self.company.id, **values})
        run.action_propose()
        return run

    # === STOP === #

    def test_stopped_run_sends_nothing_until_somebody_goes_on(self):
        run = self._proposal(origin="daily")
        run._apply_event("start")
        run.action_stop()
        with self._mail_server() as sink:
            self.root["collection.executor"]._cron_send()
            self.root["collection.run"]._cron_run_daily()
            self.assertFalse(sink.messages)
            self.assertEqual((run.state, run.remaining_count), ("stopped", 4))
            run.action_send()
            self.assertEqual(len(sink.messages), 4)
        self.assertEqual((run.state, run.progress), ("done", 100))

    def test_stop_is_seen_between_two_chunks(self):
        run = self._proposal(origin="daily")
        run._apply_event("start")
        executor = self.root["collection.executor"]
        self.assertFalse(executor._is_stopped(run))
        self.env.cr.execute("UPDATE collection_run SET state = 'stopped' WHERE id = %s", [run.id])
        self.assertTrue(executor._is_stopped(run))

    def test_cancelled_run_gives_everything_up(self):
        run = self._proposal(origin="daily")
        run._apply_event("start")
        run.action_stop()
        run.action_cancel()
        self.assertEqual(set(run.action_ids.mapped("state")), {"cancelled"})
        with self._mail_server() as sink, self.on(1):
            self._run()
        self.assertEqual(len(sink.messages), 4)

    def test_run_that_is_over_says_so(self):
        run = self._proposal()
        with self._mail_server():
            run.action_send()
        with self.assertRaisesRegex(UserError, "over"):
            run.action_send()

    # === LIMIT === #

    def test_limit_takes_the_most_urgent_first_and_the_next_run_the_others(self):
        self.company.collection_run_limit = 3
        with self._mail_server() as sink:
            run = self._run()
            self.assertEqual(len(sink.messages), 3)
            late = run.action_ids.filtered(lambda action: action.state == "proposed")
            self.assertIn("limit", late.failure_reason)
            urgent = (run.action_ids - late).case_id
            self.assertGreaterEqual(min(urgent.mapped("priority")), late.case_id.priority)
            self.root["collection.executor"]._cron_send()
            self.assertEqual(len(sink.messages), 3)
            with self.on(1):
                self._run()
            self.assertEqual(len(sink.messages), 4)

    def test_going_on_keeps_to_the_limit(self):
        self.company.collection_run_limit = 1
        run = self._proposal(origin="daily")
        run._start()
        with self._mail_server() as sink:
            run.action_send()
        self.assertEqual(len(sink.messages), 1)
        self.assertEqual(run.proposed_count, 3)

    def test_error_after_somebody_stopped_a_run_leaves_it_stopped(self):
        run = self._proposal(origin="daily")
        run._apply_event("start")
        run.action_stop()
        run._fail_with(ValueError("late"))
        self.assertEqual(run.state, "stopped")
        self.root["collection.run"]._note_failure(self.company, ValueError("late"))
        runs = self.root["collection.run"].search([("company_id", "=", self.company.id)])
        self.assertEqual(runs, run)

    def test_what_a_person_stopped_is_not_stuck(self):
        self.root.ref("recouvrement_creances.ir_cron_run_collection").active = True
        run = self._proposal(origin="daily")
        run._apply_event("start")
        run.action_stop()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE collection_action SET write_date = write_date - interval '1 day' "
            "WHERE run_id = %s",
            [run.id],
        )
        self.assertEqual(self._problems(), [])

    def test_day_begins_again_after_a_conflict(self):
        executor = type(self.root["collection.executor"])
        begun = []

        def twice(_executor, work):
            begun.extend((work(), work()))
            return begun[-1]

        # The sending repeats itself by the same means, in chunks.
        first = patch.object(executor, "_repeat_on_conflict", twice)
        with first, patch.object(executor, "_execute_run", return_value=0):
            self.root["collection.run"]._run_company(self.company)
        self.assertEqual(begun[0], begun[1], "the second attempt goes on with the same run")

    # === RIGHTS === #

    def test_results_of_a_run_are_not_written_by_hand(self):
        run = self._proposal().with_user(self.personas["manager"])
        values = (
            {"date": TODAY},
            {"case_count": 7},
            {"error": "None"},
            {"case_ids": [(5,)]},
            {"company_id": self.company.id},
        )
        for changes in values:
            with self.subTest(values=changes), self.assertRaises(AccessError):
                run.write(changes)

    def test_new_run_of_a_person_is_of_today_and_by_hand(self):
        runs = self.root["collection.run"].with_user(self.personas["manager"])
        run = runs.create(
            {
                "company_id": self.company.id,
                "origin": "daily",
                "date": TODAY - timedelta(days=400),
                "case_count": 7,
            }
        )
        self.assertEqual((run.origin, run.date, run.case_count), ("manual", TODAY, 0))

    # === HEALTH === #

    def _problems(self):
        return self.root["collection.health"]._get_health(self.company)["problems"]

    def test_a_company_whose_daily_run_never_came_is_late(self):
        self.root.ref("recouvrement_creances.ir_cron_run_collection").active = True
        self.root["collection.run"].search([("company_id", "=", self.company.id)]).unlink()
        self._make_older(self.company, TODAY - timedelta(days=900))
        self._confirm_on(f"{TODAY} 12:00:00")
        with self.on(1):
            self.assertEqual(self._problems(), [])
        with self.on(2):
            self.assertEqual(self._problems(), ["run_late"])
            self.assertIn(
                "the daily run is late", self.root["collection.health"]._get_line(self.company)
            )

    def _make_older(self, company, day):
        """Let a company have been made on another day."""
        self.env.cr.execute(
            "UPDATE res_company SET create_date = %s WHERE id = %s", [day, company.id]
        )
        company.invalidate_recordset(["create_date"])

    def _confirm_on(self, moment):
        """Let every confirmed policy have been confirmed at a moment."""
        policies = self.root["collection.policy"].search([("state", "=", "confirmed")])
        self.assertTrue(policies)
        policies.confirmed_on = moment

    def test_company_that_was_made_today_is_not_late(self):
        self._confirm_on(TODAY - timedelta(days=900))
        self._make_older(self.company, fields.Datetime.now())
        health = self.root["collection.health"]
        self.assertEqual(health._get_beginning(self.company), TODAY)

    def test_beginning_is_a_day_where_the_company_is(self):
        self._make_older(self.company, TODAY - timedelta(days=900))
        self.company.sudo().partner_id.tz = "Europe/Paris"
        # 23:30 in London is the next day in Paris.
        self._confirm_on(f"{TODAY} 23:30:00")
        beginning = self.root["collection.health"]._get_beginning(self.company)
        self.assertEqual(beginning, TODAY + timedelta(days=1))

    def test_day_of_a_company_is_one_whoever_asks(self):
        self.company.sudo().write({"country_id": self.root.ref("base.fr").id})
        self.company.sudo().partner_id.tz = False
        traveller = self.collector
        traveller.sudo().tz = "America/New_York"
        # Past midnight in Paris, still the evening before in New York.
        with freeze_time(f"{TODAY} 01:00:00"):
            for user in (traveller, self.env.ref("base.user_root")):
                with self.subTest(user=user.login):
                    self.assertEqual(self.company.with_user(user)._collection_today(), TODAY)

    def test_putting_policies_in_order_makes_no_run_less_late(self):
        self._make_older(self.company, TODAY - timedelta(days=900))
        self._confirm_on(f"{TODAY - timedelta(days=10)} 12:00:00")
        with self.on(0):
            self.root["collection.policy"].search([]).sequence = 7
            self.env.flush_all()
        beginning = self.root["collection.health"]._get_beginning(self.company)
        self.assertEqual(beginning, TODAY - timedelta(days=10))

    def test_confirmation_keeps_its_moment(self):
        self.assertEqual(self.policy.confirmed_on, fields.Datetime.now())
        self.assertFalse(self.policy.copy().confirmed_on)

    def test_health_names_what_is_wrong(self):
        self.root.ref("recouvrement_creances.ir_cron_run_collection").active = True
        with self._mail_server():
            run = self._run()
        self.assertEqual(self._problems(), [])
        with self.on(3):
            self.assertEqual(self._problems(), ["run_late"])
        run._with_door().state = "failed"
        run.action_ids[0]._with_door().state = "confirmed"
        self.root.ref("recouvrement_creances.ir_cron_run_collection").active = False
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE collection_action SET write_date = %s WHERE id = %s",
            [fields.Datetime.now() - timedelta(hours=2), run.action_ids[0].id],
        )
        self.assertEqual(self._problems(), ["daily_run_off", "run_failed", "stuck_queue"])
        line = self.root["collection.health"]._get_line(self.company)
        for words in ("last run failed", "switched off", "waiting for too long"):
            self.assertIn(words, line)

    def test_health_does_not_repeat_an_error_that_names_a_debtor(self):
        run = self._proposal(origin="daily")
        run._fail_with(ValueError("Late 0 has no address"))
        health = self.root["collection.health"]._get_health(self.company)
        self.assertIs(health["runs"][0]["error"], True)
        self.assertNotIn("Late 0", str(health))

    def test_claim_that_breaks_does_not_stop_other_contacts(self):
        run = self._proposal(origin="daily")
        run._apply_event("start")
        run.action_ids[0]._with_door().state = "sending"
        claims = type(self.root["collection.claim"])
        broken = patch.object(claims, "_settle_lost_claims", side_effect=ValueError("broken"))
        logged = self.assertLogs("odoo.addons.recouvrement_creances", "ERROR")
        with broken, logged, self._mail_server() as sink:
            self.root["collection.executor"]._cron_send()
        self.assertEqual(len(sink.messages), 3)
        self.assertEqual(run.state, "running")

    def test_only_managers_see_and_renew_the_token(self):
        settings = self.root["res.config.settings"]
        manager = self.personas["manager"]
        manager.sudo().group_ids += self.root.ref("base.group_system")
        settings.with_user(manager).create({}).action_renew_collection_token()
        token = self.root["collection.health"]._get_token()
        self.assertEqual(settings.with_user(manager).new({}).collection_health_token, token)
        with self.assertRaises(AccessError):
            settings.with_user(self.collector).new({}).action_renew_collection_token()


@tagged("post_install", "-at_install")
class TestHealthRoute(HttpCase):
    """The route for monitoring answers nobody without the token."""

    def _get(self, token=None, **options):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.url_open("/recouvrement_creances/health", headers=headers, **options)

    def test_route_wants_the_token(self):
        self.assertEqual(self._get().status_code, 403)
        self.assertEqual(self._get("").status_code, 403)
        self.env["collection.health"]._renew_token()
        self.assertEqual(self._get("wrong").status_code, 403)
        self.assertEqual(self._get("é").status_code, 403)

    def test_route_tells_the_state_of_every_company_in_json(self):
        self.env["collection.health"]._renew_token()
        answer = self._get(self.env["collection.health"]._get_token())
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.json()["status"], "ok")
        self.assertEqual(answer.json()["queue"]["waiting"], 0)
