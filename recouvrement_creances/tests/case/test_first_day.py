from odoo.tests import tagged

from ..common import CollectionCommon


@tagged("post_install", "-at_install")
class TestFirstDay(CollectionCommon):
    """Who has just installed the add-on is told how to begin, on the screen that opens first."""

    def _get_help(self, persona):
        action = self.root.ref("recouvrement_creances.collection_case_action_worklist")
        # In sudo mode as the web client reads actions: the user stays who asks.
        action_sudo = action.with_user(self.personas[persona]).sudo()
        return action_sudo.read(["res_model", "context", "help"])[0]["help"]

    def test_manager_is_shown_the_steps_until_the_first_run(self):
        self.root["collection.run"].search([("company_id", "=", self.company.id)]).unlink()
        told = self._get_help("manager")
        for name in ("collection_policy_action", "collection_takeover_action"):
            self.assertIn(f'name="recouvrement_creances.{name}"', told)
        # He may not open the settings.
        self.assertNotIn("res_config_settings_action_collection", told)
        self._run()
        self.assertNotIn("collection_takeover_action", self._get_help("manager"))

    def test_links_lead_somewhere(self):
        administrator = self.root.ref("base.user_admin")
        cases = self.root["collection.case"].with_user(administrator)
        companies = administrator.company_ids.ids
        told = cases.with_context(allowed_company_ids=companies).get_empty_list_help("")
        self.assertEqual(told.count('type="action"'), 4)
        for part in told.split('name="')[1:]:
            self.assertTrue(self.root.ref(part.split('"')[0]))

    def test_colleagues_are_told_what_the_list_shows(self):
        self.assertNotIn("collection_policy_action", self._get_help("collector"))
