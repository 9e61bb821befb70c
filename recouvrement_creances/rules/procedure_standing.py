"""Where a proceeding in court stands: the steps that it has taken, and what they are."""

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
