from datetime import timedelta

from odoo.tests import tagged

from .insolvency_common import OPENED, InsolvencyCommon


@tagged("post_install", "-at_install")
class TestProceedingStay(InsolvencyCommon):
    """An insolvency stops what is sued for of earlier debts: who follows it is told."""

    def test_who_follows_a_proceeding_is_told_and_its_form_says_so(self):
        proceeding = self._sue()
        proceeding.case_id.sudo().user_id = self.collector
        self._take(proceeding, "file")
        self.assertFalse(proceeding.is_stayed)
        record = self._record()
        # Verdicts are written in SQL: who opens the form reads them.
        proceeding.invalidate_recordset()
        self.assertTrue(proceeding.is_stayed)
        self.assertIn("as of", str(proceeding.message_ids.mapped("body")))
        told = self.root["mail.message"].search(
            [
                ("model", "=", proceeding._name),
                ("res_id", "=", proceeding.id),
                ("message_type", "=", "user_notification"),
            ]
        )
        self.assertEqual(told.notified_partner_ids, self.collector.partner_id)
        # What took place all the same is recorded.
        self._take(proceeding, "withdraw")
        self.assertFalse(proceeding.is_stayed)
        before = proceeding.message_ids
        record.with_user(self.manager)._cancel("A namesake")
        self.assertEqual(proceeding.message_ids, before)

    def test_later_debts_go_on_in_court(self):
        proceeding = self._sue(self._owe_later())
        self._take(proceeding, "file")
        before = proceeding.message_ids
        self._record()
        self.assertFalse(proceeding.is_stayed)
        self.assertEqual(proceeding.message_ids, before)

    def test_a_lifted_opening_lets_it_go_on(self):
        proceeding = self._sue()
        self._take(proceeding, "file")
        record = self._record()
        record.with_user(self.manager)._cancel("A namesake")
        self.assertFalse(proceeding.is_stayed)

    def test_what_took_place_before_the_opening_is_recorded_after_it(self):
        proceeding = self._sue()
        for key in ("file", "grant"):
            self._take(proceeding, key, OPENED - timedelta(days=10))
        record = self._record()
        self.assertEqual(self._deadline(proceeding, "order.service").state, "dropped")
        serve = self._step("serve")
        self.assertIn(serve, proceeding._get_offered_steps())
        self._take(proceeding, "serve", OPENED - timedelta(days=1))
        # It is not counted once more when the opening was a mistake.
        record.with_user(self.manager)._cancel("A namesake")
        self.assertEqual(self._deadline(proceeding, "order.service").state, "dropped")
