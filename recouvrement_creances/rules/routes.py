"""Which way a claim takes once letters are of no use: what each costs, how long, with what hope."""

from dataclasses import dataclass, field
from decimal import Decimal

from .competence import (
    DECREE_MISSING,
    EUROPEAN_ORDER,
    INTERIM,
    ORDER,
    PROCEDURES,
    SMALL_CLAIMS,
    SUMMONS,
    TRADERS,
    Claim,
    find_competence,
)
from .money import round_half_up
from .parameters import PRACTICE, Parameter, parameter_on

INSURER = "insurer"
AGENCY = "agency"
WRITE_OFF = "write_off"
BY_PROCEDURE = (ORDER, TRADERS, SMALL_CLAIMS, INTERIM, SUMMONS, EUROPEAN_ORDER)
ROUTES = (*BY_PROCEDURE, INSURER, AGENCY, WRITE_OFF)
# Who takes on which route: anybody with a mandate asks for an order (CPC 1407), advocates and
# commissaires de justice see to the rest of what goes to court.
_IN_COURT = ("lawyer", "commissioner")
AGENTS = {
    **dict.fromkeys(BY_PROCEDURE, _IN_COURT),
    ORDER: (*_IN_COURT, "agency"),
    INSURER: ("insurer",),
    AGENCY: ("agency",),
}
# These demand nothing of the debtor: what protects him from demands does not close them.
UNDEMANDING = (INSURER, WRITE_OFF)

# What the debtor is good for, as far as anybody knows.
GOOD = "good"
DOUBTFUL = "doubtful"
POOR = "poor"

# Why a route is not open, beside what competence says.
INSOLVENT = "insolvent"
BARRED = "barred"
DISPUTED = "disputed"
ABROAD = "abroad"
NOT_EUROPEAN = "not_european"
NOT_INSURED = "not_insured"
NO_TERMS = "no_terms"
# What speaks for a route, or makes its hope smaller.
UNDISPUTED = "undisputed"
ACKNOWLEDGED = "acknowledged"
PROVEN = "proven"
UNPROVEN = "unproven"
INSURED = "insured"
COSTS_MORE = "costs_more"
UNLIKELY_TO_PAY = "unlikely_to_pay"

# One contest ends these: the debtor who has contested already will do so again.
ENDED_BY_CONTEST = (ORDER, TRADERS, SMALL_CLAIMS, EUROPEAN_ORDER)
# The obligation must not be open to serious dispute (CPC 835 al. 2, 873 al. 2).
REFUSED_WHEN_DISPUTED = (*ENDED_BY_CONTEST, INTERIM)
# Carried out where the debtor is in France.
FRENCH_ONLY = (ORDER, TRADERS, SMALL_CLAIMS)
# Where a judge looks at the proofs.
NEEDS_PROOF = (INTERIM, SUMMONS, ORDER, EUROPEAN_ORDER)


def _one(value, unit):
    return (Parameter(value, unit, "none", "habit", PRACTICE),)


WEIGHTS = {
    "route.acknowledged": _one(Decimal("10"), "points of chance more"),
    "route.unproven": _one(Decimal("-20"), "points of chance, negative"),
    "route.disputed": _one(Decimal("-20"), "points of chance, negative"),
    "route.solvency.good": _one(Decimal("1"), "of the chance is left"),
    "route.solvency.doubtful": _one(Decimal("0.6"), "of the chance is left"),
    "route.solvency.poor": _one(Decimal("0.25"), "of the chance is left"),
}


@dataclass(frozen=True)
class RouteFacts:
    """What a choice depends on.

    :ivar Claim claim: amount, kind of debtor, nature, department
    :ivar bool is_european: the debtor lives in another state of the Union, Denmark left out
    :ivar bool is_proven: order or contract, and delivery, are on file
    :ivar bool is_barred: the end of an insolvency took the right to ask for it
    """

    claim: Claim
    is_european: bool = False
    is_proven: bool = False
    is_acknowledged: bool = False
    is_disputed: bool = False
    is_insolvent: bool = False
    is_barred: bool = False
    is_insured: bool = False
    solvency: str = DOUBTFUL


@dataclass(frozen=True)
class RouteTerms:
    """What a route costs and brings as a rule.

    :ivar Decimal cost: a sum, EUR, whatever comes of it
    :ivar Decimal share: percent of what comes in (agency, insurer's own part)
    :ivar int days: until money comes in
    :ivar Decimal chance: percent, of a proven claim on a debtor who can pay
    """

    cost: Decimal
    share: Decimal
    days: int
    chance: Decimal


@dataclass(frozen=True)
class Route:
    """One way, with its reasons.

    :ivar bool is_open: nothing in the law or the facts speaks against it
    :ivar tuple reasons: codes of why it is (not) open, or better or worse than others
    :ivar tuple warnings: codes of what has to be looked at before
    :ivar Decimal value: what may be expected to come in
    :ivar Decimal net: the same less all costs
    """

    code: str
    is_open: bool
    reasons: tuple = ()
    warnings: tuple = ()
    cost: Decimal = Decimal("0")
    days: int = 0
    chance: Decimal = Decimal("0")
    value: Decimal = Decimal("0")
    net: Decimal = Decimal("0")
    is_recommended: bool = field(default=False)


def weigh_routes(facts, terms, day):
    """Return every Route, the recommended one first, then those that are open, the best first.

    :param RouteFacts facts: the claim
    :param dict terms: {route: RouteTerms} in force on the day; one without terms is not open
    :raises MissingLegalValue: a limit is not known for that day

    >>> from datetime import date
    >>> claim = RouteFacts(Claim(Decimal("900"), "professional", department="69"))
    >>> weigh_routes(claim, {}, date(2026, 11, 29))[0].is_open
    False
    """
    routes = [_weigh(code, facts, terms.get(code), day) for code in ROUTES]
    routes.sort(key=lambda route: (not route.is_open, -route.net, route.days))
    best = next((route for route in routes if _may_be_recommended(route)), None)
    routes.sort(key=lambda route: route is not best)
    if best:
        routes[0] = Route(**{**best.__dict__, "is_recommended": True})
    return routes


def _may_be_recommended(route):
    # What nobody can carry out yet is shown, never advised.
    return route.is_open and DECREE_MISSING not in route.warnings


def _weigh(code, facts, terms, day):
    obstacles, warnings = find_route_obstacles(code, facts, day)
    if terms is None:
        return Route(code, False, (*obstacles, NO_TERMS), warnings)
    reasons = tuple(_find_reasons(code, facts))
    chance = _get_chance(code, facts, terms, day)
    value = round_half_up(facts.claim.amount * chance / 100, 2)
    cost = terms.cost + round_half_up(value * terms.share / 100, 2)
    net = value - cost
    if net < 0:
        reasons = (*reasons, COSTS_MORE)
    return Route(
        code,
        not obstacles,
        (*obstacles, *reasons),
        warnings,
        cost,
        terms.days,
        chance,
        value,
        net,
    )


def find_route_obstacles(code, facts, day):
    """Return (why a route is not open, what to look at before), of any procedure too.

    :param str code: of ROUTES, or of ``competence.PROCEDURES``
    :param RouteFacts facts: the claim
    """
    obstacles, warnings = [], ()
    if code in PROCEDURES:
        found = find_competence(code, facts.claim, day)
        obstacles += found.refusals
        warnings = tuple(found.warnings)
    # C. com. L622-21: no single action once proceedings are open; L643-11: nor afterwards.
    if (facts.is_insolvent or facts.is_barred) and code not in UNDEMANDING:
        obstacles.append(BARRED if facts.is_barred else INSOLVENT)
    if facts.is_disputed and code in REFUSED_WHEN_DISPUTED:
        obstacles.append(DISPUTED)
    if code in FRENCH_ONLY and not facts.claim.department:
        obstacles.append(ABROAD)
    if code == EUROPEAN_ORDER and not facts.claim.department and not facts.is_european:
        obstacles.append(NOT_EUROPEAN)
    if code == INSURER and not facts.is_insured:
        obstacles.append(NOT_INSURED)
    return tuple(obstacles), warnings


def _find_reasons(code, facts):
    if code in ENDED_BY_CONTEST and not facts.is_disputed:
        yield UNDISPUTED
    if code in NEEDS_PROOF:
        yield PROVEN if facts.is_proven else UNPROVEN
    if code in BY_PROCEDURE and facts.is_acknowledged:
        yield ACKNOWLEDGED
    if code == INSURER and facts.is_insured:
        yield INSURED
    if code in (*BY_PROCEDURE, AGENCY) and facts.solvency == POOR:
        yield UNLIKELY_TO_PAY


def _get_chance(code, facts, terms, day):
    """Return the chance in percent, between 0 and 100, in steps of one."""
    if code in (INSURER, WRITE_OFF):
        return terms.chance
    chance = terms.chance
    if facts.is_acknowledged:
        chance += _weight("route.acknowledged", day)
    if code in NEEDS_PROOF and not facts.is_proven:
        chance += _weight("route.unproven", day)
    if facts.is_disputed:
        chance += _weight("route.disputed", day)
    chance = min(max(chance, Decimal(0)), Decimal(100))
    return round_half_up(chance * _weight(f"route.solvency.{facts.solvency}", day), 0)


def _weight(name, day):
    return parameter_on(name, day, WEIGHTS).value
