"""Plans that other proceedings ended, and deadlines of steps that were taken back, bind nobody."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    ended = env["collection.insolvency"].search(
        [("state", "=", "open"), ("plan_date", "!=", False)]
    )
    ended.with_context(tracking_disable=True)._with_door().write({"plan_date": False})
    reasons = {}
    for model in ("collection.insolvency.event", "collection.proceeding.event"):
        # one query per model
        for entry in env[model].search([("undoes_id", "!=", False)]):
            step = entry.undoes_id
            for deadline in (*(step.opened_deadlines or []), *(step.ended_deadlines or [])):
                # An entry that takes back a step has its reason as its note.
                reasons[deadline] = entry.note or step._get_step_name()
    done = env["collection.deadline"].search([("id", "in", list(reasons)), ("state", "=", "done")])
    for deadline in done:
        deadline._take_back(reasons[deadline.id])
    env.flush_all()
