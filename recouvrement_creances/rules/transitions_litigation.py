"""The life cycles of litigation; ``transitions`` explains the tables and lists them all."""

# filed    : asked for, nothing stops yet
# open     : a judgement, or the admission of a consumer: demands on earlier debts stop
# plan     : a plan or measures say what is paid and when
# closed   : ended; a liquidation may be reopened (C. com. L643-13)
# cancelled: recorded by mistake, or its notice was cancelled
INSOLVENCY = {
    "filed": {"admit": "open", "close": "closed", "cancel": "cancelled"},
    "open": {"plan": "plan", "convert": "open", "close": "closed", "cancel": "cancelled"},
    "plan": {"fail": "open", "convert": "open", "close": "closed", "cancel": "cancelled"},
    "closed": {"reopen": "open"},
    "cancelled": {},
}

# draft   : being prepared
# sent    : gone to the creditors' representative; its figures stay
# replaced: a later one, that corrects it, was sent
DECLARATION = {
    "draft": {"send": "sent"},
    "sent": {"replace": "replaced"},
    "replaced": {},
}

# proposed: found in the gazette; a person looks at it
PUBLICATION = {
    "proposed": {"accept": "accepted", "dismiss": "dismissed"},
    "accepted": {},
    "dismissed": {"propose": "proposed"},
}

# standing : its interest takes the place of the interest before it
# cancelled: overturned, or noted by mistake
JUDGEMENT = {
    "standing": {"cancel": "cancelled"},
    "cancelled": {},
}

# open   : its day is to come, or nobody has acted yet
# missed : its last day has passed; what was done all the same may still be said
# elapsed: somebody else's time is over, or what had to wait may be done
# done   : with a document, or with a reason; no more once the step was taken back that opened it
#          or acted on it
# dropped: the procedure took another way, so that it binds nobody any more
DEADLINE = {
    "open": {"close": "done", "miss": "missed", "elapse": "elapsed", "drop": "dropped"},
    "missed": {"close": "done", "drop": "dropped"},
    "elapsed": {"close": "done", "drop": "dropped"},
    "done": {"undo": "dropped"},
    "dropped": {},
}
# What was done of it may still be said.
DEADLINE_UNDONE = tuple(state for state, events in DEADLINE.items() if "close" in events)

# draft      : being prepared
# filed      : the court, or the commissaire de justice, was asked
# granted    : an order was made, nobody has told the debtor
# rejected   : a request that was refused, or a claim that was dismissed, at first or on appeal
# served     : the debtor was told by a commissaire de justice
# opposed    : the debtor does not accept the order, or the judgement by default
# hearing    : before the judge
# judged     : decided; it may still be appealed
# appealed   : before the court of appeal, where there is no title yet
# enforceable: a title
# enforcement: a commissaire de justice enforces it
# settled    : agreed on meanwhile; when that fails it goes on where it stood (``back_to_...``;
#              ``resume`` and ``resume_title`` where nobody knows where that was)
# withdrawn  : taken back; the claim in court has interrupted nothing (C. civ. 2243)
_ENDS = {"settle": "settled", "withdraw": "withdrawn", "close": "closed"}
# From where a proceeding is settled.
_SETTLED_FROM = (
    "filed",
    "granted",
    "served",
    "opposed",
    "hearing",
    "judged",
    "appealed",
    "enforceable",
    "enforcement",
)


# An appeal leaves a title what it is until it is decided on (CPC 514). A cassation leaves it what
# it is where the first judgement granted one, and takes it where that had dismissed the claim.
def _appeal_a_title(state):
    stays = dict.fromkeys(("appeal", "hear_appeal", "rejudge", "refer", "end_appeal"), state)
    return {**stays, "overturn": "rejected", "refer_dismissed": "appealed"}


# So does an opposition to a judgement by default, until that judge gives another one (CPC 572).
def _oppose_a_title(state):
    stays = dict.fromkeys(("oppose_judgement", "end_opposition"), state)
    return {**stays, "judge": "judged", "dismiss": "rejected"}


# Before the judge once the debtor has opposed; of a judgement by default a title may be made.
_DISPUTED = {
    "hear": "hearing",
    "judge": "judged",
    "dismiss": "rejected",
    "end_opposition": "judged",
    "entitle": "enforceable",
    **_ENDS,
}


PROCEEDING = {
    "draft": {"file": "filed", "serve": "served", "enforce": "enforcement", "close": "closed"},
    "filed": {
        "grant": "granted",
        "reject": "rejected",
        "dismiss": "rejected",
        "serve": "served",
        "serve_late": "filed",
        "hear": "hearing",
        "judge": "judged",
        "entitle": "enforceable",
        "enforce": "enforcement",
        **_ENDS,
    },
    "granted": {"serve": "served", "enforce": "enforcement", **_ENDS},
    # A request that was refused knows no appeal; a cassation sends a dismissal on appeal back.
    "rejected": {"appeal": "appealed", "refer": "appealed", "close": "closed"},
    "served": {
        "file": "filed",
        "oppose": "opposed",
        "hear": "hearing",
        "judge": "judged",
        "entitle": "enforceable",
        **_ENDS,
    },
    "opposed": _DISPUTED,
    # The day of a hearing may be known before the court has the summons (CPC 754, 857), and that it
    # was served be recorded after both (``procedure_order.is_served_late``).
    "hearing": {"file": "hearing", "serve": "hearing", **_DISPUTED},
    "judged": {
        "oppose_judgement": "opposed",
        "appeal": "appealed",
        "refer": "appealed",
        "entitle": "enforceable",
        **_ENDS,
    },
    "appealed": {
        "hear_appeal": "appealed",
        "rejudge": "judged",
        "overturn": "rejected",
        # What was decided first stands.
        "end_appeal": "judged",
        "end_appeal_dismissed": "rejected",
        "entitle": "enforceable",
        **_ENDS,
    },
    "enforceable": {
        "enforce": "enforcement",
        "hear": "enforceable",
        **_appeal_a_title("enforceable"),
        **_oppose_a_title("enforceable"),
        "settle": "settled",
        "close": "closed",
    },
    "enforcement": {
        "enforce": "enforcement",
        # By the judge of enforcement, or by the one who gave the judgement by default.
        "hear": "hearing",
        "hear_opposition": "enforcement",
        **_appeal_a_title("enforcement"),
        **_oppose_a_title("enforcement"),
        "settle": "settled",
        "close": "closed",
    },
    "settled": {
        "resume": "hearing",
        "resume_title": "enforceable",
        **{f"back_to_{state}": state for state in _SETTLED_FROM},
        "close": "closed",
    },
    "withdrawn": {},
    "closed": {},
}

# draft      : being prepared; its checklist says what is missing
# requested  : somebody else decides, level by level; an amount that changes is asked for anew
# refused    : may be asked for again once what was missing is there
# approved   : its items are held and its file is built; nobody outside knows of it
# sending    : the message with the link to the file has still to leave
# transmitted: the lawyer, commissaire de justice, agency or insurer was told, and has not answered
# accepted   : taken on; what the courts do of it are proceedings
# declined   : not taken on; another one may be told
# recalled   : taken back while nothing was started
HANDOVER = {
    "draft": {"ask": "requested", "cancel": "closed"},
    "requested": {"approve": "approved", "refuse": "refused", "revise": "draft"},
    "refused": {"revise": "draft", "cancel": "closed"},
    "approved": {
        "ask_again": "requested",
        "transmit": "sending",
        "recall": "recalled",
        "close": "closed",
    },
    "sending": {
        "ask_again": "requested",
        "deliver": "transmitted",
        "fail": "approved",
        "recall": "recalled",
        "close": "closed",
    },
    "transmitted": {
        "ask_again": "requested",
        "accept": "accepted",
        "decline": "declined",
        "recall": "recalled",
        "close": "closed",
    },
    "accepted": {"ask_again": "requested", "recall": "recalled", "close": "closed"},
    "declined": {
        "ask_again": "requested",
        "transmit": "sending",
        "recall": "recalled",
        "close": "closed",
    },
    "recalled": {},
    "closed": {},
}
# A second handover of the same items would be a second claim.
HANDOVER_RUNNING = tuple(state for state, events in HANDOVER.items() if events)
