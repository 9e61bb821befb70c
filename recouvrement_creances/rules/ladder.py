"""Where an old receivable stands on a ladder of delays."""


def rung_for_age(days_late, delays, highest=None):
    """Return the number of the highest rung that an item of this age has passed; 0 for none.

    Used once, when a company starts to collect with the add-on: old items are placed without a
    message. From there on each climbs one rung at a time.

    :param int days_late: days since the due date; negative before it
    :param list delays: the rungs' delays in days from the due date, ascending; negative ones are
        preventive and count as passed from the due date on
    :param int highest: never place above this rung (the formal notice stays a person's decision)

    >>> rung_for_age(40, [-7, 5, 15, 30, 60])
    4
    >>> rung_for_age(40, [-7, 5, 15, 30, 60], highest=3)
    3
    >>> rung_for_age(2, [5, 15])
    0
    """
    passed = [number for number, delay in enumerate(delays, start=1) if days_late >= delay]
    rung = max(passed, default=0)
    return min(rung, highest) if highest is not None else rung
