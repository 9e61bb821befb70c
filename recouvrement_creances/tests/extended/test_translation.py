import re
from pathlib import Path

import polib

from odoo.modules import get_module_path
from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import TranslationModuleReader

MODULE = "recouvrement_creances"

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sdf]|\{\{.*?\}\}", re.DOTALL)
TAG = re.compile(r"</?[a-zA-Z][^>]*>")
# What carries no typography: markup, expressions, placeholders.
NOT_PROSE = re.compile(rf"{TAG.pattern}|{PLACEHOLDER.pattern}", re.DOTALL)

# (source, what its translation never says, why)
FORBIDDEN = (
    (r"litigation", r"litige", "litigation is “contentieux”; “litige” is a dispute"),
    (
        r"disput",
        r"contentieux(?! de la protection)",
        "a dispute is “litige”; “contentieux” is litigation",
    ),
    (r"\bhandover|handed over", r"litige", "a handover is “passage au contentieux”"),
    (r"^(?!.*dispute)", r"\blitige", "“litige” stands for a dispute only"),
    (r"\bruns?\b", r"\b(run|exécution)\b", "a run is a “campagne de relance”"),
    (r"\bholds?\b", r"\b(hold|blocage)", "a hold is a “suspension”"),
    (r"\bpolic(y|ies)\b", r"\b(politique|policy)", "a policy is a “scénario”"),
    (r"\bcases?\b", r"\b(cas|affaires?)\b(?! échéant)", "a case is a “dossier”"),
    (r"\bitems?\b", r"\b(articles?|éléments?)\b", "an item is a “créance”"),
    (r"\bmatched\b", r"rapproch|appari", "what is matched is “lettré”"),
    (r"", r"\b(digital|deadline|mail client|workflow|checker|booster|reporting)\b", "anglicism"),
    (r"", r"\b(tu|ton|tes)\b", "users and debtors are addressed as “vous”"),
)
# A character outside GSM 03.38 halves what fits into one SMS, so texts of SMS do without these.
NOT_IN_AN_SMS = re.compile("[\u00a0\u2019«»êëîïôœç]")


@tagged("post_install", "-at_install")
class TestTranslation(TransactionCase):
    """The French translation is complete, keeps what programs read, and uses the trade's words."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = Path(get_module_path(MODULE)) / "i18n"
        cls.terms = polib.pofile(folder / f"{MODULE}.pot")
        cls.french = polib.pofile(folder / "fr.po")
        cls.translations = {entry.msgid: entry.msgstr for entry in cls.french}
        cls.sms = {
            entry.msgid
            for entry in cls.french
            if any("sms.template,body" in place for place, _line in entry.occurrences)
        }

    def assertNothing(self, found, what):
        """Fail with the list of what was found."""
        self.assertFalse(found, "\n".join([what, *found]))

    def test_every_term_of_the_code_and_the_data_is_translated(self):
        """Terms are read from this database as ``odoo i18n export`` does."""
        rows = TranslationModuleReader(self.env.cr, modules=[MODULE])
        sources = {source for _module, _kind, _name, _id, source, _value, _comments in rows}
        self.assertGreater(len(sources), 500)
        missing = sorted(source for source in sources if not self.translations.get(source))
        self.assertNothing(missing, "Not translated (run script/translate, then fill them in):")

    def test_terms_and_translation_hold_the_same_sources(self):
        self.assertEqual([entry.msgid for entry in self.terms], [e.msgid for e in self.french])

    def test_nothing_is_fuzzy_or_obsolete(self):
        """Odoo loads fuzzy entries as if they were right."""
        doubtful = [entry.msgid for entry in self.french if entry.fuzzy or entry.obsolete]
        self.assertNothing(doubtful, "To be checked or removed:")

    def test_placeholders_are_those_of_the_source(self):
        wrong = [
            f"{source!r}: {text!r}"
            for source, text in self.translations.items()
            if sorted(PLACEHOLDER.findall(source)) != sorted(PLACEHOLDER.findall(text))
        ]
        self.assertNothing(wrong, "Other placeholders than the source:")

    def test_markup_is_that_of_the_source(self):
        wrong = [
            f"{source!r}: {text!r}"
            for source, text in self.translations.items()
            if TAG.findall(source) != TAG.findall(text)
        ]
        self.assertNothing(wrong, "Other tags than the source:")

    def test_words_of_the_trade_are_kept_apart(self):
        wrong = [
            f"{source!r}: {text!r}: {why}"
            for source, text in self.translations.items()
            for where, never, why in FORBIDDEN
            if re.search(where, source, re.IGNORECASE | re.DOTALL)
            and re.search(never, NOT_PROSE.sub(" ", text), re.IGNORECASE)
        ]
        self.assertNothing(wrong, "Wrong words:")

    def test_typography_is_french(self):
        """No-break spaces before : ; ! ? and inside quotes, typographic apostrophes."""
        wrong = [
            text
            for source, text in self.translations.items()
            if source not in self.sms
            and re.search(r" [:;!?»]|« |'|\"|\.\.\.", NOT_PROSE.sub("x", text))
        ]
        self.assertNothing(wrong, "Not in French typography:")

    def test_texts_of_sms_use_plain_characters(self):
        self.assertTrue(self.sms)
        costly = [
            self.translations[source]
            for source in self.sms
            if NOT_IN_AN_SMS.search(self.translations[source])
        ]
        self.assertNothing(costly, "Characters that make an SMS twice as expensive:")
