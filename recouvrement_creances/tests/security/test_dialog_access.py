from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import TODAY, CollectionCommon


@tagged("post_install", "-at_install")
class TestDialogAccess(CollectionCommon):
    """A dialog that is made over RPC reaches no further than the buttons that open it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sudo().collection_policy_id = cls._make_policy([(5, "email"), (15, "email")])
        cls.other_company = cls.setup_other_company(name="Sister company")["company"]
        for partner in (cls.partner_a, cls.partner_b):
            cls._overdue_invoice(6, partner=partner)
        cls.root["collection.refresh"]._refresh(cls.company, TODAY)
        cases = cls.root["collection.case"].search([("company_id", "=", cls.company.id)])
        cls.own = cases.filtered(lambda case: case.partner_id == cls.partner_a)
        cls.foreign = cases - cls.own
        cls.foreign.user_id = cls.personas["other_collector"]
        cls.reason = cls.root.ref("recouvrement_creances.collection_reason_exclusion_default")

    def _actions(self, channel, state="planned"):
        """Return a contact of the collector's own case, and one of a colleague's."""
        return (
            self.root["collection.action"]
            .sudo()
            ._with_door()
            .create(
                [
                    {
                        "company_id": case.company_id.id,
                        "case_id": case.id,
                        "channel": channel,
                        "state": state,
                        "date_planned": TODAY,
                    }
                    for case in (self.own, self.foreign)
                ]
            )
        )

    def _dialog(self, model, values, user=None):
        return self.root[model].with_user(user or self.collector).create(values)

    def _assert_refused(self, model, values, actions):
        """Check that a dialog over these contacts is refused and leaves no trace."""
        before = actions.mapped("state")
        with self.assertRaises(AccessError):
            self._dialog(model, values).action_apply()
        self.assertEqual(actions.mapped("state"), before)
        self.assertFalse(actions.evidence_ids)
        self.assertFalse(self.foreign.hold_ids)

    # === OUTCOME === #

    def test_outcome_of_a_colleagues_call_is_refused(self):
        own, foreign = self._actions("call")
        outcome = {"channel": "call", "outcome": "refuses"}
        model = "collection.contact.outcome"
        self._assert_refused(model, {"action_id": foreign.id, **outcome}, foreign)
        self._assert_refused(model, {"case_id": self.foreign.id, **outcome}, foreign)
        dialog = self._dialog(model, {"action_id": own.id, **outcome})
        with self.assertRaises(AccessError):
            dialog.write({"action_id": foreign.id, "case_id": self.foreign.id})
            dialog.action_apply()
        self.assertEqual(foreign.state, "planned")

    def test_outcome_of_ones_own_call_is_noted(self):
        own, _foreign = self._actions("call")
        values = {"action_id": own.id, "channel": "call", "outcome": "refuses"}
        self._dialog("collection.contact.outcome", values).action_apply()
        self.assertEqual(own.state, "done")

    # === UNTICK === #

    def _untick(self, actions):
        return {
            "action_ids": [Command.set(actions.ids)],
            "reason_id": self.reason.id,
            "date_end": TODAY,
        }

    def test_colleagues_proposal_is_not_left_out(self):
        own, foreign = self._actions("email", state="proposed")
        for actions in (foreign, own | foreign):
            with self.subTest(count=len(actions)):
                self._assert_refused("collection.action.untick", self._untick(actions), actions)
        self.assertFalse(self.own.hold_ids)

    def test_ones_own_proposal_is_left_out(self):
        own, _foreign = self._actions("email", state="proposed")
        self._dialog("collection.action.untick", self._untick(own)).action_apply()
        self.assertEqual((own.state, len(self.own.hold_ids)), ("cancelled", 1))

    # === LETTERS === #

    def test_colleagues_letter_is_not_posted(self):
        own, foreign = self._actions("letter")
        for actions in (foreign, own | foreign):
            with self.subTest(count=len(actions)):
                values = {"action_ids": [Command.set(actions.ids)]}
                self._assert_refused("collection.letter.post", values, actions)

    def test_number_of_a_colleagues_letter_is_not_noted(self):
        own, foreign = self._actions("registered_letter")
        values = {
            "action_ids": [Command.set(own.ids)],
            "line_ids": [
                Command.create({"action_id": action.id, "tracking_number": "2C 9"})
                for action in (own, foreign)
            ],
        }
        self._dialog("collection.letter.post", values).action_apply()
        self.assertEqual((own.state, own.tracking_number), ("sent", "2C 9"))
        self.assertEqual((foreign.state, foreign.tracking_number), ("planned", False))

    def test_proof_of_a_colleagues_letter_is_refused(self):
        own, foreign = self._actions("registered_letter", state="sent")
        (own | foreign).sudo().contact_date = TODAY
        values = {"event": "presented", "date": TODAY}
        model = "collection.letter.proof"
        self._assert_refused(model, {"action_id": foreign.id, **values}, foreign)
        self.assertFalse(foreign.presented_on)
        self._dialog(model, {"action_id": own.id, **values}).action_apply()
        self.assertEqual(own.presented_on, TODAY)

    def test_accountant_works_on_every_case(self):
        actions = self._actions("letter")
        self._dialog(
            "collection.letter.post",
            {"action_ids": [Command.set(actions.ids)]},
            self.personas["accountant"],
        ).action_apply()
        self.assertEqual(set(actions.mapped("state")), {"sent"})

    # === TAKE-OVER === #

    def test_manager_takes_nothing_over_in_a_company_that_is_not_his(self):
        invoice = self._invoice_of_the_other_company()
        manager = self.personas["manager"]
        for context in ({}, {"default_company_id": self.other_company.id}):
            values = {} if context else {"company_id": self.other_company.id}
            dialogs = self.root["collection.takeover"].with_user(manager).with_context(**context)
            with self.subTest(context=context), self.assertRaises(AccessError):
                dialogs.create(values).action_apply()
        with self.assertRaises(AccessError):
            self.root["collection.takeover"].with_user(manager).with_context(
                allowed_company_ids=(self.company | self.other_company).ids
            ).create({"company_id": self.other_company.id}).action_apply()
        self.assertFalse(self._item(invoice))

    def test_own_takeover_is_not_turned_to_another_company(self):
        invoice = self._invoice_of_the_other_company()
        dialog = self._dialog("collection.takeover", {}, self.personas["manager"])
        with self.assertRaises(AccessError):
            dialog.write({"company_id": self.other_company.id})
            dialog.action_apply()
        self.assertFalse(self._item(invoice).level_id)

    def _invoice_of_the_other_company(self):
        invoice = (
            self.root["account.move"]
            .with_company(self.other_company)
            .create(
                {
                    "move_type": "out_invoice",
                    "company_id": self.other_company.id,
                    "partner_id": self.partner_b.id,
                    "invoice_date": "2026-01-05",
                    "invoice_date_due": "2026-02-05",
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        Command.create({"name": "Work", "price_unit": 90, "tax_ids": False})
                    ],
                }
            )
        )
        invoice.action_post()
        return invoice
