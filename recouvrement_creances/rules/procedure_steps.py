"""Which steps of a procedure in court a person is offered: those that make sense by now."""

from dataclasses import dataclass

NOTE = "note"
# A title of one's own is enforced, or somebody else's procedure has made it before.
MAKES_TITLE = "entitle"
# After an agreement that failed: to the judge, or on with the title.
RESUMES_TITLE = "resume_title"
RESUMES = ("resume", RESUMES_TITLE)
# What a court makes on a request; of the rest of the procedure nothing takes place before it.
MAKES_ORDER = "grant"
ENDS_REQUEST = (MAKES_ORDER, "reject", "settle", "withdraw", "close")
# What a judge has decided may be served, and appealed.
DECIDED = ("judged", "enforceable", "enforcement", "rejected")


@dataclass(frozen=True)
class StepFacts:
    """What is known of a step.

    :ivar int position: where it stands in its procedure
    :ivar str event: of the table of states, or NOTE
    :ivar opens, closes, drops: codes of deadlines
    """

    position: int
    event: str
    opens: frozenset = frozenset()
    closes: frozenset = frozenset()
    drops: frozenset = frozenset()


def may_follow(step, steps, state, running, has_title=False):
    """Tell whether a step that the state allows is offered.

    :param StepFacts step: one of ``steps``
    :param steps: all of the procedure
    :param str state: of the proceeding
    :param running: codes of the deadlines that nobody has closed
    :param bool has_title: it has made one, which stands

    >>> filed = StepFacts(1, "file", opens=frozenset({"order.fees"}))
    >>> paid = StepFacts(2, NOTE, closes=frozenset({"order.fees"}))
    >>> [may_follow(paid, [filed, paid], "filed", codes) for codes in ((), {"order.fees"})]
    [False, True]
    """
    awaited = _get_awaited(step, steps)
    if awaited and not awaited & set(running):
        return False
    if state == "draft":
        return _may_begin(step, steps)
    if waits_for_order(step, steps, state):
        return False
    if step.event in RESUMES:
        return has_title == (step.event == RESUMES_TITLE)
    first = min((one.position for one in steps if one.event == "judge"), default=None)
    is_of_judgement = step.event == NOTE and first is not None and step.position > first
    return not is_of_judgement or state in DECIDED


def waits_for_order(step, steps, state):
    """Tell whether an order that was asked for has to be made, or refused, before a step.

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


def _get_awaited(step, steps):
    """Return the deadlines of which one has to run: another step of the procedure opens them."""
    others = [one for one in steps if one is not step]
    if step.event == "serve":
        # What is served was decided before; a summons only may have its date.
        others = [one for one in others if one.event != NOTE]
    elif step.event != NOTE or step.opens or step.drops:
        # What another party may do as well, as an appeal, waits for no deadline of ours.
        return frozenset()
    return step.closes & frozenset().union(*(one.opens for one in others))


def _may_begin(step, steps):
    """Tell whether a step may be the first: nothing was filed, served or decided yet."""
    if step.event == NOTE:
        first = min(one.position for one in steps if one.event != NOTE)
        return step.position < first
    if step.event == "enforce":
        return all(one.event != MAKES_TITLE for one in steps)
    return True
