"""The order of a collector's worklist, as points that can be explained one by one."""

from dataclasses import dataclass
from math import log10

# Points for one factor of ten of the overdue amount: 100 EUR is worth 20 points, 10,000 EUR 40.
POINTS_PER_DECADE = 10
# One point for each ten days since the oldest due date, never more than a year's worth.
DAYS_PER_POINT = 10
MAXIMUM_AGE_POINTS = 36
POINTS_PER_LEVEL = 5
POINTS_TASK_LATE = 15
POINTS_CONTACT_FAILED = 10
POINTS_LADDER_DONE = 20
POINTS_HOLD_EXPIRED = 15
POINTS_PROMISE_BROKEN = 25


@dataclass(frozen=True)
class CaseFacts:
    """What the ranking looks at.

    :ivar amount_overdue: overdue and not held, in the company's currency
    :ivar days_overdue: days since the oldest due date
    :ivar level_number: highest level that any item has reached
    :ivar tasks_late: people's tasks (calls, letters to post) whose day has passed
    :ivar contacts_failed: contacts that failed or whose result is unknown
    :ivar ladder_done: an item has gone through every level
    :ivar hold_expired: a promise or pause ran out, or a hold is to be reviewed: somebody has to
        look, even while the whole debt is held
    :ivar promise_broken: a promise was not kept in the last month, and nobody replaced it
    """

    amount_overdue: float = 0.0
    days_overdue: int = 0
    level_number: int = 0
    tasks_late: int = 0
    contacts_failed: int = 0
    ladder_done: bool = False
    hold_expired: bool = False
    promise_broken: bool = False


def priority_points(facts):
    """Return ``[(factor, points)]``, only the factors that count, the heaviest first.

    >>> priority_points(CaseFacts(amount_overdue=1000, days_overdue=45))
    [('amount', 30), ('age', 4)]
    >>> priority_points(CaseFacts())
    []
    """
    waits = facts.contacts_failed or facts.tasks_late or facts.hold_expired or facts.promise_broken
    if facts.amount_overdue <= 0 and not waits:
        return []
    amount_points = round(log10(max(facts.amount_overdue, 1)) * POINTS_PER_DECADE)
    age_points = min(max(facts.days_overdue, 0) // DAYS_PER_POINT, MAXIMUM_AGE_POINTS)
    points = [
        ("amount", amount_points),
        ("age", age_points),
        ("level", facts.level_number * POINTS_PER_LEVEL),
        ("late_tasks", POINTS_TASK_LATE if facts.tasks_late else 0),
        ("failed_contacts", POINTS_CONTACT_FAILED if facts.contacts_failed else 0),
        ("ladder_done", POINTS_LADDER_DONE if facts.ladder_done else 0),
        ("hold_expired", POINTS_HOLD_EXPIRED if facts.hold_expired else 0),
        ("promise_broken", POINTS_PROMISE_BROKEN if facts.promise_broken else 0),
    ]
    counting = [pair for pair in points if pair[1]]
    return sorted(counting, key=lambda pair: -pair[1])


def priority_score(facts):
    """Return the sum of the points: the higher, the sooner the case is worked on."""
    return sum(points for _factor, points in priority_points(facts))
