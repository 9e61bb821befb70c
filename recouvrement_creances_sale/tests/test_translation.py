from pathlib import Path

import polib

from odoo.modules import get_module_path
from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import TranslationModuleReader

MODULE = "recouvrement_creances_sale"
# Fields of every model, which Odoo ascribes to each module that extends one when it is installed
# (not when it is updated), and translates itself.
OF_EVERY_MODEL = {"ID", "Display Name"}


@tagged("post_install", "-at_install")
class TestTranslation(TransactionCase):
    """The French translation of the stop of orders is complete and holds nothing else."""

    def test_every_term_is_translated_and_no_other(self):
        rows = TranslationModuleReader(self.env.cr, modules=[MODULE])
        sources = {source for _module, _kind, _name, _id, source, _value, _comments in rows}
        french = polib.pofile(Path(get_module_path(MODULE)) / "i18n" / "fr.po")
        translated = {
            entry.msgid
            for entry in french
            if entry.msgstr and not entry.fuzzy and not entry.obsolete
        }
        self.assertIn("Why deliveries are stopped", sources)
        self.assertEqual(translated - OF_EVERY_MODEL, sources - OF_EVERY_MODEL)
