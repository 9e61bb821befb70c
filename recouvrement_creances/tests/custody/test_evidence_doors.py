import json

from odoo.exceptions import UserError
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import mute_logger

from .common import CustodyCommon

REFUSALS = ("odoo.exceptions.UserError", "odoo.exceptions.AccessError")


@tagged("post_install", "-at_install")
class TestEvidenceDoors(CustodyCommon, HttpCase):
    """Evidence is refused for change and deletion through every door that a client has."""

    def setUp(self):
        super().setUp()
        self._overdue_invoice(6, amount=1000)
        with self._mail_server():
            self._run()
        self.case = self._case()
        self.record = self._attach(self.case)
        self.before = self._read()
        self.admin = self.env.ref("base.user_admin")
        self.admin.sudo().write(
            {
                "company_ids": [(4, self.company.id)],
                "company_id": self.company.id,
                "group_ids": [(4, self.env.ref("recouvrement_creances.group_manager").id)],
            }
        )

    def _read(self):
        self.env.invalidate_all()
        return self.record.sudo().read()[0] | {"file": self.record.attachment_ids.raw}

    def _get_writes(self):
        """Return [((model, ids), values)] of what a client may try to write."""
        evidence = ("collection.evidence", self.record.ids)
        case = ("collection.case", self.case.ids)
        file = ("ir.attachment", self.record.attachment_ids.ids)
        return [
            (evidence, {"subject": "x"}),
            (evidence, {"payload": "{}"}),
            (evidence, {"erased_on": "2026-01-01", "payload": ""}),
            (case, {"evidence_ids": [[2, self.record.id]]}),
            (case, {"evidence_ids": [[1, self.record.id, {"subject": "x"}]]}),
            *(
                (file, vals)
                for vals in (
                    {"datas": "eA=="},
                    {"raw": "x"},
                    {"name": "other.pdf"},
                    {"mimetype": "text/html"},
                    {"public": True},
                    {"description": "x"},
                    {"company_id": False},
                    {"res_id": 0},
                    {"type": "url", "url": "https://example.com"},
                )
            ),
        ]

    def _attempts(self):
        """Return (model, method, ids, keyword arguments) of what a client may try."""
        created = {"case_id": self.case.id, "kind": "sent", "payload": "{}"}
        return [
            *((model, "write", ids, {"vals": vals}) for (model, ids), vals in self._get_writes()),
            (
                "collection.evidence",
                "web_save",
                self.record.ids,
                {"vals": {"recipient": "x"}, "specification": {}},
            ),
            ("collection.evidence", "create", [], {"vals_list": [created]}),
            ("collection.evidence", "unlink", self.record.ids, {}),
            ("collection.case", "unlink", self.case.ids, {}),
            ("ir.attachment", "unlink", self.record.attachment_ids.ids, {}),
        ]

    def _assert_untouched(self):
        self.assertEqual(self._read(), self.before)
        self.assertFalse(self.root["collection.evidence"]._find_break(self.company))

    def test_json2_with_an_administrators_key(self):
        key = (
            self.env["res.users.apikeys"]
            .with_user(self.admin)
            ._generate("rpc", "evidence", "2100-01-01")
        )
        self.env.flush_all()
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        for model, method, ids, arguments in self._attempts():
            with self.subTest(model=model, method=method, arguments=arguments):
                body = json.dumps({"ids": ids, **arguments} if ids else arguments)
                with mute_logger("odoo.http", "odoo.addons.rpc.controllers.json2"):
                    answer = self.url_open(f"/json/2/{model}/{method}", body, headers=headers)
                self.assertGreaterEqual(answer.status_code, 400, answer.text)
                self.assertIn(answer.json()["name"], REFUSALS)
                self._assert_untouched()

    def test_web_client_of_an_administrator(self):
        self.authenticate("admin", "admin")
        for model, method, ids, arguments in self._attempts():
            with self.subTest(model=model, method=method, arguments=arguments):
                params = {
                    "model": model,
                    "method": method,
                    "args": [ids] if ids else [],
                    "kwargs": arguments,
                }
                with mute_logger("odoo.http"):
                    answer = self.url_open(
                        f"/web/dataset/call_kw/{model}/{method}",
                        json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
                        headers={"Content-Type": "application/json"},
                    )
                self.assertIn(answer.json()["error"]["data"]["name"], REFUSALS)
                self._assert_untouched()

    def test_form_of_an_administrator(self):
        record = self.record.with_user(self.admin)
        form = Form(record)
        for name in ("subject", "recipient", "payload", "content_hash"):
            with self.subTest(field=name), self.assertRaisesRegex(AssertionError, "readonly"):
                form[name] = "x"
        form = Form(record)
        # Past the widgets, as a changed client would.
        form._values["subject"] = "x"
        with self.assertRaises(UserError):
            record.web_save({"subject": "x"}, {})
        self._assert_untouched()

    def test_orm_refuses_changes_of_files_in_sudo_mode_too(self):
        file = self.record.attachment_ids
        for (model, _ids), vals in self._get_writes():
            if model == "ir.attachment":
                for records in (file.with_user(self.admin), file.sudo()):
                    with self.subTest(vals=vals, su=records.env.su), self.assertRaises(UserError):
                        records.write(vals)
        with self.assertRaises(UserError):
            file.sudo().unlink()
        self._assert_untouched()
