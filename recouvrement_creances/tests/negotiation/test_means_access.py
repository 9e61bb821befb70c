import base64

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger

from .means_common import CONCLUSION, MeansCommon

MODELS = (
    "collection.assessment",
    "collection.assessment.line",
    "collection.assessment.fact",
    "collection.hardship",
)
OUTSIDERS = (
    "reader",
    "other_collector",
    "accountant",
    "finance_director",
    "invoicing",
    "portal",
)


@tagged("post_install", "-at_install")
class TestMeansAccess(MeansCommon, HttpCase):
    """Who wrote what is known of a debtor's means, and those who look after it; nobody else."""

    def setUp(self):
        super().setUp()
        payslip = self._as(self.collector, "ir.attachment").create(
            {"name": "payslip.pdf", "datas": base64.b64encode(b"1500 EUR")}
        )
        self.household = self._assess(document_ids=[Command.set(payslip.ids)])
        self.household.action_conclude()
        self.household.with_context(force_report_rendering=True).action_print_letter()
        self.payslip, self.letter = payslip, self.household.letter_id
        self.report = self._report(assessment_id=self.household.id)
        self.records = {
            "collection.assessment": self.household,
            "collection.assessment.line": self.household.line_ids,
            "collection.hardship": self.report,
        }
        self.outsiders = {name: self.personas.get(name) for name in OUTSIDERS}
        self.outsiders["portal"] = new_test_user(
            self.root,
            login="collection_portal",
            groups="base.group_portal",
            partner_id=self.debtor.id,
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def _list_outsiders(self):
        """Return [(role, model as that role, ids that exist)]."""
        for user in self.outsiders.values():
            # Without this right every export is refused, whatever its columns are.
            user.group_ids += self.root.ref("base.group_allow_export")
        return [
            (name, self._as(user, model), records.ids)
            for name, user in self.outsiders.items()
            for model, records in self.records.items()
        ]

    # === ORM === #

    def _searches(self, model, ids):
        """Return the ways to look for records, each a function that returns what it found."""
        domain = [("id", "in", ids)]
        owner = "case_id" if "case_id" in model._fields else "assessment_id.case_id"
        return (
            lambda: model.search(domain).ids,
            lambda: model.search([(owner, "=", self.case.id)]).ids,
            lambda: model.search_read(domain, ["id"]),
            lambda: model.web_search_read(domain, {"id": {}})["records"],
            lambda: model.name_search(""),
            lambda: model.formatted_read_group(domain, [], ["__count"])[0]["__count"],
        )

    def test_others_find_nothing(self):
        for name, model, ids in self._list_outsiders():
            for search in self._searches(model, ids):
                with self.subTest(role=name, model=model._name):
                    # Who has no right to the model at all is refused; the others find nothing.
                    try:
                        self.assertFalse(search())
                    except AccessError:
                        self.assertFalse(model.has_access("read"))

    def _attempts(self, records):
        """Return the ways to get at records that somebody knows the numbers of."""
        values = {"amount": 1} if "amount" in records._fields else {"instalment_count": 1}
        return (
            lambda: records.read(["id", "display_name"]),
            lambda: records.web_read({"display_name": {}}),
            lambda: records.export_data(["id", "display_name"]),
            lambda: records.write(values),
            lambda: records.unlink(),
            lambda: records[:1].copy(),
        )

    def test_others_read_export_change_and_delete_nothing(self):
        for name, model, ids in self._list_outsiders():
            for attempt in self._attempts(model.browse(ids)):
                with (
                    self.subTest(role=name, model=model._name),
                    self.assertRaises(AccessError),
                    self.env.cr.savepoint(),
                ):
                    attempt()

    def test_author_and_sensitive_colleagues_see_it(self):
        for user in (self.collector, self.manager):
            for model, records in self.records.items():
                with self.subTest(user=user.name, model=model):
                    seen = self._as(user, model).search([("id", "in", records.ids)])
                    self.assertEqual(seen, records.sudo(False).with_env(seen.env))
        self.assertEqual(self.household.with_user(self.manager).conclusion, CONCLUSION)

    def test_sensitive_reader_sees_it_and_decides_nothing(self):
        reader = self.personas["reader"]
        reader.group_ids += self.root.ref("recouvrement_creances.group_sensitive")
        self.assertEqual(
            self.household.with_user(reader).read(["conclusion"])[0]["conclusion"], CONCLUSION
        )
        with self.assertRaises(AccessError):
            self.report.with_user(reader)._decide("approve", "Why not")
        with self.assertRaises(AccessError):
            self._assess(reader)

    def test_case_shows_others_neither_record_nor_number(self):
        case = self.case.with_user(self.personas["reader"])
        self.assertNotIn("assessment_count", case.fields_get())
        with self.assertRaises(AccessError):
            case.read(["assessment_count"])
        self.assertEqual(self.case.with_user(self.collector).assessment_count, 1)
        self.assertEqual(self.case.with_user(self.personas["accountant"]).assessment_count, 0)
        self.assertEqual(self.case.with_user(self.manager).hardship_count, 1)

    def test_others_do_not_reach_it_through_what_hangs_on_it(self):
        messages = self.report.sudo().message_ids
        tasks = self.report.sudo().activity_ids
        self.assertTrue(messages and tasks)
        for name, user in self.outsiders.items():
            for records in (messages, tasks, self.payslip, self.letter):
                with self.subTest(role=name, model=records._name), self.assertRaises(AccessError):
                    self._as(user, records._name).browse(records.ids).read(["id", "res_id"])
        for record in (*self.case.message_ids, *self.case.evidence_ids):
            self.assertNotIn(CONCLUSION, str(record.body))

    # === OVER THE NETWORK === #

    def _call(self, model, method, *arguments, **options):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": list(arguments), "kwargs": options},
        )

    def test_others_get_nothing_over_the_network(self):
        for name, user in self.outsiders.items():
            self.authenticate(user.login, user.login)
            for model, records in self.records.items():
                with (
                    self.subTest(role=name, model=model),
                    mute_logger("odoo.http"),
                    self.assertRaises(JsonRpcException),
                ):
                    self._call(model, "read", records.ids, ["display_name"])
            pages = (
                f"/report/pdf/recouvrement_creances.assessment/{self.household.id}",
                f"/report/html/recouvrement_creances.assessment/{self.household.id}",
                f"/web/content/{self.letter.id}",
                f"/web/content/{self.payslip.id}",
            )
            for page in pages:
                with self.subTest(role=name, page=page), mute_logger("odoo.http"):
                    answer = self.url_open(page)
                    self.assertNotEqual(answer.status_code, 200)
                    self.assertNotIn(b"1500 EUR", answer.content)

    def test_author_gets_the_letter_over_the_network(self):
        self.authenticate(self.collector.login, self.collector.login)
        answer = self.url_open(f"/web/content/{self.letter.id}")
        self.assertEqual(answer.content[:4], b"%PDF")
        rows = self._call("collection.assessment", "read", self.household.ids, ["conclusion"])
        self.assertEqual(rows[0]["conclusion"], CONCLUSION)

    def test_doors_of_the_state_are_closed_over_the_network(self):
        self.authenticate(self.collector.login, self.collector.login)
        context = {"collection_door": True}
        for values in ({"state": "draft"}, {"conclusion": "Other"}):
            with (
                self.subTest(values=values),
                mute_logger("odoo.http"),
                self.assertRaises(JsonRpcException),
            ):
                self._call(
                    "collection.assessment", "write", self.household.ids, values, context=context
                )
