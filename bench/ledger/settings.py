"""What a generated ledger is made of: its size, its shares, its kinds of customers."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from dateutil.relativedelta import relativedelta


@dataclass(frozen=True)
class Settings:
    """The same settings give the same ledger."""

    invoices: int = 10_000
    debtors: int = 0  # commercial entities; 0: a tenth of the invoices
    seed: int = 42
    today: date = field(default_factory=date.today)
    days: int = 400  # invoices are dated from so many days ago ...
    youngest: int = 0  # ... until so many days ago
    evenly: bool = False  # each customer gets as many invoices; else few get many
    paid: float = 0.35  # exact shares of the invoices; the rest is open
    partly_paid: float = 0.10
    companies: float = 0.60  # shares of the customers
    foreign_currency: float = 0.05
    with_contacts: float = 0.25  # of the companies: one or two contacts, one gets the invoices
    without_email: float = 0.12
    instalments: float = 0.05  # of the domestic invoices: 30 % now, the balance in 60 days
    credit_notes_open: float = 0.01  # shares of the number of invoices
    credit_notes_applied: float = 0.01
    payments_on_account: float = 0.005
    company: int = 1

    def count_debtors(self):
        """Return how many customers there are."""
        return self.debtors or max(self.invoices // 10, 20)


class Archetype(NamedTuple):
    """A kind of customer. Its unit price, in cents, keeps VAT and instalments exact."""

    country: str
    is_company: bool
    currency: str
    vat: str | None
    unit: int

    @property
    def is_domestic(self):
        """Tell whether French VAT and payment terms are used."""
        return self.country == "FR"


ARCHETYPES = {
    "french_company": Archetype("FR", True, "EUR", "FR23334175221", 50),
    "french_person": Archetype("FR", False, "EUR", None, 50),
    "belgian_company": Archetype("BE", True, "EUR", "BE0477472701", 50),
    "american_company": Archetype("US", True, "USD", None, 25),
    "british_company": Archetype("GB", True, "GBP", None, 20),
    "swiss_company": Archetype("CH", True, "CHF", None, 15),
}
# Units of the currency per euro; they make the unit prices above exact in euros too.
RATES = {"USD": 1.25, "GBP": 0.80, "CHF": 0.9375}


def _after(days):
    return lambda day: [day + timedelta(days)]


# Payment terms: Odoo's external id, and the due dates they give.
TERMS = {
    "immediate": ("account.account_payment_term_immediate", _after(0)),
    "15_days": ("account.account_payment_term_15days", _after(15)),
    "30_days": ("account.account_payment_term_30days", _after(30)),
    "45_days": ("account.account_payment_term_45days", _after(45)),
    "end_of_next_month": (
        "account.account_payment_term_end_following_month",
        lambda day: [day + relativedelta(months=1, day=31)],
    ),
    "instalments": (
        "account.account_payment_term_advance_60days",
        lambda day: [day, day + timedelta(60)],
    ),
}
FOREIGN_TERMS = ("30_days", "45_days")

LABELS = ("Prestation de conseil", "Maintenance annuelle")
FIRST_NAMES = [
    "Marie",
    "Jean",
    "Camille",
    "Louis",
    "Emma",
    "Hugo",
    "Léa",
    "Paul",
    "Chloé",
    "Nicolas",
    "Julie",
    "Antoine",
    "Sarah",
    "Thomas",
    "Inès",
    "Pierre",
]
LAST_NAMES = [
    "Martin",
    "Bernard",
    "Dubois",
    "Thomas",
    "Robert",
    "Richard",
    "Petit",
    "Durand",
    "Leroy",
    "Moreau",
    "Simon",
    "Laurent",
    "Lefebvre",
    "Michel",
    "Garcia",
    "David",
    "Bertrand",
    "Roux",
    "Vincent",
    "Fournier",
    "Morel",
    "Girard",
    "André",
    "Mercier",
    "Dupont",
    "Lambert",
]
TRADES = [
    "Menuiserie",
    "Transports",
    "Boulangerie",
    "Garage",
    "Imprimerie",
    "Électricité",
    "Plomberie",
    "Conseil",
    "Logistique",
    "Textile",
    "Mécanique",
    "Distribution",
    "Informatique",
    "Agencement",
    "Traiteur",
    "Paysages",
]
LEGAL_FORMS = ("SARL", "SAS", "SA", "EURL")
CITIES = (
    ("75011", "Paris"),
    ("69003", "Lyon"),
    ("13006", "Marseille"),
    ("31000", "Toulouse"),
    ("44000", "Nantes"),
    ("67000", "Strasbourg"),
    ("33000", "Bordeaux"),
    ("59000", "Lille"),
    ("35000", "Rennes"),
    ("38000", "Grenoble"),
)
STREETS = (
    "rue de la République",
    "avenue Jean Jaurès",
    "rue Victor Hugo",
    "place du Marché",
    "chemin des Vignes",
)
