"""Which steps of a procedure in court may be recorded, and which of them a person is offered."""

from dataclasses import dataclass

NOTE = "note"
# A title of one's own is enforced, or somebody else's procedure has made it before.
MAKES_TITLE = "entitle"
ENFORCES = "enforce"
# After an agreement that failed: to the judge, or on with the title.
RESUMES_TITLE = "resume_title"
RESUMES = ("resume", RESUMES_TITLE)
# What a court makes on a request; of the rest of the procedure nothing takes place before it.
MAKES_ORDER = "grant"
ENDS_REQUEST = (MAKES_ORDER, "reject", "settle", "withdraw", "close")
OPPOSES = "oppose"
# Before the judge, each once the debtor has opposed, where the procedure begins with an order.
BEFORE_JUDGE = ("hear", "judge", "dismiss")
DISPUTED = ("opposed", "hearing")
TITLED = ("enforceable", "enforcement")
# A judgement by default goes back before the judge who gave it, and stands until he gives another
# one (CPC 572), or leaves it as it is.
OPPOSES_JUDGEMENT = "oppose_judgement"
ENDS_OPPOSITION = "end_opposition"
# Judgements, against which one may appeal, and those on an appeal.
JUDGED = ("judge", "dismiss")
JUDGED_ON_APPEAL = ("rejudge", "overturn")
APPEALS = "appeal"
# How the code of a time to appeal ends that a notification opens.
TIME_TO_APPEAL = ".appeal"
# And that of a time to oppose.
TIME_TO_OPPOSE = ".opposition"
HEARD_ON_APPEAL = "hear_appeal"
# A cassation has quashed what was decided on an appeal, which is decided on again.
SENT_BACK = "refer"
# Withdrawn or lapsed: what was decided first stands (CPC 403, 908, 1034).
ENDS_APPEAL = "end_appeal"
# The steps of an appeal, and of the opposition to a judgement by default.
OF_REMEDIES = (
    OPPOSES_JUDGEMENT,
    ENDS_OPPOSITION,
    APPEALS,
    HEARD_ON_APPEAL,
    *JUDGED_ON_APPEAL,
    SENT_BACK,
    ENDS_APPEAL,
)
DISMISSED = "dismiss"
DECIDES = (MAKES_ORDER, "reject", *JUDGED, *JUDGED_ON_APPEAL)
# Somebody has decided what comes next of a claim that was dismissed.
GOES_ON = (APPEALS, SENT_BACK)
# Of these a title may be made.
GRANTS = (MAKES_ORDER, "judge", "rejudge")


def find_decision(taken):
    """Return the position of the last decision that stands; None without one.

    What a cassation has quashed is nothing any more: the first judgement lives again (CPC 625).

    :param taken: the events of the steps that count, in the order of their recording

    >>> find_decision(["judge", "appeal", "rejudge"]), find_decision(["file"])
    (2, None)
    >>> find_decision(["judge", "appeal", "overturn", "refer"])
    0
    >>> find_decision(["judge", "appeal", "overturn", "refer", "rejudge"])
    4
    """
    is_quashed = False
    for position in range(len(taken) - 1, -1, -1):
        event = taken[position]
        if event == SENT_BACK:
            is_quashed = True
        elif event in DECIDES and not (is_quashed and event in JUDGED_ON_APPEAL):
            return position
    return None


@dataclass(frozen=True)
class StepFacts:
    """What is known of a step.

    :ivar int position: where it stands in its procedure
    :ivar str event: of the table of states, or NOTE
    :ivar opens, closes, drops: codes of deadlines
    :ivar opens_notified: of a decision, those that run from its notification
    """

    position: int
    event: str
    opens: frozenset = frozenset()
    closes: frozenset = frozenset()
    drops: frozenset = frozenset()
    opens_notified: frozenset = frozenset()


@dataclass(frozen=True)
class Standing:
    """Where a proceeding stands.

    :ivar str state: before the court; an agreement changes nothing of it
    :ivar tuple taken: the StepFacts of the steps that count, in the order of their recording
    :ivar running: codes of the deadlines that nobody has closed
    :ivar bool has_title: it has made one, which stands
    """

    state: str
    taken: tuple = ()
    running: frozenset = frozenset()
    has_title: bool = False

    @property
    def decided(self):
        """The StepFacts of the last decision that stands; None without one."""
        position = find_decision([one.event for one in self.taken])
        return None if position is None else self.taken[position]

    @property
    def decision(self):
        """The event of the last decision that stands; None without one."""
        return self.decided and self.decided.event

    @property
    def is_by_default(self):
        """Whether it is a judgement by default, against which no appeal lies (CPC 473, 571)."""
        return bool(self.decided and self.decided.opens_notified)

    @property
    def may_be_opposed(self):
        """Whether the debtor may oppose it: once, whatever he opposed (CPC 578).

        >>> default = StepFacts(1, "judge", opens_notified=frozenset({"judgement.opposition"}))
        >>> judged, opposed = StepFacts(2, "judge"), StepFacts(3, "oppose_judgement")
        >>> [Standing("judged", taken).may_be_opposed
        ...  for taken in ((judged,), (default,), (default, opposed, default))]
        [False, True, False]
        """
        is_opposed = any(one.event in (OPPOSES, OPPOSES_JUDGEMENT) for one in self.taken)
        return self.is_by_default and not is_opposed

    @property
    def is_on_appeal(self):
        """Whether an appeal waits for its decision, or after a cassation for another one.

        >>> judged, appeal = StepFacts(1, "judge"), StepFacts(2, "appeal")
        >>> Standing("appealed", (judged, appeal)).is_on_appeal
        True
        >>> [Standing("judged", (judged, appeal, StepFacts(3, end))).is_on_appeal
        ...  for end in ("rejudge", "end_appeal")]
        [False, False]
        """
        last = self._find_last((*DECIDES, APPEALS, SENT_BACK, ENDS_APPEAL))
        return self.state == "appealed" or last in (APPEALS, SENT_BACK)

    @property
    def is_on_opposition(self):
        """Whether the debtor has opposed a judgement by default, which stands meanwhile.

        >>> default, oppose = StepFacts(1, "judge"), StepFacts(2, "oppose_judgement")
        >>> Standing("opposed", (default, oppose, StepFacts(3, "hear"))).is_on_opposition
        True
        >>> [Standing("judged", (default, oppose, StepFacts(3, end))).is_on_opposition
        ...  for end in ("judge", "end_opposition")]
        [False, False]
        """
        last = self._find_last((*DECIDES, OPPOSES_JUDGEMENT, ENDS_OPPOSITION))
        return last == OPPOSES_JUDGEMENT

    def _find_last(self, events):
        return next((one.event for one in reversed(self.taken) if one.event in events), None)

    def was_taken(self, step, since=DECIDES):
        """Tell whether a step was recorded after the last one of some events."""
        for one in reversed(self.taken):
            if one == step:
                return True
            if one.event in since:
                return False
        return False


def may_follow(step, steps, standing):
    """Tell whether a step that the state allows is offered.

    :param StepFacts step: one of ``steps``
    :param steps: all of the procedure
    :param Standing standing: where the proceeding stands

    >>> filed = StepFacts(1, "file", opens=frozenset({"order.fees"}))
    >>> paid = StepFacts(2, NOTE, closes=frozenset({"order.fees"}))
    >>> runs = (frozenset(), frozenset({"order.fees"}))
    >>> [may_follow(paid, [filed, paid], Standing("filed", running=codes)) for codes in runs]
    [False, True]
    """
    if not is_founded(step, steps, standing):
        return False
    awaited = _get_awaited(step, steps)
    if awaited and not awaited & standing.running:
        return False
    if standing.state == "draft":
        return _may_begin(step, steps)
    if step.event in RESUMES:
        return standing.has_title == (step.event == RESUMES_TITLE)
    if _is_of_judgement(step, steps) or _is_of_opposition(step, steps):
        return not standing.was_taken(step, (*DECIDES, OPPOSES))
    return True


def is_founded(step, steps, standing):
    """Tell whether what a step presupposes took place, so that it may be recorded.

    An order that nobody opposed has the effects of a judgement without appeal (CPC 1422).

    >>> order, serve, oppose, judge, appeal, rejudge = (
    ...     StepFacts(place, event)
    ...     for place, event in enumerate(
    ...         ("grant", "serve", "oppose", "judge", "appeal", "rejudge")))
    >>> way = (order, serve, oppose, judge, appeal, rejudge)
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
    if waits_for_order(step, steps, standing.state):
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

    From the notification of a judgement by default the debtor has a time to oppose it, unless he
    has opposed before, and nobody one to appeal (CPC 473, 538, 571, 578).

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
    if not (standing.is_by_default and step.closes & standing.decided.opens):
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


def _may_begin(step, steps):
    """Tell whether a step may be the first: nothing was filed, served or decided yet."""
    if step.event == NOTE:
        first = min(one.position for one in steps if one.event != NOTE)
        return step.position < first
    return True
