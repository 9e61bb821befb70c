"""Late-payment interest and fixed indemnities of every item of the ledger, in one call."""

import sys
from datetime import date

from ..measure import Recorder


def run(env, parameters):
    """Compute what every debtor owes for late payment today; nothing is claimed."""
    today = date.fromisoformat(parameters["today"])
    recorder = Recorder("ours")
    items = env["collection.item"].search([])
    with recorder.measure(env, f"charges of {len(items):,} items") as figures:
        charged = env["collection.interest"]._compute_items(items, today)
        figures["rows"] = len(charged)
        figures["claimable"] = sum(
            bool(entry.charges and entry.charges.is_claimable) for entry in charged.values()
        )
    if not figures["claimable"]:
        sys.exit("No item bears charges: nothing was measured")
    return recorder.rows
