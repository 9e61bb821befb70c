"""The deadlines of court, title and insolvency: how each counts, with its article and dates."""

from datetime import date

from .competence import COMMERCIAL
from .distances import NEAR
from .parameters import GENERAL, PRACTICE, SECONDARY, Parameter, parameter_on
from .procedural_deadlines import DAYS, MONTHS, OPENING, WATCH, YEARS, DeadlineRule, compute

_REVIEW = "legal review of 25/09/2026 quoting Légifrance"
_TRADE = "common knowledge of the trade"
# What distance adds: to oppose and to appeal (CPC 643, 644), to declare claims (C. com. R622-24).
_AWAY = {"months_overseas": 1, "months_abroad": 2}
_AWAY_OF_CLAIMS = {"months_overseas": 2, "months_abroad": 2}

# Orders made from this day on follow the reform (décret 2026-96 art. 9).
REFORM_OF_ORDERS = date(2026, 9, 1)
_BEFORE_REFORM = date(2026, 8, 31)


def _rule(unit, count, article, certainty=SECONDARY, source=None, **options):
    source = source or (_TRADE if certainty == GENERAL else _REVIEW)
    return (Parameter(DeadlineRule(unit, count, **options), unit, article, source, certainty),)


def _by_order_date(earlier, earlier_article, later, later_article):
    """Return two versions of a rule; the day of the order says which one holds."""
    return (
        Parameter(
            earlier,
            earlier.unit,
            earlier_article,
            _REVIEW,
            SECONDARY,
            valid_until=_BEFORE_REFORM,
        ),
        Parameter(
            later, later.unit, later_article, _REVIEW, SECONDARY, valid_from=REFORM_OF_ORDERS
        ),
    )


ORDER = {
    "order.fees": _rule(DAYS, 15, "CPC 1425 al. 1"),
    "order.service": _by_order_date(
        DeadlineRule(MONTHS, 6),
        "CPC 1411 anc.",
        DeadlineRule(MONTHS, 3),
        "CPC 1411; décret 2026-96 art. 9",
    ),
    "order.opposition": _rule(MONTHS, 1, "CPC 1416, 643", purpose=WATCH, **_AWAY),
    "order.clerk_notice": _rule(MONTHS, 1, "CPC 1418", purpose=WATCH),
    "order.opposition_costs": _rule(DAYS, 15, "CPC 1425 al. 2"),
    "order.lawyer": _rule(DAYS, 15, "CPC 1418"),
    "order.enforcement": _by_order_date(
        DeadlineRule(MONTHS, 1, purpose=OPENING, **_AWAY),
        "CPC 1422 anc., 1416, 643",
        # Who lives abroad has three months to oppose; who lives overseas two, which are over then.
        DeadlineRule(MONTHS, 2, purpose=OPENING, months_abroad=1),
        "CPC 1422 al. 3, 643; décret 2026-96 art. 9",
    ),
}

WITHOUT_JUDGE = {
    "small_claims.answer": _rule(MONTHS, 1, "CPCE L125-1, R125-1 à R125-8", purpose=WATCH),
    "traders.contest": _rule(MONTHS, 1, "CPCE L126-1 à L126-5", purpose=WATCH),
    # From the end of the debtor's month.
    "traders.record": _rule(DAYS, 8, "CPCE L126-1 à L126-5", purpose=OPENING),
    "traders.service": _rule(MONTHS, 6, "CPCE L126-4"),
    "european.opposition": _rule(
        DAYS, 30, "Règlement (CE) 1896/2006 art. 16", GENERAL, purpose=WATCH
    ),
    "cheque.certificate": _rule(DAYS, 30, "CMF L131-73", GENERAL, purpose=OPENING),
    "cheque.title": _rule(DAYS, 15, "CMF L131-73", GENERAL, purpose=OPENING),
}

JUDGEMENT = {
    "summons.service": _rule(DAYS, 15, "CPC 856", GENERAL, before=True),
    "summons.filing": _rule(DAYS, 8, "CPC 857", GENERAL, before=True),
    "summons.filing_civil": _rule(DAYS, 15, "CPC 754", GENERAL, before=True),
    "judgement.default": _rule(MONTHS, 6, "CPC 478"),
    "judgement.appeal": _rule(MONTHS, 1, "CPC 538, 643", GENERAL, purpose=WATCH, **_AWAY),
    # Against a judgement by default of which no appeal is had.
    "judgement.opposition": _rule(MONTHS, 1, "CPC 538, 571, 643", GENERAL, purpose=WATCH, **_AWAY),
    # The same of an interim order.
    "interim.opposition": _rule(
        DAYS, 15, "CPC 490, 643", source="doctrine.fr", purpose=WATCH, **_AWAY
    ),
    "interim.appeal": _rule(DAYS, 15, "CPC 490, 643", GENERAL, purpose=WATCH, **_AWAY),
    # Ours, where not all is granted. It counts from the notification of the decision, which is
    # never before its own day.
    "judgement.own_appeal": _rule(MONTHS, 1, "CPC 538, 643", GENERAL, **_AWAY),
    "interim.own_appeal": _rule(DAYS, 15, "CPC 490, 643", GENERAL, **_AWAY),
    "judgement.cassation": _rule(MONTHS, 2, "CPC 612, 643", GENERAL, **_AWAY),
}

ENFORCEMENT = {
    # Limitation: a closed day does not extend it.
    "title.execution": _rule(YEARS, 10, "CPCE L111-4", extend=False),
    "attachment.execution": _rule(MONTHS, 3, "CPCE L511-4, R511-6", GENERAL),
    "attachment.action": _rule(MONTHS, 1, "CPCE L511-4, R511-7", GENERAL),
    "attachment.notice": _rule(DAYS, 8, "CPCE R522-5, R523-3", GENERAL),
    "seizure.notice": _rule(DAYS, 8, "CPCE R211-3", GENERAL),
    "seizure.contest": _rule(MONTHS, 1, "CPCE R211-11", GENERAL, purpose=WATCH),
}

INSOLVENCY = {
    "insolvency.declaration": _rule(MONTHS, 2, "C. com. L622-24, R622-24", **_AWAY_OF_CLAIMS),
    "insolvency.contest": _rule(DAYS, 30, "C. com. L622-27"),
    "insolvency.claim_state": _rule(MONTHS, 1, "C. com. R624-8"),
    "insolvency.relief": _rule(MONTHS, 6, "C. com. L622-26"),
    "insolvency.goods": _rule(MONTHS, 3, "C. com. L624-9"),
    "insolvency.contract_notice": _rule(MONTHS, 1, "C. com. L622-13", purpose=WATCH),
    # From the end of the observation period; from the publication of the liquidation, as an opening
    # or as what others turn into.
    "insolvency.later_debts": _rule(YEARS, 1, "C. com. L622-17"),
    "insolvency.later_debts_liquidation": _rule(MONTHS, 6, "C. com. L641-13"),
    # From the admission: demands and enforcement are stayed no longer than that.
    "overindebtedness.stay": _rule(YEARS, 2, "C. conso L722-3", purpose=OPENING, extend=False),
    "overindebtedness.claim": _rule(DAYS, 30, "C. conso R723-3", source="doctrine.fr, juriblio.fr"),
    "overindebtedness.contest": _rule(DAYS, 15, "C. conso R722-1", source="legavox.fr"),
    "overindebtedness.recovery": _rule(MONTHS, 2, "C. conso L742-10, R742-11", GENERAL),
}

# By contract: what a company's policy says takes the place of these days.
INSURANCE = {"insurance.declaration": _rule(DAYS, 60, "Police d’assurance-crédit", extend=False)}

# What another court than the commercial one wants otherwise, and where nobody knows which it is.
_OUTSIDE_COMMERCE = {"summons.filing": "summons.filing_civil"}
# Whatever day the step's other deadlines count from: after the service itself (CPC 1422).
FROM_THE_STEP = ("order.enforcement",)
# After their last day these are void: the service of an order, of a judgement by default, of a
# record between traders; with the fees of the clerk the request itself lapses (CPC 1425), and a
# summons that is filed too late (CPC 754, 857).
LAPSES = (
    "order.service",
    "summons.filing",
    "summons.filing_civil",
    "judgement.default",
    "traders.service",
    "order.fees",
    "order.opposition_costs",
)
# How the codes of our own remedies against a decision end.
OWN_APPEAL = ".own_appeal"
REMEDIES = (OWN_APPEAL, ".cassation")

# Whose time a period is: ours where we have to act by its end, else the debtor's, but for these.
US, DEBTOR, COURT, ADMINISTRATOR = "us", "debtor", "court", "administrator"
OF_OTHERS = {
    "order.clerk_notice": COURT,
    "insolvency.contract_notice": ADMINISTRATOR,
}


def party_of(code, purpose):
    """Return whose time a period is; empty where something only has to wait for its end.

    >>> party_of("order.service", "act"), party_of("order.opposition", "watch")
    ('us', 'debtor')
    >>> party_of("order.clerk_notice", "watch"), party_of("order.enforcement", "opening")
    ('court', '')
    """
    if purpose == OPENING:
        return ""
    return OF_OTHERS.get(code, DEBTOR) if purpose == WATCH else US


# Every rule with its versions in the order of their dates.
DEADLINES = {
    **ORDER,
    **WITHOUT_JUDGE,
    **JUDGEMENT,
    **ENFORCEMENT,
    **INSOLVENCY,
    **INSURANCE,
}


def compute_coded(code, event_date, holidays=None, regime_date=None, distance=NEAR):
    """Return the Deadline and the Parameter of a rule of DEADLINES.

    :param str code: a key of DEADLINES
    :param date event_date: where it counts from; its own day does not count
    :param holidays: as for ``rules.delays.holiday_test``
    :param regime_date: the day by which the version of the rule is chosen, when it is not the
        event's: an order served today follows the rules of the day on which it was made
    :param str distance: from the court, of whom the deadline binds (``rules.distances``)
    :raises MissingLegalValue: no such rule, or none for that day

    >>> compute_coded("order.service", date(2026, 8, 31))[0].legal
    datetime.date(2027, 3, 1)
    >>> compute_coded("order.service", date(2026, 9, 1))[0].legal
    datetime.date(2026, 12, 1)
    """
    parameter = parameter_on(code, regime_date or event_date, DEADLINES)
    return compute(parameter.value, event_date, holidays, distance), parameter


def code_at(code, court):
    """Return the rule that holds before a kind of court; the earlier day where none is known.

    >>> code_at("summons.filing", "commercial"), code_at("summons.filing", None)
    ('summons.filing', 'summons.filing_civil')
    """
    return code if court == COMMERCIAL else _OUTSIDE_COMMERCE.get(code, code)


def binds_before(code, court, known_on, hearing):
    """Tell whether a period that counts back from a hearing binds anybody.

    Outside of commercial courts it does where the day was told more than fifteen days ahead
    (CPC 754).

    :param court: a kind of ``competence.COURTS``; None where nobody knows which it is
    :param date known_on: when the court told the day of the hearing

    >>> told, hearing = date(2026, 3, 2), date(2026, 3, 17)
    >>> [binds_before("summons.filing_civil", "judicial", told, hearing.replace(day=day))
    ...  for day in (17, 18)]
    [False, True]
    >>> binds_before("summons.filing", COMMERCIAL, told, hearing)
    True
    """
    least = DEADLINES[code][-1].value.count
    return court in (None, COMMERCIAL) or (hearing - known_on).days > least


# When a deadline is told of: days before the day of its alarm, or days after its event.
_HABIT = {
    "deadline.alarms.before": (30, 15, 7, 1),
    "deadline.alarms.before.title": (365, 180, 90, 30, 7),
    "deadline.alarms.after.insolvency.declaration": (7, 30, 45, 55),
    # Who has longer than two months hears of the last days too.
    "deadline.alarms.before.insolvency.declaration": (30, 15, 7, 1),
}
ALARMS = {
    name: (Parameter(days, "days", "none", "habit", PRACTICE),) for name, days in _HABIT.items()
}


def alarms_of(code, day):
    """Return (days before the alarm's day, days after the event) of a rule.

    >>> alarms_of("insolvency.declaration", date(2026, 11, 29))
    ((30, 15, 7, 1), (7, 30, 45, 55))
    >>> alarms_of("order.service", date(2026, 11, 29))
    ((30, 15, 7, 1), ())
    """
    family = code.partition(".")[0]
    names = tuple(f"deadline.alarms.before{suffix}" for suffix in (f".{code}", f".{family}", ""))
    before = parameter_on(next(name for name in names if name in ALARMS), day, ALARMS).value
    after = f"deadline.alarms.after.{code}"
    return before, parameter_on(after, day, ALARMS).value if after in ALARMS else ()
