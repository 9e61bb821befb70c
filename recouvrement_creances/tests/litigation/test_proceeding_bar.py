from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..common import TODAY
from .handover_common import HandoverCommon
from .insolvency_common import OPENED, InsolvencyCommon


@tagged("post_install", "-at_install")
class TestProceedingBar(InsolvencyCommon, HandoverCommon):
    """What insolvency stays or bars is not sued for, unless somebody says why all the same."""

    def test_an_opening_stops_what_was_begun(self):
        proceeding = self._sue()
        proceeding.counsel_id = self.lawyer
        self._take(proceeding, "file", OPENED)
        self._take(proceeding, "grant", OPENED)
        service = self._deadline(proceeding, "order.service")
        before = self.root["mail.mail"].search([])
        record = self._record()
        self.assertEqual(service.state, "dropped")
        self.assertIn("L622-21", service.closing_reason)
        told = self.root["mail.mail"].search([]) - before
        mail = told.filtered(lambda one: self.lawyer in one.recipient_ids)
        self.assertEqual(len(mail), 1)
        self.assertNotIn(self.debtor.name, mail.subject)
        with self.assertRaisesRegex(UserError, "insolvent since"):
            self._take(proceeding, "serve")
        record.with_user(self.manager)._cancel("Another company of this name")
        running = proceeding.deadline_ids.filtered(lambda one: one.state == "open")
        self.assertIn("order.service", running.mapped("rule_code"))
        self._take(proceeding, "serve")

    def test_what_took_place_all_the_same_is_recorded_with_a_reason(self):
        proceeding = self._sue()
        self._record()
        with self.assertRaisesRegex(UserError, "insolvent since"):
            self._take(proceeding, "file")
        self._take(proceeding, "file", OPENED - timedelta(days=1))
        self._take(proceeding, "grant")
        self._take(proceeding, "serve", reason="Served before anybody knew")
        self.assertEqual(proceeding.state, "served")

    def test_what_a_liquidation_left_unpaid_is_not_sued_for(self):
        proceeding = self._sue()
        record = self._record(kind="liquidation")
        record.with_user(self.manager)._close("insufficient", TODAY, reason="Judgement")
        proceeding.invalidate_recordset()
        self.assertTrue(proceeding.is_barred)
        self.assertFalse(proceeding.is_stayed)
        for reason in ("", "It cannot wait"):
            with self.subTest(reason), self.assertRaisesRegex(AccessError, "L643-11"):
                self._take(proceeding, "file", reason=reason)
        managed = proceeding.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "say why"):
            self._take(managed, "file")
        event = self._take(managed, "file", reason="Personal bankruptcy of 2 March")
        self.assertIn("Personal bankruptcy", event.note)
        self.assertEqual(proceeding.state, "filed")

    def test_what_was_wiped_out_is_not_sued_for(self):
        proceeding = self._sue()
        record = self._record(kind="personal_recovery")
        record.with_user(self.manager)._close("wiped_out", TODAY, reason="Judgement")
        with self.assertRaisesRegex(AccessError, "L741-2"):
            self._take(proceeding, "file")

    def _record_two(self):
        """Record a liquidation that left debts unpaid, and another opening since."""
        first = self._record(kind="liquidation", judgement_date=OPENED - timedelta(days=30))
        day = OPENED - timedelta(days=5)
        first.with_user(self.manager)._close("insufficient", day, reason="Judgement")
        self.env.flush_all()
        return self._record(publication_number="A202600099999")

    def test_another_opening_does_not_give_back_what_a_liquidation_took(self):
        proceeding = self._sue()
        self._record_two()
        proceeding.invalidate_recordset()
        self.assertTrue(proceeding.is_barred)
        # It is no debt of the second.
        self.assertFalse(proceeding.is_stayed)
        with self.assertRaisesRegex(AccessError, "L643-11"):
            self._take(proceeding, "file", reason="It cannot wait")

    def test_what_arose_after_a_liquidation_is_declared_in_the_next(self):
        born = OPENED - timedelta(days=12)
        proceeding = self._sue(self._owe(12, 500, invoice_date=born))
        self._record_two()
        proceeding.invalidate_recordset()
        self.assertEqual((proceeding.is_stayed, proceeding.is_barred), (True, False))
        with self.assertRaisesRegex(UserError, "insolvent since"):
            self._take(proceeding, "file")
        self._take(proceeding, "file", reason="Filed before anybody knew")

    def _wipe_out(self):
        """Return an over-indebtedness that has become a personal recovery, and wiped out debts."""
        record = self._record(kind="overindebtedness", judgement_date=OPENED - timedelta(days=60))
        self._step_of(record, "recovery", OPENED)
        record.with_user(self.manager)._close("wiped_out", TODAY, reason="Decision")
        self.env.flush_all()
        self.env.invalidate_all()
        return record

    def test_debts_since_the_admission_are_wiped_out_with_the_others(self):
        proceeding = self._sue(self._owe(15, 500, invoice_date=OPENED - timedelta(days=20)))
        self._wipe_out()
        self._decide()
        proceeding.invalidate_recordset()
        self.assertTrue(proceeding.is_barred)
        self.assertEqual(proceeding.item_ids.verdict, "insolvency")
        with self.assertRaisesRegex(AccessError, "L741-2"):
            self._take(proceeding, "file", reason="It cannot wait")

    def test_debts_since_the_recovery_are_not_wiped_out(self):
        proceeding = self._sue(self._owe_later())
        self._wipe_out()
        self._take(proceeding, "file")

    def test_later_debts_are_sued_for_after_a_liquidation(self):
        proceeding = self._sue(self._owe_later())
        record = self._record(kind="liquidation")
        record.with_user(self.manager)._close("insufficient", TODAY, reason="Judgement")
        self._take(proceeding, "file")
        self.assertFalse(proceeding.is_barred)

    def test_a_liquidation_that_was_paid_out_stops_nobody(self):
        proceeding = self._sue()
        record = self._record(kind="liquidation")
        record.with_user(self.manager)._close("paid", TODAY, reason="Judgement")
        self._take(proceeding, "file")

    def test_what_anybody_may_explain_asks_everybody(self):
        proceeding = self._sue()
        self._record()
        dialog = self.env["collection.proceeding.step"].with_user(self.accountant)
        form = Form(dialog.with_context(default_proceeding_id=proceeding.id))
        self.assertIn("insolvent since", form.obstacles)
        self.assertTrue(form.may_explain)
