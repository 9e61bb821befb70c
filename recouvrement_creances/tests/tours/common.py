from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import HttpCase, freeze_time
from odoo.tests.common import get_db_name

from ..common import TODAY, CollectionCommon

SCRIPTS = (
    "web.assets_web",
    "web.assets_tests",
    "web.assets_emoji",
    "bus.websocket_worker_assets",
)
STYLES = ("web.assets_web", "web.assets_web_print")


class CollectionTourCommon(CollectionCommon, HttpCase):
    """Roles at work in a browser, each in English and in French."""

    # Wide enough for every menu, in every language: none of them hides behind a "+".
    browser_size = "1920x1080"

    @classmethod
    def setUpClass(cls):
        cls._make_bundles()
        super().setUpClass()
        # Browser and server wait for each other: their clock starts on TODAY too, but it runs.
        running = freeze_time(TODAY.isoformat() + " 09:00:00", tick=True)
        running.start()
        cls.addClassCleanup(running.stop)
        cls.root["res.lang"]._activate_lang("fr_FR")

    @classmethod
    def _make_bundles(cls):
        """Make the client's bundles before the first tour, as Odoo's own runner does.

        They are committed: made inside a test they would be rolled back and made again for each
        tour, in the time that the tour is given.
        """
        with Registry(get_db_name()).cursor() as cursor:
            qweb = api.Environment(cursor, SUPERUSER_ID, {})["ir.qweb"]
            for name in SCRIPTS:
                qweb._get_asset_bundle(name, css=False, js=True).js()
            for name in STYLES:
                qweb._get_asset_bundle(name, css=True, js=False).css()

    def _tour(self, persona, language, name=None):
        """Let a persona walk through the tour of the role, or another one, in a language."""
        user = self.personas[persona]
        user.lang = language
        tour = f"collection_tour_{name or persona}"
        self.start_tour("/odoo", tour, login=user.login, timeout=120)
        self.assertEqual(self.session.context["lang"], language)
        # What the browser did is not in this environment's cache.
        self.env.invalidate_all()
