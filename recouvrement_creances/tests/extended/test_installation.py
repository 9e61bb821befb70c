from odoo.tests import tagged
from odoo.tools.sql import column_exists

from ...hooks import pre_init_hook
from ..common import CollectionCommon


@tagged("post_install", "-at_install")
class TestInstallation(CollectionCommon):
    def test_partners_are_filled_as_the_fields_compute_them_and_silently(self):
        """The statement of the installation says what the ORM would say of every partner."""
        company = self.root["res.partner"].create({"name": "Company", "is_company": True})
        person = self.root["res.partner"].create({"name": "Person"})
        contact = self.root["res.partner"].create({"name": "Contact", "parent_id": company.id})
        self.root["res.partner"].create(
            [
                {"name": "Contact's address", "parent_id": contact.id},
                {"name": "Person's address", "parent_id": person.id},
                {"name": "Person in an archive", "active": False},
            ]
        )
        partners = self.root["res.partner"].with_context(active_test=False).search([])
        fields = ("collection_debtor_kind", "collection_owes_indemnity")
        # As it is before the first installation: nobody has chosen anything yet.
        public = partners.filtered(lambda partner: partner.collection_debtor_kind == "public")
        public.collection_debtor_kind = False
        for name in fields:
            self.root.add_to_compute(partners._fields[name], partners)
        self.root.flush_all()
        expected = {partner.id: [partner[name] for name in fields] for partner in partners}
        self.cr.precommit.run()
        count_messages = self.root["mail.message"].search_count([])
        for name in fields:
            self.cr.execute(f"ALTER TABLE res_partner DROP COLUMN {name}")
        pre_init_hook(self.root)
        self.root.invalidate_all()
        self.assertTrue(all(column_exists(self.cr, "res_partner", name) for name in fields))
        found = {partner.id: [partner[name] for name in fields] for partner in partners}
        self.assertEqual(found, expected)
        self.cr.precommit.run()
        self.assertEqual(self.root["mail.message"].search_count([]), count_messages)
