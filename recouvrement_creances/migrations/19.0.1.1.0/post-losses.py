"""What an ended insolvency has taken is a loss: no credit note of it, now or later."""

from odoo import SUPERUSER_ID, api

REASON = "recouvrement_creances.collection_reason_waiver_irrecoverable"


def migrate(cr, version):
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    reason = env.ref(REASON, raise_if_not_found=False)
    if not reason:
        return
    reason.is_loss = True
    waiting = env["collection.waiver"].search(
        [("reason_id", "=", reason.id), ("state", "in", ("requested", "approved", "met"))]
    )
    env.add_to_compute(waiting._fields["means"], waiting)
    env.flush_all()
