"""Every life cycle of the add-on on one page.

``TABLE[state][event]`` is the state that follows. An event that is missing is refused.
The models' only way to change a state is ``collection.stateful._apply_event``.
"""

# proposed  : the run suggests it, a person has to agree
# confirmed : agreed (by a person or an automatic step), waits for its execution
# sending   : claimed by a process that is handing it over; the claim is committed first
# planned   : prepared, a person does it: call to make, letter to post, visit to pay
# sent      : it left (accepted by the mail server, posted)
# done      : a conversation took place and its outcome is logged
# ambiguous : the process died between handing over and noting it: a person decides
ACTION = {
    "proposed": {"confirm": "confirmed", "cancel": "cancelled", "withdraw": "cancelled"},
    "confirmed": {
        "claim": "sending",
        "plan": "planned",
        "defer": "proposed",
        "fail": "failed",
        "cancel": "cancelled",
        "withdraw": "cancelled",
    },
    "sending": {
        "deliver": "sent",
        "fail": "failed",
        "lose": "ambiguous",
        "release": "confirmed",
        "withdraw": "cancelled",
    },
    "planned": {
        "deliver": "sent",
        "complete": "done",
        "fail": "failed",
        "cancel": "cancelled",
        "withdraw": "cancelled",
    },
    "ambiguous": {"deliver": "sent", "fail": "failed", "cancel": "cancelled"},
    # A letter that was thought lost did arrive: the post corrects what it reported.
    "failed": {
        "retry": "confirmed",
        "cancel": "cancelled",
        "withdraw": "cancelled",
        "arrive": "sent",
    },
    "sent": {"fail": "failed"},
    "done": {},
    "cancelled": {},
}

RUN = {
    "draft": {"propose": "proposed", "fail": "failed"},
    "proposed": {
        "propose": "proposed",
        "start": "running",
        "fail": "failed",
        "cancel": "cancelled",
    },
    "running": {"finish": "done", "fail": "failed", "stop": "stopped"},
    "stopped": {"start": "running", "cancel": "cancelled"},
    "done": {},
    "failed": {"propose": "proposed", "cancel": "cancelled"},
    "cancelled": {},
}

HOLD = {
    "open": {"release": "released", "expire": "expired"},
    "released": {},
    "expired": {"extend": "open"},
}

POLICY = {
    "draft": {"confirm": "confirmed"},
    "confirmed": {"revise": "draft"},
}

PURGE = {
    "draft": {"execute": "done", "cancel": "cancelled"},
    "done": {},
    "cancelled": {},
}

# draft    : being made, inside one transaction
# claimed  : the debtor was told; what it claims is not claimed again
# paid     : its entry is reconciled; it opens again when that is undone
# waived   : given up with a reason; it is not claimed again either
# cancelled: claimed by mistake; its periods may be claimed again
CHARGE = {
    "draft": {"claim": "claimed"},
    "claimed": {"pay": "paid", "waive": "waived", "cancel": "cancelled"},
    "paid": {"reopen": "claimed"},
    "waived": {},
    "cancelled": {},
}

# requested: above the limit, somebody else decides
# approved : allowed; waits for the payment that it depends on
# met      : nothing is waited for any more; it is to be booked
# done     : booked
# void     : the payment did not come in time; it may show later that it did
WAIVER = {
    "requested": {"approve": "approved", "refuse": "refused"},
    "approved": {"meet": "met", "lapse": "void"},
    "met": {"carry_out": "done", "reopen": "approved"},
    "done": {},
    "void": {"meet": "met", "reopen": "approved"},
    "refused": {},
}

# draft     : lines are worked on
# to_approve: above the policy's limits, somebody else decides
# proposed  : offered to the debtor, waits for the signature
# signed    : agreed on, takes effect with the down payment; waits for it again when it is undone
# running   : in effect, nothing of it is late
# late      : an instalment's last day has passed and it is not paid in full
# broken    : the whole became due, after a notice that stayed without effect
# completed : nothing of it is left to pay; a cancelled payment opens it again
# cancelled : given up, or replaced by a new version
SCHEDULE = {
    "draft": {"ask": "to_approve", "offer": "proposed", "cancel": "cancelled"},
    "to_approve": {"approve": "proposed", "refuse": "draft", "cancel": "cancelled"},
    "proposed": {"sign": "signed", "revise": "draft", "cancel": "cancelled"},
    "signed": {
        "begin": "running",
        "delay": "late",
        "complete": "completed",
        "replace": "cancelled",
        "cancel": "cancelled",
    },
    "running": {
        "wait": "signed",
        "delay": "late",
        "complete": "completed",
        "replace": "cancelled",
        "cancel": "cancelled",
    },
    "late": {
        "wait": "signed",
        "catch_up": "running",
        "complete": "completed",
        "accelerate": "broken",
        "replace": "cancelled",
        "cancel": "cancelled",
    },
    "broken": {},
    "completed": {"wait": "signed", "reopen": "running", "reopen_late": "late"},
    "cancelled": {},
}
# The ledger judges a promise, and judges again whenever a payment comes in or is cancelled: each
# judgement can follow each other one.
# pending    : its last day has not passed, and it is not paid in full
# kept       : paid in full by its last day
# partly_kept: its last day has passed, a part is paid
# late       : paid in full after its last day
# broken     : its last day has passed, nothing is paid
# void       : nothing of it was owed any more on its last day (credit note, cancelled invoice)
# withdrawn  : taken back or replaced before its last day, by a person
PROMISE_JUDGEMENTS = {
    "reopen": "pending",
    "keep": "kept",
    "keep_in_part": "partly_kept",
    "pay_late": "late",
    "break": "broken",
    "void": "void",
}
PROMISE = {
    **{
        state: {event: target for event, target in PROMISE_JUDGEMENTS.items() if target != state}
        for state in PROMISE_JUDGEMENTS.values()
    },
    "withdrawn": {},
}
PROMISE["pending"]["withdraw"] = "withdrawn"

# proposed: given by the debtor on its page, a collector decides
CONTACT_CHANGE = {
    "proposed": {"accept": "accepted", "refuse": "refused"},
    "accepted": {},
    "refused": {},
}

# draft    : being written by who talks to the debtor
# concluded: what was declared that day, for good
# replaced : a later one of the same case was concluded
ASSESSMENT = {
    "draft": {"conclude": "concluded"},
    "concluded": {"replace": "replaced"},
    "replaced": {},
}

# asked: a manager decides, never who asked; the decision is not changed afterwards
HARDSHIP = {
    "asked": {
        "approve": "accepted",
        "change": "changed",
        "refuse": "refused",
        "withdraw": "withdrawn",
    },
    "accepted": {},
    "changed": {},
    "refused": {},
    "withdrawn": {},
}

# open          : its owner looks into it; what is disputed is held
# waiting       : for papers or an answer of the debtor; held all the same
# answered      : the owner has said what he thinks of it; collection decides
# founded       : a credit note is asked for; held until it is reconciled
# partly_founded: the same for a part; reminders of the rest go on
# unfounded     : reminders go on
# settled       : nothing of it was due any more before anybody decided; a payment that is undone
#                 opens it again
DISPUTE = {
    "open": {
        "ask": "waiting",
        "answer": "answered",
        "accept": "founded",
        "accept_part": "partly_founded",
        "reject": "unfounded",
        "cancel": "cancelled",
        "settle": "settled",
    },
    "waiting": {
        "reply": "open",
        "answer": "answered",
        "accept": "founded",
        "accept_part": "partly_founded",
        "reject": "unfounded",
        "cancel": "cancelled",
        "settle": "settled",
    },
    "answered": {
        "ask": "waiting",
        "reopen": "open",
        "accept": "founded",
        "accept_part": "partly_founded",
        "reject": "unfounded",
        "cancel": "cancelled",
        "settle": "settled",
    },
    "founded": {"accept_part": "partly_founded", "reject": "unfounded", "cancel": "cancelled"},
    "partly_founded": {"accept": "founded", "reject": "unfounded", "cancel": "cancelled"},
    "unfounded": {},
    "settled": {"reopen": "open"},
    "cancelled": {},
}

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
# done   : with a document, or with a reason
# dropped: the procedure took another way, so that it binds nobody any more
DEADLINE = {
    "open": {"close": "done", "miss": "missed", "elapse": "elapsed", "drop": "dropped"},
    "missed": {"close": "done", "drop": "dropped"},
    "elapsed": {"close": "done", "drop": "dropped"},
    "done": {},
    "dropped": {},
}

# draft      : being prepared
# filed      : the court, or the commissaire de justice, was asked
# granted    : an order was made, nobody has told the debtor
# rejected   : refused; it may be brought before a higher court
# served     : the debtor was told by a commissaire de justice
# opposed    : the debtor does not accept the order
# hearing    : before the judge
# judged     : decided; it may still be appealed
# enforceable: a title
# enforcement: a commissaire de justice enforces it
# settled    : agreed on meanwhile; when that fails it goes on where it stood
# withdrawn  : taken back; the claim in court has interrupted nothing (C. civ. 2243)
_ENDS = {"settle": "settled", "withdraw": "withdrawn", "close": "closed"}
PROCEEDING = {
    "draft": {"file": "filed", "serve": "served", "enforce": "enforcement", "close": "closed"},
    "filed": {
        "grant": "granted",
        "reject": "rejected",
        "serve": "served",
        "hear": "hearing",
        "judge": "judged",
        "entitle": "enforceable",
        "enforce": "enforcement",
        **_ENDS,
    },
    "granted": {"serve": "served", "enforce": "enforcement", **_ENDS},
    "rejected": {"hear": "hearing", "close": "closed"},
    "served": {
        "file": "filed",
        "oppose": "opposed",
        "hear": "hearing",
        "judge": "judged",
        "entitle": "enforceable",
        **_ENDS,
    },
    "opposed": {"hear": "hearing", "judge": "judged", **_ENDS},
    "hearing": {
        "hear": "hearing",
        "grant": "granted",
        "reject": "rejected",
        "judge": "judged",
        **_ENDS,
    },
    "judged": {"hear": "hearing", "entitle": "enforceable", **_ENDS},
    "enforceable": {"enforce": "enforcement", "settle": "settled", "close": "closed"},
    "enforcement": {
        "enforce": "enforcement",
        "hear": "hearing",
        "settle": "settled",
        "close": "closed",
    },
    "settled": {"resume": "hearing", "resume_title": "enforceable", "close": "closed"},
    "withdrawn": {},
    "closed": {},
}

# draft      : being prepared; its checklist says what is missing
# requested  : somebody else decides, level by level; an amount that changes is asked for anew
# refused    : may be asked for again once what was missing is there
# approved   : its items are held and its file is built; nobody outside knows of it
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
        "transmit": "transmitted",
        "recall": "recalled",
        "close": "closed",
    },
    "transmitted": {
        "accept": "accepted",
        "decline": "declined",
        "recall": "recalled",
        "close": "closed",
    },
    "accepted": {"recall": "recalled", "close": "closed"},
    "declined": {
        "ask_again": "requested",
        "transmit": "transmitted",
        "recall": "recalled",
        "close": "closed",
    },
    "recalled": {},
    "closed": {},
}

MACHINES = {
    "action": ACTION,
    "run": RUN,
    "hold": HOLD,
    "policy": POLICY,
    "purge": PURGE,
    "charge": CHARGE,
    "waiver": WAIVER,
    "contact_change": CONTACT_CHANGE,
    "assessment": ASSESSMENT,
    "hardship": HARDSHIP,
    "schedule": SCHEDULE,
    "promise": PROMISE,
    "dispute": DISPUTE,
    "insolvency": INSOLVENCY,
    "declaration": DECLARATION,
    "publication": PUBLICATION,
    "judgement": JUDGEMENT,
    "deadline": DEADLINE,
    "proceeding": PROCEEDING,
    "handover": HANDOVER,
}


def next_state(machine, state, event):
    """Return the state that follows ``event``, or None when the event is refused.

    >>> next_state(ACTION, "proposed", "confirm")
    'confirmed'
    >>> next_state(ACTION, "done", "cancel") is None
    True
    """
    return machine.get(state, {}).get(event)
