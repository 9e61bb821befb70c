from pathlib import Path

from odoo.tests import BaseCase, tagged

from ...rules.forbidden_words import find_forbidden

ALLOWED = (
    # A formal notice may name courts and what the creditor may ask of them.
    "À défaut de règlement sous huit jours, nous saisirons le tribunal de commerce compétent.",
    "Nous demanderons au président du tribunal une ordonnance d'injonction de payer.",
    "La présente lettre vaut mise en demeure au sens de l'article 1344 du code civil.",
    "Le dossier pourra être confié à un commissaire de justice ou à un avocat.",
    "Une ordonnance pourrait vous être signifiée par un commissaire de justice.",
    "Nous nous réservons le droit de vous assigner devant le tribunal judiciaire.",
    "Nous chercherons à obtenir un titre exécutoire.",
    "We will bring the claim before the commercial court.",
    "We may ask the court for an order for payment.",
    "We shall instruct our lawyers if no payment has reached us by 30 June.",
    # Words that look alike.
    "Il peut s'agir d'une erreur de saisie de notre part.",
    "Votre bon de commande n° 42 et les commandes suivantes.",
    "Le numéro de commande à rappeler est le SO042.",
    "Nous vous assistons volontiers ; vous pouvez me joindre au 01 99 00 00 00.",
    "Après étude de votre dossier, nous vous proposons un échéancier.",
    "Vous avez été cités dans notre lettre d'information.",
    "Nous avons saisi votre demande de délai.",
    "Nous saisirons votre réponse dans le dossier.",
    "Vos comptes seront vérifiés avant tout envoi ; le facteur laissera un avis de passage.",
    "L'ordonnance que vous évoquez ne nous est pas parvenue.",
    "Merci de saisir votre numéro de client sur le site.",
    "Le bureau de Summonsville vous répondra.",
    "Please order by phone; the ordered goods were delivered.",
    # Costs that are denied, or the law on who bears them.
    "Aucuns frais de relance ne vous sont réclamés.",
    "Cette lettre est envoyée sans frais de dossier.",
    "Aucuns autres frais de recouvrement ni frais de gestion ne seront dus.",
    "Frais de relance : aucun.",
    "Les frais de recouvrement entrepris sans titre exécutoire restent à la charge du créancier, "
    "sauf s'ils concernent un acte dont l'accomplissement est prescrit par la loi au créancier.",
    "Cependant, le créancier qui justifie du caractère nécessaire des démarches entreprises pour "
    "recouvrer sa créance peut demander au juge de l'exécution de laisser tout ou partie des frais "
    "ainsi exposés à la charge du débiteur de mauvaise foi.",
    "Les frais ne vous seront pas facturés.",
    "Aucuns frais ne vous seront facturés ; payer en trois fois se fait sans frais.",
    "Les frais de livraison vous seront facturés avec la commande.",
    "Les frais de livraison de 15 € figurent sur la facture.",
    "Payment in three parts is free of charge; no fees will be added.",
    "There are no collection fees, and no other reminder charges.",
    "Les intérêts au taux légal courent depuis la mise en demeure.",
    "Legal interest runs from the formal notice.",
    # What is true of limitation.
    "La présente lettre n'interrompt pas la prescription.",
    "Une mise en demeure ne suspend pas la prescription.",
    "Ce courrier n'a pas pour effet d'interrompre la prescription.",
    "Une demande en justice interrompt la prescription.",
    "La prescription de notre créance est de cinq ans.",
    "This letter does not interrupt the limitation period.",
    "A court claim interrupts the limitation period.",
    "Relance n° 2 : la prescription est acquise le 31 mars 2027.",
    # Art. and C. do not end a sentence, so the negation stays beside its verb.
    "La présente lettre (art. L110-4 C. com.) n'interrompt pas la prescription.",
)
IMITATIONS = (
    "SIGNIFICATION",
    "Commandement de payer",
    "La présente créance vous est signifiée.",
    "Nous vous signifions par la présente votre dette.",
    "Par la présente, nous vous signifions votre dette.",
    "Sommation de payer",
    "Saisie imminente de vos biens",
    "DERNIER AVIS AVANT SAISIE",
    "Procès-verbal de saisie",
    "Nous ferons saisir vos comptes bancaires.",
    "Une saisie-attribution sera pratiquée.",
    "Une saisie sur salaire suivra.",
    "Un huissier se présentera chez vous.",
    "Exploit d’huissier de justice",
    "Vous êtes condamné à payer la somme de 1 000 €.",
    "Vous êtes par la présente assignés devant le tribunal.",
    "Assignation à comparaître",
    "Citation devant le tribunal judiciaire",
    "Convocation au tribunal",
    "Il vous est ordonné de payer.",
    "La présente injonction doit être exécutée.",
    "Cette lettre vaut titre exécutoire.",
    "Copie revêtue de la formule exécutoire",
    "AU NOM DU PEUPLE FRANÇAIS",
    "République française",
    "L'an deux mille vingt-six et le trois juin",
    "Par ministère de commissaire de justice",
    "Le commissaire de justice soussigné",
    "Étude de commissaires de justice",
    "Maître Dupont, commissaire de justice",
    "À la requête de la société Exemple, j'ai, soussigné, fait savoir",
    "Dont acte.",
    "\U0001f1eb\U0001f1f7 Avis",
    "The bailiffs will call on you.",
    "You are hereby summoned to pay.",
    "Notice of seizure",
    "Warrant of execution",
    "We will seize your bank account.",
    "By order of the court",
    "Judgment has been entered against you.",
    "AVIS DE PRÉ-SAISIE",
    "Avis avant-saisie",
    "Vos comptes bancaires seront saisis.",
    "Vos biens vont être saisis.",
    "Nous saisirons vos comptes.",
    "Avis de passage d'un commissaire de justice",
    "INJONCTION DE PAYER",
    "Ordonnance portant injonction de payer",
    "This letter constitutes a court order.",
    "SUMMONS",
)
COSTS = (
    "Frais de relance : 15,00 €",
    "Frais de dossier",
    "Frais d'envoi en recommandé : 6 €",
    "Des frais de mise en demeure vous seront facturés.",
    "Frais liés au recouvrement",
    "La somme est augmentée des frais.",
    "Indemnité forfaitaire de 40 €",
    "Indemnité pour frais de recouvrement",
    "Frais administratifs : 20 €",
    "Aucun paiement reçu : frais de relance 15 €",
    "Lettre recommandée à vos frais ; recommandé à votre charge",
    "Frais : 15,00 €",
    "À défaut, des frais de 15 € s'ajouteront.",
    "Soit 15 € de frais.",
    "Des frais vous seront facturés.",
    "Nos frais seront ajoutés à la dette.",
    "Nous vous facturerons des frais.",
    "Frais bancaires : 12 €",
    "Une indemnité de 40 € est due.",
    "Une indemnité de quarante euros est due.",
    '<p>Une indemnité de <t t-out="object.fixed_indemnity">40 euros</t> est due.</p>',
    '<p>Des frais de <t t-out="object.amount"/> vous seront facturés.</p>',
    "Pénalité forfaitaire de 40 €",
    "A fee of EUR 15 will be added.",
    "Admin fee",
    "Fees will be charged.",
    "Reminder fee: EUR 15",
    "A collection charge is added.",
    "Late payment fee",
    "Costs of the reminder",
    "Fixed compensation for recovery",
)
INTERRUPTIONS = (
    "La présente mise en demeure interrompt la prescription.",
    "Cette lettre recommandée est interruptive de prescription.",
    "Le délai de prescription est interrompu par ce courrier.",
    "Par cette relance, la prescription est suspendue.",
    "Le délai de deux ans repart à zéro à compter de ce courrier.",
    "Par ce courrier, le délai pour agir est relancé.",
    "La réception du présent courrier fait repartir le délai de prescription.",
    "Le présent envoi vaut interruption du délai.",
    "Cette lettre interrompt la prescription, et cela n'est pas contestable.",
    "This letter interrupts the limitation period.",
    "By this notice the limitation period starts again.",
    "This reminder stops the time-bar.",
)


@tagged("post_install", "-at_install")
class TestRulesForbiddenWords(BaseCase):
    """What a letter may say, sentence by sentence, and what it may not."""

    def assert_only(self, rule, text):
        found = find_forbidden(text)
        self.assertEqual({offence.rule for offence in found}, {rule}, found)
        for offence in found:
            self.assertTrue(offence.article)
            self.assertTrue(offence.passage)

    def test_what_may_be_said(self):
        for text in ALLOWED:
            with self.subTest(text=text):
                self.assertEqual(find_forbidden(text), [])

    def test_what_imitates_an_act(self):
        for text in IMITATIONS:
            with self.subTest(text=text):
                self.assert_only("imitation", text)

    def test_costs_towards_consumers(self):
        for text in COSTS:
            with self.subTest(text=text):
                self.assert_only("cost", text)
                self.assertEqual(find_forbidden(text, for_consumers=False), [])

    def test_letters_that_claim_to_interrupt_limitation(self):
        for text in INTERRUPTIONS:
            with self.subTest(text=text):
                self.assert_only("interruption", text)

    # === DRESS === #

    def test_capitals_accents_spaces_and_markup_do_not_hide_a_word(self):
        for text in (
            "<p>HUISSIER</p>",
            "<p>hu<b>iss</b>ier</p>",
            "hu&shy;issier",
            "hu\u200bissier",
            "<p>commandement\n   de&nbsp;payer</p>",
            "Commandement\u00a0de payer",
            "PROCES VERBAL DE SAISIE".replace(" ", "-", 1),
            "<div>saisie<span style='color:red'> imminente</span></div>",
        ):
            with self.subTest(text=text):
                self.assert_only("imitation", text)

    def test_words_of_two_blocks_are_not_read_together(self):
        self.assertEqual(find_forbidden("<p>Une erreur de saisie</p><p>imminente</p>"), [])
        self.assertEqual(find_forbidden("Cette lettre interrompt\n\nla prescription"), [])

    def test_a_line_that_was_full_does_not_part_a_sentence(self):
        self.assert_only("interruption", "Cette lettre interrompt\nla prescription")

    def test_what_is_not_printed_is_not_looked_at(self):
        for text in (
            '<p>Bonjour <t t-out="object.huissier"/></p>',
            "Bonjour {{ object.huissier_id.name }}",
            "<!-- ne pas écrire huissier --><p>Bonjour</p>",
            "<style>.huissier { color: red; }</style><p>Bonjour</p>",
        ):
            with self.subTest(text=text):
                self.assertEqual(find_forbidden(text), [])

    def test_official_emblems_in_pictures(self):
        self.assert_only("imitation", '<p>Bonjour</p><img src="/web/image/marianne.png"/>')
        self.assert_only("imitation", '<img alt="Drapeau tricolore" src="/x.png"/>')
        self.assertEqual(find_forbidden('<img src="/web/image/logo.png"/>'), [])

    def test_the_passage_is_shown_as_it_was_written(self):
        (offence,) = find_forbidden("<p>Avis : <b>Commandement</b>  de\nPayer !</p>")
        self.assertEqual(offence.passage, "Commandement de Payer")
        self.assertEqual(offence.article, "C. pén. 433-13")

    def test_every_passage_is_returned_in_the_order_of_the_text(self):
        text = (
            "Frais de relance : 5 €. Un huissier viendra. Cette lettre interrompt la prescription."
        )
        self.assertEqual(
            [offence.rule for offence in find_forbidden(text)],
            ["cost", "imitation", "interruption"],
        )

    def test_our_own_templates_say_nothing_of_it(self):
        templates = sorted((Path(__file__).parents[2] / "data").glob("*template*.xml"))
        self.assertTrue(templates)
        for path in templates:
            text = path.read_text(encoding="utf-8").replace("<![CDATA[", "").replace("]]>", "")
            with self.subTest(path=path.name):
                found = find_forbidden(text, for_consumers="consumer" in path.name)
                self.assertEqual(found, [])

    def test_an_empty_text_says_nothing(self):
        self.assertEqual(find_forbidden(""), [])
