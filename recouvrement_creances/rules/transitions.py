"""Every life cycle of the add-on: here those of collecting, litigation's beside it.

``TABLE[state][event]`` is the state that follows. An event that is missing is refused.
The models' only way to change a state is ``collection.stateful._apply_event``.
"""

from .transitions_litigation import (
    DEADLINE,
    DECLARATION,
    HANDOVER,
    INSOLVENCY,
    JUDGEMENT,
    PROCEEDING,
    PUBLICATION,
)

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
# What has not reached the debtor yet, and may still be withdrawn.
ACTION_WAITING = ("proposed", "confirmed", "planned", "failed")

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
# broken    : the whole became due, after a notice that stayed without effect; the creditor may
#             give that up when the debtor has caught up
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
    "broken": {"restore": "running"},
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
