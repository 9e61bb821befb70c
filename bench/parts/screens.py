"""What a person waits for: the worklist, a large case, the list of invoices with our columns.

Each screen is read as the web client reads it, with the fields that its view names; the quickest
of many readings counts, each with an empty cache.
"""

import threading
import time
from datetime import date

import session
from lxml import etree

from ..ledger import generator
from ..ledger.settings import Settings
from ..measure import Recorder

REPEAT = 25
ROWS = 80
ITEMS = 500
INVOICES = [("move_type", "=", "out_invoice")]


def run(env, parameters):
    """Read the list of invoices beside Odoo without our add-on; then our own screens."""
    ours, odoo = Recorder("ours"), Recorder("odoo")
    user = _find_user(env)
    with session.environment(parameters["plain"]) as plain:
        _note_invoices(_list_invoices(ours, env, user) + _list_invoices(odoo, plain))
    _note_cases(env, ours, user)
    # Last: a large debtor comes in, and the lists of both databases shall be the same.
    _note_large_case(env, ours, user, parameters)
    return ours.rows + odoo.rows


def _find_user(env):
    """Return a person who sees every screen."""
    known = env["res.users"].search([("login", "=", "measurement")])
    if known:
        return known
    groups = env.ref("base.group_user") | env.ref("account.group_account_manager")
    manager = env.ref("recouvrement_creances.group_manager", raise_if_not_found=False)
    return env["res.users"].create(
        {
            "name": "Measurement",
            "login": "measurement",
            "group_ids": [(6, 0, (groups | manager if manager else groups).ids)],
        }
    )


def _time(env, read):
    """Return the seconds and the queries of a reading with an empty cache, and its rows."""
    thread = threading.current_thread()
    env.invalidate_all()
    thread.query_count = thread.query_time = 0
    started = time.perf_counter()
    rows = read()
    return time.perf_counter() - started, thread.query_count, rows


def _note(recorder, name, readings, **more):
    """Note the quickest of some readings, and the queries of the last one."""
    seconds, queries, rows = zip(*readings, strict=True)
    recorder.note(
        name, wall=min(seconds), queries=queries[-1], rows=rows[-1], runs=len(readings), **more
    )


def _read_often(recorder, env, name, read, **more):
    _note(recorder, name, [_time(env, read) for _reading in range(REPEAT)], **more)


# === SCREENS === #


def _note_cases(env, recorder, user):
    cases = env["collection.case"].with_user(user)
    domain = [("is_open", "=", True)]

    def read():
        found = cases.web_search_read(domain, specification, limit=ROWS, count_limit=10001)
        return len(found["records"])

    specification = _specify(cases, "list")
    _read_often(recorder, env, "worklist", read, cases=cases.search_count(domain))


def _note_large_case(env, recorder, user, parameters):
    """A debtor with many open items: its form as it opens."""
    today = date.fromisoformat(parameters["today"])
    settings = Settings(
        invoices=ITEMS,
        debtors=1,
        evenly=True,
        seed=7,
        today=today,
        youngest=30,
        paid=0,
        partly_paid=0,
        companies=0,
        instalments=0,
        credit_notes_open=0,
        credit_notes_applied=0,
        payments_on_account=0,
    )
    generator.generate(env, settings)
    env["collection.refresh"]._refresh(env.company, today)
    env["collection.decision"]._decide(env.company, today)
    env.cr.commit()
    debtor = env["res.partner"].search([], order="id desc", limit=1)
    case = env["collection.case"].search([("partner_id", "=", debtor.id)]).with_user(user)
    specification = _specify(case, "form")

    def read():
        return len(case.web_read(specification))

    _read_often(recorder, env, "case with many items", read, items=len(case.item_ids))


def _list_invoices(recorder, env, user=None):
    """Return (recorder, env, name, what reads it, more figures) of the list of invoices.

    With every column that its view offers, and with those of Odoo alone.
    """
    user = user or _find_user(env)
    moves = env["account.move"].with_user(user)
    view = env.ref("account.view_out_invoice_tree")
    specification = _specify(moves, "list", view.id)
    ours = {name for name in specification if name.startswith("collection_")}

    def read(names):
        found = moves.web_search_read(
            INVOICES, {name: specification[name] for name in names}, limit=ROWS, count_limit=10001
        )
        return len(found["records"])

    others = specification.keys() - ours
    lists = [(recorder, env, "invoices, Odoo's columns", lambda: read(others), {})]
    if ours:
        more = {"columns": len(ours)}
        every = (recorder, env, "invoices, every column", lambda: read(specification), more)
        lists.append(every)
    return lists


def _note_invoices(lists):
    """Read lists in turn: what else the machine does falls on each of them."""
    readings = [[] for _list in lists]
    for _reading in range(REPEAT):
        for found, (_recorder, env, _name, read, _more) in zip(readings, lists, strict=True):
            found.append(_time(env, read))
    for found, (recorder, _env, name, _read, more) in zip(readings, lists, strict=True):
        _note(recorder, name, found, **more)


# === SPECIFICATIONS === #


def _specify(records, kind, view_id=False):
    """Return what the web client asks for: the fields of the view, as its user gets it."""
    views = records.get_views([(view_id, kind)])
    fields = {name: model["fields"] for name, model in views["models"].items()}
    arch = etree.fromstring(views["views"][kind]["arch"])
    return _read_fields(arch, records._name, fields)


def _read_fields(arch, model, fields):
    specification = {}
    for node in arch.iter("field"):
        name = node.get("name")
        field = fields[model].get(name)
        if field is None or _get_owner(node, arch) is not arch:
            continue
        specification[name] = _describe(node, field, fields)
    return specification


def _describe(node, field, fields):
    """Return how the web client asks for one field: names of records, rows of sub-lists."""
    if field["type"] in ("many2one", "reference"):
        return {"fields": {"display_name": {}}}
    if field["type"] not in ("one2many", "many2many"):
        return {}
    inner = next((child for child in node if child.tag in ("list", "kanban")), None)
    if inner is None:
        if node.get("widget") == "many2many_tags":
            return {"fields": {"display_name": {}}}
        return {}
    rows = _read_fields(inner, field["relation"], fields)
    return {"fields": rows, "limit": int(inner.get("limit") or 40)}


def _get_owner(node, top):
    """Return the view that a field belongs to: its own, or that of a field around it."""
    for parent in node.iterancestors():
        if parent is top or parent.tag in ("list", "kanban", "form"):
            return parent
    return top
