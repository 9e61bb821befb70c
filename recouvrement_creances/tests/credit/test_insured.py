from datetime import timedelta
from importlib.util import module_from_spec, spec_from_file_location

from lxml import etree

from odoo.exceptions import AccessError
from odoo.modules.module import get_module_path
from odoo.tests import tagged
from odoo.tools.sql import column_exists

from ..common import TODAY, CollectionCommon

FIELDS = ("collection_insured_amount", "collection_insured_until", "collection_insurer_id")


@tagged("post_install", "-at_install")
class TestInsured(CollectionCommon):
    """The insured amount and its last day say who is insured; accountants note them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._debtor("Covered Customer")
        cls.accountant = cls.personas["accountant"]
        cls.values = {
            "collection_insured_amount": 5000,
            "collection_insured_until": TODAY,
            "collection_insurer_id": cls.partner_b.id,
        }
        for persona in ("reader", "collector", "accountant", "manager"):
            cls.personas[persona].sudo().group_ids |= cls.root.ref("base.group_partner_manager")

    # === WHO === #

    def test_nobody_but_an_accountant_makes_an_insured_customer(self):
        seller = self._make_persona("seller", "base.group_user,base.group_partner_manager")
        for user in (seller, self.personas["reader"], self.collector):
            partners = self.root["res.partner"].with_user(user)
            for name, value in self.values.items():
                with self.subTest(user=user.login, field=name), self.assertRaises(AccessError):
                    partners.create({"name": "New", name: value})
        made = self.root["res.partner"].with_user(self.accountant)
        made = made.create({"name": "New", **self.values})
        self.assertTrue(made.collection_is_insured)

    def test_collectors_see_it_and_still_note_how_a_customer_is_collected_from(self):
        self.customer.write(self.values)
        seen = self.customer.with_user(self.collector)
        seen.collection_claim_nature = "transport"
        self.assertEqual((seen.collection_insured_amount, seen.collection_is_insured), (5000, True))
        for persona, is_readonly in (("collector", True), ("reader", True), ("accountant", False)):
            partners = self.root["res.partner"].with_user(self.personas[persona])
            form = etree.fromstring(
                partners.get_view(self.root.ref("base.view_partner_form").id, "form")["arch"]
            )
            for name in FIELDS:
                shown = form.xpath(f"//page[@name='collection']//field[@name='{name}']")
                with self.subTest(persona=persona, field=name):
                    self.assertEqual([node.get("readonly") == "1" for node in shown], [is_readonly])
            self.assertFalse(form.xpath("//field[@name='collection_is_insured']"))

    def test_a_collector_makes_a_contact_without_it(self):
        partners = self.root["res.partner"].with_user(self.collector)
        made = partners.create({"name": "New", "collection_insured_amount": 0})
        self.assertFalse(made.collection_is_insured)

    # === ONE TRUTH === #

    def test_who_is_insured_follows_from_amount_and_day(self):
        yesterday = TODAY - timedelta(days=1)
        search = self.root["res.partner"].search
        own = ("id", "=", self.customer.id)
        for amount, until, is_insured in (
            (0, False, False),
            (0, TODAY, False),
            (5000, False, True),
            (5000, TODAY, True),
            (5000, yesterday, False),
        ):
            self.customer.write(
                {"collection_insured_amount": amount, "collection_insured_until": until}
            )
            with self.subTest(amount=amount, until=until):
                self.assertEqual(self.customer.collection_is_insured, is_insured)
                found = search([own, ("collection_is_insured", "=", True)])
                self.assertEqual(bool(found), is_insured)
                found = search([own, ("collection_is_insured", "=", False)])
                self.assertEqual(bool(found), not is_insured)

    def test_each_company_has_its_own_insurer(self):
        other = self.root["res.company"].create({"name": "Other creditor"})
        self.customer.collection_insured_amount = 5000
        elsewhere = self.customer.with_company(other)
        self.assertFalse(elsewhere.collection_is_insured)
        self.assertTrue(self.customer.collection_is_insured)

    def test_what_was_invoiced_under_the_cover_is_the_insurers_once_it_has_ended(self):
        invoice = self._overdue_invoice(30, partner=self.customer)
        self._decide()
        insurance, item = self.root["collection.insurance"], self._item(invoice)
        self.assertFalse(insurance._is_any_covered(item))
        self.customer.write(
            {
                "collection_insured_amount": 5000,
                "collection_insured_until": invoice.invoice_date,
            }
        )
        self.assertFalse(self.customer.collection_is_insured)
        self.assertTrue(insurance._is_any_covered(item))
        self.customer.collection_insured_until = invoice.invoice_date - timedelta(days=1)
        self.assertFalse(insurance._is_any_covered(item))

    # === THE UPDATE === #

    def _tick(self, *partners):
        """Mark customers as insured as 19.0.1.0.0 did."""
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE res_partner ADD COLUMN collection_is_insured jsonb")
        self.env.cr.execute(
            """
            UPDATE res_partner SET collection_is_insured = jsonb_build_object(%s, TRUE)
             WHERE id IN %s
            """,
            [str(self.company.id), tuple(partner.id for partner in partners)],
        )

    def _migrate(self):
        self.env.flush_all()
        path = f"{get_module_path('recouvrement_creances')}/migrations/19.0.1.1.0/"
        for stage in ("pre", "post"):
            spec = spec_from_file_location(f"{stage}_insurance", f"{path}{stage}-insurance.py")
            script = module_from_spec(spec)
            spec.loader.exec_module(script)
            script.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def test_who_was_ticked_without_an_amount_is_asked_about(self):
        known, unknown = self._debtor("With An Amount"), self._debtor("Without An Amount")
        known.collection_insured_amount = 5000
        self._tick(known, unknown)
        mails = self.root["mail.mail"].search_count([])
        self._migrate()
        self.assertTrue(known.collection_is_insured)
        self.assertFalse(known.activity_ids)
        self.assertFalse(unknown.collection_is_insured)
        manager = self.root["res.users"]._find_collection_manager(self.company)
        self.assertEqual(unknown.activity_ids.user_id, manager)
        self.assertIn("without an insured amount", unknown.activity_ids.summary)
        self.assertEqual(self.root["mail.mail"].search_count([]), mails)
        # Once: no column is left of it.
        for name in ("collection_is_insured", "collection_was_insured"):
            self.assertFalse(column_exists(self.env.cr, "res_partner", name))
        self._migrate()
        self.assertEqual(len(unknown.activity_ids), 1)

    def test_without_a_manager_its_timeline_says_so(self):
        unknown = self._debtor("Without An Amount")
        managers = self.root["res.users"]._get_other_collection_managers(self.company)
        managers.sudo().active = False
        self._tick(unknown)
        self._migrate()
        self.assertFalse(unknown.activity_ids)
        self.assertIn("without an insured amount", str(unknown.message_ids.mapped("body")))
