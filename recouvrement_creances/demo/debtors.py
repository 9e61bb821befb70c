"""Who owes the joinery of the demonstration money: everybody here is fictional."""

from typing import NamedTuple


class Debtor(NamedTuple):
    """A customer of the demonstration."""

    name: str
    street: str = ""
    city: str = ""
    email: str = ""
    phone: str = ""
    siret: str = ""
    kind: str = "professional"
    term: str = "30"
    collector: str = ""
    country: str = "fr"
    lang: str = "fr_FR"
    parent: str = ""
    type: str = "contact"
    foreign_currency: bool = False


# fmt: off
DEBTORS = {
    # Shops and restaurants
    "brasserie": Debtor(
        "Brasserie de la République", "8 place du Marché", "69002 Lyon",
        "gerance@brasserie-republique.example", "04 65 71 20 11", "00067065300013",
    ),
    "boulangerie": Debtor(
        "Boulangerie Perrin", "27 rue des Fours", "69003 Lyon",
        "contact@boulangerie-perrin.example", "04 65 71 20 12", "00056889900017",
    ),
    "pharmacie": Debtor(
        "Pharmacie des Halles", "3 cours des Halles", "69003 Lyon",
        "compta@pharmacie-halles.example", "04 65 71 20 13", "00043255900011",
    ),
    "optique": Debtor(
        "Optique Bellecour", "19 rue de la Barre", "69002 Lyon",
        "direction@optique-bellecour.example", "04 65 71 20 14", "00056937600015",
    ),
    "pizzeria": Debtor(
        "Pizzeria Bella Napoli", "5 quai des Étroits", "69005 Lyon", "bonjour@bella-napoli.example",
        "04 65 71 20 15", "00068604800018", collector="marc",
    ),
    "augustin": Debtor(
        "La Table d'Augustin", "41 montée du Gourguillon", "69005 Lyon",
        "reservation@table-augustin.example", "04 65 71 20 16", "00079621900012", term="3070",
    ),
    "chocolaterie": Debtor(
        "Chocolaterie Verne", "12 rue Centrale", "74000 Annecy",
        "atelier@chocolaterie-verne.example", "04 65 71 20 17", "00041241100019", collector="marc",
    ),
    "librairie": Debtor(
        "Librairie du Parc", "66 avenue du Parc", "69006 Lyon", "commande@librairie-parc.example",
        "04 65 71 20 18", "00072814700018",
    ),
    "fleuriste": Debtor(
        "Rose & Thym, fleuriste", "2 rue du Jardin", "69004 Lyon", "bonjour@rose-thym.example",
        "04 65 71 20 19", "00058833500018", term="immediate",
    ),
    "fromagerie": Debtor(
        "Fromagerie Bertin", "Halles de Lyon, étal 24", "69003 Lyon",
        "contact@fromagerie-bertin.example", "04 65 71 20 20", "00072535800014",
    ),
    "boucherie": Debtor(
        "Boucherie Centrale", "9 rue de la République", "42000 Saint-Étienne",
        "boutique@boucherie-centrale.example", "04 65 71 20 21", "00063228100010", collector="marc",
    ),
    "coiffure": Debtor(
        "Salon Éclat", "30 rue Victor-Hugo", "69002 Lyon", "contact(at)salon-eclat.example",
        "04 65 71 20 22", "00039640800015",
    ),
    "cave": Debtor(
        "Cave Vincent et Fils", "17 route des Vignes", "69640 Denicé", "cave@vincent-fils.example",
        "04 65 71 20 23", "00068468800013",
    ),
    "nova": Debtor(
        "Nova Concept Store", "1 rue de l'Arbre-Sec", "69001 Lyon", "finance@nova-store.example",
        "04 65 71 20 24", "00042322800014",
    ),
    "bistrot": Debtor("Bistrot du Vieux Port", phone="04 65 71 20 25", siret="00023962400018"),
    "traiteur": Debtor(
        "Maison Lacroix, traiteur", "25 chemin des Cuisines", "69100 Villeurbanne",
        "administration@maison-lacroix.example", "04 65 71 20 26", "00066084500017",
    ),
    # Craftsmen and services
    "garage": Debtor(
        "Garage Moreau", "112 route de Vienne", "69008 Lyon", "atelier@garage-moreau.example",
        "04 65 71 20 31", "00033902800011",
    ),
    "electricite": Debtor(
        "Électricité Roche", "7 rue de l'Industrie", "69120 Vaulx-en-Velin",
        "contact@electricite-roche.example", "04 65 71 20 32", "00077285500011", collector="marc",
    ),
    "plomberie": Debtor(
        "Plomberie Girard", "15 impasse des Artisans", "38200 Vienne",
        "", "04 65 71 20 33", "00089103600014", collector="marc",
    ),
    "charvet": Debtor(
        "Menuiserie Charvet", "4 zone artisanale des Prés", "01000 Bourg-en-Bresse",
        "gerant@menuiserie-charvet.example", "04 65 71 20 34", "00074129800012",
    ),
    "serrurerie": Debtor(
        "Serrurerie Gonin", "18 rue des Forges", "42000 Saint-Étienne",
        "contact@serrurerie-gonin.example", "04 65 71 20 56", "00074131400017",
    ),
    "terrassement": Debtor(
        "Terrassement Roussel", "31 route de Ceyzériat", "01000 Bourg-en-Bresse",
        "contact@terrassement-roussel.example", "04 65 71 20 39", "00083416800015",
    ),
    "imprimerie": Debtor(
        "Imprimerie Dumas", "50 rue du Caractère", "69100 Villeurbanne",
        "compta@imprimerie-dumas.example", "04 65 71 20 35", "00028232700014",
    ),
    "autoecole": Debtor(
        "Auto-école du Pont", "6 avenue du Pont", "69007 Lyon", "accueil@autoecole-pont.example",
        "04 65 71 20 36", "00034030700016", collector="marc",
    ),
    "studio": Debtor(
        "Studio Lumen, photographes", "33 rue Chevreul", "69007 Lyon", "studio@lumen.example",
        "04 65 71 20 37", "00035353200013",
    ),
    "fitness": Debtor(
        "Forme et Mouvement", "80 boulevard des Sports", "69500 Bron",
        "direction@forme-mouvement.example", "04 65 71 20 38", "00025271800010", collector="marc",
    ),
    "camping": Debtor(
        "Camping des Trois Lacs", "Route du Lac", "73100 Aix-les-Bains",
        "accueil@camping-trois-lacs.example", "04 65 71 20 39", "00039047600018", collector="marc",
    ),
    "ambulances": Debtor(
        "Ambulances du Rhône", "21 rue des Secours", "69800 Saint-Priest",
        "facturation@ambulances-rhone.example", "04 65 71 20 40", "00051235000018",
    ),
    "transports": Debtor(
        "Transports Delmas", "Plateforme du Couloud", "38070 Saint-Quentin-Fallavier",
        "comptabilite@transports-delmas.example", "04 65 71 20 41", "00056280100019", term="eom45",
        collector="marc",
    ),
    # Offices, practices, associations
    "dentaire": Debtor(
        "Cabinet dentaire Aubry", "10 place Jean-Macé", "69007 Lyon",
        "secretariat@dentaire-aubry.example", "04 65 71 20 42", "00052952900018", collector="marc",
    ),
    "veterinaire": Debtor(
        "Clinique vétérinaire des Monts", "88 route du Col", "69210 L'Arbresle",
        "clinique@veterinaire-monts.example", "04 65 71 20 43", "00069259000011", term="3x",
        collector="marc",
    ),
    "horizon": Debtor(
        "Horizon Immobilier", "2 rue du Belvédère", "69006 Lyon", "agence@horizon-immo.example",
        "04 65 71 20 44", "00074519000017", collector="marc",
    ),
    "terrasses": Debtor(
        "SCI Les Terrasses", "55 quai de Saône", "69009 Lyon", "gestion@sci-terrasses.example",
        "04 65 71 20 45", "00026517300013", collector="marc",
    ),
    "architectes": Debtor(
        "Vidal et Associés, architectes", "18 rue Mercière", "69002 Lyon",
        "agence@vidal-architectes.example", "04 65 71 20 46", "00055530000011", term="eom45",
        collector="marc",
    ),
    "creche": Debtor(
        "Crèche Les Petits Pas", "13 rue de l'Enfance", "69004 Lyon",
        "tresorerie@petits-pas.example", "04 65 71 20 47", "00058155300013",
    ),
    "notaires": Debtor(
        "Faure et Lemoine, notaires", "7 place Antonin-Poncet", "69002 Lyon",
        "etude@faure-lemoine.example", "04 65 71 20 48", "00045624400011", collector="marc",
    ),
    "sport": Debtor(
        "Sport Évasion", "Centre commercial des Alpes", "38000 Grenoble",
        "siege@sport-evasion.example", "04 65 71 20 49", "00086645900019",
    ),
    # Large accounts
    "comptoirs": Debtor(
        "Comptoirs Lumière Distribution", "200 avenue de l'Europe", "69500 Bron",
        "fournisseurs@comptoirs-lumiere.example", "04 65 71 20 51", "00042686600018",
    ),
    "hotels": Debtor(
        "Hôtels Rivages", "1 promenade du Lac", "74000 Annecy", "siege@hotels-rivages.example",
        "04 65 71 20 52", "00060680600016",
    ),
    "hotels_compta": Debtor(
        "Nadia Benali, comptabilité fournisseurs", "BP 12", "74002 Annecy Cedex",
        "fournisseurs@hotels-rivages.example", "04 65 71 20 53", parent="hotels", type="collection",
    ),
    "hotels_aix": Debtor(
        "Hôtel Rivages Aix-les-Bains", "14 boulevard du Port", "73100 Aix-les-Bains",
        "aix@hotels-rivages.example", "04 65 71 20 54", parent="hotels", type="other",
    ),
    "hotels_evian": Debtor(
        "Hôtel Rivages Évian", "3 quai des Sources", "74500 Évian-les-Bains",
        "evian@hotels-rivages.example", "04 65 71 20 55", parent="hotels", type="other",
    ),
    # Public bodies
    "commune": Debtor(
        "Commune de Saint-Aubin-les-Vignes", "Place de la Mairie", "69380 Saint-Aubin-les-Vignes",
        "finances@saint-aubin-les-vignes.example", "04 65 71 20 61", "00077041200013",
        kind="public",
    ),
    "lycee": Debtor(
        "Lycée Marguerite-Duval", "90 avenue des Écoles", "69200 Vénissieux",
        "intendance@lycee-duval.example", "04 65 71 20 62", "00074878000012", kind="public",
    ),
    # Foreign
    "harbor": Debtor(
        "Harbor & Pine Interiors Inc.", "1200 Front Avenue", "97209 Portland",
        "accounts@harbor-pine.example", "+1 503 555 0142", country="us", lang="en_US",
        foreign_currency=True,
    ),
    "thames": Debtor(
        "Thames Fitout Ltd", "40 Wharf Lane", "SE16\u00a04XX London",
        "payables@thames-fitout.example", "+44 20 7946 0182", country="uk", lang="en_US",
    ),
    # Consumers
    "caradec": Debtor(
        "Julien Caradec", "11 rue des Capucins", "69001 Lyon", "julien.caradec@courriel.example",
        "06 39 98 20 71", kind="consumer",
    ),
    "rocher": Debtor(
        "Isabelle Rocher", "5 allée des Tilleuls", "69130 Écully",
        "isabelle.rocher@courriel.example", "06 39 98 20 72", kind="consumer",
    ),
    "fabre": Debtor(
        "Paul Fabre", "23 chemin du Lavoir", "69380 Lozanne", "paul.fabre@courriel.example",
        "06 39 98 20 73", kind="consumer", collector="marc",
    ),
    "keddad": Debtor(
        "Amina Keddad", "8 rue de Gerland", "69007 Lyon", "amina.keddad@courriel.example",
        "06 39 98 20 74", kind="consumer",
    ),
    "vasseur": Debtor(
        "Thierry Vasseur", "2 rue du Bac", "69005 Lyon", "", "06 39 98 20 75", kind="consumer",
        collector="marc",
    ),
}
