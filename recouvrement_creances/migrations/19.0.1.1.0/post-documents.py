"""Documents of invoices of 19.0.1.0.0 were about the whole case: now each says of which it is.

Where the case, or the name of the document, points at one invoice, it is said here; the rest is
named by the checklist, and said by people.
"""

import re

from odoo import SUPERUSER_ID, api
from odoo.exceptions import ValidationError
from odoo.fields import Command


def migrate(cr, version):
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    documents = env["collection.legal.document"].search(
        [("kind", "=", "invoice"), ("item_ids", "=", False)], order="id"
    )
    for document in documents:
        items = _find_items(document)
        if items:
            _say(document, items)


def _find_items(document):
    """Return the items of the one invoice that a document names, else of the only one there is."""
    items = document.case_id.item_ids.filtered(lambda item: item.move_id.is_invoice())
    words = _split(f"{document.name} {document.file_name or ''}")
    named = items.move_id.filtered(lambda move: f" {_split(move.name).strip()} " in words)
    moves = named or items.move_id
    if len(moves) > 1 and not named:
        # A paid one needs no document any more.
        moves = items.filtered("is_open").move_id
    return items.filtered(lambda item: item.move_id == moves) if len(moves) == 1 else ()


def _split(text):
    """Return words between single spaces: names of files have other signs between the parts."""
    return f" {' '.join(re.split(r'[^0-9a-z]+', (text or '').lower())).strip()} "


def _say(document, items):
    try:
        with document.env.cr.savepoint():
            document.write({"item_ids": [Command.set(items.ids)]})
    except ValidationError:
        # The same file stands for another invoice already: people say what it is.
        document.invalidate_recordset()
