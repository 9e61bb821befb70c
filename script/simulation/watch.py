"""What is looked at every day: the log, the auditor's findings, the growth of the tables."""

import importlib.util
import logging
from dataclasses import dataclass, field

TABLES = (
    "account_move",
    "account_move_line",
    "collection_action",
    "collection_case",
    "collection_evidence",
    "collection_item",
    "collection_portal_attempt",
    "ir_attachment",
    "mail_activity",
    "mail_mail",
    "mail_message",
)
LONGEST = 2000
# Two were at it at once: the database refuses one of them, and he tries again.
CONFLICT = "odoo.sql_db"
CONFLICTS = ("could not serialize access", "deadlock detected")


@dataclass
class Day:
    """What the auditor is given of a day (see ``audit``)."""

    date: object
    mails: list
    journal: object
    log: list
    companies: list
    memory: dict = field(default_factory=dict)
    # {case: (open, overdue, unallocated credits)} and {company: (open, overdue)}, as shown
    screens: dict = field(default_factory=dict)
    totals: dict = field(default_factory=dict)
    filestore: str = ""


class Complaints(logging.Handler):
    """Keep what is logged at the level of a warning or above."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        """Keep a line, with the end of its traceback."""
        message = record.getMessage()
        if record.name == CONFLICT and any(conflict in message for conflict in CONFLICTS):
            return
        text = f"{record.levelname} {record.name}: {message}"
        if record.exc_info:
            text += "\n" + logging.Formatter().formatException(record.exc_info)
        self.lines.append(text[-LONGEST:] if len(text) > LONGEST else text)

    def take(self):
        """Return the lines of the day, and forget them."""
        lines, self.lines = self.lines, []
        return lines


def read_screens(env, companies):
    """Return what the list of open cases shows a person, and the sums of its groups.

    :param companies: those that he has chosen
    """
    cases = env["collection.case"].with_context(allowed_company_ids=companies)
    domain = [("is_open", "=", True)]
    shown = cases.search_read(domain, ["amount_open", "amount_overdue", "amount_credit"])
    groups = cases._read_group(domain, ["company_id"], ["amount_open:sum", "amount_overdue:sum"])
    screens = {
        case["id"]: (case["amount_open"], case["amount_overdue"], case["amount_credit"])
        for case in shown
    }
    return screens, {company.id: (due, overdue) for company, due, overdue in groups}


def find_auditor():
    """Return the auditor's function, or None where it is not there."""
    if importlib.util.find_spec("simulation.audit") is None:
        return None
    from .audit import audit

    return audit


def count_rows(connection):
    """Return {table: rows}, and the size of the database in bytes."""
    counts = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f'SELECT COUNT(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
        cursor.execute("SELECT pg_database_size(current_database())")
        counts["bytes"] = cursor.fetchone()[0]
    return counts
