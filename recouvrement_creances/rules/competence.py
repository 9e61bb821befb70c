"""Which court decides, whether a procedure is open to a claim, and what has to be known first."""

from dataclasses import dataclass
from decimal import Decimal

from .parameters import GENERAL, SECONDARY, Parameter, parameter_on

# Kinds of courts.
COMMERCIAL = "commercial"  # tribunal de commerce, tribunal des activités économiques
CHAMBER = "chamber"  # chambre commerciale of the tribunal judiciaire, in Alsace-Moselle
JUDICIAL = "judicial"  # tribunal judiciaire
PROTECTION = "protection"  # juge des contentieux de la protection
ADMINISTRATIVE = "administrative"
COURTS = (COMMERCIAL, CHAMBER, JUDICIAL, PROTECTION, ADMINISTRATIVE)

# Procedures.
ORDER = "payment_order"
SMALL_CLAIMS = "small_claims"
TRADERS = "traders"
INTERIM = "interim"
SUMMONS = "summons"
EUROPEAN_ORDER = "european_order"
CHEQUE = "cheque"
ATTACHMENT = "attachment"
ENFORCEMENT = "enforcement"
PROCEDURES = (
    ORDER,
    SMALL_CLAIMS,
    TRADERS,
    INTERIM,
    SUMMONS,
    EUROPEAN_ORDER,
    CHEQUE,
    ATTACHMENT,
    ENFORCEMENT,
)
# What no judge decides.
WITHOUT_JUDGE = (SMALL_CLAIMS, CHEQUE, ENFORCEMENT)

_REVIEW = "legal review of 25/09/2026 quoting Légifrance"
_LOCAL_LAW = ("57", "67", "68")
_PROTECTED_NATURES = ("residential_rent", "consumer_credit")

# Why a procedure is not open, and what has to be looked at before it.
ABOVE_CEILING = "above_ceiling"
BETWEEN_TRADERS = "between_traders"
NOT_TRADERS = "not_traders"
PUBLIC_DEBTOR = "public_debtor"
NOT_ABROAD = "not_abroad"
DECREE_MISSING = "decree_missing"
AMICABLE_FIRST = "amicable_first"
LAWYER = "lawyer"
TRADER_UNKNOWN = "trader_unknown"


def _one(value, unit, article, certainty=SECONDARY):
    return (Parameter(value, unit, article, _REVIEW, certainty),)


LIMITS = {
    "small_claims.ceiling": _one(Decimal("5000"), "EUR, interest included", "CPCE L125-1, R125-1"),
    "lawyer.ceiling": _one(Decimal("10000"), "EUR", "CPC 761, 853"),
    "amicable.ceiling": _one(Decimal("5000"), "EUR", "CPC 750-1"),
    # The order between traders exists in law; how it is carried out and what it costs is not set.
    "traders.decree": _one(False, "published", "CPCE L126-1 à L126-5; loi 2026-307", GENERAL),
}


@dataclass(frozen=True)
class Claim:
    """What competence depends on.

    :ivar Decimal amount: principal and interest, EUR
    :ivar str debtor_kind: professional, consumer or public
    :ivar str nature: a nature of claims of ``rules.limitation``
    :ivar str department: first two digits of the debtor's French postcode; empty abroad
    :ivar is_trader: of a professional; None where nobody knows: taken for one, with a warning.
        Civil companies, associations and the professions are none (C. com. L121-1, L210-1)
    """

    amount: Decimal
    debtor_kind: str
    nature: str = ""
    department: str = ""
    is_trader: bool | None = None

    @property
    def among_traders(self):
        """Tell whether the debtor is, or is taken for, a trader."""
        return self.debtor_kind == "professional" and self.is_trader is not False


@dataclass(frozen=True)
class Competence:
    """Which court decides of a claim by a procedure.

    :ivar court: a kind of COURTS; None where no judge decides
    :ivar str article: what it follows from
    :ivar tuple refusals: why the procedure is not open to the claim; empty when it is
    :ivar tuple warnings: what has to be looked at before it is begun
    """

    court: str | None
    article: str
    refusals: tuple = ()
    warnings: tuple = ()


def find_competence(procedure, claim, day):
    """Return the Competence for a claim.

    The court is the one of the debtor's place: of orders for payment by law (CPC 1406), of the
    others unless a clause between traders or the place of delivery says otherwise (CPC 42, 46).

    :raises MissingLegalValue: a limit is not known for that day

    >>> from datetime import date
    >>> claim = Claim(Decimal("3000"), "professional", department="69")
    >>> find_competence(ORDER, claim, date(2026, 11, 29)).court
    'commercial'
    """
    court, article = _find_court(procedure, claim)
    return Competence(
        court,
        article,
        tuple(_refuse(procedure, claim, day)),
        tuple(_warn(procedure, claim, court, day)),
    )


def _find_court(procedure, claim):
    if procedure in WITHOUT_JUDGE:
        return None, "CPCE L111-3"
    if claim.debtor_kind == "public":
        return ADMINISTRATIVE, "CJA L211-1"
    if claim.among_traders:
        kind = CHAMBER if claim.department in _LOCAL_LAW else COMMERCIAL
        return kind, "C. com. L721-3, L731-2" if kind == CHAMBER else "C. com. L721-3"
    if claim.nature in _PROTECTED_NATURES:
        return PROTECTION, "COJ L213-4-3 à L213-4-5"
    return JUDICIAL, "COJ L211-3"


def _refuse(procedure, claim, day):
    if claim.debtor_kind == "public" and procedure not in (INTERIM, SUMMONS):
        yield PUBLIC_DEBTOR
    if procedure == SMALL_CLAIMS:
        if claim.amount > _limit("small_claims.ceiling", day):
            yield ABOVE_CEILING
        if claim.among_traders:
            yield BETWEEN_TRADERS
    if procedure == TRADERS and not claim.among_traders:
        yield NOT_TRADERS
    if procedure == EUROPEAN_ORDER and claim.department:
        yield NOT_ABROAD


def _warn(procedure, claim, court, day):
    if procedure == TRADERS and not _limit("traders.decree", day):
        yield DECREE_MISSING
    depends = court in (COMMERCIAL, CHAMBER) or procedure == SMALL_CLAIMS
    if depends and claim.among_traders and claim.is_trader is None:
        yield TRADER_UNKNOWN
    civil = court in (JUDICIAL, PROTECTION)
    if procedure == SUMMONS and civil and claim.amount <= _limit("amicable.ceiling", day):
        yield AMICABLE_FIRST
    if procedure == SUMMONS and claim.amount > _limit("lawyer.ceiling", day):
        yield LAWYER


def _limit(name, day):
    return parameter_on(name, day, LIMITS).value
