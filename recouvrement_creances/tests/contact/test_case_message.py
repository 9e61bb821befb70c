from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from ..common import CollectionCommon

SUNDAY = "2026-03-15 10:00:00"
NIGHT = "2026-03-16 22:30:00"
TEXT = "Please call me about invoice 7."


@tagged("post_install", "-at_install")
class TestCaseMessage(CollectionCommon):
    """What a colleague writes to the debtor from the chatter is a contact like any other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor = cls._debtor("Silent")
        cls._overdue_invoice(10, partner=cls.debtor)
        cls.root["collection.refresh"]._refresh(cls.company, cls.company._collection_today())
        cls.case = cls.root["collection.case"].search([("partner_id", "=", cls.debtor.id)])
        cls.own = cls.case.with_user(cls.collector)

    def _write(self, people=None, text=TEXT, **values):
        """Write from the chatter of the case as its collector, to the debtor."""
        people = self.debtor if people is None else people
        return self.own.message_post(
            body=text,
            message_type="comment",
            subtype_xmlid=values.pop("subtype_xmlid", "mail.mt_comment"),
            partner_ids=people.ids,
            **values,
        )

    def _receive(self):
        self.case.message_post(
            body=TEXT, message_type="email", author_id=self.debtor.id, subtype_xmlid="mail.mt_note"
        )

    def test_message_to_the_debtor_is_a_contact_with_evidence(self):
        message = self._write()
        action = self.case.action_ids
        self.assertEqual(
            (action.channel, action.state, action.partner_id, action.recipient),
            ("email", "sent", self.debtor, "silent@debtor.example"),
        )
        evidence = action.evidence_ids
        self.assertEqual((evidence.kind, evidence.author), ("sent", self.collector.name))
        self.assertIn("invoice 7", evidence.body)
        self.assertEqual(evidence.transport_reference, message.message_id)
        self.assertFalse(self.root["collection.evidence"]._find_break(self.company))

    def test_messages_count_for_the_caps(self):
        self._write()
        with self.assertRaisesRegex(UserError, "contacts a day at most"):
            self._write()

    def test_hours_and_sundays_hold_for_messages(self):
        for moment, rule in ((SUNDAY, "Sunday"), (NIGHT, "take place at")):
            with self.subTest(moment=moment), freeze_time(moment):
                with self.assertRaisesRegex(UserError, rule):
                    self._write()
                # A mention in a note reaches the debtor as well.
                with self.assertRaisesRegex(UserError, rule):
                    self._write(subtype_xmlid="mail.mt_note")
        self.assertFalse(self.case.action_ids)

    def test_wishes_and_holds_of_the_debtor_hold_for_messages(self):
        self._hold(self.case)
        with self.assertRaisesRegex(UserError, "Contacts are held"):
            self._write()
        self.case.hold_ids.action_release()
        self.debtor.write(
            {"collection_no_contact": True, "collection_no_contact_reason": "Asked for it"}
        )
        with self.assertRaisesRegex(UserError, "Asked for it"):
            self._write()

    def test_address_of_the_debtor_without_a_partner_is_the_debtor(self):
        with freeze_time(SUNDAY), self.assertRaisesRegex(UserError, "Sunday"):
            self._write(self.root["res.partner"], outgoing_email_to="silent@debtor.example")

    def test_answer_to_the_debtor_leaves_at_any_hour_once(self):
        with freeze_time(NIGHT):
            self._receive()
            self._write()
            self.assertEqual(self.case.action_ids.is_incoming, True)
            with self.assertRaisesRegex(UserError, "take place at"):
                self._write()
            self._receive()
            self._write()

    def test_notes_and_letters_to_others_are_no_contact(self):
        lawyer = self._debtor("Counsel of ours")
        with freeze_time(SUNDAY):
            self._write(self.root["res.partner"], subtype_xmlid="mail.mt_note")
            self._write(self.root["res.partner"])
            self._write(lawyer)
            self._write(self.personas["manager"].partner_id)
        self.assertFalse(self.case.action_ids)
