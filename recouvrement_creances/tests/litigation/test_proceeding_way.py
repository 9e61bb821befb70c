from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .handover_common import HandoverCommon

WHY = "Our counsel holds that it is open all the same"


@tagged("post_install", "-at_install")
class TestProceedingWay(HandoverCommon):
    """A way that the routes call closed is gone with a reason, which is kept."""

    def assertExplained(self, proceeding, words, key="file", procedure="order_commercial"):
        """Check that the first step is refused in words without a reason, which is kept."""
        with self.assertRaisesRegex(UserError, words), self.cr.savepoint():
            self._take(proceeding, key, procedure=procedure)
        event = self._take(proceeding, key, procedure=procedure, reason=WHY)
        self.assertIn(WHY, event.note)
        told = " ".join(proceeding.message_ids.mapped("body"))
        self.assertIn(WHY, told)
        self.assertRegex(told, words)

    def test_small_claims_above_their_limit(self):
        self.debtor.collection_debtor_kind = "consumer"
        invoice = self._overdue_invoice(90, 6000, partner=self.debtor)
        proceeding = self._sue(invoice, procedure="small_claims")
        self.assertExplained(proceeding, "above 5,000", procedure="small_claims")

    def test_small_claims_between_traders(self):
        proceeding = self._sue(procedure="small_claims")
        self.assertExplained(proceeding, "2026-307", procedure="small_claims")

    def test_an_order_against_a_public_body(self):
        self.debtor.collection_debtor_kind = "public"
        self.assertExplained(self._sue(), "administrative court")

    def test_an_order_against_who_lives_abroad(self):
        self.debtor.country_id = self.root.ref("base.us")
        self.assertExplained(self._sue(), "lives abroad")
        european = self._sue(
            self._overdue_invoice(90, 5000, partner=self.debtor), procedure="european_order"
        )
        self.assertExplained(european, "outside the Union", procedure="european_order")

    def test_a_european_order_within_france(self):
        invoice = self._overdue_invoice(90, 5000, partner=self.debtor)
        proceeding = self._sue(invoice, procedure="european_order")
        self.assertExplained(proceeding, "lives in France", procedure="european_order")

    def test_an_order_for_what_is_disputed(self):
        proceeding = self._sue()
        self._hold(proceeding.case_id, "dispute")
        self.assertExplained(proceeding, "one contest ends it")

    def test_what_is_open_needs_no_reason(self):
        proceeding = self._sue(procedure="summons")
        self._hold(proceeding.case_id, "dispute")
        self._take(proceeding, "serve", procedure="summons")
        # Asked for once, as the court is asked; what follows is the court's.
        self.debtor.collection_debtor_kind = "consumer"
        order = self._sue(self._overdue_invoice(90, 700, partner=self.partner_b))
        self._take(order, "file")
        self._hold(order.case_id, "dispute")
        self._take(order, "grant")
        self.assertEqual((proceeding.state, order.state), ("served", "granted"))

    def test_what_was_approved_of_is_looked_at_again_as_it_begins(self):
        handover = self._approve(self._request())
        handover.action_start_proceeding()
        proceeding = handover.proceeding_ids.with_user(self.accountant)
        self._hold(proceeding.case_id, "dispute")
        self.assertExplained(proceeding, "one contest ends it")

    def test_the_dialog_asks_for_it(self):
        proceeding = self._sue(procedure="small_claims")
        form = Form(
            self.env["collection.proceeding.step"]
            .with_user(self.accountant)
            .with_context(default_proceeding_id=proceeding.id)
        )
        form.step_id = self._step("file", "small_claims")
        self.assertIn("2026-307", form.obstacles)
        form.attachment_ids.add(self._paper())
        with self.assertRaisesRegex(AssertionError, "reason"):
            form.save()
        form.reason = WHY
        form.save().action_apply()
        self.assertEqual(proceeding.state, "filed")
        self.assertIn(WHY, proceeding.event_ids.note)
