"""The measurements' own logic: what is planned, what ratios and verdicts are made of figures."""

import random
from collections import namedtuple
from datetime import date
from types import SimpleNamespace

import pytest

from bench import page, report
from bench.ledger import plan
from bench.ledger.settings import ARCHETYPES, FOREIGN_TERMS, TERMS, Settings

Debtor = namedtuple("Debtor", "id archetype contact")
TODAY = date(2026, 11, 24)
SETTINGS = Settings(invoices=500, debtors=20, today=TODAY)


def make_prototypes():
    """Return prototypes of 60 cents; instalments of 18 and 42."""

    def document(number, term):
        cents = [18, 42] if term == "instalments" else [60]
        return SimpleNamespace(id=number, term=term, cents=cents, company_cents=cents)

    invoices = {
        key: {
            (term, lines): document(number, term)
            for number, term in enumerate(TERMS if kind.is_domestic else FOREIGN_TERMS)
            for lines in (1, 2)
        }
        for key, kind in ARCHETYPES.items()
    }
    refunds = {key: document(99, "immediate") for key in ARCHETYPES}
    payment = SimpleNamespace(cents=60, company_cents=60)
    payments = dict.fromkeys(ARCHETYPES, payment)
    return SimpleNamespace(invoices=invoices, refunds=refunds, payments=payments)


def make_plan(settings=SETTINGS):
    """Return the plan of a small ledger."""
    kinds = list(ARCHETYPES)
    debtors = [
        Debtor(number, kinds[number % len(kinds)], None)
        for number in range(settings.count_debtors())
    ]
    return plan.make(make_prototypes(), debtors, settings, random.Random(settings.seed))


# === THE PLAN === #


def test_same_seed_same_plan():
    assert make_plan() == make_plan()


def test_shares_are_exact():
    states = [move.state for move in make_plan().moves]
    assert (states.count("paid"), states.count("partial")) == (175, 50)
    assert states.count("applied") <= 5


def test_nothing_lies_in_the_future():
    found = make_plan()
    assert max(one.day for one in (*found.moves, *found.payments)) <= TODAY


def test_allocations_are_what_was_paid():
    found = make_plan()
    paid = {}
    for one in found.allocations:
        paid[one.invoice] = paid.get(one.invoice, 0) + one.cents
    assert paid == {
        move.number: move.paid for move in found.moves if move.state in ("paid", "partial")
    }


def test_even_customers_get_as_many_invoices_each():
    settings = Settings(
        invoices=60, debtors=20, evenly=True, today=TODAY, youngest=100, credit_notes_open=0
    )
    moves = make_plan(settings).moves[:60]
    assert {sum(move.partner == number for move in moves) for number in range(20)} == {3}
    assert max(move.day for move in moves) <= date(2026, 8, 16)


# === RATIOS AND VERDICTS === #


def row(tool, name, wall, **more):
    """Return the figures of one measurement."""
    figures = {"python": 0.0, "postgres": 0.0, "queries": 10, "memory": 1.0, "rows": 100}
    return {"tool": tool, "name": name, "wall": wall, **figures, **more}


def make_results(*rows, part="runs"):
    """Return results of one part."""
    return report.Results({"invoices": 100_000, "cores": 2}, {part: list(rows)})


def judge(label, results):
    """Return (value, verdict) of the target of that label."""
    (target,) = (one for one in report.TARGETS if one.label == label)
    return target.judge(results)


@pytest.mark.parametrize(("peer", "is_met"), [(100.0, True), (99.0, False)])
def test_a_ratio_is_judged_by_its_limit(peer, is_met):
    results = make_results(row("ours", "first run", 5.0), row("peer", "first run", peer))
    assert judge("first run, peer / ours", results) == (peer / 5, is_met)


def test_what_was_not_measured_is_neither_met_nor_missed():
    failed = {"tool": "peer", "name": "first run", "failure": "MemoryError"}
    results = make_results(row("ours", "first run", 5.0), failed)
    assert judge("first run, peer / ours", results) == (None, None)
    assert "MemoryError" in report.make_runs_table(results)
    assert "not measured" in report.make_targets_table(results)


def test_a_stopped_step_is_a_lower_bound():
    stopped = {"tool": "peer", "name": "first run", "wall": 600.0, "is_stopped": True}
    results = make_results(row("ours", "first run", 5.0), stopped)
    assert judge("first run, peer / ours", results) == (120.0, True)
    assert "> 600.00" in report.make_runs_table(results)
    stopped["wall"] = 50.0
    assert judge("first run, peer / ours", results) == (10.0, None)
    assert "the peer was stopped" in report.make_targets_table(results)


def test_posting_and_reconciling_count_together_each_by_its_round_of_least_work():
    rows = [
        {**row(tool, name, wall), "work": work}
        for tool, name, wall, work in (
            ("odoo", "post", 2.0, 1.0),
            ("odoo", "post", 1.5, 1.5),
            ("odoo", "reconcile", 3.0, 3.0),
            ("ours", "post", 3.0, 1.05),
            ("ours", "reconcile", 3.0, 3.03),
        )
    ]
    label = "posting and reconciling 1,000 invoices, added processor time"
    value, is_met = judge(label, make_results(*rows, part="accounting"))
    assert (round(value, 6), is_met) == (2.0, True)
    assert judge(label, make_results(*rows[:3], part="accounting")) == (None, None)


def test_a_million_is_compared_with_the_present_ledger():
    results = make_results(row("ours", "next-day run", 2.0))
    results.other = make_results(row("ours", "next-day run", 30.0))
    label = "next-day run, 1,000,000 / 100,000 invoices"
    assert judge(label, results) == (15.0, False)


def test_numbers_are_shown_as_they_are_read():
    shown = [report.show(value) for value in (None, 130_087, 1234.5, 0.25)]
    assert shown == ["-", "130,087", "1,234", "0.2"]


def test_tables_line_up():
    table = report.make_table(("what", "seconds"), [("first run", "5.0"), ("x", "105.12")])
    assert table.split("\n") == [
        "| what      | seconds |",
        "|-----------|--------:|",
        "| first run |     5.0 |",
        "| x         |  105.12 |",
    ]


def test_the_page_shows_what_was_measured_only():
    text = page.make_page(make_results(row("ours", "first run", 5.0)))
    assert "Runs on 100,000 invoices" in text
    assert "## Letters" not in text
