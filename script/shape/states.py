"""The life cycles as one table of docs/architecture.md; run as a program, it writes the table.

.ground/venv/bin/python script/shape/states.py
"""

import ast
import importlib
import sys
from pathlib import Path

import polib
from tree import Tree

PROJECT = Path(__file__).resolve().parents[2]
ADDON = PROJECT / "recouvrement_creances"
PAGE = PROJECT / "docs" / "architecture.md"
HEADING = "## State machines\n"
WORDS = ADDON / "i18n" / "fr.po"


def read_machines():
    """Return {(model, what an accountant calls it): its table}, of the models that name one."""
    sys.path.insert(0, str(ADDON))
    try:
        tables = vars(importlib.import_module("rules.transitions"))
    finally:
        sys.path.remove(str(ADDON))
    french = {entry.msgid: entry.msgstr for entry in polib.pofile(str(WORDS))}
    machines = {}
    for _path, node, attributes in Tree(ADDON).models():
        values = {
            statement.targets[0].id: statement.value
            for statement in node.body
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)
        }
        if isinstance(values.get("_transitions"), ast.Name):
            name = french[values["_description"].value]
            machines[attributes["_name"], name] = tables[values["_transitions"].id]
    return machines


def draw(machines):
    """Return the table: a row per state that something leaves, the others named once."""
    rows = ["| record | state | what may happen: the state that follows |", "|---|---|---|"]
    for (model, french), table in sorted(machines.items()):
        name = f"`{model}` ({french})"
        for state, events in table.items():
            if events:
                steps = ", ".join(f"{event}: {target}" for event, target in events.items())
                rows.append(f"| {name} | {state} | {steps} |")
                name = ""
        ends = [state for state, events in table.items() if not events]
        if ends:
            rows.append(f"|  | {', '.join(ends)} | nothing |")
    return "\n".join(rows) + "\n"


def place(text, table):
    """Return the page with the table at the end of its section on state machines."""
    before, heading, after = text.partition(HEADING)
    section, mark, rest = after.partition("\n## ")
    words = section.partition("\n| record |")[0].rstrip("\n")
    return f"{before}{heading}{words}\n\n{table}{mark}{rest}"


if __name__ == "__main__":
    PAGE.write_text(place(PAGE.read_text(), draw(read_machines())))
