"""Schedules of charges alone held the whole case in 19.0.1.0.0: they hold their charges now."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    if not version:
        return
    # The next run decides the cases.
    env = api.Environment(cr, SUPERUSER_ID, {"collection_deciding": True})
    schedules = env["collection.schedule"].search(
        [("hold_id.state", "=", "open"), ("hold_id.line_ids", "=", False)]
    )
    for schedule in schedules:
        schedule._release_hold(schedule.name)
        schedule._hold_contacts(schedule.company_id._collection_today())
