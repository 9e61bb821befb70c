from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import TODAY
from .gazette_server import notice
from .publication_common import PublicationCommon

FORMER = {"numeroAnnonce": "1234", "dateParution": "2026-03-13"}
CLAIM_STATE = {"nature": "Dépôt de l'état des créances", "famille": ""}
PLAN = {"nature": "Jugement arrêtant le plan de redressement", "famille": "", "date": "2026-03-14"}


@tagged("post_install", "-at_install")
class TestPublicationCorrection(PublicationCommon):
    """What corrected and cancelled notices change: the opening's own facts, and no time."""

    def _again(self, reference, former=(), day="2026-03-15", **values):
        """Return a notice of the service that corrects another one, the first unless told."""
        return notice(
            reference,
            **{
                "numeroannonce": 99,
                "typeavis": "rectificatif",
                "dateparution": day,
                "parutionavisprecedent": FORMER if former == () else former,
                **values,
            },
        )

    def _declare_by(self, record):
        running = record.deadline_ids.filtered(
            lambda one: one.rule_code == "insolvency.declaration" and one.state == "open"
        )
        return running.legal_date

    def _facts(self, record):
        return (record.state, record.kind, record.judgement_date, record.publication_date)

    # === OF LATER STEPS === #

    def test_corrected_notice_of_a_later_step_moves_nothing_of_the_opening(self):
        record = self._accept(self._watch(notice("A1")))
        facts, last_day = self._facts(record), self._declare_by(record)
        for number, judgement in enumerate((PLAN, CLAIM_STATE)):
            for former in (None, FORMER | {"numeroAnnonce": "7"}):
                with self.subTest(judgement=judgement["nature"], former=former):
                    corrected = self._again(
                        f"A{number}{bool(former)}", former, judgement=judgement, numeroannonce=8
                    )
                    self.assertEqual(self._accept(self._watch(corrected)), record)
                    self.assertEqual(self._facts(record), facts)
                    self.assertEqual(self._declare_by(record), last_day)

    def test_corrected_state_of_claims_counts_from_its_first_notice(self):
        record = self._accept(self._watch(notice("A1", dateparution="2026-03-07")))
        first = notice("A2", numeroannonce=7, judgement=CLAIM_STATE)
        corrected = self._again(
            "A3", FORMER | {"numeroAnnonce": "7"}, judgement=CLAIM_STATE, day="2026-03-16"
        )
        # Nobody has taken the first one in: the correction overtakes it.
        found = self._watch(first, corrected).filtered(lambda one: one.state == "proposed")
        self._accept(found)
        deadline = self._deadline(record, "insolvency.claim_state")
        self.assertEqual(deadline.event_date, date(2026, 3, 13))
        again = self._again("A4", None, judgement=CLAIM_STATE, day="2026-03-16", numeroannonce=9)
        self._accept(self._watch(again))
        self.assertEqual(self._state(record, "insolvency.claim_state"), ["open"])

    def test_cancelled_notice_of_a_later_step_lets_nothing_start_again(self):
        record = self._accept(self._watch(notice("A1")))
        step = self._watch(notice("A2", numeroannonce=7, judgement=CLAIM_STATE))
        self._accept(step)
        for reference, former in (
            ("A3", FORMER | {"numeroAnnonce": "7"}),
            ("A4", None),
            ("A5", FORMER | {"numeroAnnonce": "unknown"}),
        ):
            cancelled = self._again(reference, former, typeavis="annulation")
            with self.subTest(former=former):
                self._accept(self._watch(cancelled), self.manager)
                self.assertEqual((record.state, record.hold_ids.state), ("open", "open"))
                self.assertTrue(self._declare_by(record))
        self.assertIn("nothing was changed", " ".join(record.message_ids.mapped("body")))

    def test_cancelled_opening_of_earlier_proceedings_leaves_those_that_run(self):
        old = self._watch(notice("A1", dateparution="2025-09-13", judgement={"date": "2025-09-05"}))
        old.with_user(self.collector).action_dismiss()
        record = self._accept(self._watch(notice("A2")))
        cancelled = self._again(
            "A3", FORMER | {"dateParution": "2025-09-13"}, typeavis="annulation"
        )
        self._accept(self._watch(cancelled), self.manager)
        self.assertEqual(record.state, "open")

    # === OF THE OPENING === #

    def test_corrected_opening_gives_no_more_time(self):
        record = self._accept(self._watch(notice("A1")))
        corrected = self._again("A2", judgement={"date": "2026-03-05"})
        self.assertEqual(self._accept(self._watch(corrected)), record)
        self.assertEqual(record.judgement_date, date(2026, 3, 5))
        self.assertEqual(record.publication_date, date(2026, 3, 13))
        self.assertEqual(record.publication_number, "1234")
        self.assertEqual(record.rectified_on, date(2026, 3, 15))
        # The company of the tests lives elsewhere: two months more.
        self.assertEqual(self._declare_by(record), date(2026, 7, 13))

    def test_another_notice_of_the_same_judgement_gives_no_more_time(self):
        record = self._accept(self._watch(notice("A1")))
        self._accept(self._watch(notice("A2", numeroannonce=99, dateparution="2026-03-16")))
        self.assertEqual(record.publication_date, date(2026, 3, 13))
        self.assertIn("goes on counting", " ".join(record.message_ids.mapped("body")))

    def test_correction_that_overtakes_its_notice_counts_from_that(self):
        found = self._watch(notice("A1"), self._again("A2"))
        record = self._accept(found.filtered(lambda one: one.state == "proposed"))
        self.assertEqual(record.publication_date, date(2026, 3, 13))
        self.assertEqual(record.publication_number, "1234")
        self.assertEqual(record.rectified_on, date(2026, 3, 15))

    def test_correction_of_an_unknown_notice_counts_from_its_day(self):
        former = {"numeroAnnonce": "5", "dateParution": "2026-03-09"}
        record = self._accept(self._watch(self._again("A2", former)))
        self.assertEqual(record.publication_date, date(2026, 3, 9))
        self.assertFalse(record.publication_number)

    def test_earlier_notice_makes_the_day_an_earlier_one(self):
        self._owe()
        record = self._record(publication_date=TODAY)
        self._accept(self._watch(notice("A1")))
        self.assertEqual(record.publication_date, date(2026, 3, 13))

    def test_correction_of_some_other_opening_is_for_a_person(self):
        record = self._accept(self._watch(notice("A1")))
        facts = self._facts(record)
        corrected = self._watch(self._again("A2", None, judgement={"date": "2026-03-10"}))
        with self.assertRaisesRegex(UserError, "by hand"):
            corrected.with_user(self.collector).action_accept()
        self.assertEqual(self._facts(record), facts)

    def test_correction_of_the_opening_leaves_a_conversion(self):
        record = self._accept(self._watch(notice("A1")))
        self._step_of(record.with_user(self.accountant), "conversion")
        self._accept(self._watch(self._again("A2", judgement={"date": "2026-03-05"})))
        self.assertEqual((record.kind, record.judgement_date), ("liquidation", date(2026, 3, 5)))

    # === BY HAND === #

    def test_later_publication_is_a_managers_with_a_reason(self):
        self._owe()
        record = self._record()
        for value in (TODAY, str(TODAY), False):
            with self.subTest(value=value), self.assertRaisesRegex(AccessError, "only a manager"):
                record.write({"publication_date": value, "publication_reason": "I say so"})
        managed = record.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "Say why"):
            managed.publication_date = TODAY
        managed.write({"publication_date": TODAY, "publication_reason": "Wrong company before"})
        self.assertEqual(self._declare_by(record), date(2026, 5, 18))
        record.write({"publication_date": date(2026, 3, 12)})
        self.assertEqual(self._declare_by(record), date(2026, 5, 12))
