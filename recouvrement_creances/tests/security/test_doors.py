from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..common import TODAY, CollectionCommon


def day(number):
    """Return the day so many days after TODAY."""
    return TODAY + timedelta(days=number)


@tagged("post_install", "-at_install")
class TestDoors(CollectionCommon):
    """What a button refuses is not done by writing the fields behind it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._overdue_invoice(6)
        cls.root["collection.refresh"]._refresh(cls.company, TODAY)
        cls.case = cls.root["collection.case"].search([("partner_id", "=", cls.partner_a.id)])
        cls.own_case = cls.case.with_user(cls.collector)
        cls.managed_case = cls.case.with_user(cls.personas["manager"])
        cls.other_reason = cls.root.ref("recouvrement_creances.collection_reason_hold_check")

    def _protected(self, kind="insolvency"):
        """Return a hold that only a manager ends, as its collector sees it."""
        # Insolvency has no end.
        end = {} if kind == "insolvency" else {"date_end": day(30)}
        hold = self._hold(self.case, kind, review_date=day(10), **end)
        return hold.with_user(self.collector)

    # === HOLDS === #

    def test_kind_of_a_hold_never_changes(self):
        for user in (self.collector, self.personas["manager"]):
            hold = self._protected().with_user(user)
            with self.subTest(user=user.name), self.assertRaisesRegex(UserError, "its kind"):
                hold.kind = "manual"

    def test_collector_does_not_end_what_only_managers_end(self):
        for kind in ("insolvency", "handover"):
            hold = self._protected(kind)
            for values in (
                {"date_end": TODAY},
                {"date_end": day(29)},
                {"date_start": day(20)},
                {"reason_id": self.other_reason.id},
            ):
                with self.subTest(kind=kind, values=values), self.assertRaises(AccessError):
                    hold.write(values)
            with self.assertRaises(AccessError):
                hold.action_release()
            self.assertFalse(hold.can_end)

    def test_collector_gives_no_end_to_a_hold_without_one(self):
        hold = self._hold(self.case, "insolvency", review_date=day(10))
        with self.assertRaises(AccessError):
            hold.with_user(self.collector).date_end = day(300)

    def test_collector_lengthens_any_hold(self):
        hold = self._protected("handover")
        hold.write({"date_end": day(60), "date_start": day(-5), "note": "Receiver named"})
        hold.write({"date_end": False, "review_date": day(90)})
        self.assertFalse(hold.date_end)

    def test_collector_does_not_narrow_a_handover_to_one_item(self):
        hold = self._protected("handover")
        item = self._item(self.invoice)
        lines = hold.line_ids.with_context(collection_deciding=True, collection_making=True)
        with self.assertRaises(AccessError):
            hold.write({"line_ids": [Command.create({"item_id": item.id})]})
        with self.assertRaises(AccessError):
            lines.create({"hold_id": hold.id, "item_id": item.id})
        hold.with_user(self.personas["manager"]).line_ids = [Command.create({"item_id": item.id})]
        with self.assertRaises(AccessError):
            hold.line_ids.with_user(self.collector).item_id = False

    def test_collector_makes_a_handover_of_one_item(self):
        hold = (
            self.root["collection.hold"]
            .with_user(self.collector)
            .create(
                {
                    "case_id": self.case.id,
                    "kind": "handover",
                    "reason_id": self.other_reason.id,
                    "review_date": day(10),
                    "line_ids": [Command.create({"item_id": self._item(self.invoice).id})],
                }
            )
        )
        self.assertEqual(len(hold.line_ids), 1)

    def test_manager_ends_and_changes_every_hold(self):
        hold = self._protected("handover").with_user(self.personas["manager"])
        hold.write({"date_end": day(2), "reason_id": self.other_reason.id})
        hold.action_release()
        self.assertEqual(hold.state, "released")

    def test_pause_is_shortened_by_its_collector(self):
        hold = self._hold(self.case, date_end=day(30)).with_user(self.collector)
        hold.date_end = day(1)
        self.assertTrue(hold.can_end)

    def test_release_is_not_forged(self):
        values = {"released_by_id": self.personas["manager"].id, "released_on": TODAY}
        hold = self._hold(self.case).with_user(self.collector)
        with self.assertRaises(AccessError):
            hold.write(values)
        with self.assertRaises(AccessError):
            hold.create(
                {
                    "case_id": self.case.id,
                    "reason_id": self.other_reason.id,
                    "date_end": TODAY,
                    **values,
                }
            )

    def test_reason_of_a_hold_is_one_for_holds(self):
        override = self.root.ref("recouvrement_creances.collection_reason_override_risk")
        with self.assertRaisesRegex(ValidationError, "no reason for a hold"):
            self._hold(self.case).reason_id = override

    # === STAGES === #

    def test_nobody_closes_an_open_case_by_hand(self):
        closed = self.root.ref("recouvrement_creances.collection_stage_closed")
        for case in (self.own_case, self.managed_case):
            with self.subTest(user=case.env.user.name):
                with self.assertRaisesRegex(UserError, "closes by itself"):
                    case.stage_id = closed
                with self.assertRaisesRegex(UserError, "at a stage"):
                    case.stage_id = False
        litigation = self.root.ref("recouvrement_creances.collection_stage_litigation")
        self.own_case.stage_id = litigation
        self.assertEqual(self.case.stage_id, litigation)

    def test_nobody_opens_a_closed_case_by_hand(self):
        self._pay(self.invoice)
        self._decide()
        self.assertFalse(self.case.is_open)
        with self.assertRaisesRegex(UserError, "opens again by itself"):
            self.managed_case.stage_id = self.root.ref(
                "recouvrement_creances.collection_stage_amicable"
            )

    # === COLLECTORS === #

    def test_only_a_manager_gives_a_case_to_somebody_else(self):
        colleague = self.personas["other_collector"]
        accountant = self.personas["accountant"]
        for case, user in (
            (self.own_case, colleague),
            (self.own_case, self.root["res.users"]),
            (self.case.with_user(accountant), accountant),
        ):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                case.user_id = user
        self.managed_case.user_id = colleague
        self.assertEqual(self.case.user_id, colleague)
        self.managed_case.user_id = False
        with self.assertRaises(AccessError):
            self.own_case.user_id = colleague
        self.own_case.user_id = self.collector
        self.assertEqual(self.case.user_id, self.collector)

    def _unfit(self):
        """Return users who cannot follow the company's cases: role, company, activity."""
        role = "recouvrement_creances.group_collector"
        abroad = self.setup_other_company(name="Abroad")["company"]
        foreigner = new_test_user(
            self.root,
            login="foreigner",
            groups=role,
            company_id=abroad.id,
            company_ids=[Command.set(abroad.ids)],
        )
        leaver = new_test_user(self.root, login="leaver", groups=role)
        leaver.active = False
        return self.personas["reader"], foreigner, leaver

    def test_collector_is_an_active_user_of_the_company_with_the_role(self):
        debtor = self.partner_b.with_company(self.company).with_user(self.personas["manager"])
        self.personas["manager"].sudo().group_ids += self.root.ref("base.group_partner_manager")
        for user in self._unfit():
            for record, name in (
                (self.managed_case, "user_id"),
                (debtor, "collection_user_id"),
                (self.company.sudo(), "collection_user_id"),
            ):
                with (
                    self.subTest(user=user.name, model=record._name),
                    self.assertRaisesRegex(ValidationError, "cannot follow cases"),
                    self.env.cr.savepoint(),
                ):
                    record[name] = user

    def test_case_of_somebody_who_lost_the_role_goes_to_the_company(self):
        colleague = self.personas["other_collector"]
        self.case.user_id = colleague
        colleague.sudo().group_ids -= self.root.ref("recouvrement_creances.group_collector")
        self._decide()
        self.assertEqual(self.case.user_id, self.collector)

    # === INVOICES === #

    def test_invoicing_does_not_choose_how_an_invoice_is_collected(self):
        values = {"collection_policy_id": self.policy.id}
        for persona in ("invoicing", "reader"):
            user = self.personas[persona]
            user.sudo().group_ids += self.root.ref("account.group_account_invoice")
            moves = self.root["account.move"].with_user(user)
            with self.subTest(persona=persona):
                with self.assertRaises(AccessError):
                    self.invoice.with_user(user).write(values)
                with self.assertRaises(AccessError):
                    moves.create({"move_type": "out_invoice", **values})
                moves.create({"move_type": "out_invoice", "collection_policy_id": False})
        self.invoice.with_user(self.personas["accountant"]).write(values)
        self.assertEqual(self.invoice.collection_policy_id, self.policy)
