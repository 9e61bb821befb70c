import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import CollectionCommon


@tagged("post_install", "-at_install")
class TestPolicy(CollectionCommon):
    """A policy is followed once a manager has confirmed it, and only while it is complete."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.personas["manager"]
        cls.cron = cls.root.ref("recouvrement_creances.ir_cron_run_collection")

    def _draft(self, levels, **values):
        return self._make_policy(levels, confirm=False, **values).with_user(self.manager)

    def test_what_is_shipped_does_not_say_in_english_that_it_was_created(self):
        for model in ("collection.policy", "collection.rate"):
            with self.subTest(model=model):
                known = self.root["ir.model.data"].search([("model", "=", model)]).mapped("res_id")
                self.assertTrue(known)
                said = [("model", "=", model), ("res_id", "in", known), ("body", "like", "created")]
                self.assertFalse(self.root["mail.message"].search(said))

    # === CONFIRMATION === #

    def test_policy_without_a_level_is_not_confirmed(self):
        policy = self._draft([], name="Empty")
        with self.assertRaisesRegex(UserError, "“Empty” has no level"):
            policy.action_confirm()

    def test_level_without_a_step_is_named(self):
        policy = self._draft([(5, "email"), (15, "email")], name="Half")
        policy.level_ids[1].step_ids.unlink()
        with self.assertRaisesRegex(UserError, "Level “Level \\+15” of “Half” does nothing"):
            policy.action_confirm()

    def test_written_step_without_a_text_is_named(self):
        for channel in ("email", "letter", "registered_letter"):
            with self.subTest(channel=channel):
                policy = self._draft([(5, channel, {"template_id": False})])
                with self.assertRaisesRegex(UserError, "Level \\+5 · .* has no text"):
                    policy.action_confirm()

    def test_text_of_the_other_channel_is_wanted_too(self):
        policy = self._draft([(5, "call", {"fallback_channel": "letter", "template_id": False})])
        with self.assertRaisesRegex(UserError, "has no text"):
            policy.action_confirm()

    def test_sms_without_a_text_is_named(self):
        with self.assertRaisesRegex(UserError, "has no SMS text"):
            self._draft([(5, "sms")]).action_confirm()

    def test_call_needs_no_text(self):
        policy = self._draft([(5, "call", {"template_id": False})])
        policy.action_confirm()
        self.assertEqual(policy.state, "confirmed")

    def test_only_a_manager_confirms_and_revises(self):
        draft = self._draft([(5, "email")])
        for persona in ("reader", "collector", "accountant", "finance_director"):
            user = self.personas[persona]
            with self.subTest(persona=persona):
                with self.assertRaises(AccessError):
                    draft.with_user(user).action_confirm()
                with self.assertRaises(AccessError):
                    self.policy.with_user(user).action_revise()

    def test_policy_is_confirmed_once(self):
        with self.assertRaisesRegex(UserError, "not possible any more"):
            self.policy.with_user(self.manager).action_confirm()

    def test_copy_waits_for_its_own_confirmation(self):
        copy = self.policy.with_user(self.manager).copy()
        self.assertEqual(copy.state, "draft")
        self.assertEqual(
            copy.level_ids.mapped("delay_days"), self.policy.level_ids.mapped("delay_days")
        )
        self.assertEqual(len(copy.level_ids.step_ids), len(self.policy.level_ids.step_ids))
        copy.action_confirm()

    # === DAILY RUN === #

    def test_daily_run_is_on_while_a_policy_is_confirmed(self):
        self.assertTrue(self.cron.active)
        second = self._make_policy([(5, "email")])
        self.policy.with_user(self.manager).action_revise()
        self.assertTrue(self.cron.active)
        second.with_user(self.manager).action_revise()
        self.assertFalse(self.cron.active)
        second.with_user(self.manager).action_confirm()
        self.assertTrue(self.cron.active)

    def test_daily_run_stops_when_the_last_confirmed_policy_is_archived(self):
        self.company.sudo().collection_policy_id = False
        policy = self.policy.with_user(self.manager)
        policy.action_archive()
        self.assertFalse(self.cron.active)
        policy.action_unarchive()
        self.assertTrue(self.cron.active)

    # === A CONFIRMED POLICY STAYS COMPLETE === #
    # People revise it first; these are changes that data files and other add-ons make.

    def test_confirmed_policy_keeps_a_step_at_each_level(self):
        policy = self.policy
        level = policy.level_ids[0]
        with self.assertRaisesRegex(UserError, "does nothing"), self.env.cr.savepoint():
            level.step_ids.unlink()
        with self.assertRaisesRegex(UserError, "does nothing"), self.env.cr.savepoint():
            level.step_ids = [Command.clear()]
        with self.assertRaisesRegex(UserError, "does nothing"), self.env.cr.savepoint():
            policy.level_ids = [Command.create({"name": "Bare", "delay_days": 99})]

    def test_confirmed_policy_keeps_its_texts(self):
        step = self.policy.level_ids[0].step_ids
        with self.assertRaisesRegex(UserError, "has no text"):
            step.template_id = False

    def test_confirmed_policy_keeps_a_level(self):
        policy = self.policy
        with self.assertRaisesRegex(UserError, "has no level"), self.env.cr.savepoint():
            policy.level_ids.action_archive()
        policy.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "has no level"), self.env.cr.savepoint():
            policy.level_ids.unlink()

    def test_draft_policy_may_be_incomplete_meanwhile(self):
        policy = self._draft([(5, "email")])
        policy.level_ids.step_ids.unlink()
        policy.level_ids.unlink()

    # === LEVELS === #

    def test_two_levels_never_start_on_the_same_day(self):
        values = {"policy_id": self.policy.id, "name": "Twin", "delay_days": 15}
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self.root["collection.level"].create(values)

    def test_delay_has_bounds(self):
        for delay in (-91, 1826):
            with self.subTest(delay=delay), self.assertRaises(ValidationError):
                self.policy.level_ids[0].delay_days = delay

    def test_levels_are_numbered_by_their_delay(self):
        policy = self._draft([(30, "call"), (-7, "email"), (5, "email")])
        numbers = {level.delay_days: level.number for level in policy.level_ids}
        self.assertEqual(numbers, {-7: 1, 5: 2, 30: 3})

    def test_numbers_follow_when_levels_come_move_and_go(self):
        policy = self._draft([(5, "email"), (15, "email"), (30, "call")])
        first, second, third = policy.level_ids
        inserted = self.root["collection.level"].create(
            {"policy_id": policy.id, "name": "Between", "delay_days": 10}
        )
        numbers = [level.number for level in (first, inserted, second, third)]
        self.assertEqual(numbers, [1, 2, 3, 4])
        inserted.active = False
        self.assertEqual([level.number for level in (first, second, third)], [1, 2, 3])
        inserted.write({"active": True, "delay_days": 60})
        numbers = [level.number for level in (first, second, third, inserted)]
        self.assertEqual(numbers, [1, 2, 3, 4])
        first.unlink()
        self.assertEqual([level.number for level in (second, third, inserted)], [1, 2, 3])

    def test_archived_level_leaves_its_delay_to_another(self):
        policy = self._draft([(5, "email"), (15, "email")])
        policy.level_ids[0].active = False
        policy.level_ids.flush_recordset()
        level = self.root["collection.level"].create(
            {"policy_id": policy.id, "name": "Again", "delay_days": 5}
        )
        self.assertEqual(level.number, 1)

    def test_item_at_an_archived_level_skips_none(self):
        invoice = self._overdue_invoice(16)
        with self._mail_server():
            self._run()
        policy = self.policy.with_user(self.manager)
        policy.action_revise()
        policy.level_ids[0].active = False
        policy.action_confirm()
        with self.on(30):
            self._decide()
        self.assertEqual(self._item(invoice).next_level_id.delay_days, 15)

    def test_item_above_an_inserted_level_keeps_its_place(self):
        invoice = self._overdue_invoice(16)
        with self._mail_server():
            self._run()
            with self.on(10):
                self._run()
        self.assertEqual(self._item(invoice).level_id.delay_days, 15)
        step = {"channel": "call", "mode": "manual"}
        policy = self.policy.with_user(self.manager)
        policy.action_revise()
        policy.level_ids = [
            Command.create(
                {"name": "New", "delay_days": 10, "step_ids": [Command.create(dict(step))]}
            ),
            Command.create(
                {"name": "Newer", "delay_days": 20, "step_ids": [Command.create(dict(step))]}
            ),
        ]
        policy.action_confirm()
        with self.on(40):
            self._decide()
        self.assertEqual(self._item(invoice).next_level_id.delay_days, 20)

    # === FORMAL NOTICE === #

    def test_formal_notice_is_never_automatic(self):
        policy = self._draft([(5, "email"), (30, "letter", {"mode": "confirm"})])
        reminder, notice = policy.level_ids
        notice.is_formal_notice = True
        with self.assertRaisesRegex(ValidationError, "never automatic"):
            reminder.is_formal_notice = True
        with self.assertRaisesRegex(ValidationError, "never automatic"):
            notice.step_ids.mode = "automatic"
        with self.assertRaisesRegex(ValidationError, "never automatic"):
            notice.step_ids = [
                Command.create({"channel": "email", "template_id": self.template.id})
            ]

    def test_task_of_a_formal_notice_may_be_automatic(self):
        policy = self._draft([(30, "letter", {"mode": "manual"})])
        policy.level_ids.is_formal_notice = True
        policy.level_ids.step_ids = [Command.create({"channel": "task", "mode": "automatic"})]
        policy.action_confirm()

    def test_other_channel_is_another_one(self):
        with self.assertRaises(ValidationError):
            self.policy.level_ids[0].step_ids.fallback_channel = "email"

    # === DEBTORS === #

    def test_unreadable_debtors_are_refused(self):
        for domain in (
            "nonsense",
            "[",
            "[('no_such_field', '=', 1)]",
            "[('user_id', '=', uid)]",
            "[('id', 'no such operator', 1)]",
            "__import__('os').getcwd()",
            "42",
        ):
            with self.subTest(domain=domain), self.assertRaises(ValidationError):
                self.policy.domain = domain

    def test_limits_are_never_negative(self):
        for name, value in (
            ("minimum_amount", -1),
            ("minimum_days_between", -1),
            ("weekly_cap", -1),
            ("monthly_cap", -1),
            ("call_attempts", 0),
        ):
            with (
                self.subTest(name=name),
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.CheckViolation),
                self.env.cr.savepoint(),
            ):
                self.policy[name] = value
                self.policy.flush_recordset()

    def test_policy_of_a_company_is_not_archived(self):
        with self.assertRaisesRegex(ValidationError, self.company.name):
            self.policy.with_user(self.manager).action_archive()

    def test_policy_of_a_company_does_not_go_to_another(self):
        with self.assertRaises(ValidationError):
            self.policy.company_id = self.root.ref("base.main_company")

    def test_archived_policy_of_partner_or_invoice_falls_through(self):
        partners = self._make_policy([(60, "email")])
        own = self._make_policy([(90, "email")])
        self.partner_a.with_company(self.company).sudo().collection_policy_id = partners
        invoice = self._overdue_invoice(16)
        invoice.sudo().collection_policy_id = own
        self._decide()
        self.assertEqual(self._item(invoice).next_level_id, own.level_ids)
        own.active = False
        self._decide()
        self.assertEqual(self._item(invoice).next_level_id, partners.level_ids)
        partners.active = False
        self._decide()
        self.assertEqual(self._item(invoice).next_level_id, self.policy.level_ids[0])

    def test_draft_policy_of_an_invoice_reminds_nobody_of_it(self):
        invoice = self._overdue_invoice(16)
        invoice.sudo().collection_policy_id = self._make_policy([(5, "email")], confirm=False)
        other = self._overdue_invoice(16)
        self._decide()
        self.assertVerdict(invoice, "no_policy")
        self.assertVerdict(other, "remind")
