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
    "failed": {"retry": "confirmed", "cancel": "cancelled", "withdraw": "cancelled"},
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

# requested: above the limit, a finance director decides
WAIVER = {
    "requested": {"approve": "approved", "refuse": "refused"},
    "approved": {},
    "refused": {},
}

# standing : its interest takes the place of the interest before it
# cancelled: overturned, or noted by mistake
JUDGEMENT = {
    "standing": {"cancel": "cancelled"},
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
    "judgement": JUDGEMENT,
}


def next_state(machine, state, event):
    """Return the state that follows ``event``, or None when the event is refused.

    >>> next_state(ACTION, "proposed", "confirm")
    'confirmed'
    >>> next_state(ACTION, "done", "cancel") is None
    True
    """
    return machine.get(state, {}).get(event)
