from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...rules.words import UNITS, amount_in_words, same_amount_in_words
from .common import TRIED, D

amounts = st.decimals(0, 20_000_000, places=2)


@tagged("post_install", "-at_install")
class TestRulesWords(BaseCase):
    """Amounts in French words: printed, and typed by a debtor."""

    def test_printed(self):
        for amount, expected in {
            "0": "zéro euro",
            "1": "un euro",
            "1.01": "un euro et un centime",
            "0.50": "cinquante centimes",
            "21": "vingt et un euros",
            "71.80": "soixante et onze euros et quatre-vingts centimes",
            "80": "quatre-vingts euros",
            "81": "quatre-vingt-un euros",
            "200": "deux cents euros",
            "1000": "mille euros",
            "2294.02": "deux mille deux cent quatre-vingt-quatorze euros et deux centimes",
            "80000": "quatre-vingt mille euros",
            "1000000": "un million d'euros",
            "1000001": "un million un euros",
            # 12.005 is rounded half-up first.
            "12.005": "douze euros et un centime",
        }.items():
            with self.subTest(amount=amount):
                self.assertEqual(amount_in_words(D(amount)), expected)

    def test_other_currencies(self):
        self.assertEqual(amount_in_words(D("2"), "CHF"), "deux francs suisses")
        self.assertEqual(
            amount_in_words(D("1767"), "XPF"), ("mille sept cent soixante-sept francs Pacifique")
        )
        self.assertEqual(amount_in_words(D("3000000"), "XOF"), "trois millions de francs CFA")

    def test_an_unknown_currency_or_a_negative_amount_is_refused(self):
        with self.assertRaisesRegex(ValueError, "JPY"):
            amount_in_words(D("1"), "JPY")
        with self.assertRaises(ValueError):
            same_amount_in_words("moins un euro", D("-1"))

    def test_typed_in_many_ways(self):
        for amount, texts in {
            "1280.50": [
                "mille deux cent quatre-vingts euros et cinquante centimes",
                "Mille-deux-cent-quatre-vingts euros et cinquante centimes",
                "MILLE DEUX CENTS QUATRE VINGT EUROS CINQUANTE CENTIMES",
                "mille deux cent quatre-vingts euros cinquante",
                "  la somme de mille deux cent quatre-vingts  euros, cinquante centimes. ",
                "mille deux cent octante euros et cinquante centimes",
            ],
            "71": ["soixante et onze euros", "soixante-et-onze euros", "septante et un euros"],
            "97": ["quatre-vingt-dix-sept euros", "nonante-sept euro"],
            "1": ["un euro", "Un Euro"],
            "0.50": ["cinquante centimes", "zero euro et cinquante centimes"],
            "1000000": ["un million d'euros", "un million d’euros", "un million euros"],
            "2000.00": [
                "deux mille euros",
                "deux milles euros",
                "deux mille euros zéro centime",
                "deux mille euros (2 000 €)",
                "Deux mille (2000,00 EUR) euros",
                "deux mille euros ( 2\N{NARROW NO-BREAK SPACE}000 euros )",
            ],
        }.items():
            for text in texts:
                with self.subTest(amount=amount, text=text):
                    self.assertTrue(same_amount_in_words(text, D(amount)))

    def test_what_is_not_the_amount(self):
        for amount, texts in {
            "1280.50": [
                "",
                "1 280,50 euros",
                "mille deux cent quatre-vingts euros",
                "mille deux cent quatre-vingts",
                "mille deux cent vingt-quatre euros et cinquante centimes",
                "deux mille quatre-vingts euros et cinquante centimes",
                "mille deux cent quatre-vingts francs et cinquante centimes",
                "environ mille deux cent quatre-vingts euros et cinquante centimes",
                "mille deux cent quatre-vingts euros et cinq centimes",
                "mille deux cent quatre-vingts euros et cinquante centimes et plus",
            ],
            "0.50": ["cinquante", "cinquante euros"],
            "10": ["cinq cinq euros", "dix", "euros"],
            "2000": [
                "mille deux euros",
                "deux cents euros",
                "(2 000 €)",
                "deux mille euros (2 001 €)",
                "deux mille euros (2 000 $)",
                "deux mille euros (peut-être)",
            ],
        }.items():
            for text in texts:
                with self.subTest(amount=amount, text=text):
                    self.assertFalse(same_amount_in_words(text, D(amount)))

    @TRIED
    @given(amounts, st.sampled_from(sorted(UNITS)))
    def test_what_is_printed_is_recognised(self, amount, currency):
        self.assertTrue(same_amount_in_words(amount_in_words(amount, currency), amount, currency))

    @TRIED
    @given(amounts, amounts)
    def test_another_amount_is_not(self, amount, other):
        self.assertEqual(same_amount_in_words(amount_in_words(other), amount), amount == other)
