from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from ..contact.test_case_message import NIGHT, SUNDAY
from .common import DisputeCommon

WORDS = "Please send us a picture of the doors."


@tagged("post_install", "-at_install")
class TestDisputeMessage(DisputeCommon):
    """What a colleague writes to the debtor on a dispute is a contact like any other."""

    def setUp(self):
        super().setUp()
        self.dispute = self._open(300)

    def _write(self, people=None, dispute=None, **values):
        """Write on a dispute as who looks into it, without any role in collection."""
        people = self.partner_a if people is None else people
        return (
            (dispute or self.dispute)
            .with_user(self.sales)
            .message_post(
                body=WORDS,
                message_type="comment",
                subtype_xmlid=values.pop("subtype_xmlid", "mail.mt_comment"),
                partner_ids=people.ids,
                **values,
            )
        )

    def _receive(self, message_type="email"):
        self.dispute.message_post(
            body=WORDS,
            message_type=message_type,
            subtype_xmlid="mail.mt_comment",
            author_id=self.partner_a.id,
        )

    # === RULES === #

    def test_message_is_a_contact_of_the_case_with_evidence(self):
        message = self._write()
        action = self.case.action_ids
        self.assertEqual(
            (action.channel, action.state, action.partner_id, action.recipient),
            ("email", "sent", self.partner_a, "a@debtor.example"),
        )
        evidence = action.evidence_ids
        self.assertEqual((evidence.kind, evidence.author), ("sent", self.sales.name))
        self.assertIn("the doors", evidence.body)
        self.assertEqual(evidence.transport_reference, message.message_id)
        self.assertIn(message, self.dispute._get_conversation())

    def test_caps_hours_and_sundays_hold(self):
        for moment, rule in ((SUNDAY, "Sunday"), (NIGHT, "take place at")):
            with self.subTest(moment=moment), freeze_time(moment):
                with self.assertRaisesRegex(UserError, rule):
                    self._write()
                # A mention in a note reaches the debtor as well.
                with self.assertRaisesRegex(UserError, rule):
                    self._write(subtype_xmlid="mail.mt_note")
        self.assertFalse(self.case.action_ids)
        self._write()
        with self.assertRaisesRegex(UserError, "contacts a day at most"):
            self._write()

    def test_wishes_of_the_debtor_and_holds_of_the_case_hold(self):
        hold = self._hold(self.case)
        with self.assertRaisesRegex(UserError, "Contacts are held"):
            self._write()
        hold.action_release()
        self.partner_a.sudo().write(
            {"collection_no_contact": True, "collection_no_contact_reason": "Asked for it"}
        )
        with self.assertRaisesRegex(UserError, "Asked for it"):
            self._write()

    def test_what_the_debtor_wrote_is_answered_at_any_hour_once(self):
        for message_type in ("email", "comment"):
            with self.subTest(message_type=message_type), freeze_time(NIGHT):
                self._receive(message_type)
                self._write()
                self.assertTrue(self.case.action_ids[:1].is_incoming)
                with self.assertRaisesRegex(UserError, "take place at"):
                    self._write()

    def test_answer_on_the_case_is_an_answer(self):
        with freeze_time(NIGHT):
            self._receive()
            self.case.with_user(self.collector).message_post(
                body=WORDS,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=self.partner_a.ids,
            )
            with self.assertRaisesRegex(UserError, "take place at"):
                self._write()

    def test_dispute_that_was_handed_in_in_writing_is_answered_at_any_hour_once(self):
        dispute = self._open(100, self.other, how="portal", category=self.category)
        with freeze_time(NIGHT):
            with self.assertRaisesRegex(UserError, "take place at"):
                self._write()
            self._write(dispute=dispute)
            with self.assertRaisesRegex(UserError, "take place at"):
                self._write(dispute=dispute)

    def test_notes_and_messages_to_colleagues_are_no_contact(self):
        with freeze_time(SUNDAY):
            self._write(self.root["res.partner"], subtype_xmlid="mail.mt_note")
            self._write(self.root["res.partner"])
            self._write(self.accountant.partner_id)
        self.assertFalse(self.case.action_ids)

    # === WHO IS WRITTEN TO === #

    def _find_addressed(self, dispute=None):
        action = (dispute or self.dispute).with_user(self.sales).action_write_to_debtor()
        return self.root["res.partner"].browse(action["context"]["default_partner_ids"])

    def test_contact_for_collection_comes_before_the_debtor_itself(self):
        contact = self.root["res.partner"].create(
            {
                "name": "Accounts payable",
                "parent_id": self.partner_a.id,
                "type": "collection",
                "email": "payable@debtor.example",
            }
        )
        self.assertEqual(self._find_addressed(), contact)

    def test_person_of_the_debtor_who_raised_it_is_answered(self):
        person = self.root["res.partner"].create(
            {"name": "Buyer", "parent_id": self.partner_a.id, "email": "buyer@debtor.example"}
        )
        dispute = self._open(100, self.other, opened_by=person)
        self.assertEqual(self._find_addressed(dispute), person)
        person.email = "no address"
        self.assertEqual(self._find_addressed(dispute), self.partner_a)

    def test_who_stands_for_the_debtor_is_written_to_in_his_place(self):
        guardian = self._debtor("Guardian", is_company=False)
        self.partner_a.sudo().write(
            {
                "collection_representative_id": guardian.id,
                "collection_representative_kind": "guardian",
            }
        )
        self.assertEqual(self._find_addressed(), guardian)
