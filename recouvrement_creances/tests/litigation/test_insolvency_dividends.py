from datetime import date, timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from ..common import TODAY
from .insolvency_common import OPENED, InsolvencyCommon

SOON = date(2026, 6, 30)


@tagged("post_install", "-at_install")
class TestInsolvencyDividends(InsolvencyCommon):
    """What a plan pays is entered on screen; what cannot be is refused in words."""

    def _plan(self, admitted=1000, day=None, **values):
        self.invoice = self._owe(**values)
        record = self._record()
        self._declare(record)
        record.claim_ids.amount_admitted = admitted
        self._step_of(record, "plan", day)
        return record

    def _form(self, record):
        return Form(record.with_user(self.accountant))

    # === ON SCREEN === #

    def test_a_line_is_added_and_shows_what_it_proposes(self):
        record = self._plan()
        with self._form(record) as form:
            with form.dividend_ids.new() as line:
                line.due_date = SOON
                line.share = 40
                self.assertEqual((line.amount, line.amount_paid, line.state), (400, 0, "pending"))
            with form.dividend_ids.new() as line:
                line.due_date = date(2027, 6, 30)
                line.share = 60
        self.assertRecordValues(
            record.dividend_ids,
            [{"due_date": SOON, "amount": 400}, {"due_date": date(2027, 6, 30), "amount": 600}],
        )

    def test_an_amount_is_changed_and_shows_what_was_paid(self):
        record = self._plan()
        record.dividend_ids.create({"insolvency_id": record.id, "due_date": SOON, "amount": 400})
        self._pay(self.invoice, 300)
        with self._form(record) as form, form.dividend_ids.edit(0) as line:
            line.amount = 300
            self.assertEqual((line.amount_paid, line.state), (300, "kept"))
        self.assertEqual(record.dividend_ids.amount, 300)

    def test_a_new_record_is_filled_in_on_screen(self):
        invoice = self._owe()
        case = self._item(invoice).case_id
        self.root["collection.charge"].with_user(self.accountant)._claim(
            case, self._item(invoice), TODAY, TODAY
        )
        form = Form(
            self.root["collection.insolvency"]
            .with_user(self.accountant)
            .with_context(default_partner_id=self.debtor.id)
        )
        form.kind = "reorganisation"
        form.judgement_date = OPENED
        form.publication_date = OPENED
        form.retains_title = True
        self.assertFalse(form.mixed_charges_note)
        self.assertEqual(form.save().state, "open")

    # === IN ANOTHER CURRENCY === #

    def _pay_at(self, rate, amount):
        """Return the dividend of 90 after a payment of so much, at a rate of today.

        The invoice was booked at 2 pounds to one unit of the company's currency.
        """
        self.root["res.currency.rate"].create(
            {
                "currency_id": self.other_currency.id,
                "company_id": self.company.id,
                "name": TODAY,
                "rate": rate,
            }
        )
        record = self._plan(400, currency_id=self.other_currency.id)
        dividend = record.dividend_ids.create(
            {"insolvency_id": record.id, "due_date": SOON, "amount": 90}
        )
        self._register_payment(self.invoice, amount=amount, currency_id=self.company.currency_id.id)
        return dividend

    def test_a_dividend_is_judged_in_the_currency_of_the_company(self):
        dividend = self._pay_at(2, 45)
        self.assertEqual((dividend.amount_paid, dividend.state), (45, "pending"))

    def test_a_dividend_is_what_came_in_when_the_currency_rose(self):
        dividend = self._pay_at(1.5, 60)
        self.assertEqual((dividend.amount_paid, dividend.state), (60, "pending"))

    def test_a_dividend_is_what_came_in_when_the_currency_fell(self):
        dividend = self._pay_at(2.5, 60)
        self.assertEqual((dividend.amount_paid, dividend.state), (60, "pending"))

    # === REFUSED IN WORDS === #

    def _refuse(self, record, words, **values):
        values = {"due_date": SOON, "amount": 100, **values}
        dividends = record.dividend_ids.with_user(self.accountant)
        with self.assertRaisesRegex((UserError, ValidationError), words):
            dividends.create({"insolvency_id": record.id, **values})

    def test_a_share_is_not_more_than_all(self):
        record = self._plan()
        self._refuse(record, "100", share=101)
        self._refuse(record, "100", share=-1)
        line = record.dividend_ids.create(
            {"insolvency_id": record.id, "due_date": SOON, "share": 100}
        )
        with self.assertRaisesRegex(ValidationError, "100"):
            line.share = 100.5

    def test_nothing_is_due_before_the_plan(self):
        record = self._plan()
        self._refuse(record, "before the plan", due_date=TODAY - timedelta(days=1))

    def test_a_share_of_nothing_says_so(self):
        record = self._plan(admitted=0)
        with self.assertRaisesRegex(ValidationError, "Nothing is admitted"):
            record.dividend_ids.create({"insolvency_id": record.id, "due_date": SOON, "share": 40})

    def test_a_dividend_is_above_zero(self):
        record = self._plan()
        self._refuse(record, "^A dividend is above zero", amount=0)
        line = record.dividend_ids.create(
            {"insolvency_id": record.id, "due_date": SOON, "amount": 10}
        )
        with self.assertRaisesRegex(ValidationError, "^A dividend is above zero"):
            line.amount = -1

    def test_without_a_plan_there_is_no_dividend(self):
        self._owe()
        record = self._record()
        self._refuse(record, "plan")
        self._step_of(record, "plan")
        line = record.dividend_ids.create(
            {"insolvency_id": record.id, "due_date": SOON, "amount": 10}
        )
        self._step_of(record, "conversion")
        with self.assertRaisesRegex(UserError, "plan"):
            line.amount = 20

    def test_amounts_of_the_state_of_claims_are_not_negative(self):
        record = self._plan()
        for name in ("amount_admitted", "amount_contested", "amount_rejected"):
            with self.assertRaisesRegex(ValidationError, "^The amounts admitted"):
                record.claim_ids[name] = -1

    def test_a_publication_is_not_before_its_judgement(self):
        early = OPENED - timedelta(days=1)
        with self.assertRaisesRegex(ValidationError, "^The publication is not before"):
            self._record(publication_date=early)
        record = self._record()
        with self.assertRaisesRegex(ValidationError, "^The publication is not before"):
            record.with_user(self.manager).write({"publication_date": early})
