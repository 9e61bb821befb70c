from datetime import timedelta

from odoo.tests import tagged

from ..common import TODAY
from .common import CollectionTourCommon


@tagged("post_install", "-at_install")
class TestTourAccountant(CollectionTourCommon):
    """An accountant proposes, leaves one debtor out and sends the rest by e-mail."""

    def setUp(self):
        super().setUp()
        self.reason = self.root["collection.reason"].create(
            {"name": "Talks under way", "usage": "exclusion"}
        )
        self.talks = self._debtor("In Talks")
        self.invoices = {
            partner: self._overdue_invoice(6, partner=partner)
            for partner in (self.partner_a, self.partner_b, self.talks)
        }
        self._overdue_invoice(-20, partner=self._debtor("Not Due"))

    def _send_a_run(self, language):
        with self._mail_server() as sink:
            self._tour("accountant", language)
        run = self.root["collection.run"].search([("company_id", "=", self.company.id)])
        self.assertRecordValues(
            run,
            [
                {
                    "state": "done",
                    "origin": "manual",
                    "create_uid": self.personas["accountant"].id,
                    "sent_count": 2,
                    "failed_count": 0,
                }
            ],
        )
        self.assertEqual(
            sorted(message["X-Envelope-To"] for message in sink.messages),
            ["a@debtor.example", "b@debtor.example"],
        )
        for message in sink.messages:
            self.assertIn("collection@company.example", message["From"])
            self.assertIn("collector@company.example", message["Reply-To"])
        for partner in (self.partner_a, self.partner_b):
            self.assertVerdict(self.invoices[partner], "too_soon", last_contact_date=TODAY)
            self.assertEqual(self._case(partner).action_ids.state, "sent")
            self.assertIn(
                self.invoices[partner].name,
                sink.to(partner.email)[0].get_body(("html",)).get_content(),
            )

    def _check_left_out(self):
        case = self._case(self.talks)
        self.assertEqual(case.action_ids.state, "cancelled")
        self.assertRecordValues(
            case.hold_ids,
            [
                {
                    "reason_id": self.reason.id,
                    "date_end": TODAY + timedelta(days=7),
                    "note": "The sales manager talks to them",
                    "state": "open",
                }
            ],
        )
        self.assertVerdict(self.invoices[self.talks], "held", last_contact_date=False)

    def test_accountant_sends_a_run_but_for_one_debtor(self):
        self._send_a_run("en_US")
        self._check_left_out()

    def test_accountant_sends_a_run_but_for_one_debtor_in_french(self):
        self._send_a_run("fr_FR")
        self._check_left_out()
