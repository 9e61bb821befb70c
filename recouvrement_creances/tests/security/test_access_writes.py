from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ...models.case.collection_case import ENGINE_FIELDS
from ..common import TODAY, CollectionCommon
from .common import ROLES

# What a browser can put into a context: any JSON, never a Python object of ours.
FORGED_DOORS = (True, 1, "object", "<object object>", [], {}, {"_DOOR": 1}, [1], None)
# Who writes what of a debtor itself, of those who may change contacts.
COLLECTORS, ACCOUNTANTS = ("collector", "accountant", "manager"), ("accountant", "manager")
DEBTOR_FIELDS = {
    "collection_trader": ("yes", COLLECTORS),
    "collection_claim_nature": ("transport", COLLECTORS),
    "collection_insured_amount": (5000, ACCOUNTANTS),
    "collection_insured_until": (TODAY, ACCOUNTANTS),
    "collection_insurer_id": (1, ACCOUNTANTS),
    "collection_stop_reason": ("Late since January", ("manager",)),
    "collection_prepays": (True, ("manager",)),
}


@tagged("post_install", "-at_install")
class TestAccessWrites(CollectionCommon):
    """Past the buttons there is no way to write what the flow keeps."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.collection_policy_id = cls._make_policy([(5, "call"), (15, "email")])
        cls._overdue_invoice(6)
        cls.root["collection.run"]._run_company(cls.company)
        cls.case = cls.root["collection.case"].search([("partner_id", "=", cls.partner_a.id)])
        cls.action = cls.case.action_ids
        cls.item = cls.case.item_ids
        cls.own_case = cls.case.with_user(cls.collector)

    # === ENGINE FIELDS === #

    def test_collector_owns_the_case_he_tries_to_bend(self):
        self.assertEqual(self.case.user_id, self.collector)
        self.assertTrue(self.own_case.has_access("write"))

    def test_nobody_writes_what_the_run_decides_of_a_case(self):
        for persona in ("collector", "accountant", "manager"):
            case = self.case.with_user(self.personas[persona])
            for name in sorted(ENGINE_FIELDS):
                with self.subTest(persona=persona, field=name), self.assertRaises(AccessError):
                    case.write({name: case[name]})

    def test_one_forbidden_field_refuses_the_whole_write(self):
        with self.assertRaises(AccessError):
            self.own_case.write({"priority": 999, "user_id": False})
        self.assertEqual(self.case.user_id, self.collector)

    def test_nobody_makes_or_deletes_cases_by_hand(self):
        for persona in ("collector", "accountant", "manager"):
            user = self.personas[persona]
            with self.subTest(persona=persona):
                with self.assertRaises(AccessError):
                    self.root["collection.case"].with_user(user).create(
                        {"company_id": self.company.id, "partner_id": self.partner_b.id}
                    )
                with self.assertRaises(AccessError):
                    self.case.with_user(user).unlink()
        with self.assertRaises(UserError):
            self.case.unlink()

    def test_nobody_lifts_an_item_to_a_level(self):
        level = self.policy.level_ids[1]
        manager = self.personas["manager"]
        with self.assertRaises(AccessError):
            self.item.with_user(manager).write({"level_id": level.id})
        with self.assertRaises(AccessError):
            self.case.with_user(manager).write(
                {"item_ids": [Command.update(self.item.id, {"level_id": level.id})]}
            )

    # === STATES === #

    def _stateful(self):
        hold = self._hold(self.case)
        run = (
            self.root["collection.run"]
            .with_user(self.collector)
            .create({"company_id": self.company.id})
        )
        policy = self._make_policy([(5, "email")], confirm=False)
        return {
            hold.with_user(self.collector): "released",
            run: "running",
            policy.with_user(self.personas["manager"]): "confirmed",
            self.action.with_user(self.collector): "sent",
        }

    def test_no_state_is_written_past_its_door(self):
        for record, state in self._stateful().items():
            for door in FORGED_DOORS:
                with self.subTest(model=record._name, door=door):
                    before = record.state
                    forger = record.with_context(collection_door=door)
                    with self.assertRaises(UserError):
                        forger.write({"state": state})
                    self.assertEqual(record.state, before)

    def _creations(self):
        reason = self.root.ref("recouvrement_creances.collection_reason_hold_other")
        return (
            (
                "collection.hold",
                "collector",
                "released",
                {"case_id": self.case.id, "reason_id": reason.id, "date_end": TODAY},
            ),
            ("collection.run", "collector", "running", {"company_id": self.company.id}),
            ("collection.policy", "manager", "confirmed", {"name": "Sly"}),
        )

    def test_everything_is_created_in_its_first_state(self):
        for model, persona, state, values in self._creations():
            for door in FORGED_DOORS:
                with self.subTest(model=model, door=door):
                    record = (
                        self.root[model]
                        .with_user(self.personas[persona])
                        .with_context(collection_door=door, default_state=state)
                        .create({**values, "state": state})
                    )
                    self.assertEqual(record.state, next(iter(record._transitions)))

    def test_default_from_the_context_gives_no_state_either(self):
        for model, persona, state, values in self._creations():
            with self.subTest(model=model):
                record = (
                    self.root[model]
                    .with_user(self.personas[persona])
                    .with_context(default_state=state)
                    .create(values)
                )
                self.assertEqual(record.state, next(iter(record._transitions)))

    # === CONTACTS AND EVIDENCE === #

    def test_contacts_are_not_written_by_hand(self):
        for persona in ("collector", "accountant", "manager"):
            action = self.action.with_user(self.personas[persona])
            for values in ({"contact_date": TODAY}, {"recipient": "me"}, {"run_id": False}):
                with self.subTest(persona=persona, values=values), self.assertRaises(AccessError):
                    action.write(values)

    def test_contacts_are_not_made_by_hand(self):
        values = {"company_id": self.company.id, "case_id": self.case.id, "channel": "email"}
        for persona in ("collector", "accountant", "manager"):
            user = self.personas[persona]
            with self.subTest(persona=persona), self.assertRaises(AccessError):
                self.root["collection.action"].with_user(user).create(values)

    def test_a_run_does_not_carry_contacts_in(self):
        run = (
            self.root["collection.run"]
            .with_user(self.personas["accountant"])
            .create({"company_id": self.company.id})
        )
        for command in (
            Command.link(self.action.id),
            Command.update(self.action.id, {"recipient": "me"}),
            Command.create(
                {"company_id": self.company.id, "case_id": self.case.id, "channel": "email"}
            ),
        ):
            with self.subTest(command=command), self.assertRaises(AccessError):
                run.write({"action_ids": [command]})

    def test_contacts_are_deleted_by_nobody(self):
        for persona in ("collector", "manager"):
            with self.assertRaises(AccessError):
                self.action.with_user(self.personas[persona]).unlink()
        with self.assertRaises(UserError):
            self.action.unlink()

    def test_evidence_is_made_by_nobody(self):
        evidence = self.root["collection.evidence"]._note(self.action, "failed")
        for persona in ("collector", "accountant", "manager", "finance_director"):
            own = evidence.with_user(self.personas[persona])
            with self.subTest(persona=persona):
                with self.assertRaises(AccessError):
                    own.create(
                        {
                            "company_id": self.company.id,
                            "case_id": self.case.id,
                            "kind": "sent",
                            "payload": "{}",
                            "occurred_at": "2026-03-16 08:00:00",
                            "position": 99,
                            "content_hash": "0",
                        }
                    )
                with self.assertRaises(UserError):
                    own.write({"subject": "changed"})
                with self.assertRaises(UserError):
                    own.unlink()

    # === OTHER PEOPLE'S CASES === #

    def test_collector_does_not_act_on_a_colleagues_case(self):
        self.case.user_id = self.personas["other_collector"]
        action = self.action.with_user(self.collector)
        for name in ("action_cancel", "action_confirm_sent"):
            with self.subTest(button=name), self.assertRaises(AccessError):
                getattr(action, name)()
        with self.assertRaises(AccessError):
            self.own_case.action_assign_to_me()

    def test_outcome_dialog_does_not_reach_a_colleagues_contact(self):
        colleague = self.personas["other_collector"]
        self._overdue_invoice(6, partner=self.partner_b)
        self._run()
        other_case = self._case(self.partner_b)
        other_case.user_id = colleague
        for values in (
            {"action_id": other_case.action_ids.id},
            {"case_id": other_case.id},
            {"case_id": self.case.id, "action_id": other_case.action_ids.id},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                self.root["collection.contact.outcome"].with_user(self.collector).create(
                    {**values, "channel": "call", "outcome": "refuses"}
                ).action_apply()
        self.assertEqual(other_case.action_ids.state, "planned")

    def test_collector_holds_no_colleagues_case(self):
        self.case.user_id = self.personas["other_collector"]
        reason = self.root.ref("recouvrement_creances.collection_reason_hold_other")
        with self.assertRaises(AccessError):
            self.root["collection.hold"].with_user(self.collector).create(
                {"case_id": self.case.id, "reason_id": reason.id, "date_end": TODAY}
            )

    # === RUNS === #

    def test_run_made_by_hand_does_not_pass_for_the_daily_one(self):
        run = (
            self.root["collection.run"]
            .with_user(self.collector)
            .create({"company_id": self.company.id, "origin": "daily", "case_ids": self.case.ids})
        )
        self.assertEqual(run.origin, "manual")
        with self.assertRaises(UserError):
            run.write({"origin": "daily"})

    def test_collector_proposes_for_his_own_cases_only(self):
        runs = self.root["collection.run"].with_user(self.collector)
        with self.assertRaises(AccessError):
            runs.create({"company_id": self.company.id}).action_propose()
        self.case.user_id = self.personas["other_collector"]
        with self.assertRaises(AccessError):
            self.own_case.action_propose()
        self.case.user_id = self.collector
        self.own_case.action_propose()

    def test_collector_does_not_send_somebody_elses_run(self):
        run = (
            self.root["collection.run"]
            .with_user(self.personas["accountant"])
            .create({"company_id": self.company.id})
        )
        run.action_propose()
        for name in ("action_send", "action_cancel", "action_propose"):
            with self.subTest(button=name), self.assertRaises(AccessError):
                getattr(run.with_user(self.collector), name)()

    def test_reader_presses_no_button(self):
        reader = self.personas["reader"]
        run = self.root["collection.run"].create({"company_id": self.company.id})
        hold = self._hold(self.case)
        for record, names in (
            (self.action, ("action_cancel", "action_confirm_sent")),
            (self.case, ("action_propose", "action_assign_to_me")),
            (hold, ("action_release",)),
            (run, ("action_propose",)),
            (self.policy, ("action_confirm", "action_revise")),
            (self.item, ("action_include",)),
        ):
            for name in names:
                with self.subTest(button=name), self.assertRaises(AccessError):
                    getattr(record.with_user(reader), name)()

    # === DEBTORS === #

    def test_what_is_noted_on_a_debtor_is_for_those_whose_work_it_is(self):
        editors = {}
        for role in ROLES:
            if role not in self.personas:
                continue
            user = self.personas[role]
            user.sudo().group_ids |= self.root.ref("base.group_partner_manager")
            debtor = self.partner_a.with_user(user)
            for name, (value, _roles) in DEBTOR_FIELDS.items():
                try:
                    with self.env.cr.savepoint():
                        debtor.write({name: value})
                    editors.setdefault(name, set()).add(role)
                except AccessError:
                    debtor.invalidate_recordset()
        expected = {name: set(roles) for name, (_value, roles) in DEBTOR_FIELDS.items()}
        self.assertEqual(editors, expected)
