"""The page of the documentation that the measurements write."""

from . import report

OPENING = """# Measurements

This page is written by `script/bench {invoices}`; do not edit it by hand. It compares, on the same
generated ledger and in one go:

- **ours**: this add-on's run (refresh, decide, propose), its e-mails and its letters;
- **peer**: `account_credit_control` of the OCA for Odoo 19, fetched from the package index when
  it is measured;
- **floor**: one SQL statement that writes the same decisions into plain tables with the foreign
  keys of ours, and does nothing else;
- **odoo**: Odoo without our add-on, or Odoo's own sending of the same mails.

"""
REPEAT = """
## How to repeat it

```
script/bench                     # a ledger of 100,000 invoices, everything
script/bench 10000               # a smaller one
script/bench 1000000 --only runs # a million invoices; the peer is left out
script/bench --only mails,letters
script/bench --only agreements   # promises and schedules, which are measured on demand only
script/bench --keep              # keep the databases, to look at plans
```

The parts are `runs`, `mails`, `letters`, `screens`, `charges`, `accounting` and, only when it is
named, `agreements`. What a part measured stays in the ignored folder until it is measured anew, so
that parts can be measured one by one.

The ledger is generated from a seed: a tenth as many debtors as invoices, invoices up to 400 days
old, 35 % paid, 10 % partly paid, instalments, credit notes, payments on account, four currencies.
A sample is recomputed by the ORM before anything is measured, and must be identical.

- Days pass by telling the add-on and the peer another date. Between two runs everything proposed
  is marked as sent, and the tables that both have written are vacuumed as the server's autovacuum
  does within a minute of it; neither is measured.
- Memory is the peak of Odoo's process over what it held before; that of PostgreSQL is not counted.
- "Python s" and "PostgreSQL s" are processor seconds: they tell a busy machine from a slow run.
- E-mails are three invoices to a debtor, handed to an SMTP server on the same machine that keeps
  nothing; deciding on them is not counted, for either side. Odoo's own mailing sends the same
  bodies again, without rendering, evidence or any check; ours and Odoo's take turns of 250.
- Screens are read with the fields that their views name; the quickest of {repeat} readings counts.
  The lists of invoices are read in turn, in one process that has both databases open.
- Agreements are written by SQL with their holds, ten days late; judging them is the add-on's own
  code, in the batches of its daily run. The first batch also reads what stays in the cache.
- Accounting is measured in thirty batches of 100 invoices without and with our add-on in turn, in
  one process, each side beginning every other time; the middle one of each counts. What our
  add-on costs is told in processor seconds of Odoo and PostgreSQL together: a difference of a few
  percent drowns in the seconds of a clock.
"""


MILLION_TOLD = """
A ledger ten times as large takes a little more than ten times as long: its open lines, items and
cases no longer fit the processor's caches. Nearly half of a day's run is the decision, a quarter
the refresh, a fifth the ranking. More memory for each sort changes little: a day's run was within
4 % of the same with 64, 256 and 512 MB.
"""


def make_page(results):
    """Return the page as Markdown."""
    facts = results.facts
    sections = [
        OPENING.format(invoices=facts["invoices"]),
        f"## What has to be reached\n\n{report.make_targets_table(results)}\n",
        f"\n## The machine\n\n{_list_facts(facts)}\n",
    ]
    for title, part, table in (
        (f"Runs on {facts['invoices']:,} invoices", "runs", report.make_runs_table),
        ("Where our runs spend their time", "runs", report.make_phases_table),
        ("E-mails", "mails", lambda found: report.make_rates_table(found, "mails", "second")),
        ("Letters", "letters", lambda found: report.make_rates_table(found, "letters", "minute")),
        ("Screens", "screens", report.make_screens_table),
        ("Charges", "charges", lambda found: report.make_rates_table(found, "charges", "second")),
        ("Accounting", "accounting", report.make_accounting_table),
        ("Agreements", "agreements", report.make_agreements_table),
    ):
        if results.parts.get(part):
            sections.append(f"\n## {title}\n\n{tell_moment(results, part)}{table(results)}\n")
    if results.other and facts["invoices"] != report.MILLION:
        million = results.other
        sections.append(
            f"\n## Runs on 1,000,000 invoices\n\n{tell_moment(million, 'runs')}"
            f"{report.make_runs_table(million)}\n"
            f"\n{report.make_phases_table(million)}\n{MILLION_TOLD}"
        )
    sections += [f"\n{note}\n" for note in facts.get("notes", [])]
    sections.append(REPEAT.format(repeat=25))
    return "".join(sections)


def tell_moment(results, part):
    """Say when a part was measured: parts are measured one by one, on what the sources are then."""
    moment = results.moments.get(part)
    if not moment:
        return ""
    sources, load = moment["sources"], moment["load"]
    return f"Measured on {moment['on']}, sources {sources}, load before {load}.\n\n"


def _list_facts(facts):
    shown = {key: value for key, value in facts.items() if key not in ("invoices", "notes")}
    return "\n".join(f"- {key}: {value}" for key, value in shown.items())
