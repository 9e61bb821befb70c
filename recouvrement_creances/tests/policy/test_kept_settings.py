from contextlib import contextmanager

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ...models.policy.collection_policy import FOLLOWED
from ...models.policy.collection_reason import HOLD_REASONS
from ..common import CollectionCommon

MODULE = "recouvrement_creances"
# What stays free in a confirmed policy: see docs/architecture.md.
FREE = {"active", "description", "level_ids", "name", "sequence"}


@tagged("post_install", "-at_install")
class TestKeptSettings(CollectionCommon):
    """What the flow looks up, and what history points to, stays."""

    def setUp(self):
        super().setUp()
        manager = self.personas["manager"]
        self.stages = self.root["collection.stage"].with_user(manager)
        self.reasons = self.root["collection.reason"].with_user(manager)

    @contextmanager
    def _refused(self, words):
        """Check that what is done is refused in these words, and take it back."""
        with self.assertRaisesRegex(UserError, words), self.env.cr.savepoint():
            yield

    def _stage(self, kind):
        return self.root.ref(f"{MODULE}.collection_stage_{kind}").with_env(self.stages.env)

    # === STAGES === #

    def test_cases_keep_a_stage_to_open_and_to_close_into(self):
        self.root["collection.case"].search([]).stage_id = self._stage("litigation").sudo()
        for kind in ("amicable", "closed"):
            with self.subTest(kind=kind):
                with self._refused("at least one stage"):
                    self._stage(kind).with_context(active_test=False).active = False
                with self._refused("at least one stage"):
                    self._stage(kind).kind = "prelitigation"
        another = self.stages.create({"name": "First steps", "kind": "amicable"})
        self._stage("amicable").active = False
        self._overdue_invoice(6)
        self._decide()
        self.assertEqual(self._case().stage_id, another)

    def test_stage_where_cases_stand_keeps_its_meaning(self):
        self._overdue_invoice(6)
        self._decide()
        self.stages.create({"name": "First steps", "kind": "amicable"})
        stage = self._case().stage_id.with_env(self.stages.env)
        with self.assertRaisesRegex(UserError, "keeps its meaning"):
            stage.kind = "closed"
        with self.assertRaisesRegex(UserError, "archive it instead"):
            stage.unlink()

    def test_no_level_closes_a_case(self):
        with self.assertRaisesRegex(ValidationError, "closes no case"):
            self.policy.level_ids[0].stage_id = self._stage("closed")

    # === REASONS === #

    def test_reasons_of_outcomes_stay(self):
        for name in HOLD_REASONS.values():
            reason = self.root.ref(f"{MODULE}.{name}").with_env(self.reasons.env)
            with self.subTest(reason=name):
                with self.assertRaisesRegex(UserError, "outcomes of conversations"):
                    reason.unlink()
                with self.assertRaisesRegex(UserError, "outcomes of conversations"):
                    reason.usage = "override"
                reason.active = False

    def test_outcome_is_noted_with_an_archived_reason(self):
        self._overdue_invoice(6)
        self._decide()
        reason = self.root.ref(f"{MODULE}.collection_reason_hold_dispute")
        reason.active = False
        self.root["collection.contact.outcome"].with_user(self.collector).create(
            {"case_id": self._case().id, "outcome": "disputes"}
        ).action_apply()
        self.assertEqual(self._case().hold_ids.reason_id, reason)

    def test_every_use_keeps_a_reason(self):
        overrides = self.reasons.search([("usage", "=", "override")])
        with self._refused("at least one reason of each use"):
            overrides.active = False
        with self._refused("at least one reason of each use"):
            overrides.unlink()
        overrides[1:].unlink()

    def test_reason_in_use_is_archived_not_deleted(self):
        self._overdue_invoice(6)
        self._decide()
        reason = self.reasons.create({"name": "Flood", "usage": "hold"})
        self._hold(self._case(), reason_id=reason.id, date_end="2026-03-20")
        with self.assertRaisesRegex(UserError, "“Flood” is part of cases' history"):
            reason.unlink()

    # === LADDERS === #

    def test_ladder_that_was_climbed_is_archived_not_deleted(self):
        self._overdue_invoice(6)
        with self._mail_server():
            self._run()
        self.company.sudo().collection_policy_id = False
        policy = self.policy.with_user(self.personas["manager"])
        level = policy.level_ids[0]
        for record in (level.step_ids, level, policy):
            with (
                self.subTest(model=record._name),
                self.assertRaisesRegex(UserError, "part of the debtors' history"),
            ):
                record.unlink()

    def test_confirmed_ladder_is_changed_through_no_door(self):
        policy = self._make_policy([(5, "email"), (20, "letter")]).with_user(
            self.personas["manager"]
        )
        level, step = policy.level_ids[0], policy.level_ids[0].step_ids
        draft = self._make_policy([(5, "email")], confirm=False).with_env(policy.env)
        changes = (
            lambda: policy.write({"minimum_amount": 100}),
            lambda: policy.write({"domain": "[]"}),
            lambda: policy.write({"promise_next": "ladder"}),
            lambda: policy.write({"schedule_notice_after": 1}),
            lambda: policy.write({"schedule_wait_months": 9}),
            lambda: policy.write({"company_id": False}),
            lambda: policy.write({"level_ids": [Command.update(level.id, {"delay_days": 6})]}),
            lambda: policy.write({"level_ids": [Command.delete(level.id)]}),
            lambda: level.write({"delay_days": 6}),
            lambda: level.write({"is_formal_notice": True}),
            level.action_archive,
            level.unlink,
            lambda: level.copy({"delay_days": 7}),
            lambda: level.write({"policy_id": draft.id}),
            lambda: draft.level_ids.write({"policy_id": policy.id, "delay_days": 8}),
            lambda: step.write({"mode": "manual"}),
            lambda: step.write({"template_id": False}),
            lambda: step.copy(),
            lambda: draft.level_ids.step_ids.write({"level_id": level.id}),
            policy.level_ids[1].step_ids.unlink,
        )
        for number, change in enumerate(changes):
            with self.subTest(number), self._refused("press Revise to change it"):
                change()
        policy.write({"name": "Renamed", "description": "Whom it is for", "sequence": 3})
        policy.action_revise()
        level.delay_days = 6
        step.mode = "manual"
        policy.action_confirm()
        self.assertEqual((level.delay_days, step.mode), (6, "manual"))

    def test_every_setting_of_a_policy_is_kept_or_named_as_free(self):
        fields = self.registry["collection.policy"]._fields.items()
        settings = {
            name
            for name, field in fields
            if field.store and not field.readonly and field._module == MODULE
        }
        self.assertEqual(FOLLOWED | FREE, settings)
        self.assertFalse(FOLLOWED & FREE)

    def test_order_of_policies_is_free_and_tracked(self):
        policy = self.policy.with_user(self.personas["manager"])
        self.env.flush_all()
        self.cr.precommit.run()
        policy.sequence = 42
        self.env.flush_all()
        self.cr.precommit.run()
        value = policy.message_ids[0].sudo().tracking_value_ids
        self.assertEqual((value.old_value_integer, value.new_value_integer), (1, 42))

    def test_policy_of_a_company_is_not_deleted(self):
        with self.assertRaisesRegex(UserError, "is the policy of"):
            self.policy.with_user(self.personas["manager"]).unlink()

    def test_ladder_that_was_not_climbed_is_deleted(self):
        policy = self._make_policy([(5, "email")]).with_user(self.personas["manager"])
        policy.action_revise()
        policy.unlink()
        self.assertFalse(policy.exists())

    # === TEXTS === #

    def _stray(self, model="mail.template"):
        """Return a text that speaks of journal entries."""
        return self.root[model].create(
            {
                "name": "Invoice of somebody",
                "model_id": self.root["ir.model"]._get_id("account.move"),
                "subject" if model == "mail.template" else "body": "{{ object.partner_id.name }}",
            }
        )

    def test_step_refuses_a_text_for_something_else(self):
        step = self.policy.level_ids[0].step_ids
        for name, model in (("template_id", "mail.template"), ("sms_template_id", "sms.template")):
            with (
                self.subTest(field=name),
                self._refused("not written for collection contacts"),
            ):
                step[name] = self._stray(model)

    def test_text_of_a_level_stays_written_for_contacts(self):
        step = self.policy.level_ids[0].step_ids
        step.sms_template_id = self.root.ref(f"{MODULE}.sms_template_reminder")
        for template in (step.template_id, step.sms_template_id):
            with (
                self.subTest(model=template._name),
                self._refused("stays written"),
            ):
                template.model_id = self.root["ir.model"]._get("account.move")

    def test_text_of_a_level_is_not_deleted(self):
        step = self.policy.level_ids[0].step_ids
        step.sms_template_id = self.root.ref(f"{MODULE}.sms_template_reminder")
        for template in (step.template_id, step.sms_template_id):
            with (
                self.subTest(model=template._name),
                self.assertRaisesRegex(UserError, "choose another template there first"),
            ):
                template.unlink()
        self._stray().unlink()

    def test_stray_text_that_was_imported_reaches_nobody(self):
        policy = self._make_policy([(5, "email")], confirm=False)
        stray = self._stray()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE collection_level_step SET template_id = %s WHERE level_id IN %s",
            [stray.id, tuple((self.policy | policy).level_ids.ids)],
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "not written for collection contacts"):
            policy.with_user(self.personas["manager"]).action_confirm()
        self._overdue_invoice(6)
        with self._mail_server() as sink:
            run = self._run()
        self.assertFalse(sink.messages)
        self.assertEqual(run.action_ids.state, "failed")
        self.assertIn("not written for collection contacts", run.action_ids.failure_reason)
