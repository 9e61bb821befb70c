"""How debtors behave: one table, plain data, nothing of Odoo.

A debtor reacts to what reaches him: a due date, a message, a call, a letter. What he does then is
an act that ``debtors`` carries out, some days later. Reactions are looked for in their order; the
first one that fits is his.
"""

from dataclasses import dataclass

# What reaches a debtor.
DUE, MAIL, CALL, LETTER, SIGNED = "due", "mail", "call", "letter", "signed"
ALWAYS = 0

PROFESSIONAL, CONSUMER, PUBLIC = "professional", "consumer", "public"
ANYBODY = (PROFESSIONAL, CONSUMER, PUBLIC)
PRIVATE = (PROFESSIONAL, CONSUMER)


@dataclass(frozen=True)
class Reaction:
    """What a debtor does once something has reached him.

    :ivar str to: DUE, MAIL, CALL or LETTER
    :ivar int number: to the how-manieth of its kind since nothing was due; ALWAYS to each
    :ivar str does: name of an act of ``debtors``, without its ``do_``; of an answer for CALL
    :ivar tuple days: he waits between so many days; before a due date they are negative
    :ivar tuple part: for acts about a part: between these shares of what is due
    """

    to: str
    number: int
    does: str
    days: tuple = (0, 2)
    part: tuple = (1.0, 1.0)


@dataclass(frozen=True)
class Behaviour:
    """One kind of debtor.

    :ivar int weight: how many of a hundred debtors are so, about
    :ivar tuple kinds: which kinds of debtors it may be
    :ivar tuple reactions: what he does; nothing fits: nothing
    :ivar str currency: in which he is invoiced
    :ivar frozenset marks: what else is particular: ``refused_mail``, ``no_mail``, ``abroad``,
        ``insolvent``, ``over_indebted``, ``letters_return``, ``credit``
    """

    name: str
    weight: int
    kinds: tuple
    reactions: tuple
    currency: str = "EUR"
    marks: frozenset = frozenset()


def _marks(*names):
    return frozenset(names)


# Who has not reacted in time reacts to this in the end, so that ledgers do not only grow.
LATE = (Reaction(LETTER, 2, "transfer", (2, 8)),)

BEHAVIOURS = (
    Behaviour("pays_early", 24, ANYBODY, (Reaction(DUE, ALWAYS, "transfer", (-8, 3)),)),
    Behaviour(
        "after_reminder",
        12,
        ANYBODY,
        (Reaction(MAIL, ALWAYS, "transfer", (1, 4)), Reaction(LETTER, 1, "transfer", (2, 5))),
    ),
    Behaviour("online", 6, PRIVATE, (Reaction(MAIL, ALWAYS, "online", (0, 3)),)),
    Behaviour(
        "after_call",
        6,
        ANYBODY,
        (Reaction(CALL, ALWAYS, "promise_kept"), Reaction(LETTER, 1, "transfer", (2, 6))),
    ),
    Behaviour(
        "in_part",
        6,
        PRIVATE,
        (
            Reaction(MAIL, 2, "transfer", (1, 4), (0.3, 0.6)),
            Reaction(MAIL, 3, "transfer", (1, 6)),
            Reaction(CALL, ALWAYS, "reached"),
            Reaction(LETTER, 1, "transfer", (2, 6)),
        ),
    ),
    Behaviour(
        "schedule_kept",
        5,
        PRIVATE,
        (
            Reaction(MAIL, 2, "schedule", (1, 3)),
            Reaction(SIGNED, ALWAYS, "pay_all_instalments"),
            Reaction(CALL, ALWAYS, "reached"),
            *LATE,
        ),
    ),
    Behaviour(
        "schedule_online",
        2,
        PRIVATE,
        (
            Reaction(MAIL, 2, "schedule", (1, 3)),
            Reaction(SIGNED, ALWAYS, "pay_instalments_online"),
            Reaction(CALL, ALWAYS, "reached"),
            *LATE,
        ),
    ),
    Behaviour(
        "schedule_broken",
        4,
        PRIVATE,
        (
            Reaction(MAIL, 2, "schedule", (1, 3)),
            Reaction(SIGNED, ALWAYS, "pay_first_instalment"),
            Reaction(CALL, ALWAYS, "no_answer"),
            Reaction(LETTER, 2, "transfer", (3, 10)),
        ),
    ),
    Behaviour(
        "promise_kept",
        4,
        ANYBODY,
        (Reaction(MAIL, ALWAYS, "promise_online_kept", (0, 2)), *LATE),
    ),
    Behaviour(
        "promise_late",
        5,
        ANYBODY,
        (
            Reaction(MAIL, 2, "promise_online_late", (0, 2)),
            Reaction(CALL, ALWAYS, "promise_late"),
            *LATE,
        ),
    ),
    Behaviour(
        "promise_broken",
        3,
        PRIVATE,
        (
            Reaction(CALL, ALWAYS, "promise_broken"),
            Reaction(MAIL, 1, "promise_online_broken", (0, 2)),
            Reaction(LETTER, 2, "transfer", (2, 8)),
        ),
    ),
    Behaviour(
        "disputes_rightly",
        3,
        ANYBODY,
        (
            Reaction(MAIL, 1, "dispute_rightly", (0, 3)),
            Reaction(MAIL, ALWAYS, "transfer", (1, 5)),
            *LATE,
        ),
    ),
    Behaviour(
        "disputes_wrongly",
        3,
        ANYBODY,
        (
            Reaction(MAIL, 1, "dispute_wrongly", (0, 3)),
            Reaction(CALL, ALWAYS, "disputes"),
            Reaction(MAIL, 4, "transfer", (1, 5)),
            Reaction(LETTER, 1, "transfer", (1, 5)),
        ),
    ),
    Behaviour(
        "says_paid",
        2,
        PRIVATE,
        (
            Reaction(MAIL, 1, "say_paid_and_pay", (0, 2)),
            Reaction(MAIL, ALWAYS, "transfer", (1, 4)),
        ),
    ),
    Behaviour(
        "says_paid_on_phone",
        2,
        PRIVATE,
        (Reaction(CALL, ALWAYS, "already_paid"), Reaction(LETTER, 1, "transfer", (2, 6))),
    ),
    Behaviour(
        "moves",
        2,
        PRIVATE,
        (
            Reaction(CALL, ALWAYS, "wrong_number"),
            Reaction(MAIL, 2, "move", (1, 4)),
            Reaction(MAIL, 4, "transfer", (1, 5)),
            Reaction(LETTER, 1, "transfer", (3, 9)),
        ),
        marks=_marks("letters_return"),
    ),
    Behaviour(
        "has_moved_away",
        2,
        PRIVATE,
        (Reaction(CALL, ALWAYS, "no_answer"), Reaction(LETTER, ALWAYS, "transfer", (2, 6))),
        marks=_marks("letters_return"),
    ),
    Behaviour(
        "bounces",
        3,
        PRIVATE,
        (Reaction(MAIL, ALWAYS, "transfer", (1, 4)), *LATE),
        marks=_marks("refused_mail"),
    ),
    Behaviour(
        "no_mail",
        2,
        ANYBODY,
        (Reaction(LETTER, ALWAYS, "transfer", (2, 6)), Reaction(CALL, ALWAYS, "promise_kept")),
        marks=_marks("no_mail"),
    ),
    Behaviour(
        "pays_twice",
        3,
        PRIVATE,
        (Reaction(DUE, ALWAYS, "transfer_twice", (0, 12)),),
    ),
    Behaviour(
        "bad_cheque",
        3,
        PRIVATE,
        (
            Reaction(MAIL, 1, "bad_cheque", (1, 3)),
            Reaction(CALL, ALWAYS, "promise_late"),
            Reaction(MAIL, 3, "transfer", (2, 6)),
            *LATE,
        ),
    ),
    Behaviour(
        "insolvent",
        3,
        (PROFESSIONAL,),
        (Reaction(CALL, ALWAYS, "cannot_pay"), Reaction(MAIL, 3, "transfer", (2, 8), (0.2, 0.5))),
        marks=_marks("insolvent"),
    ),
    Behaviour(
        "over_indebted",
        2,
        (CONSUMER,),
        (Reaction(CALL, ALWAYS, "cannot_pay"),),
        marks=_marks("over_indebted"),
    ),
    Behaviour(
        "hardship",
        2,
        (CONSUMER,),
        (Reaction(CALL, ALWAYS, "hardship"), Reaction(LETTER, 2, "transfer", (3, 9), (0.3, 0.6))),
    ),
    Behaviour("public_slow", 4, (PUBLIC,), (Reaction(DUE, ALWAYS, "transfer", (15, 55)),)),
    Behaviour(
        "abroad",
        3,
        (PROFESSIONAL,),
        (Reaction(MAIL, 2, "transfer", (1, 9)), Reaction(CALL, ALWAYS, "promise_kept"), *LATE),
        currency="USD",
        marks=_marks("abroad"),
    ),
    Behaviour(
        "credit",
        2,
        PRIVATE,
        (Reaction(DUE, ALWAYS, "transfer_on_account", (-5, 6)),),
        marks=_marks("credit"),
    ),
    Behaviour("silent", 4, PRIVATE, (Reaction(CALL, ALWAYS, "no_answer"),)),
    Behaviour("refuses", 2, (PROFESSIONAL,), (Reaction(CALL, ALWAYS, "refuses"),)),
    Behaviour(
        "answers_by_mail",
        2,
        ANYBODY,
        (
            Reaction(MAIL, 1, "answer_by_mail", (0, 1)),
            Reaction(MAIL, ALWAYS, "transfer", (1, 6)),
            *LATE,
        ),
    ),
)


def find_reaction(behaviour, to, number):
    """Return what a debtor does when this reaches him for the how-manieth time, or None."""
    for reaction in behaviour.reactions:
        if reaction.to == to and reaction.number in (ALWAYS, number):
            return reaction
    return None
