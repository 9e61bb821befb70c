import polib

from odoo.modules.module import get_module_path
from odoo.tests import TransactionCase, tagged

# {model: whether what it is called is feminine in French}
FEMININE = {
    "collection.proceeding": True,
    "collection.insolvency": True,
    "collection.insolvency.declaration": True,
    "collection.instalment": True,
    "collection.handover": False,
    "collection.deadline": False,
    "collection.judgement": False,
}
# Of whoever did it, or of a noun of its own.
NOUNS = {"Ordonnance rendue", "Jugement rendu", "Passée"}


@tagged("post_install", "-at_install")
class TestStateWords(TransactionCase):
    """In French a state agrees with what is in it: a procédure is close, a délai is clos."""

    def _read(self, model):
        """Return the French words of a model's states."""
        path = f"{get_module_path('recouvrement_creances')}/i18n/fr.po"
        start = f"selection__{model.replace('.', '_')}__state__"
        return {
            entry.msgstr
            for entry in polib.pofile(path)
            if any(start in place for place, _line in entry.occurrences)
        } - NOUNS

    def test_states_agree_with_their_record(self):
        for model, is_feminine in FEMININE.items():
            words = self._read(model)
            self.assertTrue(words, model)
            for word in words:
                first = word.split()[0]
                with self.subTest(model=model, word=word):
                    self.assertFalse(first.endswith("é" if is_feminine else "ée"))
                    self.assertNotIn(first, {"Clos"} if is_feminine else {"Close"})
