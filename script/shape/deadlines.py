"""The legal deadlines as one table of docs/law.md; run as a program, it writes the table.

.ground/venv/bin/python script/shape/deadlines.py
"""

import importlib
import re
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
ADDON = PROJECT / "recouvrement_creances"
PAGE = PROJECT / "docs" / "law.md"
HEADING = "## Each deadline\n"
# What the litigation code names: its rules, its records, its dialogs and its papers.
CITING = (
    "rules/insolvency.py",
    "rules/competence.py",
    "rules/routes.py",
    "rules/transitions_litigation.py",
    "models/litigation/*.py",
    "wizards/collection_insolvency_*",
    "wizards/collection_proceeding_*",
    "reports/declaration_templates.xml",
    "reports/legal_paper_templates.xml",
)
# Articles of the codes whose numbers bear a letter.
ARTICLE = re.compile(r"\b[LRD]\d{3}-\d+(?:-\d+)?\b")


def read_rules():
    """Return {code: its versions}, as the add-on counts them."""
    sys.path.insert(0, str(ADDON))
    try:
        return importlib.import_module("rules.deadline_rules").DEADLINES
    finally:
        sys.path.remove(str(ADDON))


def draw(rules):
    """Return the table: a row per version of a rule."""
    rows = ["| deadline | counts | article | how sure |", "|---|---|---|---|"]
    for code, versions in rules.items():
        for version in versions:
            rule = version.value
            unit = rule.unit if rule.count > 1 else rule.unit.removesuffix("s")
            count = f"{rule.count} {unit}{' before' if rule.before else ''}"
            until = f", until {version.valid_until}" if version.valid_until else ""
            since = f", from {version.valid_from}" if version.valid_from else ""
            name = f"`{code}`{until}{since}"
            rows.append(f"| {name} | {count} | {version.article} | {version.certainty} |")
    return "\n".join(rows) + "\n"


def place(text, table):
    """Return the page with the table at the end of its section on deadlines."""
    before, heading, after = text.partition(HEADING)
    section, mark, rest = after.partition("\n## ")
    words = section.partition("\n| deadline |")[0].rstrip("\n")
    return f"{before}{heading}{words}\n\n{table}{mark}{rest}"


def find_cited():
    """Return {article: a file that names it}, of the code of litigation."""
    paths = [path for pattern in CITING for path in sorted(ADDON.glob(pattern))]
    return {
        article: path.relative_to(ADDON).as_posix()
        for path in paths
        for article in ARTICLE.findall(path.read_text())
    }


if __name__ == "__main__":
    PAGE.write_text(place(PAGE.read_text(), draw(read_rules())))
