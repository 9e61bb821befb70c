"""What a court had dismissed was let go by 19.0.1.0.0, and reminded of again: it is held now.

Runs after the script that reads former refusals as dismissals. Whether a person had meant it to be
let go nobody knows: who finds that it is owed after all releases it.
"""

from odoo import SUPERUSER_ID, api

NEXT_TASK = "mail.mail_activity_data_todo"
# A later proceeding about the same in one of these says nothing of what was dismissed before it.
SAYS_NOTHING = ("draft", "withdrawn")


def migrate(cr, version):
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    ended = env["collection.proceeding"].search(
        [("state", "in", ("rejected", "closed")), ("credit_hold_id", "=", False)], order="id"
    )
    for proceeding in ended.filtered(lambda one: one._get_last_decision()._is_dismissal()):
        # Nobody is sent anything; tasks are in the language of the company.
        lang = proceeding.company_id.partner_id.lang
        _hold(proceeding.with_context(lang=lang, mail_activity_quick_update=True))


def _hold(proceeding):
    """Do what today's code does as a claim is dismissed, or its proceeding closed after it."""
    decision, items = proceeding._get_last_decision(), _find_let_go(proceeding)
    if not items:
        return
    if proceeding.state == "closed":
        proceeding._hold_for_credit(items)
        return
    proceeding._hold_items(decision.date)
    task = proceeding.env.ref(NEXT_TASK)
    if task not in proceeding.activity_ids.activity_type_id:
        proceeding._ask_what_next(decision.step_id)


def _find_let_go(proceeding):
    """Return what is open of it, but what another handover holds or a later court has had."""
    items = proceeding.case_id._filter_unheld(proceeding.item_ids)
    later = proceeding.search(
        [
            ("item_ids", "in", items.ids),
            ("id", ">", proceeding.id),
            ("state", "not in", SAYS_NOTHING),
        ]
    )
    return items - later.item_ids
