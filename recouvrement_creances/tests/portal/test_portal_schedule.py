from datetime import timedelta

from odoo.tests import tagged

from ..common import TODAY
from .common import PortalCommon
from .test_portal_attack import NASTY

SCRIPTS = ("<script>alert", "<img src=x", "<svg onload")


@tagged("post_install", "-at_install")
class TestPortalSchedule(PortalCommon):
    """A debtor asks for a schedule, signs it in its own words and follows it."""

    def setUp(self):
        super().setUp()
        self._open()
        # In sudo mode: policies are confirmed, and a test says what it relies on.
        self.policy.sudo().write(
            {
                "schedule_longest_months": 12,
                "schedule_least_instalment": 50,
            }
        )

    def _ask(self, **data):
        values = {
            "item": self._item_ids(self.invoice, self.recent),
            "count": "3",
            "first_date": (TODAY + timedelta(days=15)).isoformat(),
            **data,
        }
        response = self._post("/schedule", values)
        self.env.invalidate_all()
        return response

    def test_down_payment_is_due_at_once(self):
        self._ask(down_payment="300")
        first = self._schedule()._get_lines()[0]
        self.assertEqual((first.kind, first.due_date, first.amount), ("down_payment", TODAY, 300))

    def _schedule(self):
        return self.root["collection.schedule"].search(
            [("case_id", "=", self.case.id)], order="id desc", limit=1
        )

    def _sign(self, schedule, **data):
        values = {
            "agreed": "1",
            "typed_amount": "one thousand five hundred dollars",
            "signer_name": "Alice Debtor",
            **data,
        }
        response = self._post(f"/schedule/{schedule.id}/sign", values, source="/schedule")
        self.env.invalidate_all()
        return response

    def test_schedule_within_the_limits_is_signed_at_once(self):
        self._ask()
        schedule = self._schedule()
        self.assertRecordValues(
            schedule,
            [
                {
                    "state": "proposed",
                    "requested_by": "portal",
                    "amount_total": 1500,
                    "instalment_count": 3,
                }
            ],
        )
        self.assertEqual(self._get(f"/schedule/{schedule.id}/agreement.pdf").content[:5], b"%PDF-")
        response = self._sign(schedule)
        self.assertIn("the agreement is signed", response.text)
        self.assertIn(schedule.state, ("signed", "running"))
        self.assertRecordValues(
            schedule,
            [
                {
                    "signer_name": "Alice Debtor",
                    "signature_kind": "typed",
                    "signer_address": "127.0.0.1",
                }
            ],
        )
        copy = self._get(f"/schedule/{schedule.id}/agreement.pdf")
        self.assertEqual(copy.content, schedule.signed_agreement_id.raw)
        self._decide()
        self.assertVerdict(self.invoice, "schedule")

    def test_what_a_schedule_puts_off_is_not_called_late(self):
        self.assertIn("days late", self._get("").text)
        self._ask()
        self.assertIn("days late", self._get("").text, "nothing is agreed on yet")
        self._sign(self._schedule())
        page = self._get("").text
        self.assertIn("in your schedule", page)
        self.assertNotIn("days late", page)
        self.assertNotIn("of which overdue", page)

    def test_no_other_day_is_told_for_what_a_schedule_on_time_settles(self):
        self._ask()
        self.assertIn('name="item"', self._get("/promise").text)
        self._sign(self._schedule())
        page = self._get("/promise").text
        self.assertIn("What is open is in your schedule", page)
        self.assertNotIn('name="item"', page)

    def test_schedule_beyond_the_limits_waits_for_an_approval(self):
        response = self._ask(count="30")
        self.assertEqual(self._schedule().state, "to_approve")
        self.assertIn("we look at it and answer you", response.text)
        self.assertNotIn('name="typed_amount"', response.text)
        self.assertEqual(self._sign(self._schedule()).status_code, 200)
        self.assertEqual(self._schedule().state, "to_approve")

    def test_one_schedule_at_a_time(self):
        self._ask()
        first = self._schedule()
        self.assertNotIn('name="count"', self._get("/schedule").text)
        self._post(f"/schedule/{first.id}/withdraw", source="/schedule")
        self.env.invalidate_all()
        self.assertEqual(first.state, "cancelled")
        self._ask()
        self.assertNotEqual(self._schedule(), first)

    def test_amount_is_typed_in_words_by_who_signs(self):
        self._ask()
        schedule = self._schedule()
        for data in (
            {"typed_amount": "1500"},
            {"typed_amount": "one thousand four hundred dollars"},
            {"typed_amount": ""},
            {"signer_name": ""},
            {"agreed": ""},
            {"signature": "data:image/svg+xml;base64,PHN2Zy8+"},
            {"signature": "x" * 10_000},
        ):
            with self.subTest(data=data):
                response = self._sign(schedule, **data)
                self.assertEqual(response.status_code, 200)
                self.assertIn('role="alert"', response.text)
                self.assertEqual(schedule.state, "proposed")

    def test_french_words_are_taken_too(self):
        self._ask()
        self._sign(self._schedule(), typed_amount="Mille-cinq-cents dollars")
        self.assertIn(self._schedule().state, ("signed", "running"))

    def test_signature_is_given_once(self):
        self._ask()
        schedule = self._schedule()
        self._sign(schedule)
        signed_at, state = schedule.signed_at, schedule.state
        evidence = self.case.evidence_ids
        response = self._sign(schedule, signer_name="Somebody Else")
        self.assertIn('role="alert"', response.text)
        self.assertRecordValues(
            schedule, [{"signer_name": "Alice Debtor", "signed_at": signed_at, "state": state}]
        )
        self.assertEqual(self.case.evidence_ids, evidence)

    def test_schedule_of_another_debtor_is_closed(self):
        other = self.root["collection.schedule"]._propose(
            self.other_case,
            self._item(self.other_invoice),
            count=3,
            first_date=TODAY + timedelta(days=15),
        )
        other._submit()
        for path in (f"/schedule/{other.id}/sign", f"/schedule/{other.id}/withdraw"):
            response = self._post(path, {"agreed": "1"}, source="/contact")
            self.assertEqual(response.status_code, 403)
        self.assertEqual(self._get(f"/schedule/{other.id}/agreement.pdf").status_code, 403)
        self.env.invalidate_all()
        self.assertEqual(other.state, "proposed")

    def test_wrong_requests_are_explained(self):
        for data in (
            {"count": "0"},
            {"count": "1000"},
            {"count": "x"},
            {"first_date": "2020-01-01"},
            {"first_date": ""},
            {"first_date": "9999-12-31", "count": "36"},
            {"down_payment": "5000"},
            {"item": []},
        ):
            with self.subTest(data=data):
                response = self._ask(**data)
                self.assertIn('role="alert"', response.text)
                self.assertFalse(self._schedule())
        response = self._ask(item=self._item_ids(self.other_invoice))
        self.assertEqual(response.status_code, 403)

    def test_texts_of_a_signature_are_shown_as_text(self):
        self._ask()
        for text in NASTY:
            response = self._sign(self._schedule(), typed_amount=text, signer_name=text)
            for part in SCRIPTS:
                self.assertNotIn(part, response.text)

    def test_next_instalment_is_paid_online_in_the_agreed_order(self):
        self.provider = self._make_provider()
        self._ask()
        schedule = self._schedule()
        self._sign(schedule)
        self.assertIn("Pay this instalment", self._get("/schedule").text)
        response = self._post(f"/schedule/{schedule.id}/pay", source="/schedule")
        transaction = self._simulate(self._make_transaction(self._signed(response), amount=1))
        self.assertRecordValues(
            transaction,
            [{"state": "done", "amount": 500, "collection_schedule_id": schedule.id}],
        )
        instalments = schedule._get_lines()
        self.assertEqual(instalments.mapped("state"), ["kept", "pending", "pending"])
        first = schedule.item_line_ids.sorted("sequence")[0].item_id
        self.assertEqual(first.amount_residual_currency, first.amount - 500)
        transaction.payment_id.action_cancel()
        self.assertEqual(instalments[0].state, "pending")

    def test_instalment_of_another_debtor_is_not_paid(self):
        other = self.root["collection.schedule"]._propose(
            self.other_case,
            self._item(self.other_invoice),
            count=3,
            first_date=TODAY + timedelta(days=15),
        )
        other._submit()
        response = self._post(f"/schedule/{other.id}/pay", source="/contact")
        self.assertEqual(response.status_code, 403)
        self.assertEqual(self._attempts()[:1].event, "foreign")

    def test_schedule_that_nobody_signed_is_not_paid(self):
        self._ask()
        response = self._post(f"/schedule/{self._schedule().id}/pay", source="/schedule")
        self.assertIn("Nothing is to be paid of this schedule", response.text)
        self.assertNotIn("data-access-token", response.text)

    def test_debtor_in_insolvency_agrees_on_nothing(self):
        self._ask()
        schedule = self._schedule()
        self._hold(self.case, "insolvency", review_date=TODAY)
        self.assertNotIn('name="typed_amount"', self._get("/schedule").text)
        self.assertNotIn('name="date"', self._get("/promise").text)
        response = self._sign(schedule)
        self.assertIn("can be neither paid nor agreed on", response.text)
        self.assertEqual(schedule.state, "proposed")
        values = {"item": self._item_ids(self.invoice), "date": TODAY.isoformat()}
        self._post("/promise", values, source="/contact")
        self.env.invalidate_all()
        self.assertFalse(self.root["collection.promise"].search([("case_id", "=", self.case.id)]))
        self.assertEqual(self._attempts()[:1].event, "invalid")
