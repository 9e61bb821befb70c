from datetime import timedelta

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import TODAY, CollectionCommon

EVENTS = ("presented", "acknowledged", "returned")


@tagged("post_install", "-at_install")
class TestLetterDates(CollectionCommon):
    """A letter is posted, then presented, then received: never tomorrow, never the other way."""

    def setUp(self):
        super().setUp()
        self._overdue_invoice(6)
        self._decide()
        self.letter = self._letter()

    def _letter(self):
        """Return a registered letter that waits to be posted."""
        return (
            self.root["collection.action"]
            .sudo()
            ._with_door()
            .create(
                {
                    "company_id": self.company.id,
                    "case_id": self._case().id,
                    "channel": "registered_letter",
                    "state": "planned",
                    "date_planned": TODAY,
                }
            )
        )

    def _post(self, letter, days):
        self.root["collection.letter.post"].with_user(self.collector).create(
            {
                "action_ids": [Command.set(letter.ids)],
                "posted_on": TODAY + timedelta(days=days),
            }
        ).action_apply()

    def _prove(self, letter, event, days):
        self.root["collection.letter.proof"].with_user(self.collector).create(
            {"action_id": letter.id, "event": event, "date": TODAY + timedelta(days=days)}
        ).action_apply()

    # === POSTING === #

    def test_letter_is_not_posted_in_the_future(self):
        with self.assertRaisesRegex(UserError, "in the future"):
            self._post(self.letter, 1)
        self.assertEqual((self.letter.state, self.letter.contact_date), ("planned", False))
        self.assertFalse(self.letter.evidence_ids)

    def test_letter_is_posted_today_or_noted_later(self):
        self._post(self.letter, 0)
        self.assertEqual((self.letter.state, self.letter.contact_date), ("sent", TODAY))
        later = self._letter()
        with self.on(5):
            self._post(later, 3)
        self.assertEqual(later.contact_date, TODAY + timedelta(days=3))

    # === PROOF === #

    def test_no_proof_is_older_than_the_posting(self):
        with self.on(3):
            self._post(self.letter, 2)
            for event in EVENTS:
                with self.subTest(event=event):
                    with self.assertRaisesRegex(UserError, "no proof is older"):
                        self._prove(self.letter, event, 1)
                    self.assertEqual(self.letter.state, "sent")
        self.assertFalse(self.letter.presented_on or self.letter.acknowledged_on)
        self.assertEqual(self.letter.evidence_ids.mapped("kind"), ["posted"])

    def test_letter_that_was_not_posted_has_no_proof(self):
        for event in EVENTS:
            with self.subTest(event=event), self.assertRaises(UserError):
                self._prove(self.letter, event, 0)

    def test_proof_of_the_day_of_posting_is_kept(self):
        for event, field in (("presented", "presented_on"), ("acknowledged", "acknowledged_on")):
            letter = self._letter()
            self._post(letter, 0)
            self._prove(letter, event, 0)
            self.assertEqual(letter[field], TODAY)

    def test_no_proof_comes_from_the_future(self):
        self._post(self.letter, 0)
        with self.on(3):
            for event in EVENTS:
                with self.subTest(event=event):
                    with self.assertRaisesRegex(UserError, "in the future"):
                        self._prove(self.letter, event, 4)
                    self.assertEqual(self.letter.state, "sent")
            self._prove(self.letter, "acknowledged", 3)
        self.assertEqual(self.letter.acknowledged_on, TODAY + timedelta(days=3))
