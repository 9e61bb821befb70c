"""The customers: companies and persons, with contacts, addresses and VAT numbers that fit."""

from typing import NamedTuple

from . import bulk
from .settings import (
    ARCHETYPES,
    CITIES,
    FIRST_NAMES,
    LAST_NAMES,
    LEGAL_FORMS,
    STREETS,
    TRADES,
)

BELGIAN_SHARE = 0.04
COLUMNS = (
    "id int, prototype int, country int, parent_id int, commercial int, name text, "
    "complete_name text, commercial_name text, email text, street text, zip text, city text, "
    "vat text, registry text, phone text, ref text"
)


class Debtor(NamedTuple):
    """A customer: its id, its archetype, and the contact that gets its invoices."""

    id: int
    archetype: str
    contact: int | None


def make(cr, prototypes, settings, chance):
    """Insert the customers; return them and the number of their contacts."""
    count = settings.count_debtors()
    kinds = [_choose_archetype(settings, chance) for _number in range(count)]
    first = bulk.reserve(cr, "res_partner", 3 * count)
    debtors, rows, next_contact = [], [], first + count
    for number, key in enumerate(kinds):
        row = _describe(first + number, number, key, prototypes, settings, chance)
        rows.append(row)
        contacts = []
        if ARCHETYPES[key].is_company and chance.random() < settings.with_contacts:
            for index in range(chance.choice((1, 1, 2))):
                contacts.append(
                    _describe_contact(next_contact, index, number, row, prototypes, chance)
                )
                next_contact += 1
        rows += contacts
        debtors.append(Debtor(first + number, key, contacts[0][0] if contacts else None))
    bulk.copy(cr, "new_partner", COLUMNS, rows)
    _insert(cr)
    cr.execute("SELECT setval('res_partner_id_seq', %s)", [next_contact])
    return debtors, len(rows) - count


def _choose_archetype(settings, chance):
    draw = chance.random()
    if chance.random() >= settings.companies:
        return "french_person"
    # Customers in foreign currency are companies; the share is one of all customers.
    limit = settings.foreign_currency / settings.companies
    if draw < limit:
        foreign = [key for key, kind in ARCHETYPES.items() if kind.currency != "EUR"]
        return chance.choice(foreign)
    return "belgian_company" if draw < limit + BELGIAN_SHARE else "french_company"


def _describe(partner_id, number, key, prototypes, settings, chance):
    prototype = prototypes.partners[key]
    if ARCHETYPES[key].is_company:
        name = (
            f"{chance.choice(TRADES)} {chance.choice(LAST_NAMES)} {chance.choice(LEGAL_FORMS)} "
            f"{number}"
        )
        email = f"compta@client{number}.example.com"
    else:
        name = f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)} {number}"
        email = f"client{number}@mail.example.com"
    if chance.random() < settings.without_email:
        email = None
    postcode, city = chance.choice(CITIES)
    registry, vat = _make_numbers(key, chance)
    pairs = " ".join(f"{chance.randint(0, 99):02d}" for _pair in range(4))
    return (
        partner_id,
        prototype,
        prototype,
        None,
        partner_id,
        name,
        name,
        name if ARCHETYPES[key].is_company else None,
        email,
        f"{chance.randint(1, 180)} {chance.choice(STREETS)}",
        postcode,
        city,
        vat,
        registry,
        f"+33 {chance.randint(1, 7)} {pairs}",
        f"C{number:06d}",
    )


def _describe_contact(contact_id, index, number, parent, prototypes, chance):
    parent_id, prototype, _country, _parent, _commercial, parent_name = parent[:6]
    name = f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}"
    return (
        contact_id,
        prototypes.partners["contact"],
        prototype,
        parent_id,
        parent_id,
        name,
        f"{parent_name}, {name}",
        parent_name,
        f"contact{index}@client{number}.example.com",
        *parent[9:12],
        None,
        None,
        parent[14],
        None,
    )


def _make_numbers(key, chance):
    """Return the registration and VAT numbers, with valid check digits."""
    if key == "french_company":
        siren = make_siren(chance)
        return siren, f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"
    if key == "belgian_company":
        base = chance.randint(2_000_000, 9_999_999)
        return None, f"BE0{base:07d}{97 - base % 97:02d}"
    return None, None


def make_siren(chance):
    """Return a SIREN whose last digit satisfies Luhn's formula."""
    digits = [chance.randint(3, 9)] + [chance.randint(0, 9) for _digit in range(7)]
    total = sum(
        sum(divmod(digit * 2, 10)) if position % 2 else digit
        for position, digit in enumerate(digits)
    )
    return "".join(map(str, digits)) + str(-total % 10)


def _insert(cr):
    same = [
        "id",
        "parent_id",
        "name",
        "complete_name",
        "email",
        "street",
        "zip",
        "city",
        "vat",
        "phone",
        "ref",
    ]
    bulk.clone(
        cr,
        "res_partner",
        {
            **{column: f"n.{column}" for column in same},
            "commercial_partner_id": "n.commercial",
            "commercial_company_name": "n.commercial_name",
            "email_normalized": "n.email",
            "phone_sanitized": "n.phone",
            "company_registry": "n.registry",
            "customer_rank": "1",
            "country_id": "c.country_id",
        },
        "FROM new_partner n JOIN prototype_partner p ON p.id = n.prototype "
        "JOIN prototype_partner c ON c.id = n.country ORDER BY n.id",
    )
