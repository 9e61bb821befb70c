from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import CustodyCommon

SENSITIVE = "La gérante est en arrêt maladie"
HARMLESS = "Le syndic rappelle jeudi, adresse invalide"


@tagged("post_install", "-at_install")
class TestNoteFlag(CustodyCommon):
    """Who writes down too much of a person is told so, and managers see where it stands."""

    def setUp(self):
        super().setUp()
        self._overdue_invoice(6)
        self._decide()
        self.case = self._case()
        self.own = self.case.with_user(self.collector)
        self.reason = self.root["collection.reason"].search([("usage", "=", "hold")], limit=1)

    def _flags(self):
        return self.root["collection.note.flag"].search([("case_id", "=", self.case.id)])

    def _warning(self, model, values):
        """Return the warning that a form shows once the note is left."""
        record = self.root[model].with_user(self.collector).new(values)
        result = record.onchange(values, ["note"], {name: {} for name in (*values, "note")})
        return result.get("warning")

    def test_forms_warn_before_a_note_is_saved(self):
        for model in ("collection.hold", "collection.contact.outcome"):
            with self.subTest(model=model):
                values = {"case_id": self.case.id, "note": SENSITIVE}
                warning = self._warning(model, values)
                self.assertIn("arrêt maladie", warning["message"])
                self.assertIn("RGPD art. 9", warning["message"])
                self.assertIsNone(self._warning(model, {**values, "note": HARMLESS}))

    def test_words_stand_between_the_reader_s_quotation_marks(self):
        self.root["res.lang"]._activate_lang("fr_FR")
        flags = self.root["collection.note.flag"].with_context(lang="fr_FR")
        message = flags._get_warning("En arrêt maladie, suit une chimiothérapie.")["message"]
        self.assertNotRegex(message, "[“”]")
        self.assertIn("«\xa0arrêt maladie, chimiothérapie\xa0»", message)

    def test_hold_is_saved_all_the_same_and_listed(self):
        form = Form(self.own.env["collection.hold"].with_context(default_case_id=self.case.id))
        form.reason_id = self.reason
        form.date_end = "2026-04-01"
        with self.assertLogs("odoo.tests.form.onchange", "WARNING"):
            form.note = SENSITIVE
        hold = form.save()
        flag = self._flags()
        self.assertEqual(
            (flag.place, flag.category, flag.res_id, flag.user_id),
            ("hold", "health", hold.id, self.collector),
        )
        self.assertNotIn("maladie", str(flag.read()))

    def test_note_that_was_corrected_leaves_the_list(self):
        hold = self._hold(self.case, note=SENSITIVE, date_end="2026-04-01")
        self.assertTrue(self._flags())
        hold.note = HARMLESS
        self.assertFalse(self._flags())

    def test_outcome_of_a_call_is_listed(self):
        self._log_call(self.case, SENSITIVE)
        self.assertEqual(self._flags().place, "contact")

    def test_chatter_notice_goes_to_who_wrote(self):
        message = self.own.message_post(
            body=SENSITIVE, message_type="comment", subtype_xmlid="mail.mt_note"
        )
        flag = self._flags()
        self.assertEqual((flag.place, flag.res_id), ("chatter", message.id))
        self._run_postcommit()
        notices = self.root["bus.bus"].search([("message", "ilike", "simple_notification")])
        self.assertIn("maladie", "".join(notices.mapped("message")))

    def _run_postcommit(self):
        self.env.cr.precommit.run()

    def test_harmless_chatter_and_letters_of_the_flow_are_left_alone(self):
        self.own.message_post(body=HARMLESS, message_type="comment")
        self.case._message_log(body=SENSITIVE)
        self.assertFalse(self._flags())

    def test_edited_note_is_looked_at_again(self):
        message = self.own.message_post(body=HARMLESS, message_type="comment")
        self.own._message_update_content(message, body=SENSITIVE)
        self.assertTrue(self._flags())

    def test_manager_looks_through_the_list(self):
        hold = self._hold(self.case, note=SENSITIVE, date_end="2026-04-01")
        manager = self.personas["manager"]
        flag = self._flags().with_user(manager)
        self.assertEqual(self.case.with_user(manager).note_flag_count, 1)
        self.assertEqual(flag.action_open_note()["res_id"], hold.id)
        flag.action_review()
        self.assertEqual((flag.is_reviewed, flag.reviewed_by_id), (True, manager))
        self.env.invalidate_all()
        self.assertEqual(self.case.with_user(manager).note_flag_count, 0)

    def test_collectors_do_not_see_the_list(self):
        self._hold(self.case, note=SENSITIVE, date_end="2026-04-01")
        with self.assertRaises(AccessError):
            self._flags().with_user(self.collector).read(["category"])
