import polib

from odoo.tests import BaseCase, tagged
from odoo.tools.misc import file_path

# What French screens, lists and menus call it, and where the same English word stood for more.
WORDS = {
    "Disputes": "Litiges",
    "Disputes it": "Conteste",
    "Dispute": "Litige",
    "Paid already": "Déjà payé",
    "Already paid": "Réglé",
    "Answer the dispute": "Répondre au litige",
    "Link expired": "Expiré",
    "Promises": "Promesses",
    "Schedules": "Échéanciers",
    "Waivers": "Remises",
    "Holds": "Suspensions",
}


@tagged("post_install", "-at_install")
class TestFrenchWords(BaseCase):
    """One English word is translated once: two meanings need two words."""

    def test_words_of_the_guide_stand_on_the_screens(self):
        terms = {
            entry.msgid: entry.msgstr
            for entry in polib.pofile(file_path("recouvrement_creances/i18n/fr.po"))
        }
        self.assertEqual({word: terms.get(word) for word in WORDS}, WORDS)

    def test_menu_of_disputes_is_not_what_a_debtor_does(self):
        menu, outcome = "collection_dispute_menu", "outcome__disputes"
        for entry in polib.pofile(file_path("recouvrement_creances/i18n/fr.po")):
            places = " ".join(place for place, _line in entry.occurrences)
            self.assertFalse(menu in places and outcome in places, entry.msgid)
