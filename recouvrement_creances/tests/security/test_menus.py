from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..common import CollectionCommon

# More do not fit beside each other on the screen of a laptop: Odoo hides what is left over.
MOST_IN_THE_BAR = 10


@tagged("post_install", "-at_install")
class TestMenus(CollectionCommon):
    """Nobody is shown a menu that he cannot use, nor more of them than fit in the bar."""

    def _get_menus(self, user):
        """Return the application's menus that a user sees."""
        menus = self.root["ir.ui.menu"].with_user(user)
        root = self.root.ref("recouvrement_creances.collection_menu_root")
        seen = menus.browse(menus._visible_menu_ids())
        return seen.filtered(lambda menu: menu.parent_path.startswith(root.parent_path)) - root

    def test_menus_open_for_who_sees_them(self):
        for name, user in self.personas.items():
            for menu in self._get_menus(user).filtered("action"):
                action = menu.sudo().action
                if action._name != "ir.actions.act_window":
                    continue
                with self.subTest(persona=name, menu=menu.complete_name):
                    records = self.root[action.res_model].with_user(user)
                    records.check_access("create" if action.target == "new" else "read")
                    if action.target != "new":
                        domain = safe_eval(action.domain or "[]", {"uid": user.id})
                        records.search(domain, limit=1)

    def test_bar_holds_them_all(self):
        root = self.root.ref("recouvrement_creances.collection_menu_root")
        for name, user in self.personas.items():
            with self.subTest(persona=name):
                bar = self._get_menus(user).filtered(lambda menu: menu.parent_id == root)
                self.assertLessEqual(len(bar), MOST_IN_THE_BAR)
