"""Pieces of declarations in preparation as 19.0.1.0.0 listed them were read, not written by people.

Each was the number of a declared line with its day, the account stood last; what else stands there
a person wrote, and stays. What was printed then was so on the day on which its file was made.
"""

from odoo import SUPERUSER_ID, api
from odoo.tools import format_date

ACCOUNTS = {
    "Statement of account as of the judgement",
    "Statement of account as of the admission",
    "Relevé de compte au jour du jugement",
    "Relevé de compte au jour de la recevabilité",
}


def migrate(cr, version):
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    drafts = env["collection.insolvency.declaration"].search(
        [("state", "=", "draft"), ("listed_names", "=", False)]
    )
    for draft in drafts:
        draft.listed_names = "\n".join(_find_read(draft))
    printed = env["collection.insolvency.declaration"].search(
        [("state", "=", "draft"), ("document_id", "!=", False), ("printed_on", "=", False)]
    )
    for draft in printed:
        # Each printing makes a file of its own.
        draft.printed_on = draft.company_id._get_collection_day(draft.document_id.create_date)


def _find_read(draft):
    """Return the lines that the add-on has written, whatever the language was."""
    translated = draft.with_context(lang=draft._get_lang()).env
    bounds = [
        (f"{line.number} ", f" {format_date(translated, line.invoice_date)}")
        for line in draft.line_ids
    ]
    return [
        line
        for line in (draft.piece_names or "").splitlines()
        if line in ACCOUNTS
        or any(line.startswith(start) and line.endswith(end) for start, end in bounds)
    ]
