"""The joinery of the demonstration: its address, its team, what it sells and on which terms.

Everything is fictional. Register numbers begin with 000, which no company has; phone numbers come
from the ranges kept for fiction, e-mail addresses from the domain kept for examples.
"""

from typing import NamedTuple


class Persona(NamedTuple):
    """A user of the demonstration; the login is the password."""

    name: str
    groups: tuple
    function: str


COMPANY = {
    "name": "Atelier Beaumont SAS",
    "street": "14 rue du Rabot",
    "zip": "69007",
    "city": "Lyon",
    "phone": "04 65 71 20 00",
    "email": "contact@atelier-beaumont.example",
    "website": "https://www.atelier-beaumont.example",
    "company_registry": "00085909000011",
    "vat": "FR89000859090",
    "collection_email": "recouvrement@atelier-beaumont.example",
    "collection_legal_form": "SAS",
    "collection_capital": 150000.0,
    "collection_rcs_city": "Lyon",
    "collection_waiver_limit": 150.0,
    "collection_waiver_manager_limit": 1500.0,
}
RATE_SOURCE = "Démonstration : dernier taux publié, reconduit"
IBAN = "FR76 9999 9004 1700 0529 1834 695"

PERSONAS = {
    "claire": Persona(
        "Claire Fontaine", ("recouvrement_creances.group_collector",), "Chargée de recouvrement"
    ),
    "marc": Persona(
        "Marc Lefèvre", ("recouvrement_creances.group_collector",), "Chargé de recouvrement"
    ),
    "sophie": Persona(
        "Sophie Garnier",
        ("recouvrement_creances.group_accountant", "account.group_account_invoice"),
        "Comptable clients",
    ),
    "helene": Persona(
        "Hélène Morel",
        ("recouvrement_creances.group_manager",),
        "Responsable du crédit client",
    ),
    "julien": Persona("Julien Roche", ("base.group_user",), "Directeur commercial"),
    "antoine": Persona(
        "Antoine Dubreuil",
        ("recouvrement_creances.group_finance_director",),
        "Directeur administratif et financier",
    ),
}

# Who looks into which disputes: (kinds, login).
DISPUTE_OWNERS = (("price", "julien"), ("quality", "julien"), ("delivery", "julien"))

# What is sold, at a price without VAT.
PRODUCTS = {
    "porte": ("Porte intérieure en chêne", 480.0),
    "coupe_feu": ("Bloc-porte coupe-feu EI 30", 690.0),
    "comptoir": ("Comptoir sur mesure, le mètre", 1150.0),
    "plan": ("Plan de travail en hêtre, le mètre", 320.0),
    "etagere": ("Étagère murale sur mesure", 145.0),
    "vitrine": ("Vitrine en bois et verre", 1980.0),
    "banquette": ("Banquette capitonnée, le mètre", 420.0),
    "placard": ("Placard à portes coulissantes", 1240.0),
    "escalier": ("Escalier droit en frêne", 4200.0),
    "fenetre": ("Fenêtre bois à double vitrage", 860.0),
    "parquet": ("Parquet en chêne, le mètre carré", 78.0),
    "pose": ("Pose et montage, l'heure", 52.0),
    "etude": ("Étude et plans d'agencement", 650.0),
    "deplacement": ("Déplacement", 65.0),
    "reparation": ("Réparation et réglage, l'heure", 58.0),
}

# Lines due after so many days: (percentage, days, at the end of that month).
TERMS = {
    "eom45": ("45 jours fin de mois", ((100.0, 45, True),)),
    "3x": ("30, 60 et 90 jours", ((33.33, 30, False), (33.33, 60, False), (33.34, 90, False))),
    "3070": ("30 % à la commande, 70 % à 60 jours", ((30.0, 0, False), (70.0, 60, False))),
}
