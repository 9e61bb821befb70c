"""What comes first in a procedure in court, and of which day a step cannot be."""

from .procedure_standing import (
    GRANTS,
    HEARD_ON_APPEAL,
    JUDGED,
    JUDGED_ON_APPEAL,
    MAKES_TITLE,
    NOTE,
    OPPOSES,
    find_decision,
)

FILES = "file"
SERVES = "serve"
HEARS = "hear"
# What the service is where the court has the claim already: it stays filed.
SERVES_LATE = "serve_late"
# Before the judge.
HEARD = "hearing"
# By which of them a procedure begins depends on it: a request is filed, and what is made of it is
# served; a summons is served, and its copy brings the claim before the court (CPC 754, 857).
BEGIN = (FILES, SERVES)
# {what is decided: the steps that set its hearing}; the date of a summons is obtained beforehand.
HEARINGS = {
    **dict.fromkeys(JUDGED, (NOTE, HEARS)),
    **dict.fromkeys(JUDGED_ON_APPEAL, (HEARD_ON_APPEAL,)),
}


def find_missing(step, steps, standing):
    """Return the steps of a procedure that have to be recorded before one of them.

    A summons is served before it is filed, and judged once it was; a request is filed first.

    :param StepFacts step: one of ``steps``
    :param steps: all of the procedure, in their order
    :param Standing standing: where the proceeding stands

    >>> from .procedure_standing import StepFacts, Standing
    >>> serve, file, judge = summons = tuple(
    ...     StepFacts(place, event) for place, event in enumerate(("serve", "file", "judge")))
    >>> [one.event for one in find_missing(judge, summons, Standing("draft"))]
    ['serve', 'file']
    >>> find_missing(judge, summons, Standing("filed", (serve, file)))
    []
    """
    if step.event == NOTE:
        return _find_missing_openers(step, steps, standing)
    is_without_judge = not any(one.event in GRANTS for one in steps)
    if step.event in JUDGED:
        wanted = BEGIN
    elif step.event == HEARS:
        # Its day may be known before the court has the summons.
        wanted = (SERVES,)
    elif step.event in BEGIN or (step.event == MAKES_TITLE and is_without_judge):
        wanted = _list_earlier(step, steps)
    else:
        return []
    taken = {one.event for one in standing.taken}
    missing = [_find_first(steps, event) for event in wanted if event not in taken]
    if is_without_judge and step.event in (SERVES, MAKES_TITLE):
        missing += _find_missing_notes(step, steps, standing)
    return sorted(filter(None, missing), key=lambda one: one.position)


def is_served_late(step, steps, standing):
    """Tell whether a step is the service of what the court has already: it took place before.

    >>> from .procedure_standing import StepFacts, Standing
    >>> serve, file, order = (
    ...     StepFacts(place, event) for place, event in enumerate(("serve", "file", "serve")))
    >>> ways = (Standing("draft"), Standing("filed", (file,)), Standing("hearing"))
    >>> [is_served_late(serve, (serve, file), way) for way in ways]
    [False, True, True]
    >>> [is_served_late(order, (file, order), way) for way in ways]
    [False, False, False]
    """
    filed = _find_first(steps, FILES)
    if step.event != SERVES or filed is None or step.position > filed.position:
        return False
    return standing.state == HEARD or any(one.event == FILES for one in standing.taken)


def is_in_turn(step, steps, standing):
    """Tell whether a step is neither too early in its procedure, nor out of it for good.

    >>> from .procedure_standing import StepFacts, Standing
    >>> date, serve, file, judge = summons = tuple(
    ...     StepFacts(place, event)
    ...     for place, event in enumerate((NOTE, "serve", "file", "judge")))
    >>> ways = ((), (serve,), (serve, file), (serve, file, judge))
    >>> [[is_in_turn(step, summons, Standing("", taken)) for step in summons] for taken in ways]
    [[True, True, False, False], [True, True, True, False], [True, True, False, True], \
[False, True, False, True]]
    """
    if step.event == FILES and any(one.event == FILES for one in standing.taken):
        # The court is given a claim once.
        return False
    if step.event == SERVES and standing.state == HEARD:
        # What is heard was served: that may be recorded late, once.
        is_served = any(one.event == SERVES for one in standing.taken)
        return not is_served and is_served_late(step, steps, standing)
    if step.event == NOTE and is_at_the_start(step, steps):
        # The date of a hearing is obtained for what is judged later.
        return standing.decision is None
    return not find_missing(step, steps, standing)


def find_former(step, steps, taken):
    """Return the positions, among the steps taken, of what a note follows on: it is no earlier.

    Other steps are recorded in the order of their days.

    :param taken: the StepFacts of the steps that count, in the order of their recording

    >>> from .procedure_standing import StepFacts
    >>> file = StepFacts(0, "file", opens=frozenset({"fees"}))
    >>> fees = StepFacts(1, NOTE, closes=frozenset({"fees"}))
    >>> judge, served = StepFacts(2, "judge"), StepFacts(3, NOTE)
    >>> way = (file, fees, judge, served)
    >>> [find_former(note, way, (file, judge)) for note in (fees, served)]
    [[0], [0, 1]]
    """
    if step.event != NOTE or is_at_the_start(step, steps):
        return []
    found = {
        next((place for place, one in enumerate(taken) if one.event != NOTE), None),
        _find_last(taken, lambda one: step.closes & one.opens),
    }
    if _is_after(step, steps, "judge"):
        found.add(find_decision([one.event for one in taken]))
    elif _is_after(step, steps, OPPOSES):
        found.add(_find_last(taken, lambda one: one.event == OPPOSES))
    return sorted(found - {None})


def is_at_the_start(step, steps):
    """Tell whether a note stands before anything that moves the procedure."""
    first = min((one.position for one in steps if one.event != NOTE), default=step.position)
    return step.position < first


def _list_earlier(step, steps):
    """Return the events, of those by which a procedure begins, that stand before a step in it."""
    own = _find_first(steps, step.event).position
    return {one.event for one in steps if one.event in BEGIN and one.position < own}


def _find_missing_notes(step, steps, standing):
    """Return what has to be drawn up first where no judge decides.

    The certificate of a cheque is served; the record between traders is made enforceable.
    """
    notes = (one for one in steps if one.event == NOTE and one.position < step.position)
    return [one for one in notes if _find_openers(one, steps) and one not in standing.taken]


def _find_missing_openers(note, steps, standing):
    """Return what a note follows on: the step that opens the time that it ends."""
    if is_at_the_start(note, steps):
        return []
    if standing.state == "draft":
        return [next(one for one in steps if one.event != NOTE)]
    openers = _find_openers(note, steps)
    if not openers or _is_after(note, steps, "judge"):
        return []
    # Who goes on from it has not lost it: a contest ends the debtor's month without an end.
    enders = [one for one in steps if note.opens and one.drops & note.closes]
    last = _find_last(standing.taken, lambda one: one in (*openers, *enders))
    return [] if last is not None and standing.taken[last] in openers else openers[:1]


def _find_openers(step, steps):
    return [one for one in steps if one is not step and one.opens & step.closes]


def _find_first(steps, event):
    return next((one for one in steps if one.event == event), None)


def _is_after(step, steps, event):
    first = _find_first(steps, event)
    return first is not None and step.position > first.position


def _find_last(taken, test):
    found = [place for place, one in enumerate(taken) if test(one)]
    return found[-1] if found else None
