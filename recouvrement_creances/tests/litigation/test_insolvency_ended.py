from datetime import timedelta
from importlib.util import module_from_spec, spec_from_file_location

from odoo.exceptions import UserError
from odoo.modules.module import get_module_path
from odoo.tests import tagged

from ..common import TODAY
from .handover_common import HandoverCommon
from .insolvency_common import InsolvencyCommon


@tagged("post_install", "-at_install")
class TestInsolvencyEnded(InsolvencyCommon, HandoverCommon):
    """Proceedings that have ended without assets are named so, and there is a way on."""

    def _end(self, ground="insufficient", **values):
        record = self._record(kind="liquidation", user=self.manager, **values)
        record._close(ground, TODAY, reason="BODACC")
        self._decide()
        return record

    def _make_losses(self):
        return self.root["account.account"].create(
            {"name": "Irrecoverable debts", "code": "654100", "account_type": "expense"}
        )

    def _check(self, handover):
        handover.action_work_out()
        return handover.check_ids.filtered(lambda check: check.code == "insolvency")

    def test_an_ended_liquidation_is_not_said_to_be_open(self):
        handover = self._complete(self._prepare())
        record = self._record(kind="liquidation", user=self.manager)
        line = self._check(handover)
        self.assertEqual((line.result, line.because), ("missing", "opened"))
        record._close("insufficient", TODAY, reason="BODACC")
        line = self._check(handover)
        self.assertEqual((line.result, line.because), ("missing", "insufficient"))
        self.assertIn("L643-11", line.explanation)
        self.assertIn("certificate", line.explanation)
        order = handover.route_ids.filtered(lambda route: route.code == "payment_order")
        self.assertFalse(order.is_open)
        self.assertIn("has ended", order.explanation)
        handover.route_code = "write_off"
        line = handover.check_ids.filtered(lambda check: check.code == "insolvency")
        self.assertEqual((line.result, line.because), ("stated", "insufficient"))

    def test_what_arose_after_the_end_is_pursued(self):
        self._owe(200, 1000)
        self._end(
            judgement_date=TODAY - timedelta(days=160), publication_date=TODAY - timedelta(days=150)
        )
        handover = self._complete(self._prepare(self._item(self._owe(60, 2000))))
        self.assertEqual(self._check(handover).result, "passed")
        self._approve(self._request(handover))
        self.assertEqual(handover.state, "approved")

    def test_what_was_paid_back_may_be_pursued(self):
        handover = self._complete(self._prepare())
        self._end("paid")
        self.assertEqual(self._check(handover).result, "passed")

    def test_an_approval_says_what_is_left_to_do(self):
        handover = self._request()
        self._end()
        with self.assertRaisesRegex(UserError, "L643-11"):
            self._approve(handover)

    def test_the_case_shows_the_record_and_the_way_on(self):
        self._make_losses()
        item = self._overdue_item()
        case = item.case_id
        self.assertFalse(case.shown_insolvency_id or case.is_barred)
        record = self._end()
        case.invalidate_recordset()
        self.assertEqual((case.shown_insolvency_id, case.is_barred), (record, True))
        self.assertEqual(case.action_open_insolvency()["res_id"], record.id)
        self.assertIn("certificate of irrecoverability", case.next_step)
        self._step_of(record, "certificate")
        case.invalidate_recordset()
        self.assertIn("write off", case.next_step)
        self.assertEqual(record.way_on, case.next_step)
        opened = case.with_user(self.accountant).action_write_off_barred()
        self.assertEqual(opened["res_model"], "collection.waiver")
        context = opened["context"]
        self.assertEqual(context["default_item_ids"], item.ids)
        waiver = (
            self.env["collection.waiver"]
            .with_user(self.accountant)
            .with_context(**context)
            .create({})
        )
        self.assertEqual((waiver.amount, waiver.item_ids), (5000, item))

    def test_who_asks_for_a_write_off_is_told_of_the_account_that_lacks(self):
        self._overdue_item()
        context = self._end().with_user(self.accountant).action_write_off()["context"]
        waivers = self.env["collection.waiver"].with_user(self.accountant)
        with self.assertRaisesRegex(UserError, "no account of losses"):
            waivers.with_context(**context).create({})

    def test_a_write_off_that_waits_is_not_asked_for_twice(self):
        self._make_losses()
        self._overdue_item()
        self.company.sudo().collection_waiver_limit = 10
        record = self._end()
        context = record.with_user(self.accountant).action_write_off()["context"]
        waivers = self.env["collection.waiver"].with_user(self.accountant)
        waiver = waivers.with_context(**context).create({})
        self.assertEqual(waiver.state, "requested")
        with self.assertRaisesRegex(UserError, "was asked for already"):
            record.with_user(self.accountant).action_write_off()

    def test_what_is_lost_is_booked_as_a_loss_with_its_tax(self):
        """No credit note for what was just not paid (BOI-TVA-DED-40-10-20 §110)."""
        losses = self._make_losses()
        gestures = self.company_data["default_account_expense"]
        self.company.sudo().write(
            {"collection_waiver_limit": 10000, "collection_waiver_account_id": gestures.id}
        )
        self.assertEqual(self.company.collection_waiver_means, "credit_note")
        tax = self.company_data["default_tax_sale"]
        due = TODAY - timedelta(days=60)
        invoice = self._create_invoice_one_line(
            price_unit=1000,
            tax_ids=tax,
            partner_id=self.debtor,
            invoice_date=due,
            invoice_date_due=due,
            invoice_payment_term_id=False,
            post=True,
        )
        self.assertGreater(invoice.amount_tax, 0)
        self._decide()
        record = self._end()
        for words in ("duplicate", "272", "§110"):
            self.assertIn(words, record.way_on)
        context = record.with_user(self.accountant).action_write_off()["context"]
        waivers = self.env["collection.waiver"].with_user(self.accountant)
        waiver = waivers.with_context(**context).create({})
        entry = waiver.sudo().move_ids
        self.assertEqual((waiver.means, waiver.state), ("write_off", "done"))
        self.assertEqual((entry.move_type, entry.state), ("entry", "posted"))
        loss = entry.line_ids.filtered("debit")
        self.assertEqual((loss.account_id, loss.debit), (losses, invoice.amount_total))
        self.assertFalse(entry.line_ids.tax_ids or entry.line_ids.tax_line_id)
        self.assertEqual(invoice.amount_residual, 0)
        self.assertFalse(invoice.reversal_move_ids)
        gesture = self.root.ref("recouvrement_creances.collection_reason_waiver_gesture")
        granted = waivers.new({"case_id": waiver.case_id.id, "reason_id": gesture.id})
        self.assertEqual(granted.means, "credit_note")

    def test_what_was_asked_for_before_the_reason_said_so_is_a_loss_too(self):
        self._overdue_item()
        record = self._end()
        reason = self.root.ref("recouvrement_creances.collection_reason_waiver_irrecoverable")
        reason.is_loss = False
        context = record.with_user(self.accountant).action_write_off()["context"]
        waivers = self.env["collection.waiver"].with_user(self.accountant)
        waiver = waivers.with_context(**context).create({})
        self.assertEqual((waiver.state, waiver.means), ("requested", "credit_note"))
        self.env.flush_all()
        path = f"{get_module_path('recouvrement_creances')}/migrations/19.0.1.1.0/"
        spec = spec_from_file_location("post_losses", f"{path}post-losses.py")
        script = module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertTrue(reason.is_loss)
        self.assertEqual(waiver.means, "write_off")

    def test_the_dialog_does_without_a_reason_that_was_deleted(self):
        self._overdue_item()
        record = self._end()
        self.root.ref("recouvrement_creances.collection_reason_waiver_irrecoverable").unlink()
        context = record.with_user(self.accountant).action_write_off()["context"]
        self.assertFalse(context["default_reason_id"])

    def test_a_case_of_which_nothing_earlier_is_open_is_barred_from_nothing(self):
        paid = self._owe(200, 1000)
        record = self._end(
            judgement_date=TODAY - timedelta(days=160), publication_date=TODAY - timedelta(days=150)
        )
        case = self._item(paid).case_id
        self.assertTrue(case.is_barred)
        self._owe(60, 2000)
        self._pay(paid)
        self._decide()
        case.invalidate_recordset()
        self.assertTrue(case.is_open)
        self.assertEqual((case.is_barred, case.shown_insolvency_id), (False, record))

    def test_a_list_of_barred_cases_is_read_at_once(self):
        partners = [self._debtor(f"Debtor {number}") for number in range(4)]
        for partner in partners:
            self._owe(partner=partner)
            self._end(partner=partner)
        cases = self.root["collection.case"].search(
            [("partner_id", "in", [partner.id for partner in partners])]
        )
        counts = []
        for some in (cases[:1], cases):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertTrue(all(some.mapped("is_barred")))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    def test_proceedings_that_ended_well_are_not_shown(self):
        item = self._overdue_item()
        self._end("paid")
        item.case_id.invalidate_recordset()
        self.assertFalse(item.case_id.shown_insolvency_id or item.case_id.is_barred)
