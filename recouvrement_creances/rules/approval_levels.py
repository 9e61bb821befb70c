"""Whether each level of an approval finds somebody of its own."""


def find_stuck_level(deciders):
    """Return the lowest level that nobody is left for, 0 when each has somebody of its own.

    Nobody decides on two levels: who alone may decide on one is not there for another.

    :param dict deciders: {level: who may decide on it}

    >>> find_stuck_level({1: ("Ann",), 2: ("Ann", "Bob")}), find_stuck_level({1: ("Ann",), 2: ()})
    (0, 2)
    >>> find_stuck_level({1: ("Ann", "Bob"), 2: ("Ann",), 3: ("Bob",)})
    3
    """
    given = {}
    for level in sorted(deciders):
        if not _give(level, deciders, given, set()):
            return level
    return 0


def _give(level, deciders, given, asked):
    """Give a level somebody, letting who has him already take somebody else if need be."""
    for person in deciders[level]:
        if person in asked:
            continue
        asked.add(person)
        if person not in given or _give(given[person], deciders, given, asked):
            given[person] = level
            return True
    return False
