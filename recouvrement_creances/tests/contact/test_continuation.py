from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import TODAY, CollectionCommon


@tagged("post_install", "-at_install")
class TestContinuation(CollectionCommon):
    """What one run leaves behind, the next one takes up or takes back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.runs = cls.root["collection.run"]
        cls.executor = cls.root["collection.executor"]

    # === BUILDERS === #

    def _start(self, partner):
        """Return a run that has one confirmed message for a debtor and was interrupted."""
        self._overdue_invoice(6, partner=partner)
        self._decide()
        run = self.runs._propose_for(self._case(partner))
        run.action_ids._apply_event("confirm")
        run._apply_event("start")
        return run

    def _break(self, broken):
        """Let the sending of some runs break."""
        genuine = type(self.runs)._execute

        def execute(run):
            if run in broken:
                raise ValueError(f"run {run.id} is broken")
            return genuine(run)

        self.patch(type(self.runs), "_execute", execute)

    def _follow_two_steps(self, second_mode="confirm"):
        """Let partner_a follow a policy of its own whose first level takes two messages."""
        policy = self._make_policy(
            [(5, "email"), (15, "email")],
            domain=f"[('id', '=', {self.partner_a.id})]",
        )
        policy.level_ids[0].step_ids = [
            Command.create(
                {
                    "sequence": 20,
                    "channel": "email",
                    "template_id": self.template.id,
                    "mode": second_mode,
                }
            )
        ]
        return policy

    def _send_first_step(self):
        """Propose by hand and send the first message; return the one that still waits."""
        first, second = self.runs._propose_for(self._case()).action_ids.sorted("id")
        with self._mail_server() as sink:
            first.action_confirm()
        self.assertEqual(len(sink.messages), 1)
        self.assertEqual((first.state, second.state), ("sent", "proposed"))
        return second

    # === RUNS THAT BREAK === #

    def test_two_broken_runs_do_not_stop_the_third(self):
        debtors = [self._debtor(f"Debtor {index}") for index in range(3)]
        first, second, third = (self._start(debtor) for debtor in debtors)
        self._break(first | second)
        with (
            self._mail_server() as sink,
            self.assertLogs("odoo.addons.recouvrement_creances", "ERROR") as log,
        ):
            self.executor._cron_send()
        self.assertEqual(len(log.records), 2)
        self.assertEqual([run.state for run in (first, second, third)], ["failed"] * 2 + ["done"])
        for run in (first, second):
            self.assertIn(f"run {run.id} is broken", run.error)
        reached = [message["X-Envelope-To"] for message in sink.messages]
        self.assertIn(debtors[2].email, reached)
        self.assertEqual(len(set(reached)), len(reached))

    def test_contacts_that_break_stop_nobody(self):
        debtors = [self._debtor(f"Debtor {index}") for index in range(3)]
        first, second, third = (self._start(debtor) for debtor in debtors)
        poisoned = (first | second).action_ids
        genuine = type(self.executor)._execute_actions

        def execute(executor, actions, as_of, moment):
            if actions & poisoned:
                raise ValueError("no luck")
            return genuine(executor, actions, as_of, moment)

        self.patch(type(self.executor), "_execute_actions", execute)
        with self._mail_server(), self.assertLogs("odoo.addons.recouvrement_creances", "ERROR"):
            self.executor._cron_send()
            self.executor._cron_send()
        self.assertEqual(third.action_ids.state, "sent")
        self.assertEqual(set(poisoned.mapped("state")), {"confirmed"})

    def test_what_a_broken_run_had_to_send_leaves_with_the_next(self):
        run = self._start(self.partner_a)
        action = run.action_ids
        run._fail_with(ValueError("no luck"))
        with self._mail_server() as sink, self.on(1):
            following = self._run()
            self.assertEqual(len(sink.messages), 1)
            self.executor._cron_send()
        self.assertEqual(len(sink.messages), 1)
        self.assertEqual((action.run_id, action.state), (following, "sent"))
        self.assertEqual(self._case().action_ids, action)

    def test_what_a_finished_run_still_had_to_send_leaves_with_the_next(self):
        run = self._start(self.partner_a)
        run._apply_event("finish")
        with self._mail_server() as sink:
            following = self._run()
        self.assertEqual(len(sink.messages), 1)
        self.assertEqual(following.action_ids.state, "sent")
        self.assertFalse(run.action_ids)

    def test_what_a_run_is_sending_stays_with_it(self):
        run = self._start(self.partner_a)
        with self._mail_server() as sink:
            following = self._run()
            self.assertFalse(sink.messages)
            self.assertFalse(following.action_ids)
            self.executor._cron_send()
        self.assertEqual(len(sink.messages), 1)
        self.assertEqual(run.action_ids.state, "sent")

    def test_what_a_process_died_before_sending_leaves_on_the_next_day(self):
        self._overdue_invoice(6)
        daily = self.runs.create({"company_id": self.company.id, "origin": "daily"})
        daily._propose()
        action = daily.action_ids
        self.assertEqual((daily.state, action.state), ("proposed", "confirmed"))
        with self._mail_server() as sink, self.on(1):
            self._run()
            self.executor._cron_send()
        self.assertEqual((len(sink.messages), action.state), (1, "sent"))
        self.assertEqual(self._case().action_ids, action)

    def test_what_the_daily_run_is_about_to_send_stays_with_it(self):
        self._overdue_invoice(6)
        daily = self.runs.create({"company_id": self.company.id, "origin": "daily"})
        daily._propose()
        by_hand = self.runs._propose_for(self._case())
        self.assertFalse(by_hand.action_ids)
        with self._mail_server() as sink:
            self._run()
        self.assertEqual((len(sink.messages), daily.action_ids.state), (1, "sent"))

    def test_claim_by_hand_that_was_released_leaves_in_the_background(self):
        for partner in (self.partner_a, self.partner_b):
            self._overdue_invoice(6, partner=partner)
        self._decide()
        run = self.runs._propose_for(self._case() | self._case(self.partner_b))
        actions = run.action_ids
        actions._apply_event("confirm")
        for channel, selected in self.executor._resolve_recipients(actions).items():
            self.root[f"collection.channel.{channel}"]._prepare(selected, TODAY)
        self._leave_claimed(actions)
        with self._mail_server() as sink, self.on(1):
            self.executor._cron_send()
            self._run()
        self.assertEqual(sorted(actions.mapped("state")), ["ambiguous", "sent"])
        self.assertEqual(len(sink.messages), 1)

    def test_paid_debt_of_a_broken_run_is_not_claimed_by_the_next(self):
        invoice = self._overdue_invoice(6)
        self._decide()
        run = self.runs._propose_for(self._case())
        run.action_ids._apply_event("confirm")
        run._apply_event("start")
        run._fail_with(ValueError("no luck"))
        self._pay(invoice)
        with self._mail_server() as sink:
            following = self._run()
        self.assertFalse(sink.messages)
        self.assertEqual(following.action_ids.state, "cancelled")

    # === ROUNDS THAT PASS === #

    def test_proposal_of_an_earlier_round_goes_with_the_next_level(self):
        self._follow_two_steps()
        self._overdue_invoice(6)
        with self._mail_server() as sink:
            self._run()
            waiting = self._case().action_ids.filtered(lambda action: action.state == "proposed")
            self.assertEqual((waiting.cycle, self._case().cycle), (1, 2))
            with self.on(10):
                self._run()
                self.assertEqual(waiting.state, "cancelled")
                with self.assertRaises(UserError):
                    waiting.action_confirm()
        self.assertEqual(len(sink.messages), 2)
        self.assertEqual(self._case().cycle, 3)

    def test_proposal_of_an_earlier_round_is_not_made_twice_for_a_new_debt(self):
        policy = self._follow_two_steps()
        self._overdue_invoice(6)
        with self._mail_server():
            self._run()
            with self.on(3):
                self._overdue_invoice(6)
                self._run()
        waiting = self._case().action_ids.filtered(lambda action: action.state == "proposed")
        self.assertEqual(waiting.step_id, policy.level_ids[0].step_ids[1])
        self.assertEqual(waiting.mapped("cycle"), [2])
        self.assertEqual(len(waiting.line_ids), 2)

    def test_second_step_of_a_round_waits_while_its_level_lasts(self):
        self._follow_two_steps()
        self._overdue_invoice(6)
        self._decide()
        waiting = self._send_first_step()
        with self._mail_server() as sink, self.on(5):
            following = self._run()
            self.assertFalse(sink.messages)
            self.assertEqual((waiting.state, waiting.run_id), ("proposed", following))

    def test_automatic_step_that_waited_leaves_with_the_daily_run(self):
        self._follow_two_steps("automatic")
        self._overdue_invoice(6)
        self._decide()
        waiting = self._send_first_step()
        with self._mail_server() as sink, self.on(1):
            self._run()
        self.assertEqual((len(sink.messages), waiting.state), (1, "sent"))

    # === POLICIES THAT CHANGE IN BETWEEN === #

    def test_proposal_of_a_policy_that_is_revised_is_withdrawn(self):
        policy = self._follow_two_steps("automatic")
        self._overdue_invoice(6)
        self._decide()
        run = self.runs._propose_for(self._case())
        policy.with_user(self.personas["manager"]).action_revise()
        with self._mail_server() as sink:
            self._run()
        self.assertFalse(sink.messages)
        self.assertEqual(set(run.action_ids.mapped("state")) | {"cancelled"}, {"cancelled"})

    def test_confirmed_message_of_a_policy_that_is_revised_is_not_sent(self):
        run = self._start(self.partner_a)
        action = run.action_ids
        run._fail_with(ValueError("no luck"))
        self.policy.with_user(self.personas["manager"]).action_revise()
        with self._mail_server() as sink:
            self._run()
            with self.on(1):
                self._run()
        self.assertFalse(sink.messages)
        self.assertEqual(action.state, "cancelled")

    def _leave_policy(self, policy):
        """Let no debtor follow a policy any more: they get the company's."""
        policy.domain = "[('id', '=', 0)]"

    def test_step_of_a_policy_that_was_revised_waits_for_a_person(self):
        policy = self._follow_two_steps("automatic")
        self._overdue_invoice(6)
        self._decide()
        waiting = self._send_first_step()
        self._leave_policy(policy)
        policy.with_user(self.personas["manager"]).action_revise()
        with self._mail_server() as sink, self.on(1):
            self._run()
        self.assertFalse(sink.messages)
        self.assertEqual(self._case().policy_id, self.policy)
        self.assertEqual(waiting.state, "proposed")

    def test_step_of_a_policy_or_level_that_was_archived_waits_for_a_person(self):
        policy = self._follow_two_steps("automatic")
        self._overdue_invoice(6)
        self._decide()
        waiting = self._send_first_step()
        self._leave_policy(policy)
        for archived in (policy, policy.level_ids[0]):
            archived.active = False
            with self._mail_server() as sink, self.on(1):
                self._run()
            self.assertFalse(sink.messages)
            self.assertEqual(waiting.state, "proposed")
            archived.active = True

    def test_confirmed_message_of_a_policy_that_was_left_and_revised_is_not_sent(self):
        policy = self._follow_two_steps("automatic")
        run = self._start(self.partner_a)
        actions = run.action_ids
        run._fail_with(ValueError("no luck"))
        self._leave_policy(policy)
        policy.with_user(self.personas["manager"]).action_revise()
        with self._mail_server() as sink:
            self.executor._cron_send()
            self._run()
            self.assertFalse(sink.messages)
            with self.on(1):
                self._run()
        self.assertEqual(set(actions.mapped("state")), {"cancelled"})
        self.assertEqual(len(sink.messages), 1)
