from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..common import CollectionCommon


@tagged("post_install", "-at_install")
class TestCopiedDebtor(CollectionCommon):
    """A partner is duplicated by whoever may create one, without what collection noted on it."""

    def test_everybody_duplicates_a_debtor(self):
        self.partner_a.sudo().write(
            {
                "collection_no_call": True,
                "collection_no_contact_reason": "?",
                "collection_is_vulnerable": True,
            }
        )
        seller = new_test_user(
            self.root,
            context={"no_reset_password": True},
            login="collection_partner_manager",
            groups="base.group_user,base.group_partner_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        partner_manager = self.root.ref("base.group_partner_manager")
        for user in (seller, self.collector, self.personas["accountant"]):
            user.group_ids |= partner_manager
            with self.subTest(user=user.login):
                copied = self.partner_a.with_user(user).copy().sudo()
                self.assertFalse(copied.collection_no_call or copied.collection_is_vulnerable)

    def test_administrator_duplicates_a_user(self):
        admin = new_test_user(
            self.root,
            context={"no_reset_password": True},
            login="collection_admin",
            groups="base.group_erp_manager,base.group_partner_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        copied = self.collector.with_user(admin).copy({"login": "copied"})
        self.assertEqual(copied.login, "copied")
