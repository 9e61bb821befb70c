from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .gazette_server import notice
from .publication_common import PublicationCommon


@tagged("post_install", "-at_install")
class TestPublicationOpening(PublicationCommon):
    """Which notice records proceedings, and what becomes of those that run already."""

    def test_opening_of_other_proceedings_is_another_record(self):
        first = self._accept(self._watch(notice("A1")))
        self._step_of(first.with_user(self.accountant), "plan")
        found = self._watch(
            notice(
                "A2",
                dateparution="2026-03-16",
                judgement={
                    "nature": "Jugement d'ouverture d'une procédure de liquidation judiciaire",
                    "date": "2026-03-12",
                },
            )
        )
        second = self._accept(found)
        self.assertNotEqual(first, second)
        self.assertEqual((first.state, first.kind), ("closed", "reorganisation"))
        self.assertEqual(first.judgement_date, date(2026, 3, 6))
        self.assertEqual(first.closing_ground, "followed")
        self.assertEqual((second.state, second.kind), ("open", "liquidation"))
        self.assertEqual(first.hold_ids.state, "released")
        self.assertEqual(second.hold_ids.state, "open")
        self.assertEqual(second.case_id.stage_kind, "insolvency")
        self.assertEqual(
            set(self._case(self.debtor).open_item_ids.mapped("verdict")), {"insolvency"}
        )

    def test_liquidation_that_ends_a_plan_is_another_record(self):
        first = self._accept(self._watch(notice("A1")))
        self._step_of(first.with_user(self.accountant), "plan")
        found = self._watch(
            notice(
                "A2",
                dateparution="2026-03-16",
                judgement={
                    "famille": "Jugement prononçant",
                    "nature": "la résolution du plan de redressement et la liquidation judiciaire",
                    "date": "2026-03-12",
                },
            )
        )
        self.assertEqual((found.effect, found.kind), ("opening", "liquidation"))
        second = self._accept(found)
        self.assertEqual((first.state, first.closing_ground), ("closed", "followed"))
        self.assertEqual((second.state, second.kind), ("open", "liquidation"))
        self.assertEqual(second.judgement_date, date(2026, 3, 12))
        # What the plan settled is admitted without another declaration (C. com. L626-27).
        self.assertIn("L626-27", str(second.message_ids.mapped("body")))

    def test_opening_is_not_written_over_a_conciliation(self):
        self._owe()
        conciliation = self._record(
            kind="conciliation", judgement_date=date(2026, 2, 2), publication_date=False
        )
        second = self._accept(self._watch(notice("A1")))
        self.assertNotEqual(second, conciliation)
        self.assertEqual((conciliation.kind, conciliation.state), ("conciliation", "closed"))
        self.assertEqual(conciliation.judgement_date, date(2026, 2, 2))
        self.assertEqual((second.kind, second.state), ("reorganisation", "open"))

    def test_opening_before_the_one_recorded_changes_nothing(self):
        record = self._accept(self._watch(notice("A1")))
        found = self._watch(
            notice("A2", dateparution="2025-09-13", judgement={"date": "2025-09-05"})
        )
        with self.assertRaisesRegex(UserError, "earlier than"):
            found.with_user(self.collector).action_accept()
        self.assertEqual(record.judgement_date, date(2026, 3, 6))

    def test_opening_completes_what_was_recorded_without_its_notice(self):
        self._owe()
        record = self._record(
            judgement_date=date(2026, 3, 3), publication_date=False, publication_number=False
        )
        self.assertEqual(self._accept(self._watch(notice("A1"))), record)
        self.assertEqual(record.judgement_date, date(2026, 3, 6))

    def test_only_openings_record_proceedings(self):
        for reference, nature in (
            ("A1", "Jugement arrêtant le plan de redressement"),
            ("A2", "Dépôt de l'état des créances de la liquidation judiciaire"),
            ("A3", "Jugement de conversion en liquidation judiciaire"),
        ):
            found = self._watch(notice(reference, judgement={"famille": "", "nature": nature}))
            with self.subTest(nature=nature), self.assertRaisesRegex(UserError, "record them"):
                found.with_user(self.collector).action_accept()
        found = self._watch(
            notice(
                "A4",
                judgement={
                    "famille": "",
                    "nature": "Jugement prononçant la liquidation judiciaire",
                },
            )
        )
        self.assertEqual(self._accept(found).kind, "liquidation")
