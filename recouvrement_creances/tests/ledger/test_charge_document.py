import json
from datetime import date

from odoo.tests import tagged

from .common import ChargeCommon


@tagged("post_install", "-at_install")
class TestChargeDocument(ChargeCommon):
    """The statement of charges shows what it is claimed on, and how it was computed."""

    def _print(self, charge):
        html, _kind = self.root["ir.actions.report"]._render_qweb_html(
            "recouvrement_creances.collection_charge_report", charge.action_id.ids
        )
        return " ".join(html.decode().split())

    def test_documents_stand_in_full_beside_the_periods(self):
        invoice = self._invoice(1000, date(2026, 9, 30), issued=date(2026, 8, 31))
        self._pay_on(invoice, date(2026, 10, 31), 400)
        html = self._print(self._claim())
        for heading in ("Date", "Due date", "Total incl. tax", "Already paid", "Balance"):
            self.assertIn(f">{heading}</th>", html)
        for value in (invoice.name, "08/31/2026", "09/30/2026", "1,000.00", "400.00", "600.00"):
            self.assertIn(value, html)

    def test_divisor_is_the_one_of_the_computation(self):
        self._invoice(1000, date(2026, 9, 30))
        charge = self._claim()
        html = self._print(charge)
        self.assertIn("rate × days / 365", html)
        self.assertIn("62 / 365", html)
        line = charge.line_ids.filtered(lambda line: line.kind == "interest")
        leap = [{**segment, "divisor": 366} for segment in line.segments]
        # Frozen lines refuse to be written: what a leap year would have left is put in place.
        self.env.cr.execute(
            "UPDATE collection_charge_line SET segments = %s::jsonb WHERE id = %s",
            [json.dumps(leap), line.id],
        )
        line.invalidate_recordset(["segments"])
        html = self._print(charge)
        self.assertIn("rate × days / 366", html)
        self.assertIn("62 / 366", html)

    def test_judgement_at_whose_rate_interest_is_claimed_is_named(self):
        invoice = self._invoice(1000, date(2026, 9, 30))
        self.assertNotIn("L313-3", self._print(self._claim(as_of=date(2026, 10, 31))))
        day = date(2026, 11, 2)
        self._judgement(self._item(invoice), self.accountant, date=day, runs_from=day)
        html = self._print(self._claim())
        self.assertIn("TC Lyon 2026F00123 · 11/02/2026", html)
        self.assertIn("L313-3", html)
