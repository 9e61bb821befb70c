"""Figures, ratios and targets, as tables: plain Python, without Odoo."""

from dataclasses import dataclass, field
from typing import NamedTuple

RUNS = ("first run", "same-day run", "next-day run", "run after 15 days")
MILLION = 1_000_000


@dataclass
class Results:
    """What the parts measured: {part: rows}, and the facts of the machine.

    ``other`` holds the results of the ledger of a million invoices, where they are known.
    """

    facts: dict
    parts: dict
    other: "Results | None" = None
    moments: dict = field(default_factory=dict)  # {part: when and on which sources}

    def find(self, part, tool, name, least="wall"):
        """Return the row of a tool's measurement, the one with the least if there are several."""
        rows = [
            row
            for row in self.parts.get(part, [])
            if row["tool"] == tool and row["name"] == name and least in row
        ]
        return min(rows, key=lambda row: row[least], default=None)

    def find_least(self, part):
        """Return one row of each measurement, the one with the least time."""
        names = dict.fromkeys((row["tool"], row["name"]) for row in self.parts.get(part, []))
        return [self.find(part, tool, name) for tool, name in names]

    def get(self, part, tool, name, key="wall"):
        """Return one figure, or None."""
        row = self.find(part, tool, name)
        return row and row.get(key)

    def divide(self, part, name, over, under, key="wall"):
        """Return the ratio of two tools' figures, or None; of a stopped step, at least that."""
        return divide(self.get(part, over, name, key), self.get(part, under, name, key))


def divide(over, under):
    """Return the ratio, or None where it cannot be told."""
    return over / under if over is not None and under else None


class Target(NamedTuple):
    """What has to be reached: a function of the results, and its limit."""

    label: str
    limit: float
    is_least: bool
    value: object
    unit: str = ""

    def describe_limit(self):
        """Say the limit in words."""
        return f"at {'least' if self.is_least else 'most'} {self.limit:g}{self.unit}"

    def judge(self, results):
        """Return (value, whether it is met); None for what is not known."""
        value = self.value(results)
        if value is None:
            return None, None
        is_met = value >= self.limit if self.is_least else value <= self.limit
        # A ratio to a stopped step is a lower bound: it can only show that a limit is kept.
        is_bound = getattr(self.value, "is_bound", None)
        if not is_met and is_bound and is_bound(results):
            return value, None
        return value, is_met


# === FIGURES OF TARGETS === #


def _peer_by_ours(part, name):
    def ratio(results):
        return results.divide(part, name, "peer", "ours")

    ratio.is_bound = lambda results: results.get(part, "peer", name, "is_stopped")
    return ratio


def _first_run_by_floor(results):
    return divide(
        results.get("runs", "ours", "first run"),
        results.get("runs", "floor", "with foreign keys"),
    )


def _refresh_and_decide(results):
    counts = [
        sum(phases[phase]["queries"] for phase in ("refresh", "decide"))
        for name in RUNS
        if (phases := results.get("runs", "ours", name, "phases"))
    ]
    return max(counts, default=None)


def _memory(results):
    figures = [results.get("runs", "ours", name, "memory") for name in RUNS]
    return max((figure for figure in figures if figure is not None), default=None)


def _million_by_hundred_thousand(results):
    if results.other is None or results.facts.get("invoices") == MILLION:
        return None
    return divide(
        results.other.get("runs", "ours", "next-day run"),
        results.get("runs", "ours", "next-day run"),
    )


def _added_to_invoices(key):
    def added(results):
        ours = results.get("screens", "ours", "invoices, every column", key)
        plain = results.get("screens", "odoo", "invoices, Odoo's columns", key)
        if ours is None or plain is None:
            return None
        return ours - plain if key == "queries" else 100 * (ours / plain - 1)

    return added


def _added_work(results):
    """Return what accounting costs more, as one who posts and reconciles waits for it."""
    work = []
    for tool in ("ours", "odoo"):
        rows = [results.find("accounting", tool, name, least="work") for name in ACCOUNTING]
        if None in rows:
            return None
        work.append(sum(row["work"] for row in rows))
    return 100 * (work[0] / work[1] - 1)


def _added_queries(name, key):
    def added(results):
        rows = [results.find("accounting", tool, name, least=key) for tool in ("ours", "odoo")]
        return None if None in rows else rows[0][key] - rows[1][key]

    return added


ACCOUNTING = ("post", "reconcile")
TARGETS = (
    Target("first run, peer / ours", 20, True, _peer_by_ours("runs", "first run")),
    Target("next-day run, peer / ours", 50, True, _peer_by_ours("runs", "next-day run")),
    Target("same-day run, peer / ours", 150, True, _peer_by_ours("runs", "same-day run")),
    Target("first run, ours / floor with the same foreign keys", 4, False, _first_run_by_floor),
    Target("queries of refresh and decide", 40, False, _refresh_and_decide),
    Target("peak memory over the idle process", 100, False, _memory, " MB"),
    Target("next-day run, 1,000,000 / 100,000 invoices", 12, False, _million_by_hundred_thousand),
    Target("invoice list of 80 rows, added queries", 4, False, _added_to_invoices("queries")),
    Target("invoice list of 80 rows, added time", 15, False, _added_to_invoices("wall"), " %"),
    Target(
        "worklist of 80 cases, queries",
        40,
        False,
        lambda results: results.get("screens", "ours", "worklist", "queries"),
    ),
    Target("500 e-mails, peer / ours", 3, True, _peer_by_ours("mails", "500 e-mails")),
    Target(
        "500 e-mails with PDF, peer / ours", 5, True, _peer_by_ours("mails", "500 e-mails with PDF")
    ),
    Target(
        "e-mails a second, ours / Odoo's own mailing of the same bodies",
        0.8,
        True,
        lambda results: results.divide("mails", "1000 e-mails", "odoo", "ours"),
    ),
    Target(
        "posting and reconciling 1,000 invoices, added processor time", 3, False, _added_work, " %"
    ),
    Target(
        "posting a batch of 100 invoices, added queries",
        5,
        False,
        _added_queries("post", "queries"),
    ),
    Target(
        "reconciling a batch of 100 invoices, added queries",
        5,
        False,
        _added_queries("reconcile", "queries"),
    ),
    Target(
        "posting a batch of 200 invoices, added queries",
        5,
        False,
        _added_queries("post", "queries_large"),
    ),
    Target(
        "reconciling a batch of 200 invoices, added queries",
        5,
        False,
        _added_queries("reconcile", "queries_large"),
    ),
)


# === TABLES === #


def make_table(titles, rows):
    """Return a Markdown table whose columns also line up on a terminal; the first is text."""
    cells = [[str(cell) for cell in row] for row in (titles, *rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(titles))]
    lines = [
        "| "
        + " | ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        + " |"
        for row in cells
    ]
    rule = "|" + "|".join(
        "-" * (width + 2) if column == 0 else "-" * (width + 1) + ":"
        for column, width in enumerate(widths)
    )
    return "\n".join([lines[0], f"{rule}|", *lines[1:]])


def show(value, digits=1):
    """Return a number as it is read; a dash for what was not measured."""
    if value is None:
        return "-"
    if isinstance(value, int):
        return f"{value:,}"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.{digits}f}"


def show_seconds(row):
    """Return the seconds; those of a step that was stopped are a lower bound."""
    return f"{'> ' if row.get('is_stopped') else ''}{show(row['wall'], 2)}"


def make_targets_table(results):
    """Return what has to be reached beside what was."""
    rows = []
    for target in TARGETS:
        value, is_met = target.judge(results)
        verdict = {True: "yes", False: "**no**", None: "not measured"}[is_met]
        measured = "-" if value is None else f"{show(value, 2)}{target.unit}"
        if value is not None and is_met is None:
            measured, verdict = f"> {measured}", "the peer was stopped"
        rows.append((target.label, target.describe_limit(), measured, verdict))
    return make_table(("what", "must be", "measured", "met"), rows)


def make_runs_table(results):
    """Return the runs of each tool and the floor."""
    titles = ("run", "tool", "seconds", "Python s", "PostgreSQL s", "queries", "MB", "rows")
    rows = []
    for name in RUNS:
        for tool in ("ours", "peer"):
            rows += _describe_run(results, name, tool)
    for name in ("without foreign keys", "with foreign keys"):
        rows += _describe_run(results, name, "floor")
    return make_table((*titles, "peer / ours"), rows)


def _describe_run(results, name, tool):
    row = results.find("runs", tool, name)
    if row is None:
        return [
            (name, tool, failed["failure"], *["-"] * 6)
            for failed in results.parts.get("runs", [])
            if failed["tool"] == tool and failed["name"] == name and "failure" in failed
        ]
    ratio = results.divide("runs", name, "peer", "ours") if tool == "ours" else None
    return [
        (
            name,
            tool,
            show_seconds(row),
            show(row.get("python")),
            show(row.get("postgres")),
            show(row.get("queries")),
            show(row.get("memory"), 0),
            show(row.get("rows")),
            show(ratio) if ratio else "",
        )
    ]


def make_phases_table(results):
    """Return where our runs spend their time."""
    rows = []
    for name in RUNS:
        run = results.find("runs", "ours", name)
        phases = (run or {}).get("phases")
        if phases:
            seconds = [figures["wall"] for figures in phases.values()]
            rest = run["wall"] - sum(seconds)
            rows.append((name, *(show(one, 2) for one in (*seconds, rest))))
    return make_table(("seconds", "refresh", "decide", "propose", "rank", "rest"), rows)


def make_rates_table(results, part, unit):
    """Return what leaves, and how quickly."""
    rows = []
    for row in results.parts.get(part, []):
        if "wall" not in row:
            rows.append((row["name"], row["tool"], row["failure"], "-", "-", "-"))
            continue
        rate = divide(row.get("rows"), row["wall"] / {"second": 1, "minute": 60}[unit])
        rows.append(
            (
                row["name"],
                row["tool"],
                show_seconds(row),
                show(rate),
                show(row.get("queries")),
                show(row.get("memory"), 0),
            )
        )
    return make_table(("what", "tool", "seconds", f"a {unit}", "queries", "MB"), rows)


def make_screens_table(results):
    """Return how long a person waits for a screen."""
    return make_table(
        ("screen", "with our add-on", "milliseconds", "queries"),
        [
            (
                _name_screen(row),
                "yes" if row["tool"] == "ours" else "no",
                show(1000 * row["wall"]),
                show(row["queries"]),
            )
            for row in results.find_least("screens")
        ],
    )


def _name_screen(row):
    more = {"cases": "of {:,}", "items": "with {:,} items", "columns": "and {} of ours"}
    parts = [text.format(row[key]) for key, text in more.items() if key in row]
    return " ".join([row["name"], *parts])


def make_accounting_table(results):
    """Return what accounting costs without and with our add-on."""
    rows = []
    for name in ACCOUNTING:
        for tool in ("odoo", "ours"):
            row = results.find("accounting", tool, name)
            if row:
                with_ours = "yes" if tool == "ours" else "no"
                figures = (show(row["wall"], 2), show(row.get("work"), 2), show(row["queries"]))
                rows.append((name, with_ours, *figures))
    titles = (
        "1,000 invoices",
        "with our add-on",
        "seconds",
        "processor seconds",
        "queries a batch of 100",
    )
    return make_table(titles, rows)


def make_agreements_table(results):
    """Return what judging promises and schedules takes, batch by batch."""
    rows = [
        (
            row["name"],
            show_seconds(row),
            show(divide(row.get("rows"), row["wall"])),
            show(row.get("batches")),
            show(row["queries"]),
            f"{row['least']} to {row['most']}" if "most" in row else "-",
            show(row.get("memory"), 0),
        )
        for row in results.parts.get("agreements", [])
    ]
    titles = ("judged", "seconds", "a second", "batches", "queries", "queries a batch", "MB")
    return make_table(titles, rows)
