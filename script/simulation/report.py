"""Writes the report of a simulated life: report.py RESULT FILE."""

import json
import sys
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from simulation import charts

PICTURES = {
    "collected": charts.draw_collected,
    "seconds": charts.draw_seconds,
    "tables": charts.draw_tables,
}
MOST = 15
HEAD = """# {days} days in the life of a ledger

Written by `script/simulate`. {debtors} simulated debtors of {kinds} kinds, two companies, three
collectors, an accountant, a manager and a finance director work for {days} days with the add-on:
the scheduler runs its jobs, people use the dialogs of the screens with their own rights, debtors
act on their pages by HTTP, letters are posted and come back. Seed {seed}; the first day is {start}.
"""


def write(result, path):
    """Write the Markdown file, and its pictures beside it."""
    pictures = path.parent / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    for name, draw in PICTURES.items():
        draw(result, pictures / f"simulation_{name}.png")
    parts = (_head, _collected, _kept, _behaviours, _acts, _speed, _growth, _found)
    path.write_text("\n".join(part(result) for part in parts))


def _table(heads, rows):
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    lines += ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _cell(value):
    if isinstance(value, float):
        return f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else str(value).replace("|", "/")


def _head(result):
    return HEAD.format(**result["parameters"], kinds=len(result["behaviours"]))


def _collected(result):
    sums = defaultdict(float)
    for _month, step, amount in result["collected"]:
        sums[step] += amount
    total = sum(sums.values()) or 1.0
    rows = [
        (step, sums[step], f"{sums[step] / total:.0%}")
        for step in sorted(sums, key=lambda name: (name != "Without a contact", name))
    ]
    return (
        "## What was collected, and by which step\n\n"
        "![Collected each month](pictures/simulation_collected.png)\n\n"
        + _table(("Last contact before the payment", "EUR", "share"), rows)
    )


def _share(states, kept, broken):
    good = sum(states.get(name, 0) for name in kept)
    all_ = good + sum(states.get(name, 0) for name in broken)
    return f"{good / all_:.0%} of {all_}" if all_ else "none"


def _kept(result):
    states = result["states"]
    rows = [
        (
            "Promises kept",
            _share(states["promises"], ("kept",), ("late", "partly_kept", "broken")),
        ),
        (
            "Schedules kept to the end",
            _share(states["schedules"], ("completed",), ("broken",)),
        ),
        (
            "Instalments paid in time",
            _share(states["instalments"], ("kept",), ("late", "partly_kept", "broken")),
        ),
    ]
    rows += [
        (name.capitalize(), ", ".join(f"{state} {count}" for state, count in counts.items()))
        for name, counts in states.items()
    ]
    return "## What was agreed on, and what became of it\n\n" + _table(("", ""), rows)


def _behaviours(result):
    rows = [
        (name.replace("_", " "), number, invoiced, rest, _count(result["reactions"].get(name, {})))
        for name, (number, invoiced, rest) in sorted(result["behaviours"].items())
    ]
    heads = ("Behaviour", "debtors", "invoiced (EUR)", "open at the end (EUR)", "what they did")
    return "## The debtors\n\n" + _table(heads, rows)


def _count(reactions):
    return ", ".join(f"{does.replace('_', ' ')} {number}" for does, number in reactions.items())


def _acts(result):
    rows = [(name.replace("_", " "), count) for name, count in result["acts"].items()]
    rows.append(("mails that left", result["mails"]))
    verdicts = ", ".join(f"{verdict} {count}" for verdict, count in result["open"])
    return (
        "## What took place\n\n"
        + _table(("Act", "times"), rows)
        + f"\nVerdicts of what is open at the end: {verdicts or 'none'}.\n"
    )


def _speed(result):
    seconds = sorted(value for _day, value in result["seconds"])
    total = sum(seconds)
    rows = [(name, value) for name, value in sorted(result["parts"].items(), key=lambda x: -x[1])]
    return (
        "## Time\n\n"
        f"{len(seconds)} days in {total / 60:.1f} minutes; {total / len(seconds):.2f} s a day, "
        f"{seconds[len(seconds) // 2]:.2f} s the middle one, {seconds[-1]:.2f} s the longest.\n\n"
        "![Seconds per day](pictures/simulation_seconds.png)\n\n"
        + _table(("Part", "seconds"), rows)
        + _families(result)
    )


def _families(result):
    """The auditor works beside the others: what each of his families of invariants takes."""
    families = sorted(result["families"].items(), key=lambda pair: -pair[1])
    rows = [(name, f"{seconds:.1f}") for name, seconds in families]
    return "\n" + _table(("Of the auditor", "seconds"), rows) if rows else ""


def _growth(result):
    first, last = result["tables"][0][1], result["tables"][-1][1]
    rows = [(name, first[name], last[name]) for name in first if name != "bytes"]
    megabytes = [f"{counts['bytes'] / 1024**2:.0f} MB" for counts in (first, last)]
    return "## Growth of the tables\n\n![Rows](pictures/simulation_tables.png)\n\n" + _table(
        ("Table", "first day", "last day"), [*rows, ("the database", *megabytes)]
    )


def _found(result):
    lines = ["## Findings\n"]
    if not result["audited"]:
        lines.append("Nobody audited the days.\n")
    for name, title in (
        ("findings", "Of the auditor"),
        ("failures", "Errors that nobody expects"),
        ("log", "Warnings and errors in the log"),
        ("missing", "What never took place although there was time"),
    ):
        entries = result[name]
        lines.append(f"{title}: {len(entries) or 'none'}.\n")
        lines += [f"- {_short(entry)}" for entry in entries[:MOST]]
    if result["compared"]:
        compared = ", ".join(f"{what} {number:,}" for what, number in result["compared"].items())
        lines.append(f"\nWhat the auditor compared: {compared}.\n")
    refused = result["refusals"][:MOST]
    if refused:
        lines.append("\nWhat people were refused, as they should be or not:\n")
        lines.append(_table(("Who, doing what", "why", "times"), refused))
    if result["blocked"]:
        lines.append("Calls that the screen forbade at their hour:\n")
        lines.append(_table(("Why", "times"), result["blocked"][:MOST]))
    return "\n".join(lines) + "\n"


def _short(entry):
    text = " · ".join(map(str, entry)) if isinstance(entry, list) else str(entry)
    return " ".join(text.split())[-400:]


if __name__ == "__main__":
    write(json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2]))
