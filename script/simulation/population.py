"""Who the debtors are: drawn from a seed, nothing of Odoo."""

from dataclasses import dataclass, field
from random import Random

from .behaviours import BEHAVIOURS, CONSUMER, PROFESSIONAL, PUBLIC

TRADES = (
    "Boulangerie",
    "Librairie",
    "Garage",
    "Pharmacie",
    "Menuiserie",
    "Restaurant",
    "Fleuriste",
    "Imprimerie",
    "Transports",
    "Plomberie",
)
FIRST_NAMES = ("Alice", "Bruno", "Camille", "Denis", "Élodie", "Farid", "Gaëlle", "Hugo")
LAST_NAMES = (
    "Arnaud",
    "Besson",
    "Carlier",
    "Delmas",
    "Étienne",
    "Faure",
    "Garnier",
    "Humbert",
    "Imbert",
    "Jacquet",
    "Keller",
    "Lambert",
    "Masson",
    "Noël",
    "Ollivier",
    "Perret",
    "Quentin",
    "Rolland",
    "Sauvage",
    "Tessier",
)
PUBLIC_BODIES = ("Commune de", "Lycée de", "Hôpital de", "Syndicat des eaux de")
VILLAGES = ("Saint-Aubin", "Montclair", "Vauxelles", "Pierrefont", "Beaulieu", "Rochebelle")
# (weight, country, zip, city): one with a holiday more, some where it is another hour.
PLACES = (
    (30, "FR", "69003", "Lyon"),
    (25, "FR", "75011", "Paris"),
    (15, "FR", "31000", "Toulouse"),
    (10, "FR", "59000", "Lille"),
    (8, "FR", "67000", "Strasbourg"),
    (5, "FR", "97400", "Saint-Denis"),
    (4, "FR", "97200", "Fort-de-France"),
    (3, "BE", "1000", "Bruxelles"),
)
ABROAD = ((1, "US", "10001", "New York"), (1, "CH", "1201", "Genève"))
KIND_WEIGHTS = {PROFESSIONAL: 6, CONSUMER: 3, PUBLIC: 1}
# Shares of the debtors of the first company, of the second, of both.
COMPANY_WEIGHTS = {(0,): 50, (1,): 42, (0, 1): 8}
# The three collectors have different loads.
COLLECTOR_WEIGHTS = {"claire": 5, "marc": 3, "nadia": 2}


@dataclass
class Debtor:
    """A simulated debtor: what he is, and what he knows."""

    name: str
    kind: str
    behaviour: object
    companies: tuple
    collector: str
    country: str
    zip: str
    city: str
    street: str
    phone: str
    email: str
    lang: str
    every: int
    amount: float
    chance: Random
    partner_id: int = 0
    # {company: the day of its next invoice}
    next_invoice: dict = field(default_factory=dict)
    # The companies that have invoiced him already.
    known_to: set = field(default_factory=set)
    # How often something of each kind has reached him since nothing was due.
    heard: dict = field(default_factory=dict)
    # {company: the oldest overdue invoice when something last reached him}
    oldest: dict = field(default_factory=dict)
    # {company: the last message of it}
    letterbox: dict = field(default_factory=dict)
    # {company: the last link to his page that reached him}
    links: dict = field(default_factory=dict)
    # From when on a new address of his is known to his collector, and whether it is written down.
    found_on: object = None
    is_found: bool = False
    hardship_told: bool = False
    # What courts have decided: no more acts of his own about money.
    is_silenced: bool = False

    def has(self, mark):
        """Tell whether something is particular to him."""
        return mark in self.behaviour.marks

    def addresses(self):
        """Return the e-mail addresses that he has or may be found at later."""
        first = self.email or ""
        name = first.partition("@")[0] or f"d{self.partner_id}"
        return [one for one in (first, f"{name}@found.example") if one]

    def days(self, reaction):
        """Return how many days he waits."""
        return self.chance.randint(*reaction.days)

    def part(self, reaction):
        """Return which share of what is due he means."""
        low, high = reaction.part
        return 1.0 if low == high == 1.0 else self.chance.uniform(low, high)


def _shares(count):
    """Return as many behaviours as there are debtors; each at least once if there are enough."""
    total = sum(behaviour.weight for behaviour in BEHAVIOURS)
    exact = [behaviour.weight * count / total for behaviour in BEHAVIOURS]
    least = 1 if count >= len(BEHAVIOURS) else 0
    numbers = [max(least, int(share)) for share in exact]
    order = sorted(range(len(exact)), key=lambda index: int(exact[index]) - exact[index])
    turn = 0
    while sum(numbers) < count:
        numbers[order[turn % len(order)]] += 1
        turn += 1
    while sum(numbers) > count:
        numbers[numbers.index(max(numbers))] -= 1
    return [
        behaviour
        for behaviour, number in zip(BEHAVIOURS, numbers, strict=True)
        for _one in range(number)
    ]


def _pick(chance, weights):
    return chance.choices(list(weights), weights=list(weights.values()))[0]


def draw(count, seed):
    """Return the debtors of a seed."""
    chance = Random(f"population-{seed}")
    behaviours = _shares(count)
    chance.shuffle(behaviours)
    return [
        _draw_debtor(number, behaviour, chance, seed)
        for number, behaviour in enumerate(behaviours, start=1)
    ]


def _draw_debtor(number, behaviour, chance, seed):
    kind = _pick(chance, {name: KIND_WEIGHTS[name] for name in behaviour.kinds})
    places = ABROAD if "abroad" in behaviour.marks else PLACES
    _weight, country, zip_code, city = chance.choices(places, weights=[row[0] for row in places])[0]
    email = f"d{number:03d}@debtor.example"
    if "no_mail" in behaviour.marks:
        email = ""
    elif "refused_mail" in behaviour.marks:
        email = f"d{number:03d}@refused.example"
    return Debtor(
        name=_name(number, kind, chance),
        kind=kind,
        behaviour=behaviour,
        companies=_pick(chance, COMPANY_WEIGHTS),
        collector=_pick(chance, COLLECTOR_WEIGHTS),
        country=country,
        zip=zip_code,
        city=city,
        street=f"{chance.randint(1, 150)} rue de la Gare",
        phone=f"+33 1 99 00 {number // 100:02d} {number % 100:02d}",
        email=email,
        lang="en_US" if country == "US" else "fr_FR",
        every=chance.randint(35, 75),
        amount=round(chance.lognormvariate(6.6, 0.9), 2) + 20,
        chance=Random(f"debtor-{seed}-{number}"),
    )


def _name(number, kind, chance):
    if kind == CONSUMER:
        return f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)} {number:03d}"
    if kind == PUBLIC:
        return f"{chance.choice(PUBLIC_BODIES)} {chance.choice(VILLAGES)} {number:03d}"
    return f"{chance.choice(TRADES)} {chance.choice(LAST_NAMES)} {number:03d}"
