"""What the customers of the demonstration bought, paid and said.

Every date is a number of days from the day on which the demonstration is loaded.
"""

from typing import NamedTuple


class Sale(NamedTuple):
    """An invoice: what was sold, and what became of it.

    :ivar due: days from today to the (first) due date; negative: overdue
    :ivar times: how many times the basket was sold
    :ivar paid_after: days from the due date to the payment; None: not paid
    :ivar part: share of the total that was paid
    :ivar credited: share of the total that a credit note, matched with the invoice, takes back
    :ivar late: the payment comes after the calls and promises of the story
    """

    debtor: str
    due: int
    basket: str
    times: int = 1
    paid_after: int | None = None
    part: float = 1.0
    credited: float = 0.0
    late: bool = False


class Call(NamedTuple):
    """A call that took place: how it ended, and until when nothing more was to be done.

    :ivar share: share of the overdue amount that was promised
    :ivar nonpayment: the reason for not paying, without the beginning of its external id
    :ivar disputed: the category of the dispute, without the beginning of its external id
    """

    debtor: str
    days_ago: int
    outcome: str
    note: str
    until: int | None = None
    share: float = 0.0
    nonpayment: str = ""
    disputed: str = ""


class Contest(NamedTuple):
    """A part of an invoice (its due day) that is disputed, and what became of it.

    :ivar accepted: what was found right of it; none: nobody has decided yet
    """

    debtor: str
    due: int
    category: str
    amount: float
    note: str
    since: int
    deadline: int
    answer: tuple = ()
    accepted: float = 0.0
    decision: str = ""


class Hold(NamedTuple):
    """A hold set by hand, on the whole case or on one invoice (its due day), or a part of it."""

    debtor: str
    kind: str
    reason: str
    note: str
    since: int
    until: int | None = None
    review: int | None = None
    due: int | None = None
    amount: float = 0.0


# fmt: off
BASKETS = {
    "depannage": (("reparation", 2), ("deplacement", 1)),
    "petite_pose": (("etagere", 1), ("pose", 2), ("deplacement", 1)),
    "etude": (("etude", 1), ("deplacement", 2)),
    "etageres": (("etagere", 6), ("pose", 5)),
    "dressing": (("placard", 1), ("pose", 6)),
    "portes": (("porte", 4), ("pose", 10)),
    "cuisine": (("plan", 6), ("placard", 2), ("pose", 16)),
    "escalier": (("escalier", 1), ("pose", 20), ("etude", 1)),
    "fenetres": (("fenetre", 6), ("pose", 18)),
    "parquet": (("parquet", 60), ("pose", 30)),
    "comptoir": (("comptoir", 4), ("pose", 22), ("etude", 1)),
    "coupe_feu": (("coupe_feu", 8), ("pose", 24), ("deplacement", 2)),
    "salle": (("banquette", 12), ("comptoir", 5), ("pose", 40)),
    "boutique": (("vitrine", 4), ("etagere", 12), ("comptoir", 3), ("pose", 48)),
    "hotel": (("coupe_feu", 20), ("placard", 20), ("pose", 160)),
}

# Invoices of the past year, all paid: debtor, how many, days from due date to payment, baskets.
HISTORY = (
    ("fromagerie", 6, -2, ("depannage", "etageres", "portes")),
    ("dentaire", 6, 0, ("dressing", "petite_pose", "portes")),
    ("notaires", 7, 3, ("etageres", "portes", "etude")),
    ("architectes", 10, 6, ("etude", "comptoir", "escalier", "coupe_feu")),
    ("creche", 5, 8, ("portes", "depannage", "petite_pose")),
    ("terrasses", 6, 4, ("fenetres", "portes", "parquet")),
    ("horizon", 5, 12, ("parquet", "dressing", "depannage")),
    ("traiteur", 4, 20, ("cuisine", "comptoir", "depannage")),
    ("brasserie", 5, 18, ("salle", "depannage", "etageres")),
    ("comptoirs", 8, 34, ("boutique", "salle", "coupe_feu", "comptoir")),
    ("hotels_aix", 4, 15, ("coupe_feu", "depannage", "dressing")),
    ("hotels_evian", 3, 15, ("portes", "cuisine", "depannage")),
    ("commune", 4, 28, ("fenetres", "coupe_feu", "portes")),
    ("lycee", 3, 22, ("coupe_feu", "depannage", "etageres")),
    ("ambulances", 3, 9, ("depannage", "petite_pose", "portes")),
    ("thames", 3, 5, ("comptoir", "boutique", "etude")),
    ("harbor", 2, 10, ("comptoir", "boutique")),
    ("rocher", 1, 2, ("dressing",)),
)

SALES = (
    # Good payers: due soon, the large ones get a preventive reminder.
    Sale("architectes", 4, "comptoir", 2),
    Sale("architectes", 33, "etude"),
    Sale("notaires", 5, "boutique"),
    Sale("terrasses", 7, "fenetres", 2),
    Sale("fromagerie", 18, "portes"),
    Sale("dentaire", 22, "dressing"),
    Sale("creche", 6, "portes"),
    Sale("thames", 3, "boutique"),
    Sale("hotels_aix", 5, "coupe_feu", 2),
    # The brasserie pays once it has been called; its next invoice is a few days late.
    Sale("brasserie", -41, "salle", paid_after=27, late=True),
    Sale("brasserie", -6, "comptoir"),
    # A promise that was kept, one that is pending, one that was broken.
    Sale("traiteur", -52, "cuisine", paid_after=33, late=True),
    Sale("pharmacie", -34, "comptoir"),
    Sale("pharmacie", -9, "depannage"),
    Sale("boulangerie", -48, "cuisine"),
    Sale("boulangerie", -20, "etageres"),
    # A part of an invoice is disputed; elsewhere the whole order.
    Sale("optique", -27, "boutique"),
    Sale("optique", 12, "etageres"),
    Sale("nova", -39, "salle", credited=0.1),
    # The large account: late everywhere, always a little paid.
    Sale("comptoirs", -96, "boutique", paid_after=70, part=0.5),
    Sale("comptoirs", -74, "coupe_feu"),
    Sale("comptoirs", -51, "salle", 2),
    Sale("comptoirs", -33, "comptoir", credited=0.15),
    Sale("comptoirs", -18, "boutique"),
    Sale("comptoirs", -8, "portes", 2),
    Sale("comptoirs", 9, "salle"),
    # The hotels: one debtor, several addresses.
    Sale("hotels", -63, "hotel", paid_after=20, part=0.6),
    Sale("hotels_aix", -24, "coupe_feu"),
    Sale("hotels_evian", -11, "cuisine"),
    Sale("hotels_evian", 26, "portes"),
    # Nobody to be found, an address that cannot be written to.
    Sale("bistrot", -83, "comptoir"),
    Sale("coiffure", -11, "dressing"),
    # Credits: paid twice, paid in part without a word, below what is worth a stamp.
    Sale("cave", -40, "etageres", paid_after=12),
    Sale("cave", -10, "depannage"),
    Sale("librairie", -29, "etageres", 2),
    Sale("librairie", -14, "dressing"),
    Sale("fleuriste", -36, "depannage", paid_after=4, part=0.95),
    # Several due dates on one invoice.
    Sale("veterinaire", -47, "coupe_feu"),
    Sale("augustin", -55, "salle", paid_after=3, part=0.3),
    # Every level of the ladder.
    Sale("fitness", -5, "parquet"),
    Sale("ambulances", -7, "portes"),
    Sale("studio", -12, "etude"),
    Sale("pizzeria", -19, "salle"),
    Sale("electricite", -38, "coupe_feu"),
    Sale("plomberie", -32, "fenetres"),
    Sale("plomberie", -16, "depannage"),
    Sale("chocolaterie", -37, "boutique"),
    Sale("garage", -41, "portes", 2),
    Sale("transports", -58, "coupe_feu", 2),
    Sale("camping", -68, "hotel", paid_after=10, part=0.7),
    Sale("camping", -38, "parquet"),
    # Pauses: one without an end, one that is over soon; excluded; insolvent.
    Sale("imprimerie", -44, "boutique"),
    Sale("autoecole", -26, "portes"),
    Sale("horizon", -15, "parquet"),
    Sale("boucherie", -35, "comptoir"),
    Sale("boucherie", -6, "depannage"),
    Sale("sport", -118, "boutique", 2),
    # Everything has been tried.
    Sale("charvet", -262, "escalier"),
    Sale("charvet", -235, "portes", 2),
    # The same, and nobody has prepared a handover yet: it is proposed.
    Sale("serrurerie", -248, "coupe_feu"),
    # Before the court.
    Sale("terrassement", -287, "escalier", 2),
    Sale("terrassement", -256, "portes"),
    # Public bodies.
    Sale("commune", -43, "fenetres", 2),
    Sale("commune", -12, "portes"),
    Sale("lycee", -21, "coupe_feu"),
    # Abroad.
    Sale("harbor", -31, "boutique"),
    Sale("harbor", 14, "comptoir"),
    Sale("thames", -12, "comptoir"),
    # Consumers.
    Sale("caradec", -28, "escalier"),
    Sale("rocher", -13, "cuisine"),
    Sale("fabre", -57, "parquet", paid_after=20, part=0.4),
    Sale("keddad", -9, "dressing"),
    Sale("vasseur", -47, "fenetres"),
)

# Money that nobody has matched yet: debtor, days ago, invoice it was meant for (its due day) and
# share of it, memo.
PAYMENTS = (
    ("cave", 25, -40, 1.0, "Facture payée une seconde fois"),
    ("librairie", 8, -29, 0.6, "Acompte sans référence"),
)
# Credit notes that nobody has matched yet: debtor, days ago, basket.
CREDIT_NOTES = (("garage", 5, "depannage"),)
# Invoices left out of follow-up: debtor, due day.
EXCLUDED = (("horizon", -15),)

CALLS = (
    Call("traiteur", 27, "promised", "Virement promis pour la fin de la semaine.", -20, 1.0),
    Call(
        "camping", 24, "refuses", "Attend la réouverture de la saison pour payer.",
        nonpayment="seasonal",
    ),
    Call(
        "brasserie", 20, "promised", "La gérante n'avait pas vu la facture, paie sous huit jours.",
        -13, 1.0, "oversight",
    ),
    Call(
        "nova", 19, "disputes", "Réserves au procès-verbal de réception : la pose est contestée.",
        -5, nonpayment="quality", disputed="quality",
    ),
    Call(
        "boulangerie", 15, "promised", "Promet de payer la moitié dès le prêt de la banque versé.",
        -4, 0.5, "cash_flow",
    ),
    Call(
        "bistrot", 12, "wrong_number", "Le numéro n'est plus attribué, le local est vide.",
        nonpayment="disappeared",
    ),
    Call(
        "autoecole", 12, "cannot_pay", "Attend le règlement de trois entreprises clientes.",
        2, nonpayment="unpaid_themselves",
    ),
    Call(
        "vasseur", 5, "cannot_pay", "Ne peut pas tout payer en une fois, rappelé pour son budget.",
        3, nonpayment="income",
    ),
    Call(
        "comptoirs", 9, "reached", "Le service fournisseurs dit que tout part au 10 du mois.",
        nonpayment="payment_run",
    ),
    Call(
        "chocolaterie", 3, "reached", "Demande une copie de la facture, à recevoir par e-mail.",
        nonpayment="invoice_not_received",
    ),
    Call(
        "pharmacie", 2, "promised", "Paie par virement dès le retour du titulaire.",
        5, 1.0, "approval",
    ),
    Call(
        "studio", 2, "already_paid", "Dit avoir payé par virement : la preuve suit par e-mail.",
        4, nonpayment="payment_crossed",
    ),
)

DISPUTES = (
    Contest(
        "optique", -27, "quality", 4752.0,
        "Deux vitrines livrées rayées : le client retient leur prix jusqu'au remplacement.",
        since=-10, deadline=4,
    ),
    Contest(
        "electricite", -38, "price", 561.6,
        "Neuf heures de pose de plus que sur le devis : le client demande un avoir.",
        since=-12, deadline=-5,
        answer=(
            "partly_founded", "Trois heures d'attente sont dues ; les six autres sont à nous."
        ),
        accepted=374.4,
        decision="Six heures sont créditées, trois restent dues : le client est d'accord.",
    ),
)

HOLDS = (
    Hold(
        "imprimerie", "manual", "commercial",
        "Renouvellement du contrat-cadre en cours : la direction commerciale demande d'attendre.",
        since=-6, review=20,
    ),
)
