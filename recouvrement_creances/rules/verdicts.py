"""The verdicts an open item can get, in the order in which they are looked for."""

REMIND = "remind"

# The first one that holds is the reason why an item is not reminded of.
VERDICTS = (
    "paid",
    "not_collectible",
    "insolvency",
    "handed_over",
    "time_barred",
    "disputed",
    "schedule",
    "promise",
    "held",
    "no_policy",
    "not_due",
    "covered",
    "below_minimum",
    "notice_running",
    "too_soon",
    "ladder_done",
    REMIND,
)

# Items with one of these never stand on a message, even one prompted by another item.
SILENT = frozenset(VERDICTS[: VERDICTS.index("not_due") + 1]) | {"covered"}

# A hold of this kind gives this verdict.
HOLD_VERDICTS = {
    "insolvency": "insolvency",
    "handover": "handed_over",
    "dispute": "disputed",
    "schedule": "schedule",
    "promise": "promise",
    "manual": "held",
}
