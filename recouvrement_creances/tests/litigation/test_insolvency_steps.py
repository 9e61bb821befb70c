from lxml import etree

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from ..common import TODAY
from .insolvency_common import COPIES_WENT, InsolvencyCommon

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

    # === STATE OF CLAIMS === #

    def _dialog_of(self, record, code):
        action = record.action_record_step()
        dialogs = self.env[DIALOG].with_user(self.accountant)
        form = Form(dialogs.with_context(**action["context"]))
        form.code = code
        form.attachment_ids.add(self._paper())
        return form

    def _declare(self, record):
        declaration = (
            self.env["collection.insolvency.declaration"]
            .with_user(self.accountant)
            ._prepare_for(record)
        )
        declaration.signatory_quality = "Finance director"
        declaration._note_sending(TODAY, "hand", "", self._paper(), COPIES_WENT)
        return declaration

    def test_the_state_of_claims_asks_what_was_admitted(self):
        self._owe()
        record = self._record()
        self._declare(record)
        form = self._dialog_of(record, "claim_state")
        self.assertTrue(form.asks_admitted)
        claim = record.claim_ids
        with form.line_ids.edit(0) as line:
            self.assertEqual((line.claim_id, line.amount_declared), (claim, claim.amount_declared))
            line.amount_admitted = 700
            line.amount_rejected = 100
        form.save().action_apply()
        self.assertRecordValues(
            claim, [{"amount_admitted": 700, "amount_contested": 0, "amount_rejected": 100}]
        )
        self.assertEqual(record.amount_admitted, 700)
        self.assertEqual(self._state(record, "insolvency.claim_state"), ["open"])

    def test_taking_the_state_of_claims_back_takes_what_it_admitted(self):
        self._owe()
        record = self._record()
        self._declare(record)
        claim = record.claim_ids
        claim.amount_contested = 50
        form = self._dialog_of(record, "claim_state")
        with form.line_ids.edit(0) as line:
            line.amount_admitted, line.amount_contested = 700, 0
        form.save().action_apply()
        self.assertEqual(record.amount_admitted, 700)
        step = record.event_ids.filtered(lambda event: event.code == "claim_state")
        record.with_user(self.manager)._undo_step(step, "The letter of another debtor")
        self.assertRecordValues(
            claim, [{"amount_admitted": 0, "amount_contested": 50, "amount_rejected": 0}]
        )
        self.assertEqual(record.amount_admitted, 0)

    def test_no_more_is_admitted_than_was_declared(self):
        self._owe()
        record = self._record()
        self._declare(record)
        form = self._dialog_of(record, "claim_state")
        with form.line_ids.edit(0) as line:
            line.amount_admitted = 70000
        with self.assertRaisesRegex(ValidationError, "is not more"):
            form.save().action_apply()

    def test_other_steps_ask_no_amounts(self):
        self._owe()
        record = self._record()
        self._declare(record)
        self.assertFalse(self._dialog_of(record, "contest").asks_admitted)

    def test_the_office_holder_of_a_liquidation_is_its_liquidator(self):
        form = etree.fromstring(
            self.env["collection.insolvency"].with_user(self.accountant).get_view()["arch"]
        )
        shown = {
            field.get("invisible"): field.get("string")
            for field in form.iterfind(".//field[@name='representative_id']")
        }
        self.assertEqual(shown.get("kind != 'liquidation'"), "Liquidator")
