from contextlib import contextmanager
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import TODAY, CollectionCommon

IBAN = "FR7630006000011234567890189"


@tagged("post_install", "-at_install")
class TestWaysToPay(CollectionCommon):
    """Every letter and e-mail tells how to pay: account, reference, QR code, online payment."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.root["ir.config_parameter"].set_param("report.url", "http://127.0.0.1:9")
        cls.root.ref("base.EUR").active = True
        cls.company.sudo().currency_id = cls.root.ref("base.EUR")
        cls.bank = cls.root["res.partner.bank"].search(
            [("partner_id", "=", cls.company.partner_id.id)]
        )
        cls.bank.acc_holder_name = "Atelier Example"
        # Without the debtor's page, which is a way to pay of its own.
        cls.company.sudo().collection_portal_link = False
        cls.policy = cls._make_policy([(5, "letter"), (15, "email")])
        cls.company.collection_policy_id = cls.policy
        cls.partner_a.write({"street": "1 rue du Port", "zip": "44000", "city": "Nantes"})

    def _letter(self, *amounts):
        """Return a letter about invoices of these amounts."""
        for amount in amounts:
            self._overdue_invoice(6, amount)
        self._decide()
        items = self._case().open_item_ids
        return (
            self.root["collection.action"]
            ._with_door()
            .create(
                {
                    "company_id": self.company.id,
                    "case_id": self._case().id,
                    "channel": "letter",
                    "partner_id": self.partner_a.id,
                    "recipient": "a@debtor.example",
                    "level_id": self.policy.level_ids[0].id,
                    "step_id": self.policy.level_ids[0].step_ids.id,
                    "date_planned": TODAY,
                    "line_ids": [Command.create({"item_id": item.id}) for item in items],
                }
            )
        )

    def _print(self, action):
        html, _kind = self.root["ir.actions.report"]._render_qweb_html(
            "recouvrement_creances.collection_letter_report", action.ids
        )
        return html.decode()

    def _mail(self, action):
        return self.root["collection.channel.email"]._prepare_mail(
            action, "Your account", "<p>Hello</p>", action._get_statement()
        )["body_html"]

    # === QR CODE === #

    @contextmanager
    def _drawn(self):
        """Note what is put into QR codes, and let them be drawn all the same."""
        drawn = []
        reports = self.registry["ir.actions.report"]
        draw = reports._draw_qr_code

        def note(report, text, *options):
            drawn.append(text)
            return draw(report, text, *options)

        with patch.object(reports, "_draw_qr_code", note):
            yield drawn

    def test_qr_code_of_an_available_method_is_printed(self):
        banks = self.registry["res.partner.bank"]
        parameters = {}

        def generate(_bank, qr_method, amount, currency, free_communication, **_others):
            parameters.update(
                method=qr_method, amount=amount, currency=currency.name, free=free_communication
            )
            return {"barcode_type": "QR", "value": "payload", "width": 64, "height": 64}

        action = self._letter(1000, 234.5)
        with (
            patch.object(banks, "_get_available_qr_methods", lambda _self: [("test", "Test", 1)]),
            patch.object(banks, "_get_error_messages_for_qr", lambda *_args: None),
            patch.object(banks, "_check_for_qr_code_errors", lambda *_args: None),
            patch.object(banks, "_get_qr_code_generation_params", generate),
            self._drawn() as drawn,
        ):
            html = self._print(action)
        self.assertEqual(drawn, ["payload"])
        self.assertIn("data:image/png;base64,", html)
        self.assertEqual(
            parameters,
            {
                "method": "test",
                "amount": 1234.5,
                "currency": "EUR",
                "free": action.env["collection.correspondence"]._get_frame(action)["blocks"][0][
                    "reference"
                ],
            },
        )

    def test_letter_without_a_method_has_no_picture(self):
        banks = self.registry["res.partner.bank"]
        action = self._letter(1000)
        with patch.object(banks, "_get_available_qr_methods", lambda _self: []):
            self.assertNotIn("data:image/png;base64,", self._print(action))

    def test_sepa_code_says_whom_where_how_much_and_what_for(self):
        installed = self.root["ir.module.module"]._get("account_qr_code_sepa").state
        if installed != "installed":
            self.skipTest("account_qr_code_sepa is not installed")
        action = self._letter(1000, 234.5)
        with self._drawn() as drawn:
            html = self._print(action)
        self.assertIn("data:image/png;base64,", html)
        (payload,) = drawn
        lines = payload.split("\n")
        self.assertEqual((lines[0], lines[3]), ("BCD", "SCT"))
        self.assertEqual(lines[5:8], ["Atelier Example", IBAN, "EUR1234.5"])
        reference = lines[10]
        self.assertTrue(reference.startswith(self._case().name))
        for item in self._case().open_item_ids:
            self.assertIn(item.move_line_id.move_name, reference)

    def test_code_keeps_level_and_size_of_transfers(self):
        reports = self.root["ir.actions.report"]
        # 331 characters are the most that EPC069-12 lets into its largest code.
        for length, version in ((10, 1), (331, 13), (332, 14)):
            code = reports._make_qr_code("a" * length)
            with self.subTest(length=length):
                self.assertEqual((code.error, code.version), ("M", version))
        self.assertTrue(reports._draw_qr_code("a" * 331, 13).startswith("data:image/png"))
        self.assertEqual(reports._draw_qr_code("a" * 332, 13), "")
        self.assertTrue(reports._draw_qr_code("a" * 332))
        self.assertEqual(reports._draw_qr_code("a" * 5000), "")

    def test_transfer_that_no_banking_app_reads_has_no_code(self):
        banks = self.registry["res.partner.bank"]
        action = self._letter(1000)
        for method, is_drawn in (("sct_qr", False), ("test", True)):
            with (
                self.subTest(method=method),
                patch.object(
                    banks, "_get_available_qr_methods", lambda _self, key=method: [(key, "Test", 1)]
                ),
                patch.object(banks, "_get_error_messages_for_qr", lambda *_args: None),
                patch.object(banks, "_check_for_qr_code_errors", lambda *_args: None),
                patch.object(
                    banks,
                    "_get_qr_code_generation_params",
                    lambda *_args, **_values: {"barcode_type": "QR", "value": "a" * 332},
                ),
            ):
                html = self._print(action)
                self.assertEqual("data:image/png;base64," in html, is_drawn)

    # === WITHOUT AN ACCOUNT === #

    def test_letter_without_a_way_to_pay_fails_and_can_be_tried_again(self):
        self.bank.active = False
        self._overdue_invoice(6)
        self._run()
        action = self._case().action_ids
        self.assertEqual(action.state, "failed")
        self.assertIn("Bank Accounts", action.failure_reason)
        self.assertFalse(action.attachment_id)
        self.bank.active = True
        action.with_user(self.collector).action_retry()
        self.assertEqual(action.state, "planned")

    def test_email_without_a_way_to_pay_is_refused(self):
        self.bank.active = False
        with self.assertRaisesRegex(UserError, "no bank account that receives EUR"):
            self._mail(self._letter(1000))

    def test_account_in_another_currency_is_no_way_to_pay(self):
        self.bank.currency_id = self.other_currency
        with self.assertRaisesRegex(UserError, "no bank account that receives EUR"):
            self._print(self._letter(1000))

    # === ONLINE PAYMENT === #

    @contextmanager
    def _online(self, url=lambda _action, move: f"https://pay.example/{move.id}"):
        with patch.object(self.registry["collection.action"], "_get_payment_url", url):
            yield

    def test_address_of_the_only_document_stands_in_the_payment_block(self):
        action = self._letter(1000)
        move = action.line_ids.item_id.move_id
        with self._online():
            for text in (self._print(action), self._mail(action)):
                self.assertEqual(text.count(f'href="https://pay.example/{move.id}"'), 1)
                self.assertIn("Pay online", text)

    def test_several_documents_have_an_address_each(self):
        action = self._letter(1000, 200)
        with self._online():
            for text in (self._print(action), self._mail(action)):
                for move in action.line_ids.item_id.move_id:
                    self.assertEqual(text.count(f'href="https://pay.example/{move.id}"'), 1)

    def test_page_of_the_debtor_is_told_once(self):
        action = self._letter(1000, 200)
        with self._online(lambda _action, _move: "https://pay.example/me"):
            for text in (self._print(action), self._mail(action)):
                self.assertEqual(text.count('href="https://pay.example/me"'), 1)

    def test_online_payment_is_a_way_to_pay_without_an_account(self):
        self.bank.active = False
        with self._online():
            self.assertIn("Pay online", self._print(self._letter(1000)))

    def test_only_some_documents_online_is_not(self):
        self.bank.active = False
        action = self._letter(1000, 200)
        first = action.line_ids.item_id.move_id[0]
        with (
            self._online(lambda _action, move: "https://pay.example" if move == first else ""),
            self.assertRaises(UserError),
        ):
            self._print(action)

    def test_address_is_the_portal_s_and_writes_nothing_on_the_invoice(self):
        action = self._letter(1000)
        move = action.line_ids.item_id.move_id
        self.root["ir.config_parameter"].set_param("account_payment.enable_portal_payment", True)
        self.root["payment.provider"].search([]).state = "disabled"
        self.assertEqual(action._get_payment_url(move), "")
        self.root["payment.provider"].create(
            {
                "name": "Online",
                "company_id": self.company.id,
                "state": "enabled",
                "is_published": True,
            }
        )
        action.invalidate_recordset(["can_pay_online"])
        url = action._get_payment_url(move)
        self.assertTrue(url.endswith(f"/my/invoices/{move.id}"))
        self.assertFalse(move.access_token)
        move._portal_ensure_token()
        self.assertTrue(
            action._get_payment_url(move).endswith(f"?access_token={move.access_token}")
        )
        self._pay(move)
        self.assertEqual(action._get_payment_url(move), "")
