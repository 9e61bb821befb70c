import json
from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.sms.tools.sms_api import SmsApi

from ..common import TODAY, CollectionCommon


@tagged("post_install", "-at_install")
class TestSms(CollectionCommon):
    """An SMS leaves once, through the gateway that Odoo is set up with, and leaves its proof."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        text = cls.root.ref("recouvrement_creances.sms_template_reminder")
        cls.company.sudo().collection_policy_id = cls._make_policy(
            [
                (5, "sms", {"sms_template_id": text.id}),
                (15, "sms", {"sms_template_id": text.id}),
            ]
        )
        cls.executor = cls.root["collection.executor"]

    def setUp(self):
        super().setUp()
        self.invoice = self._overdue_invoice(6)

    # === GATEWAY === #

    @contextmanager
    def _gateway(self, answer="success"):
        """Stand in for the gateway's far end; yield what it receives.

        :param answer: what it says of every message, None for nothing; an exception is raised
        """
        received = []

        def contact(api, endpoint, params, timeout=15):
            if isinstance(answer, Exception):
                raise answer
            self.assertTrue(endpoint.endswith("/send"))
            if answer is None:
                received.append(params)
                return []
            numbers = [
                {**number, "content": message["content"]}
                for message in params["messages"]
                for number in message["numbers"]
            ]
            received.extend(numbers)
            return [{"uuid": number["uuid"], "state": answer} for number in numbers]

        with patch.object(SmsApi, "_contact_iap", contact):
            yield received

    def _prepare(self):
        """Return a run whose SMS was claimed by a process that has not handed it over yet."""
        run = self.root["collection.run"].create({"company_id": self.company.id, "origin": "daily"})
        run._propose()
        run._apply_event("start")
        for channel, actions in self.executor._resolve_recipients(run.action_ids).items():
            self.root[f"collection.channel.{channel}"]._prepare(actions, TODAY)
        self.assertEqual(run.action_ids.state, "sending")
        return run

    def _facts(self, action):
        """Return (kind, facts) of the contact's latest evidence."""
        evidence = action.evidence_ids.sorted("position")[-1]
        return evidence.kind, json.loads(evidence.payload)["facts"]

    # === SENT === #

    def test_delivered_sms_counts_and_is_proven(self):
        with self._gateway() as received:
            action = self._run().action_ids
        ((message),) = received
        self.assertEqual(message["number"], self.partner_a.phone)
        self.assertIn(self._case().name, message["content"])
        self.assertEqual((action.state, action.contact_date), ("sent", TODAY))
        self.assertEqual(action.recipient, self.partner_a.phone)
        self.assertEqual(self._item(self.invoice).level_id.number, 1)
        kinds = action.evidence_ids.sorted("position").mapped("kind")
        self.assertEqual(kinds, ["prepared", "sent"])
        # What is kept has the link without its secret.
        self.assertIn(action.sms_id.body, action.evidence_ids.sorted("position")[0].payload)
        begin = action.sms_id.body.partition("http")[0]
        self.assertTrue(message["content"].startswith(begin), message["content"])
        self.assertEqual(action.evidence_ids[0].transport_reference, message["uuid"])
        self.assertFalse(self.root["collection.evidence"]._find_break(self.company))

    def test_every_way_of_being_accepted_counts(self):
        for answer in ("processing", "sent", "delivered"):
            partner = self._debtor(f"Debtor {answer}", phone="+33 4 00 00 00 09")
            self._overdue_invoice(6, partner=partner)
            with self.subTest(answer=answer), self._gateway(answer):
                self._decide()
                run = self.root["collection.run"]._propose_for(self._case(partner))
                run.action_send()
                self.assertEqual(run.action_ids.state, "sent")

    def test_number_leaves_with_its_countrys_code(self):
        germany = self.root.ref("base.de").id
        for typed, country, sent in (
            ("06 12 34 56 78", self.partner_a.country_id.id, "+33612345678"),
            ("0033 6 12 34 56 78", self.partner_a.country_id.id, "+33612345678"),
            ("0151 23456789", germany, "+4915123456789"),
            ("+33 6 12 34 56 78", germany, "+33612345678"),
            # No number of the country: the gateway says so.
            ("12 34", self.partner_a.country_id.id, "12 34"),
        ):
            partner = self._debtor(f"Debtor {typed}", phone=typed, country_id=country)
            self._overdue_invoice(6, partner=partner)
            with self.subTest(typed=typed), self._gateway() as received:
                self._decide()
                run = self.root["collection.run"]._propose_for(self._case(partner))
                self.assertEqual(run.action_ids.recipient_preview, sent)
                run.action_send()
                self.assertEqual([message["number"] for message in received], [sent])
                self.assertEqual(run.action_ids.recipient, sent)
                self.assertIn(sent, run.action_ids.evidence_ids.sorted("position")[0].payload)

    def test_contact_without_a_country_has_the_debtors(self):
        self.partner_a.phone = False
        self.root["res.partner"].create(
            {
                "name": "Accounts",
                "parent_id": self.partner_a.id,
                "type": "invoice",
                "phone": "06 12 34 56 78",
                "country_id": False,
            }
        )
        with self._gateway() as received:
            self._run()
        self.assertEqual([message["number"] for message in received], ["+33612345678"])

    def test_sms_is_sent_once(self):
        with self._gateway() as received:
            self._run()
            self._run()
            self.root["sms.sms"]._process_queue()
        self.assertEqual(len(received), 1)

    # === ODOO'S OWN QUEUE === #

    def test_sms_is_not_in_odoos_queue_before_it_is_handed_over(self):
        run = self._prepare()
        self.assertNotEqual(run.action_ids.sms_id.state, "outgoing")
        with self._gateway() as received:
            self.root["sms.sms"]._process_queue()
            self.assertFalse(received)

    def test_sms_in_hand_is_sent_by_the_process_that_claimed_it(self):
        action = self._prepare().action_ids
        with self._gateway() as received:
            self.root["collection.channel.sms"]._hand_over(action, TODAY)
        self.assertEqual((len(received), action.state), (1, "sent"))

    # === FAILED === #

    def test_refused_sms_fails_with_its_reason(self):
        reasons = {
            "wrong_number_format": "Wrong Number Format",
            "insufficient_credit": "Insufficient Credit",
            "unregistered": "Unregistered Account",
            "never heard of": "Unknown error",
        }
        for answer, reason in reasons.items():
            partner = self._debtor(f"Debtor {answer}", phone="+33 4 00 00 00 09")
            invoice = self._overdue_invoice(6, partner=partner)
            with self.subTest(answer=answer), self._gateway(answer):
                self._decide()
                run = self.root["collection.run"]._propose_for(self._case(partner))
                run.action_send()
                action = run.action_ids
                self.assertEqual((action.state, action.failure_reason), ("failed", reason))
                self.assertFalse(self._item(invoice).level_id)
                kind, facts = self._facts(action)
                self.assertEqual((kind, facts["reason"]), ("failed", reason))

    def test_gateway_that_is_down_fails_the_sms_and_it_can_be_retried(self):
        with self._gateway(ConnectionError("no line")):
            action = self._run().action_ids
        self.assertEqual((action.state, action.failure_reason), ("failed", "Server Error"))
        with self._gateway() as received:
            self.root["sms.sms"]._process_queue()
            with self.on(1):
                self._run()
                self.assertFalse(received)
                action.action_retry()
        self.assertEqual((len(received), action.state), (1, "sent"))

    def test_debtor_without_a_phone_gets_no_sms(self):
        self.partner_a.phone = False
        with self._gateway() as received:
            action = self._run().action_ids
        self.assertFalse(received)
        self.assertEqual(action.state, "failed")
        self.assertFalse(action.sms_id)

    # === NOBODY KNOWS === #

    def test_sms_of_a_dead_process_is_a_persons_to_settle(self):
        run = self._prepare()
        self._leave_claimed(run.action_ids)
        with self._gateway() as received, self.on(1):
            self.executor._cron_send()
            self.root["sms.sms"]._process_queue()
            self.assertFalse(received)
        self.assertEqual(run.action_ids.state, "ambiguous")
        self.assertFalse(self._item(self.invoice).level_id)

    def test_sms_of_which_the_gateway_says_nothing_is_a_persons_to_settle(self):
        with self._gateway(None) as received:
            action = self._run().action_ids
            self.executor._cron_send()
            self.root["sms.sms"]._process_queue()
        self.assertEqual((len(received), action.state), (1, "ambiguous"))

    def test_sms_that_odoo_has_forgotten_is_a_persons_to_settle(self):
        run = self._prepare()
        self._leave_claimed(run.action_ids)
        run.action_ids.sms_id.unlink()
        with self._gateway(), self.on(1):
            self.executor._cron_send()
        self.assertEqual(run.action_ids.state, "ambiguous")

    def test_sms_that_had_left_before_the_crash_counts_as_sent(self):
        run = self._prepare()
        self._leave_claimed(run.action_ids)
        run.action_ids.sms_id.state = "pending"
        with self._gateway() as received, self.on(1):
            self.executor._cron_send()
        self.assertFalse(received)
        action = run.action_ids
        claimed_on = self.company._get_collection_day(action.claimed_at)
        self.assertEqual((action.state, action.contact_date), ("sent", claimed_on))

    def test_sms_that_was_refused_before_the_crash_has_failed(self):
        run = self._prepare()
        self._leave_claimed(run.action_ids)
        run.action_ids.sms_id.write({"state": "error", "failure_type": "sms_credit"})
        with self._gateway(), self.on(1):
            self.executor._cron_send()
        self.assertEqual(run.action_ids.failure_reason, "Insufficient Credit")

    def test_claim_that_was_never_handed_over_is_released(self):
        run = self._prepare()
        self._leave_claimed(run.action_ids)
        action, message = run.action_ids, run.action_ids.sms_id
        with self._gateway() as received:
            # Another process holds the row: Odoo leaves the message out.
            with patch.object(type(message), "try_lock_for_update", lambda sms: sms.browse()):
                self.root["collection.channel.sms"]._hand_over(action, TODAY)
            self.assertEqual((action.state, action.sms_id), ("confirmed", message.browse()))
            self.root["sms.sms"]._process_queue()
            self.assertFalse(received)
            self.executor._cron_send()
        self.assertEqual((len(received), action.state, run.state), (1, "sent", "done"))
