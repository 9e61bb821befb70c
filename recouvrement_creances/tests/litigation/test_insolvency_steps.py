from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..common import TODAY
from .insolvency_common import InsolvencyCommon

DIALOG = "collection.insolvency.step"


@tagged("post_install", "-at_install")
class TestInsolvencySteps(InsolvencyCommon):
    """The dialog offers the steps that may follow, and those alone."""

    def _offer(self, record):
        """Return the codes that the dialog offers, opened as its button opens it."""
        action = record.action_record_step()
        dialogs = self.env[DIALOG].with_user(record.env.user)
        offered = Form(dialogs.with_context(**action["context"])).possible_codes or []
        self.assertEqual(bool(offered), record.has_next_step)
        return offered

    def test_a_browser_is_told_by_the_record_what_may_follow(self):
        """It asks for the fields of a form once, without what the form was opened with."""
        self._owe()
        record = self._record()
        known = [code for code, _label in self.env[DIALOG]._fields["code"].selection]
        offered = self._offer(record)
        self.assertLess(set(offered), set(known))
        self.assertIn("contest", offered)
        arch = self.env[DIALOG].with_user(self.accountant).get_view()["arch"]
        self.assertIn("filterable_selection", arch)
        self.assertIn("possible_codes", arch)

    def test_what_has_to_come_before_is_waited_for(self):
        self._owe()
        record = self._record()
        self.assertNotIn("plan_failed", self._offer(record))
        self._step_of(record, "plan")
        self.assertIn("plan_failed", self._offer(record))
        self.assertNotIn("plan", self._offer(record))
        self._step_of(record, "conversion")
        self.assertNotIn("conversion", self._offer(record))

    def test_a_consumer_has_steps_of_its_own(self):
        consumer = self._debtor("Household", is_company=False)
        self._owe(partner=consumer)
        record = self._record(consumer, kind="overindebtedness", publication_date=False)
        self.assertNotIn("contest", self._offer(record))
        self.assertIn("measures", self._offer(record))

    def test_what_has_ended_knows_a_certificate_and_a_reopening(self):
        self._owe()
        record = self._record(kind="liquidation")
        record.with_user(self.manager)._close("insufficient", TODAY, reason="Judgement")
        self.assertEqual(self._offer(record), ["certificate", "reopening"])
        with self.assertRaisesRegex(UserError, "does not follow"):
            self._step_of(record, "contest")
        self._step_of(record, "certificate")
        self.assertEqual((record.state, record.certificate_date), ("closed", TODAY))

    def test_a_company_is_not_wiped_out_and_a_consumer_not_wound_up(self):
        self._owe()
        record = self._record()
        closing = "collection.insolvency.closing"
        dialog = Form(
            self.env[closing].with_user(self.manager).with_context(default_insolvency_id=record.id)
        )
        self.assertEqual(dialog.possible_grounds, ["paid", "insufficient", "overturned", "mistake"])

    def test_nothing_follows_in_a_conciliation_or_on_a_mistake(self):
        self._owe()
        record = self._record(kind="conciliation", publication_date=False)
        self.assertFalse(self._offer(record))
        record.with_user(self.manager)._cancel("A namesake")
        self.assertFalse(record.has_next_step)
