from datetime import timedelta

from odoo.tests import tagged

from ..common import TODAY, CollectionCommon


@tagged("post_install", "-at_install")
class TestTasksOfNobody(CollectionCommon):
    """A case that nobody has gives its tasks to a manager: Odoo would keep them for nobody."""

    def setUp(self):
        super().setUp()
        self.company.sudo().collection_user_id = False
        self.invoice = self._overdue_invoice(6)
        self._decide()
        self.case = self._case()
        self.assertFalse(self.case.user_id)
        self.manager = self.root["res.users"]._find_collection_manager(self.company)
        self.assertTrue(self.manager)

    def _contact(self, channel, **values):
        return (
            self.root["collection.action"]
            ._with_door()
            .create(
                {
                    "company_id": self.company.id,
                    "case_id": self.case.id,
                    "channel": channel,
                    **values,
                }
            )
        )

    def _assert_managers(self):
        self.assertEqual(self.case.activity_ids.mapped("user_id"), self.manager)
        self.assertEqual(len(self.case.activity_ids), 1)

    def test_call_is_the_managers(self):
        action = self._contact("call")
        self.root["collection.channel.call"]._give_tasks(action, TODAY)
        self.assertEqual(action.activity_id.user_id, self.manager)

    def test_debtor_without_an_address_is_the_managers_to_find(self):
        action = self._contact("email")
        self.root["collection.channel.email"]._ask_for_address({action: "No address"})
        self._assert_managers()

    def test_answer_of_the_debtor_is_the_managers_to_read(self):
        words = "We pay on Friday"
        self.case.message_post(
            body=words,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            author_id=self.partner_a.id,
        )
        self._assert_managers()

    def test_letter_that_nobody_has_reported_is_the_managers_to_follow(self):
        self._contact(
            "registered_letter",
            state="sent",
            is_notice=True,
            contact_date=TODAY - timedelta(days=40),
        )
        self.root["collection.channel.registered_letter"]._ask_for_presentation(self.company, TODAY)
        self._assert_managers()

    def _give_address(self, street):
        return self.root["collection.contact.change"]._propose(
            self.case, {"street": street}, {"ip": "127.0.0.1", "user_agent": "Browser"}, "link 1"
        )

    def test_new_address_of_the_debtor_is_the_managers_to_accept(self):
        self.assertEqual(self._give_address("2 New Street").activity_ids.user_id, self.manager)
        self.company.sudo().collection_user_id = self.collector
        self.assertEqual(self._give_address("3 New Street").activity_ids.user_id, self.collector)

    def test_collector_keeps_the_tasks_of_his_own_cases(self):
        self.case.user_id = self.collector
        action = self._contact("call")
        self.root["collection.channel.call"]._give_tasks(action, TODAY)
        self.assertEqual(action.activity_id.user_id, self.collector)
