"""Which steps of a procedure in court may be recorded, and which of them a person is offered."""

from .procedure_order import is_in_turn
from .procedure_standing import (
    APPEALS,
    BEFORE_JUDGE,
    DECIDES,
    DISMISSED,
    DISPUTED,
    ENDS_OPPOSITION,
    ENDS_REQUEST,
    ENFORCES,
    GRANTS,
    JUDGED,
    JUDGED_ON_APPEAL,
    MAKES_ORDER,
    MAKES_TITLE,
    NOTE,
    OF_REMEDIES,
    OPPOSES,
    OPPOSES_JUDGEMENT,
    RESUMES,
    RESUMES_TITLE,
    SENT_BACK,
    TIME_TO_APPEAL,
    TITLED,
)


def may_follow(step, steps, standing):
    """Tell whether a step that the state allows is offered.

    :param StepFacts step: one of ``steps``
    :param steps: all of the procedure
    :param Standing standing: where the proceeding stands

    >>> from .procedure_standing import Standing, StepFacts
    >>> filed = StepFacts(1, "file", opens=frozenset({"order.fees"}))
    >>> paid = StepFacts(2, NOTE, closes=frozenset({"order.fees"}))
    >>> runs = (frozenset(), frozenset({"order.fees"}))
    >>> [may_follow(paid, [filed, paid], Standing("filed", (filed,), codes)) for codes in runs]
    [False, True]
    """
    if not is_founded(step, steps, standing):
        return False
    awaited = _get_awaited(step, steps)
    if awaited and not awaited & standing.running:
        return False
    if standing.state == "draft":
        return True
    if step.event in RESUMES:
        return standing.has_title == (step.event == RESUMES_TITLE)
    if _is_of_judgement(step, steps) or _is_of_opposition(step, steps):
        return not standing.was_taken(step, (*DECIDES, OPPOSES))
    return True


def is_founded(step, steps, standing):
    """Tell whether what a step presupposes took place, so that it may be recorded.

    An order that nobody opposed has the effects of a judgement without appeal (CPC 1422).

    >>> from .procedure_standing import Standing, StepFacts
    >>> names = ("grant", "serve", "oppose", "judge", "appeal", "rejudge")
    >>> way = tuple(StepFacts(place, event) for place, event in enumerate(names))
    >>> order, serve, oppose, judge, appeal, rejudge = way
    >>> [is_founded(step, way, Standing("served", (order, serve))) for step in (judge, appeal)]
    [False, False]
    >>> judged = Standing("judged", (order, serve, oppose, judge))
    >>> is_founded(appeal, way, judged), is_founded(rejudge, way, judged)
    (True, False)
    >>> title, seize = StepFacts(8, "entitle"), StepFacts(9, "enforce")
    >>> [is_founded(seize, [order, title, seize], Standing("granted", (order,), has_title=has))
    ...  for has in (False, True)]
    [False, True]
    """
    event = step.event
    if waits_for_order(step, steps, standing.state) or not is_in_turn(step, steps, standing):
        return False
    if event in OF_REMEDIES:
        return _is_remedy_founded(event, standing)
    if event == MAKES_TITLE:
        return _is_title_founded(steps, standing)
    if event == ENFORCES and _knows(steps, MAKES_TITLE):
        # Without a title nothing is enforced (CPCE L111-2); one measure may follow on another.
        return standing.has_title or standing.state == "enforcement"
    if event == "withdraw" and standing.is_on_appeal:
        # What was dismissed is not as if nobody had claimed it: the appeal is what is withdrawn.
        return standing.decision != DISMISSED
    if event == NOTE and _is_of_judgement(step, steps):
        return standing.decision in (*JUDGED, *JUDGED_ON_APPEAL)
    if event in BEFORE_JUDGE or _is_of_opposition(step, steps):
        return _is_dispute_founded(event, steps, standing)
    if event == "serve" and _knows(steps, MAKES_ORDER):
        return standing.decision == MAKES_ORDER
    return True


def waits_for_order(step, steps, state):
    """Tell whether an order that was asked for has to be made, or refused, before a step.

    >>> from .procedure_standing import Standing, StepFacts
    >>> order, title = StepFacts(2, "grant"), StepFacts(3, "entitle")
    >>> waits_for_order(title, [order, title], "filed"), waits_for_order(title, [title], "filed")
    (True, False)

    An agreement that failed waits for nothing.

    >>> waits_for_order(StepFacts(3, "resume"), [order], "filed")
    False
    """
    made = min((one.position for one in steps if one.event == MAKES_ORDER), default=None)
    if state != "filed" or made is None or step.event in RESUMES:
        return False
    return step.position > made if step.event == NOTE else step.event not in ENDS_REQUEST


def opened_by(step, standing):
    """Return the codes of the deadlines that a step opens.

    From the notification of a judgement, or an interim order, by default the debtor has a time to
    oppose it, unless he has opposed before, and nobody one to appeal (CPC 473, 490, 538, 571, 578).

    >>> from .procedure_standing import Standing, StepFacts
    >>> opposition, appeal, due = (
    ...     frozenset({code})
    ...     for code in ("judgement.opposition", "judgement.appeal", "judgement.default"))
    >>> judged, opposed = StepFacts(1, "judge", opens=due), StepFacts(4, "oppose_judgement")
    >>> default = StepFacts(2, "judge", opens=due, opens_notified=opposition)
    >>> notified = StepFacts(3, NOTE, opens=appeal, closes=due)
    >>> [sorted(opened_by(notified, Standing("judged", taken)))
    ...  for taken in ((judged,), (default,), (default, opposed))]
    [['judgement.appeal'], ['judgement.opposition'], []]
    """
    notifies = any(code.endswith(TIME_TO_APPEAL) for code in step.opens)
    if not (standing.is_by_default and notifies):
        return step.opens
    codes = frozenset(code for code in step.opens if not code.endswith(TIME_TO_APPEAL))
    return codes | standing.decided.opens_notified if standing.may_be_opposed else codes


def _knows(steps, *events):
    return any(one.event in events for one in steps)


def _is_remedy_founded(event, standing):
    """Tell whether there is something to go against, or an appeal or opposition to decide."""
    if event == OPPOSES_JUDGEMENT:
        return standing.may_be_opposed
    if event == ENDS_OPPOSITION:
        return standing.is_on_opposition
    if event == APPEALS:
        may_be_appealed = standing.decision in JUDGED and not standing.is_by_default
        return may_be_appealed and not standing.is_on_appeal
    if event == SENT_BACK:
        return standing.decision in JUDGED_ON_APPEAL and not standing.is_on_appeal
    return standing.is_on_appeal


def _is_title_founded(steps, standing):
    """Tell whether something was granted, where the procedure knows decisions at all."""
    if standing.state in DISPUTED and not standing.is_on_opposition:
        return False
    if not _knows(steps, *GRANTS):
        return True
    return standing.decision in GRANTS


def _is_dispute_founded(event, steps, standing):
    """Tell whether the debtor has opposed an order: without that no judge hears of it.

    Nor is a title heard of before the judge who gave it, unless it is of a judgement by default.
    """
    if event in BEFORE_JUDGE and standing.is_on_opposition:
        return True
    if standing.state in TITLED:
        # Who made no title itself may be contested before the judge of enforcement.
        is_enforced = standing.state == "enforcement" and not _knows(steps, MAKES_TITLE)
        return is_enforced and event == "hear"
    return not _knows(steps, OPPOSES) or standing.state in DISPUTED


def _is_of_judgement(step, steps):
    """Tell whether a step without event comes after the judgement, as its service."""
    first = min((one.position for one in steps if one.event == "judge"), default=None)
    return step.event == NOTE and first is not None and step.position > first


def _is_of_opposition(step, steps):
    """Tell whether a step without event follows on the opposition, as what the clerk asks for.

    >>> from .procedure_standing import Standing, StepFacts
    >>> oppose, asked, judge, other = (
    ...     StepFacts(place, event)
    ...     for place, event in enumerate(("oppose", NOTE, "judge", NOTE)))
    >>> [_is_of_opposition(step, (oppose, asked, judge, other)) for step in (asked, other)]
    [True, False]
    """
    opposed = [one for one in steps if one.event == OPPOSES]
    if step.event != NOTE or not opposed:
        return False
    first = min(one.position for one in opposed)
    judged = min((one.position for one in steps if one.event == "judge"), default=first)
    opened = frozenset().union(*(one.opens for one in opposed))
    return first < step.position < judged or bool(step.closes & opened)


def _get_awaited(step, steps):
    """Return the deadlines of which one has to run: another step of the procedure opens them."""
    others = [one for one in steps if one is not step]
    if step.event == "serve":
        # What is served was decided before; a summons only may have its date.
        others = [one for one in others if one.event != NOTE]
    elif step.event != NOTE or step.opens or step.drops:
        # What opens another time is taken whether or not somebody has closed the first.
        return frozenset()
    return step.closes & frozenset().union(*(one.opens for one in others))
