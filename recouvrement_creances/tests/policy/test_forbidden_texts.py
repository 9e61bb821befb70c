from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..common import CollectionCommon


@tagged("post_install", "-at_install")
class TestForbiddenTexts(CollectionCommon):
    """No template speaks to debtors in words that the law forbids, in any language."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.root["res.lang"]._activate_lang("fr_FR")
        cls.debtors = cls._debtor("Only Professionals")
        cls.consumer = cls._debtor("Only Consumer", is_company=False)
        cls.of_professionals = f"[('id', '=', {cls.debtors.id})]"
        cls.of_consumers = f"[('id', 'in', {[cls.debtors.id, cls.consumer.id]})]"
        cls.costs = cls._make_template("Costs", "<p>Reminder fee: 15 euros.</p>")

    def _policy(self, domain, template):
        return self._make_policy(
            [(5, "email", {"template_id": template.id})], confirm=False, domain=domain
        )

    # === EVERY TEXT === #

    def test_imitation_of_an_act_is_refused_and_named(self):
        with self.assertRaisesRegex(ValidationError, "“SUMMONS”.*C. pén. 433-13; English"):
            self.template.body_html = "<p>SUMMONS to pay</p>"

    def test_false_interruption_is_refused_in_the_subject_too(self):
        with self.assertRaisesRegex(ValidationError, "Cass. com. 18/05/2022"):
            self.template.subject = "This letter interrupts the limitation period."

    def test_translation_is_read_too(self):
        with self.assertRaisesRegex(ValidationError, "Commandement de payer.*French"):
            self.template.with_context(lang="fr_FR").subject = "Commandement de payer"

    def test_translation_by_the_dialog_is_read_too(self):
        with self.assertRaisesRegex(ValidationError, "huissier de justice.*French"):
            self.template.update_field_translations(
                "subject", {"fr_FR": "Votre huissier de justice"}
            )

    def test_template_that_becomes_one_of_contacts_is_read(self):
        template = self.root["mail.template"].create(
            {
                "name": "For customers",
                "model_id": self.root["ir.model"]._get_id("res.partner"),
                "subject": "A summons to our garden party",
            }
        )
        with self.assertRaisesRegex(ValidationError, "“summons”"):
            template.model_id = self.root["ir.model"]._get_id("collection.action")

    def test_message_by_telephone_is_read(self):
        template = self.root.ref("recouvrement_creances.sms_template_reminder")
        with self.assertRaisesRegex(ValidationError, "saisie imminente"):
            template.with_context(lang="fr_FR").body = "Saisie imminente !".lower()

    # === COSTS === #

    def test_costs_are_refused_where_a_consumer_is_among_the_debtors(self):
        self._policy(self.of_professionals, self.costs)
        with self.assertRaisesRegex(ValidationError, "“Reminder fee”.*CPCE L111-8 al. 2"):
            self._policy(self.of_consumers, self.costs)

    def test_costs_are_refused_when_the_text_of_consumers_changes(self):
        self._policy(self.of_consumers, self.template)
        with self.assertRaisesRegex(ValidationError, "frais de relance"):
            self.template.with_context(lang="fr_FR").subject = "Nos frais de relance"

    def test_costs_are_refused_when_a_policy_is_opened_to_consumers(self):
        policy = self._policy(self.of_professionals, self.costs)
        with self.assertRaisesRegex(ValidationError, "“Reminder fee”"):
            policy.domain = self.of_consumers

    def test_costs_are_refused_when_a_step_gets_the_text(self):
        policy = self._policy(self.of_consumers, self.template)
        with self.assertRaisesRegex(ValidationError, "“Reminder fee”"):
            policy.level_ids.step_ids.template_id = self.costs

    def test_denied_costs_are_no_costs(self):
        self._policy(self.of_consumers, self.template)
        self.template.body_html = "<p>No reminder fee is asked of you.</p>"

    def test_policy_named_on_a_consumer_by_hand_sends_him_no_costs(self):
        policy = self._policy(self.of_professionals, self.costs)
        policy.with_user(self.personas["manager"]).action_confirm()
        for debtor in (self.debtors, self.consumer):
            debtor.with_company(self.company).sudo().collection_policy_id = policy
            self._overdue_invoice(10, partner=debtor)
        with self._mail_server() as sink:
            self._run()
        sent, refused = (self._case(debtor).action_ids for debtor in (self.debtors, self.consumer))
        self.assertEqual((sent.state, refused.state), ("sent", "failed"))
        self.assertIn("L111-8", refused.failure_reason)
        self.assertEqual(len(sink.messages), 1)

    # === SHIPPED TEXTS === #

    def test_shipped_texts_pass_in_both_languages(self):
        self.env["ir.module.module"]._load_module_terms(["recouvrement_creances"], ["fr_FR"])
        domain = [("model", "=", "collection.action"), ("name", "=like", "Collection%")]
        letters = self.root["mail.template"].search(domain)
        messages = self.root["sms.template"].search(domain)
        french = letters.with_context(lang="fr_FR")
        self.assertGreater(len(letters), 10)
        self.assertTrue(messages)
        self.assertTrue(
            all(
                letter.body_html != letter.with_context(lang="en_US").body_html for letter in french
            ),
            "the French texts are there to be read",
        )
        (letters | self.template)._check_collection_words()
        messages._check_collection_words(for_consumers=True)
        consumers = letters.filtered(lambda letter: "consumers" in letter.name)
        self.assertGreaterEqual(len(consumers), 4)
        consumers._check_collection_words(for_consumers=True)

    def test_professional_text_is_known_to_ask_for_the_indemnity(self):
        """The shipped notice to professionals would be refused for consumers."""
        notice = self.root.ref("recouvrement_creances.mail_template_formal_notice")
        with self.assertRaisesRegex(UserError, "L111-8"):
            notice._check_collection_words(for_consumers=True)

    # === SEEN FROM OUTSIDE === #

    def test_subject_for_consumers_is_neutral_when_the_step_is_saved(self):
        telling = self._make_template("Telling", "<p>Hello</p>")
        telling.subject = "Your unpaid invoice ({{ object.case_id.name }})"
        self._policy(self.of_professionals, telling)
        with self.assertRaisesRegex(ValidationError, "unpaid, invoice .*C. civ. 9"):
            self._policy(self.of_consumers, telling)

    def test_subject_for_consumers_is_neutral_when_the_text_is_saved(self):
        self._policy(self.of_consumers, self.template)
        self.template.subject = "Your customer account {{ object.case_id.name }}"
        with self.assertRaisesRegex(ValidationError, "mise en demeure .*French"):
            self.template.with_context(lang="fr_FR").subject = "Votre mise en demeure"

    def test_letter_for_consumers_says_what_it_is_about(self):
        telling = self._make_template("Telling", "<p>Hello</p>")
        telling.subject = "Formal notice to pay"
        step = {"template_id": telling.id, "mode": "confirm"}
        policy = self._make_policy(
            [(5, "registered_letter", step)], confirm=False, domain=self.of_consumers
        )
        with self.assertRaisesRegex(ValidationError, "Formal notice"):
            policy.level_ids.step_ids.fallback_channel = "email"

    def test_sms_for_consumers_is_neutral(self):
        text = self.root["sms.template"].create(
            {
                "name": "Telling SMS",
                "model_id": self.root["ir.model"]._get_id("collection.action"),
                "body": "Your payment is late.",
            }
        )
        with self.assertRaisesRegex(ValidationError, "payment, late"):
            self._make_policy(
                [(5, "sms", {"sms_template_id": text.id})],
                confirm=False,
                domain=self.of_consumers,
            )
