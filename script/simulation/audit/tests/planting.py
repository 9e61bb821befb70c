"""What faults are planted in: rows chosen by what is so, whatever day and hour it was made on."""

# The day of the demonstration. In the morning its run still waits for who lives further west.
TODAY = """
    (SELECT MAX(date) FROM collection_run
      WHERE origin = 'daily' AND state IN ('running', 'done', 'stopped'))
"""
# An e-mail of the day that could have told a higher level, one item that it told its level of, and
# its journal item.
MAIL = f"""
    (SELECT action.id FROM collection_action action
       JOIN collection_action_item told ON told.action_id = action.id
       JOIN collection_level own ON own.id = action.level_id
      WHERE action.channel = 'email' AND action.state = 'sent' AND action.step_id IS NOT NULL
        AND action.contact_date = {TODAY} AND told.level_id = action.level_id
        AND EXISTS (SELECT FROM collection_level level
                     WHERE level.policy_id = own.policy_id AND level.active
                       AND level.number > own.number)
   ORDER BY action.id LIMIT 1)
"""
TOLD = f"""
    (SELECT item_id FROM collection_action_item
      WHERE action_id = {MAIL} AND level_id IS NOT NULL ORDER BY item_id LIMIT 1)
"""
LINE = f"(SELECT move_line_id FROM collection_item WHERE id = {TOLD})"
# Evidence is kept from change by the database itself.
UNLOCK = "ALTER TABLE collection_evidence DISABLE TRIGGER USER"
UNLOCK_FILES = "ALTER TABLE collection_evidence_ir_attachment_rel DISABLE TRIGGER USER"
# What keeps an item from being asked for; the records of the demonstration are made to say so.
BLOCKS = {
    "a promise": (
        f"""UPDATE collection_promise SET state = 'pending', date_start = LEAST(date_start, {TODAY})
             WHERE id = (SELECT MIN(id) FROM collection_promise)""",
        """INSERT INTO collection_promise_item_rel (promise_id, item_id)
            SELECT MIN(id), {item} FROM collection_promise""",
    ),
    "a schedule": (
        """UPDATE collection_schedule SET state = 'running'
            WHERE id = (SELECT schedule_id FROM collection_schedule_item ORDER BY id LIMIT 1)""",
        """UPDATE collection_schedule_item SET item_id = {item}
            WHERE id = (SELECT MIN(id) FROM collection_schedule_item)""",
    ),
    "a dispute": (
        f"""UPDATE collection_dispute SET state = 'open', is_running = TRUE, opened_on = {TODAY}
             WHERE id = (SELECT dispute_id FROM collection_dispute_line ORDER BY id LIMIT 1)""",
        """UPDATE collection_dispute_line SET item_id = {item}, is_whole = TRUE
            WHERE id = (SELECT MIN(id) FROM collection_dispute_line)""",
    ),
    "a handover": (
        """UPDATE collection_handover SET state = 'accepted'
            WHERE id = (SELECT MIN(id) FROM collection_handover)""",
        """INSERT INTO collection_handover_item_rel (handover_id, item_id)
            SELECT MIN(id), {item} FROM collection_handover""",
    ),
    "an insolvency": (
        f"""UPDATE collection_insolvency SET state = 'open', kind = 'liquidation',
                   judgement_date = {TODAY}, publication_date = NULL,
                   partner_id = (SELECT debt.partner_id FROM collection_case debt
                                   JOIN collection_item item ON item.case_id = debt.id
                                  WHERE item.id = {{item}})
             WHERE id = (SELECT MIN(id) FROM collection_insolvency)""",
    ),
    "a pause": (
        f"""UPDATE collection_hold SET state = 'open', kind = 'manual', date_start = {TODAY},
                   date_end = {TODAY},
                   case_id = (SELECT case_id FROM collection_item WHERE id = {{item}})
             WHERE id = (SELECT MIN(id) FROM collection_hold hold WHERE NOT EXISTS (
                         SELECT FROM collection_hold_line WHERE hold_id = hold.id))""",
    ),
}


def block(what, item):
    """Return the statements that keep an item from being asked for.

    :param str item: its id, or a query of it
    """
    return [statement.format(item=item) for statement in BLOCKS[what]]
