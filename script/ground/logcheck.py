"""What Odoo complained about: every WARNING or worse in a log counts."""

import re

LINE = re.compile(r"^\d{4}-\d\d-\d\d \S+ \d+ (?P<level>[A-Z]+) ")
GRAVE = {"WARNING", "ERROR", "CRITICAL"}

# Complaints of Odoo itself that no option silences: (pattern, reason).
IGNORED = ()


def is_ignored(text):
    """Tell whether a complaint is on the list of those that cannot be silenced."""
    return any(re.search(pattern, text) for pattern, _reason in IGNORED)


def complaints(log):
    """Return the complaints of a log file, each with the lines that belong to it."""
    found, current = [], None
    for line in log.read_text(errors="replace").splitlines():
        match = LINE.match(line)
        if match:
            current = None
            if match["level"] in GRAVE and not is_ignored(line):
                current = [line]
                found.append(current)
        elif current is not None:
            current.append(line)
    return ["\n".join(lines) for lines in found]
