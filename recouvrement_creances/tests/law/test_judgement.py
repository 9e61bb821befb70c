from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ...rules.interest import find_double_interest
from ..ledger.common import NOW, ChargeCommon

DAY = date(2026, 10, 31)


@tagged("post_install", "-at_install")
class TestJudgement(ChargeCommon):
    """A judgement's interest at the legal rate takes the place of the penalties before it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.personas["manager"]
        cls.invoice = cls._invoice(1000, date(2026, 6, 30), issued=date(2026, 6, 1))

    def _note(self, **vals):
        return self._judgement(
            self._item(self.invoice), self.accountant, **{"date": DAY, "runs_from": DAY, **vals}
        )

    # === INTEREST === #

    def test_penalties_end_where_the_judgements_interest_begins(self):
        self._note()
        # 123 days of penalties up to 31 October, then 31 days at the legal rate.
        self.assertEqual(
            self._segments(self.invoice),
            [(123, "1000.00", "12.40", "41.79"), (31, "1000.00", "2.75", "2.34")],
        )
        segments = self._charged(self.invoice).charges.interest.segments
        self.assertEqual(find_double_interest(segments[:1], segments[1:]), [])

    def test_five_points_more_two_months_after_it_is_enforceable(self):
        judgement = self._note(date=date(2026, 7, 31), runs_from=date(2026, 7, 31))
        judgement.enforceable_on = date(2026, 8, 31)
        # Two months after 31 August is 31 October: the increase begins on 1 November.
        expected = [(31, "12.40"), (92, "2.75"), (31, "7.75")]
        self.assertEqual([(row[0], row[2]) for row in self._segments(self.invoice)], expected)
        judgement.write({"is_exempt": True, "exempt_ground": "JEX Lyon, 15/11/2026"})
        self.assertEqual(
            [(row[0], row[2]) for row in self._segments(self.invoice)],
            [(31, "12.40"), (123, "2.75")],
        )

    def test_consumer_needs_no_notice_once_there_is_a_judgement(self):
        self.debtor.collection_debtor_kind = "consumer"
        self.assertFalse(self._segments(self.invoice))
        self._note()
        self.assertEqual(self._segments(self.invoice), [(31, "1000.00", "2.75", "2.34")])

    def test_judgement_that_grants_the_penalties_changes_no_interest(self):
        self._note(grants="penalties", enforceable_on=DAY)
        self.assertEqual([row[2] for row in self._segments(self.invoice)], ["12.40"])
        self.assertEqual(self._item(self.invoice).limitation_date, date(2036, 10, 31))

    def test_cancelled_judgement_counts_for_nothing(self):
        judgement = self._note()
        with self.assertRaisesRegex(AccessError, "Only a manager"):
            judgement.action_cancel()
        judgement.with_user(self.manager).action_cancel()
        self.assertEqual([row[2] for row in self._segments(self.invoice)], ["12.40"])
        self._note(name="CA Lyon 26/00456")

    def test_claim_before_and_after_the_judgement_share_no_day(self):
        first = self._claim(as_of=date(2026, 11, 15))
        self._note()
        second = self._claim()
        self.assertEqual(first.line_ids.filtered("date_end").date_end, date(2026, 11, 15))
        self.assertEqual(second.line_ids.date_start, date(2026, 11, 16))
        self.assertEqual(second.line_ids.segments[0]["rate"], "2.75")

    def test_what_is_computed_costs_as_many_statements_with_judgements(self):
        items = self._item(self.invoice)
        interest = self.root["collection.interest"]

        def count():
            self.env.flush_all()
            interest._compute_items(items, NOW)
            before = self.env.cr.sql_log_count
            interest._compute_items(items, NOW)
            return self.env.cr.sql_log_count - before

        without = count()
        self._note()
        self.assertEqual(count(), without)

    # === LIMITATION === #

    def test_enforceable_judgement_is_claimed_for_ten_years(self):
        self.debtor.collection_debtor_kind = "consumer"
        invoice = self._invoice(1000, date(2024, 6, 30))
        item = self._item(invoice)
        self.root["collection.decision"]._decide(self.company, NOW)
        self.assertEqual(item.verdict, "time_barred")
        day = date(2025, 3, 3)
        judgement = self._judgement(item, self.accountant, date=day, runs_from=day)
        self.assertEqual(item.verdict, "time_barred")
        judgement.enforceable_on = date(2025, 4, 4)
        item.invalidate_recordset()
        self.assertNotEqual(item.verdict, "time_barred")
        self.assertEqual(item.limitation_nature, "title")
        self.assertEqual(item.limitation_hypothesis, "judgement")
        self.assertEqual(item.limitation_date, date(2035, 4, 4))
        self.assertIn("04/04/2025, when the judgement", item.limitation_explanation)
        self.assertTrue(self._charged(invoice).charges.is_claimable)
        judgement.with_user(self.manager).action_cancel()
        item.invalidate_recordset()
        self.assertEqual((item.verdict, item.limitation_nature), ("time_barred", "consumer"))

    # === WHAT IS NOTED === #

    def test_interest_runs_from_the_judgements_day_unless_it_says_otherwise(self):
        judgement = self._judgement(self._item(self.invoice), self.accountant, date=DAY)
        self.assertEqual(judgement.runs_from, DAY)

    def test_judgement_is_noted_from_the_case_with_its_document(self):
        case, item = self._case(self.debtor), self._item(self.invoice)
        scan = (
            self.env["ir.attachment"]
            .with_user(self.accountant)
            .create({"name": "judgement.pdf", "raw": b"%PDF-1.4"})
        )
        form = Form(
            self.env["collection.judgement"]
            .with_user(self.accountant)
            .with_context(default_case_id=case.id)
        )
        form.name = "TC Lyon 2026F00123"
        form.date = DAY
        form.item_ids.add(item)
        form.attachment_ids.add(scan)
        judgement = form.save()
        self.assertEqual((scan.res_model, scan.res_id), ("collection.case", case.id))
        self.assertIn("TC Lyon 2026F00123", str(case.message_ids.mapped("body")))
        self.assertEqual(case.judgement_ids, judgement)
        with self.assertRaisesRegex(UserError, "part of the evidence"):
            scan.with_user(self.manager).unlink()

    def test_judgement_stays_as_it_was_noted(self):
        judgement = self._note()
        other = self._item(self._invoice(5, date(2026, 9, 30)))
        for vals in (
            {"runs_from": date(2026, 6, 1)},
            {"date": date(2026, 6, 1)},
            {"grants": "penalties"},
            {"item_ids": [Command.link(other.id)]},
        ):
            with self.subTest(vals=vals), self.assertRaisesRegex(UserError, "stays as it was"):
                judgement.with_user(self.manager).write(vals)
        with self.assertRaisesRegex(UserError, "buttons only"):
            judgement.with_user(self.manager).state = "cancelled"
        with self.assertRaisesRegex(UserError, "history"):
            judgement.sudo().unlink()

    def test_item_is_under_one_standing_judgement(self):
        self._note()
        with self.assertRaisesRegex(ValidationError, "cancel it first"):
            self._note(name="TJ Paris 26/1")

    def test_judgement_bears_on_items_of_its_debtor(self):
        stranger = self._invoice(5, date(2026, 9, 30), partner=self._debtor("Somebody Else"))
        with self.assertRaisesRegex(ValidationError, "Choose items of"):
            self._note(item_ids=[Command.set(self._item(stranger).ids)])

    def test_judgement_wants_its_document_and_a_past_day(self):
        refused, savepoint = self.assertRaisesRegex, self.env.cr.savepoint
        with refused(ValidationError, "Attach the judgement"), savepoint():
            self._note(attachment_ids=[])
        with refused(ValidationError, "a day to come"), savepoint():
            self._note(date=date(2026, 12, 2))
        with refused(ValidationError, "runs from a day to come"), savepoint():
            self._note(runs_from=date(2099, 1, 1))
        with refused(ValidationError, "which decision"), savepoint():
            self._note(is_exempt=True)

    def test_collector_only_reads(self):
        self._note()
        with self.assertRaises(AccessError):
            self._judgement(self._item(self.invoice), self.collector)
