from datetime import date
from importlib.util import module_from_spec, spec_from_file_location

from odoo.modules.module import get_module_path
from odoo.tests import tagged

from ..ledger.common import NOW
from .schedule_common import FIRST, ScheduleCommon


@tagged("post_install", "-at_install")
class TestScheduleCharges(ScheduleCommon):
    """A schedule of charges alone keeps nobody from asking for the invoices."""

    def _charges_only(self, **terms):
        """Return a schedule in effect of a statement of charges, and the statement."""
        charge = self._claim()
        nothing = self.root["collection.item"]
        terms = {"lines": [(FIRST, charge.amount_total, "instalment")], **terms}
        return self._signed(items=nothing, charges=charge, **terms), charge.sudo()

    def test_invoices_are_reminded_of(self):
        schedule, _charge = self._charges_only()
        self.assertEqual(schedule.state, "running")
        self.assertFalse(schedule.hold_id)
        self._decide()
        self.assertNotIn("schedule", self.items.mapped("verdict"))

    def test_entry_of_the_charges_is_held_from_their_first_payment_on(self):
        schedule, charge = self._charges_only()
        self._pay_schedule(schedule, 30, FIRST)
        item = self._item(charge.move_id)
        self.assertEqual(schedule.hold_id.line_ids.item_id, item)
        payment = self._pay_schedule(schedule, round(charge.amount_total - 30, 2), FIRST)
        self.assertEqual((schedule.state, schedule.hold_id.state), ("completed", "released"))
        self._cancel_payment(payment, FIRST)
        self.assertEqual((schedule.state, schedule.hold_id.state), ("running", "open"))
        self.assertEqual(schedule.hold_id.line_ids.item_id, item)

    def test_schedule_that_reopens_without_its_invoices_holds_nothing_else(self):
        other = self._item(self._invoice(200, date(2026, 9, 30)))
        charges = self.env["collection.charge"].with_user(self.accountant)
        charge = charges._claim(self.case.with_user(self.accountant), other, NOW, NOW)
        schedule = self._signed(charges=charge, count=2)
        for invoice in (self.old, self.young):
            invoice.button_draft()
            invoice.with_context(force_delete=True).unlink()
        payment = self._pay_schedule(schedule, charge.amount_total, FIRST)
        self.assertEqual(schedule.state, "completed")
        self._cancel_payment(payment, FIRST)
        self.assertEqual(schedule.state, "running")
        self.assertEqual(schedule.hold_id.line_ids.item_id, self._item(charge.sudo().move_id))

    def test_whole_case_that_the_former_release_held_is_let_go(self):
        schedule, _charge = self._charges_only()
        former = self._hold(self.case, "schedule", review_date=FIRST)
        schedule.sudo()._with_door().hold_id = former
        self.env.flush_all()
        path = f"{get_module_path('recouvrement_creances')}/migrations/19.0.1.1.0/"
        spec = spec_from_file_location("post_schedules", f"{path}post-schedules.py")
        script = module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertEqual((former.state, schedule.state), ("released", "running"))
