from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..common import CollectionCommon

# Every value that these columns could be searched for, the empty one included.
VALUES = {
    "collection_verdict": ("too_soon", "remind", False),
    "collection_stage_id": (1, "Amicable", False),
    "collection_level_id": (1, "Level +5", False),
}


@tagged("post_install", "-at_install")
class TestPortal(CollectionCommon):
    """A debtor reads its invoices on the portal, but not what is thought of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        contact = cls.root["res.partner"].create(
            {"name": "Buyer", "parent_id": cls.partner_a.id, "email": "buyer@debtor.example"}
        )
        cls.portal = new_test_user(
            cls.root,
            login="collection_portal",
            groups="base.group_portal",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
            partner_id=contact.id,
            email="buyer@debtor.example",
        )
        # Without this right every export is refused, whatever its columns are.
        cls.portal.group_ids += cls.root.ref("base.group_allow_export")
        cls.invoice = cls._overdue_invoice(6)

    def setUp(self):
        super().setUp()
        with self._mail_server():
            self._run()
        self.invoice.invalidate_recordset()
        self.own_invoice = self.invoice.with_user(self.portal)
        self.own_lines = self.own_invoice.line_ids.filtered("date_maturity")

    def _columns(self, records):
        """Return the names of the collection's fields on invoices or on journal items."""
        return sorted(name for name in records._fields if name.startswith("collection_"))

    def _each_column(self):
        """Yield the own records of both models with each of the collection's fields."""
        for records in (self.own_invoice, self.own_lines):
            for name in self._columns(records):
                with self.subTest(model=records._name, field=name):
                    yield records, name

    # === WHAT IS HIS === #

    def test_debtor_reads_his_own_invoice(self):
        (values,) = self.own_invoice.read(["name", "amount_residual", "invoice_date_due"])
        self.assertEqual(values["amount_residual"], 1000)
        found = self.own_invoice.search([("amount_residual", ">", 0)])
        self.assertEqual(found, self.own_invoice)
        self.assertEqual(self.own_lines.read(["amount_residual"])[0]["amount_residual"], 1000)
        self.assertEqual(self.own_invoice.export_data(["name"])["datas"], [[self.invoice.name]])

    def test_there_is_something_to_hide(self):
        self.assertEqual(self.invoice.collection_verdict, "too_soon")
        self.assertEqual(self.invoice.collection_level_id, self.policy.level_ids[0])
        self.assertTrue(self.invoice.collection_explanation)
        for records, count in ((self.own_invoice, 9), (self.own_lines, 3)):
            self.assertGreaterEqual(len(self._columns(records)), count)

    # === WHAT IS NOT === #

    def test_debtor_is_not_told_of_the_columns(self):
        for records in (self.own_invoice, self.own_lines):
            known = records.fields_get()
            self.assertIn("name", known)
            self.assertFalse([name for name in known if name.startswith("collection_")])

    def test_debtor_does_not_read_them(self):
        for records, name in self._each_column():
            with self.assertRaises(AccessError):
                records.read([name])
            with self.assertRaises(AccessError):
                records.search_read([("id", "in", records.ids)], [name])
            with self.assertRaises(AccessError):
                records.web_read({name: {}})

    def test_debtor_does_not_export_them(self):
        for records, name in self._each_column():
            with self.assertRaises(AccessError):
                records.export_data(["name", name])
        with self.assertRaises(AccessError):
            self.own_invoice.export_data(["name", "line_ids/collection_verdict"])

    def test_debtor_does_not_find_by_them(self):
        for records, name in self._each_column():
            for value in VALUES.get(name, ()):
                for operator in ("=", "!=", "in"):
                    operand = [value] if operator == "in" else value
                    with self.subTest(operator=operator, value=value):
                        with self.assertRaises(AccessError):
                            records.search([(name, operator, operand)])
                        with self.assertRaises(AccessError):
                            records.search_count([(name, operator, operand)])

    def test_debtor_does_not_find_his_invoice_by_its_lines(self):
        for domain in (
            [("line_ids.collection_verdict", "=", "too_soon")],
            [("line_ids", "any", [("collection_verdict", "=", "too_soon")])],
        ):
            with self.subTest(domain=domain), self.assertRaises(AccessError):
                self.own_invoice.search(domain)

    def test_debtor_does_not_group_by_them(self):
        for name in ("collection_verdict", "collection_stage_id", "collection_level_id"):
            with self.subTest(field=name), self.assertRaises(AccessError):
                self.own_invoice.formatted_read_group([], [name], ["__count"])

    def test_debtor_does_not_sort_by_them(self):
        for name in (
            "collection_verdict",
            "collection_level_id",
            "collection_next_date",
            "collection_last_date",
        ):
            with self.subTest(field=name), self.assertRaises(AccessError):
                self.own_invoice.search([], order=name)
