import email
from email.message import EmailMessage

from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common import TODAY, CollectionCommon


@tagged("post_install", "-at_install")
class TestCase(CollectionCommon):
    """One case per debtor, whatever happens to contacts, parents, collectors and mail."""

    # === ONE DEBTOR, ONE CASE === #

    def test_contacts_of_one_company_make_one_case(self):
        contacts = self.root["res.partner"].create(
            [
                {"name": "Buyer", "parent_id": self.partner_a.id},
                {"name": "Works", "parent_id": self.partner_a.id, "type": "invoice"},
            ]
        )
        invoices = [self._overdue_invoice(6, partner=partner) for partner in contacts]
        invoices.append(self._overdue_invoice(8))
        self._decide()
        self.assertEqual(len({self._item(invoice).case_id for invoice in invoices}), 1)
        self.assertEqual(self._case().item_count, 3)

    def test_archived_debtor_is_still_collected(self):
        invoice = self._overdue_invoice(6)
        self.partner_a.active = False
        with self._mail_server() as sink:
            self._run()
        self.assertEqual(len(sink.messages), 1)
        self.assertEqual(self._item(invoice).level_id.number, 1)
        self.assertIn(self._case(), self.root["collection.case"].search([]))

    def test_items_move_with_a_debtor_that_gets_a_parent(self):
        invoice = self._overdue_invoice(6, partner=self.partner_b)
        with self._mail_server() as sink:
            self._run()
            former = self._item(invoice).case_id
            self.partner_b.write({"parent_id": self.partner_a.id, "is_company": False})
            with self.on(1):
                self._run()
            self.assertEqual(self._item(invoice).case_id, self._case())
            self.assertEqual(self._case().partner_id, self.partner_a)
            self.assertEqual(self._item(invoice).level_id.number, 1)
            self.assertFalse(former.is_open)
            self.assertTrue(former.evidence_ids)
            with self.on(10):
                self._run()
        self.assertEqual(len(sink.messages), 2)

    def test_disputed_item_stays_disputed_when_it_moves_to_another_case(self):
        disputed = self._overdue_invoice(6, partner=self.partner_b)
        self._decide()
        self._hold(
            self._case(self.partner_b),
            "dispute",
            review_date=TODAY,
            line_ids=[(0, 0, {"item_id": self._item(disputed).id})],
        )
        self.partner_b.write({"parent_id": self.partner_a.id, "is_company": False})
        self._decide()
        self.assertEqual(self._item(disputed).case_id.partner_id, self.partner_a)
        self.assertVerdict(disputed, "disputed")

    def test_debt_of_a_branch_that_leaves_stays_with_the_company_that_owes_it(self):
        branch = self.root["res.partner"].create({"name": "Branch", "parent_id": self.partner_a.id})
        invoice = self._overdue_invoice(6, partner=branch)
        self._decide()
        branch.write({"parent_id": False, "is_company": True})
        later = self._overdue_invoice(6, partner=branch)
        self._decide()
        self.assertEqual(self._item(invoice).case_id.partner_id, self.partner_a)
        self.assertEqual(self._item(later).case_id.partner_id, branch)

    def test_new_debt_of_a_closed_case_opens_a_new_one(self):
        invoice = self._overdue_invoice(6)
        self._decide()
        first = self._case()
        self._pay(invoice)
        self._decide()
        self.assertFalse(first.is_open)
        self.assertEqual(first.closed_on, TODAY)
        self._overdue_invoice(8)
        self._decide()
        self.assertNotEqual(self._case(), first)
        self.assertTrue(self._case().is_open)

    def test_taken_back_payment_joins_the_newer_case(self):
        invoice = self._overdue_invoice(6)
        self._decide()
        first = self._case()
        self._pay(invoice)
        self._decide()
        self._overdue_invoice(8)
        self._decide()
        invoice.line_ids.remove_move_reconcile()
        self._decide()
        self.assertEqual(self._item(invoice).case_id, self._case())
        self.assertFalse(first.is_open)

    def test_invoice_back_in_draft_is_not_collected(self):
        invoice = self._overdue_invoice(6)
        with self._mail_server():
            self._run()
        invoice.button_draft()
        self._decide()
        self.assertVerdict(invoice, "paid", is_open=False)
        self.assertFalse(self._case().is_open)
        invoice.action_post()
        self._decide()
        self.assertVerdict(invoice, "too_soon", is_open=True)
        self.assertEqual(self._item(invoice).level_id.number, 1)

    # === COLLECTORS === #

    def test_new_case_gets_the_debtors_collector_before_the_companys(self):
        other = self.personas["other_collector"]
        self.partner_b.with_company(self.company).sudo().collection_user_id = other
        self._overdue_invoice(6)
        self._overdue_invoice(6, partner=self.partner_b)
        self._decide()
        self.assertEqual(self._case().user_id, self.collector)
        self.assertEqual(self._case(self.partner_b).user_id, other)

    def test_cases_of_a_deleted_collector_go_to_the_companys(self):
        leaver = new_test_user(
            self.root, login="leaver", groups="recouvrement_creances.group_collector"
        )
        self.partner_a.with_company(self.company).sudo().collection_user_id = leaver
        self._overdue_invoice(6)
        self._decide()
        self.assertEqual(self._case().user_id, leaver)
        leaver.unlink()
        self._decide()
        self.assertEqual(self._case().user_id, self.collector)

    def test_archived_collector_gets_no_new_case(self):
        leaver = new_test_user(
            self.root, login="leaver", groups="recouvrement_creances.group_collector"
        )
        self.partner_a.with_company(self.company).sudo().collection_user_id = leaver
        leaver.active = False
        self._overdue_invoice(6)
        self._decide()
        self.assertEqual(self._case().user_id, self.collector)

    def test_collector_takes_cases_of_nobody_only(self):
        self.company.sudo().collection_user_id = False
        self._overdue_invoice(6)
        self._decide()
        case = self._case()
        self.assertFalse(case.user_id)
        case.with_user(self.collector).action_assign_to_me()
        self.assertEqual(case.user_id, self.collector)
        self.personas["manager"].action_id = False
        case.with_user(self.personas["manager"]).action_assign_to_me()
        self.assertEqual(case.user_id, self.personas["manager"])

    def test_task_without_a_collector_waits_on_the_case(self):
        self.company.sudo().write(
            {
                "collection_user_id": False,
                "collection_policy_id": self._make_policy([(5, "call")]).id,
            }
        )
        self._overdue_invoice(6)
        run = self._run()
        self.assertEqual(run.action_ids.state, "planned")
        self.assertTrue(self._case().activity_ids)

    # === MAIL === #

    def _send_reminder(self):
        self._overdue_invoice(6)
        with self._mail_server() as sink:
            self._run()
        return self._case(), sink.messages[0]

    def _receive(self, message):
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            return self.root["mail.thread"].message_process(False, message.as_string())

    def test_answer_of_the_debtor_becomes_a_task_of_the_collector(self):
        case, reminder = self._send_reminder()
        answer = EmailMessage()
        answer["From"] = "Accounts <a@debtor.example>"
        answer["To"] = reminder["Reply-To"] or reminder["From"]
        answer["Subject"] = "Re: " + reminder["Subject"]
        answer["Message-Id"] = "<answer-1@debtor.example>"
        answer["In-Reply-To"] = reminder["Message-Id"]
        answer["References"] = reminder["Message-Id"]
        answer.set_content("We pay on Friday.")
        self.assertEqual(self._receive(answer), case.id)
        self.assertIn("We pay on Friday", case.message_ids[0].body)
        task = case.activity_ids
        self.assertEqual(
            task.activity_type_id,
            self.root.ref("recouvrement_creances.mail_activity_type_answer"),
        )
        self.assertEqual(task.user_id, self.collector)

    def test_second_answer_adds_no_second_task(self):
        case, _reminder = self._send_reminder()
        for number in range(2):
            answer = f"Answer {number}"
            case.message_post(
                body=answer,
                message_type="email",
                author_id=self.partner_a.id,
            )
        self.assertEqual(len(case.activity_ids), 1)

    def test_mail_of_a_colleague_is_no_answer(self):
        case, _reminder = self._send_reminder()
        note = "I called them"
        case.message_post(
            body=note,
            message_type="email",
            author_id=self.personas["manager"].partner_id.id,
        )
        self.assertFalse(case.activity_ids)

    def _bounce(self, reminder, address):
        """Return the report that a mail server gives back for an unknown mailbox."""
        return email.message_from_string(
            f"""From: MAILER-DAEMON@debtor.example
To: {reminder["From"]}
Subject: Undelivered Mail Returned to Sender
Message-Id: <bounce-1@debtor.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="limit"

--limit
Content-Type: text/plain

The mailbox does not exist.

--limit
Content-Type: message/delivery-status

Reporting-MTA: dns; debtor.example

Final-Recipient: rfc822; {address}
Action: failed
Status: 5.1.1

--limit
Content-Type: text/rfc822-headers

Message-Id: {reminder["Message-Id"]}
To: {address}
Subject: {reminder["Subject"]}

--limit--
"""
        )

    def test_bounce_is_a_failed_contact_and_asks_to_find_the_debtor(self):
        case, reminder = self._send_reminder()
        self._receive(self._bounce(reminder, "a@debtor.example"))
        action = case.action_ids
        self.assertEqual(action.state, "failed")
        self.assertIn("a@debtor.example", action.failure_reason)
        self.assertEqual(case.evidence_ids[0].kind, "bounced")
        self.assertEqual(
            case.activity_ids.activity_type_id,
            self.root.ref("recouvrement_creances.mail_activity_type_find_debtor"),
        )

    def test_address_that_bounced_is_not_written_to_until_it_changes(self):
        case, reminder = self._send_reminder()
        self._receive(self._bounce(reminder, "a@debtor.example"))
        with self._mail_server() as sink:
            case.action_ids.action_retry()
            self.assertFalse(sink.messages)
            self.assertEqual(case.action_ids.state, "failed")
            self.partner_a.email = "new@debtor.example"
            case.action_ids.action_retry()
        self.assertEqual(len(sink.to("new@debtor.example")), 1)
        self.assertEqual(case.action_ids.state, "sent")
