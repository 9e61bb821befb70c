from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..common import TODAY
from .insolvency_common import OPENED, PUBLISHED, InsolvencyCommon


@tagged("post_install", "-at_install")
class TestInsolvencyPlausible(InsolvencyCommon):
    """A day that was mistyped frees no debt of its stay."""

    def setUp(self):
        super().setUp()
        self.invoice = self._owe()
        self.record = self._record()

    def test_a_collector_does_not_move_the_judgement(self):
        record = self.record.with_user(self.collector)
        with self.assertRaisesRegex(AccessError, "only an accountant or a manager"):
            record.judgement_date = OPENED - timedelta(days=1)
        record.judgement_date = OPENED
        self.assertVerdict(self.invoice, "insolvency")

    def test_a_collector_fills_in_a_judgement_that_nobody_knew(self):
        record = self._record(
            self._debtor("Asked for"),
            user=self.collector,
            judgement_date=False,
            publication_date=False,
        )
        record.judgement_date = OPENED
        self.assertEqual(record.judgement_date, OPENED)

    def test_its_kind_is_chosen_not_supposed(self):
        blank = self.root["collection.insolvency"].default_get(["kind", "partner_id"])
        self.assertNotIn("kind", blank)
        case = self._item(self._owe(partner=self._debtor("Not yet"))).case_id
        self.assertNotIn("default_kind", case.action_record_insolvency()["context"])

    def test_another_century_is_refused(self):
        for day in (date(2006, 3, 5), date(1900, 1, 1)):
            with self.assertRaisesRegex(ValidationError, "check the year"):
                self.record.judgement_date = day
        with self.assertRaisesRegex(ValidationError, "check the year"):
            self._record(self._debtor("Old"), judgement_date=date(1900, 1, 1))
        self.record.judgement_date = PUBLISHED - timedelta(days=366)

    def test_what_was_opened_keeps_its_day(self):
        lone = self._debtor("Owes nothing yet")
        record = self._record(lone, publication_date=False)
        refused = self.assertRaisesRegex(ValidationError, "recorded by mistake")
        with refused, self.env.cr.savepoint():
            record.judgement_date = False
        self.assertVerdict(self._owe(partner=lone), "insolvency")
        self._step_of(self.record, "plan")
        with self.assertRaisesRegex(ValidationError, "recorded by mistake"):
            self.record.with_user(self.manager).write(
                {
                    "judgement_date": False,
                    "publication_date": False,
                    "publication_reason": "Of another debtor",
                }
            )

    def test_a_day_that_was_taken_away_before_keeps_no_case_from_being_opened(self):
        lone = self._debtor("Owes nothing yet")
        record = self._record(lone, publication_date=False)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE collection_insolvency SET judgement_date = NULL WHERE id = %s", [record.id]
        )
        self.env.invalidate_all()
        invoice = self._owe(partner=lone)
        self.assertFalse(record.hold_ids)
        record.judgement_date = OPENED
        self.assertVerdict(invoice, "insolvency")

    def test_nothing_takes_place_or_ends_before_the_judgement(self):
        before = OPENED - timedelta(days=1)
        with self.assertRaisesRegex(UserError, "before the judgement"):
            self._step_of(self.record, "plan", before)
        with self.assertRaisesRegex(UserError, "before the judgement"):
            self.record.with_user(self.manager)._close("paid", before, reason="Paid")

    def test_each_kind_has_its_ends(self):
        with self.assertRaisesRegex(UserError, "does not end proceedings of this kind"):
            self.record.with_user(self.manager)._close("wiped_out", TODAY, reason="Judgement")
        self.assertEqual(self.record.state, "open")
