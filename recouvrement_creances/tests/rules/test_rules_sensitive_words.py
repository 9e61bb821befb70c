from odoo.tests import BaseCase, tagged

from ...rules.sensitive_words import ARTICLE_9, ARTICLE_10, find_sensitive

SENSITIVE = {
    "health": (
        "La gérante est en arrêt maladie jusqu'au 15",
        "ARRET MALADIE",
        "Il est hospitalisé depuis lundi",
        "son mari est à l'hôpital",
        "traité pour un cancer",
        "en pleine dépression",
        "elle est dépressive",
        "problèmes de santé, rappeler en mai",
        "En raison de son état de santé",
        "a fait un AVC en janvier",
        "son épouse est enceinte",
        "congé maternité",
        "a eu le Covid",
        "touche une pension d'invalidité",
        "débiteur handicapé",
        "s'est fait opérer du genou",
        "burn-out du dirigeant",
        "tentative de suicide",
        "Il est alcoolique",
        "suivi en psychiatrie",
        "<p>Elle est <b>gravement</b> malade</p>",
        "atteint de la maladie de Parkinson",
        "The owner is ill",
        "He is on sick leave",
        "She is pregnant",
        "has serious health problems",
        "was hospitalised last week",
        "had a stroke",
        "is depressed",
        "undergoing chemotherapy",
        "mental health issues",
    ),
    "beliefs": (
        "Il est musulman, rappeler après la fête",
        "rappeler après le ramadan",
        "ses convictions religieuses",
        "témoin de Jéhovah",
        "délégué syndical",
        "membre de la CGT",
        "c'est un syndicaliste",
        "militant du parti",
        "he is Jewish",
        "a trade union member",
        "his political opinions",
    ),
    "private_life": ("il est homosexuel", "she is gay", "son orientation sexuelle"),
    "origin": (
        "débiteur d'origine algérienne",
        "famille de gens du voyage",
        "il est africain",
        "ethnic origin",
    ),
    "offences": (
        "le gérant est en prison",
        "a un casier judiciaire",
        "placé en garde à vue",
        "is in jail",
        "incarcéré depuis mars",
    ),
}

HARMLESS = (
    "",
    None,
    "Adresse invalide, courrier revenu",
    "IBAN invalide",
    "Le syndic rappelle jeudi",
    "Syndicat des copropriétaires du 12 rue de l'Église",
    "membre du syndicat des copropriétaires",
    "Boissons alcooliques livrées le 3",
    "Alcoholic beverages delivered",
    "Enceintes acoustiques, facture 12",
    "livraison dans l'enceinte du chantier",
    "M. Gay rappelle demain",
    "Mme Chrétien promet 500 EUR",
    "Mme Lenoir a payé",
    "Marie Noire, service comptabilité",
    "Crise du Covid, prêt garanti par l'État",
    "Hôpital de Lyon : service facturier",
    "Clinique Saint-Jean, facture contestée",
    "Ligue contre le cancer : payé",
    "Mutuelle maladie : attestation reçue",
    "Assurance maladie, virement attendu",
    "Institut catholique de Paris",
    "Fédération protestante, règlement le 15",
    "facture d'origine égarée",
    "marchandise d'origine marocaine refusée",
    "pays d'origine : Maroc",
    "condamné à payer 3 000 EUR par jugement du 12 mars",
    "Pas de trésorerie, attend un prêt",
    "Difficulté personnelle",
    "Conteste la facture : marchandise défectueuse",
    "Le service est saturé, rappeler",
    "Promet de payer 1 000 EUR le 15",
    "Refuse de payer, menace d'un avocat",
    "en congé jusqu'à lundi",
    "est en déplacement",
    "Opération commerciale de mars",
    "Traitement de la commande en cours",
    "Cabinet de chirurgie dentaire Martin",
    "Union Carbide, purchase ledger",
    "European Union grant expected",
    "Healthcare Ltd disputes line 3",
    "Sick of being called, asks for letters",
    "The bill is still unpaid",
    "The printer is ill-adjusted",
    "Black & Decker order 55",
    "Sida Trading SARL",
    "Elle est au courant",
    "Prison break poster, line 4",
    "Société Malade Imaginaire Théâtre",
)
# Named after what they look like: known to be flagged although nothing is told of a person.
ACCEPTED = {"Société Malade Imaginaire Théâtre", "Sida Trading SARL"}


@tagged("post_install", "-at_install")
class TestRulesSensitiveWords(BaseCase):
    """Notes that tell too much of a person are noticed; everyday notes are not."""

    def test_sensitive_notes_are_noticed_for_what_they_are(self):
        for category, notes in SENSITIVE.items():
            for note in notes:
                with self.subTest(note=note):
                    self.assertIn(category, [found.category for found in find_sensitive(note)])

    def test_everyday_notes_are_left_alone(self):
        for note in HARMLESS:
            with self.subTest(note=note):
                found = [one.passage for one in find_sensitive(note)]
                self.assertEqual(bool(found), note in ACCEPTED, found)

    def test_few_false_alarms_in_all(self):
        alarms = sum(bool(find_sensitive(note)) for note in HARMLESS)
        self.assertLessEqual(alarms / len(HARMLESS), 0.05)

    def test_accents_capitals_and_markup_do_not_matter(self):
        for note in (
            "ARRÊT MALADIE",
            "arret maladie",
            "Arrêt&nbsp;<b>mala</b>die",
            "ARRET\nMALADIE",
        ):
            with self.subTest(note=note):
                self.assertTrue(find_sensitive(note))

    def test_words_are_whole(self):
        for note in ("maladresse du livreur", "sclérosant", "illegal", "sidatel", "gaya"):
            with self.subTest(note=note):
                self.assertFalse(find_sensitive(note))

    def test_passage_is_shown_as_it_was_written_with_its_article(self):
        (found,) = find_sensitive("Rappel : Problèmes de Santé du gérant")
        self.assertEqual((found.passage, found.article), ("Problèmes de Santé", ARTICLE_9))
        (found,) = find_sensitive("il est en prison")
        self.assertEqual(found.article, ARTICLE_10)

    def test_findings_come_in_the_order_of_the_text_without_repeats_inside_each_other(self):
        found = find_sensitive("En prison, puis en arrêt maladie")
        self.assertEqual([one.category for one in found], ["offences", "health"])
        self.assertEqual(found[1].passage, "arrêt maladie")
