import re
from datetime import date

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import NOW, ChargeCommon


@tagged("post_install", "-at_install")
class TestChargeGuard(ChargeCommon):
    """A statement of charges is a contact: what forbids a letter forbids the claim."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.personas["manager"]
        cls.reason = cls.root["collection.reason"].search([("usage", "=", "override")], limit=1)
        cls.invoice = cls._invoice(1000, date(2026, 9, 30))

    def _assertRefused(self, words, persona="accountant"):
        with self.assertRaisesRegex(UserError, words):
            self._claim(persona=persona)
        self.assertFalse(self._case(self.debtor).charge_ids)
        self.assertFalse(self._case(self.debtor).action_ids)

    def _claim_all_the_same(self, user, reason):
        case = self._case(self.debtor).with_user(user)
        return (
            self.env["collection.charge"]
            .with_user(user)
            ._claim(case, case._get_charged_items(), NOW, NOW, reason.with_user(user))
        )

    def test_debtor_in_proceedings_is_told_nothing(self):
        self._hold(
            self._case(self.debtor),
            kind="insolvency",
            date_start=date(2026, 11, 20),
            review_date=date(2027, 6, 1),
        )
        self._assertRefused("Contacts are held")

    def test_charges_of_a_closed_case_wait_for_the_open_one(self):
        self._pay_on(self.invoice, date(2026, 10, 31))
        self.root["collection.refresh"]._refresh(self.company, NOW)
        closed = self._case(self.debtor)
        self._invoice(500, date(2026, 11, 5))
        self._hold(
            self._case(self.debtor),
            kind="insolvency",
            date_start=date(2026, 11, 20),
            review_date=date(2027, 6, 1),
        )
        self.assertFalse(closed.is_open)
        with self.assertRaisesRegex(UserError, "Contacts are held"):
            self.env["collection.charge"].with_user(self.accountant)._claim(
                closed.with_user(self.accountant),
                self._item(self.invoice).with_user(self.accountant),
                NOW,
                NOW,
            )

    def test_debtor_who_wants_no_contact_is_told_nothing(self):
        self.debtor.write(
            {"collection_no_contact": True, "collection_no_contact_reason": "Lawyer's letter"}
        )
        self._assertRefused("Lawyer's letter")

    def test_debtor_who_wants_no_letters_is_told_nothing(self):
        self.debtor.write(
            {"collection_no_letter": True, "collection_no_contact_reason": "E-mail only"}
        )
        self._assertRefused("E-mail only")

    def test_vulnerable_person_is_claimed_from_by_the_senior_only(self):
        self.company.sudo().collection_senior_user_id = self.manager
        self.debtor.collection_is_vulnerable = True
        self._assertRefused("made by " + re.escape(self.manager.name))
        charge = self._claim(persona="manager")
        self.assertEqual(charge.state, "claimed")
        self.assertFalse(charge.action_id.override_reason_id)

    def test_manager_overrides_with_a_reason_that_is_kept(self):
        self.debtor.write(
            {"collection_no_contact": True, "collection_no_contact_reason": "Lawyer's letter"}
        )
        self._assertRefused("choose a reason", persona="manager")
        charge = self._claim_all_the_same(self.manager, self.reason)
        action = charge.action_id
        self.assertEqual(action.override_reason_id, self.reason)
        self.assertIn("Lawyer's letter", action.override_note)
        piece = action.evidence_ids.filtered(lambda evidence: evidence.kind == "override")
        self.assertIn(self.reason.name, piece.payload)

    def test_reason_does_not_help_an_accountant(self):
        self.debtor.write(
            {"collection_no_contact": True, "collection_no_contact_reason": "Lawyer's letter"}
        )
        with self.assertRaisesRegex(UserError, "Only a collection manager"):
            self._claim_all_the_same(self.accountant, self.reason)

    def test_dialog_shows_the_rule_and_lets_a_manager_override_it(self):
        self.debtor.write(
            {"collection_no_contact": True, "collection_no_contact_reason": "Lawyer's letter"}
        )
        case = self._case(self.debtor)
        for user, may in ((self.accountant, False), (self.manager, True)):
            dialog = Form(
                self.env["collection.charge.claim"]
                .with_user(user)
                .with_context(default_case_id=case.id)
            )
            with self.subTest(user=user.login):
                self.assertIn("Lawyer's letter", dialog.block)
                self.assertEqual(dialog.can_override, may)
        dialog.override_reason_id = self.reason.with_user(self.manager)
        dialog.save().action_apply()
        charge = self.root["collection.charge"].search([("case_id", "=", case.id)])
        self.assertEqual(charge.action_id.override_reason_id, self.reason)

    def test_reason_for_something_else_is_refused_by_the_dialog(self):
        other = self.root["collection.reason"].search([("usage", "=", "hold")], limit=1)
        dialog = (
            self.env["collection.charge.claim"]
            .with_user(self.manager)
            .create({"case_id": self._case(self.debtor).id, "override_reason_id": other.id})
        )
        with self.assertRaisesRegex(UserError, "something else"):
            dialog.action_apply()
