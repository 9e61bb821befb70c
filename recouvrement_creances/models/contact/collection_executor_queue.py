from odoo import fields, models
from odoo.tools import SQL

# Actions per transaction: small enough to lose little, large enough to render in batch.
CHUNK = 100


class CollectionExecutorQueue(models.AbstractModel):
    """What the executor may take up next, and how two processes keep out of each other's way."""

    _name = "collection.executor.queue"
    _description = "Queue of the collection executor"

    # === BUSINESS === #

    def _claim_chunk(self, condition, tried=()):
        """Return the next confirmed actions that no process works on or has tried."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM collection_action
                 WHERE %s AND id NOT IN %s
              ORDER BY id LIMIT %s
                   FOR UPDATE SKIP LOCKED
                """,
                self._may_be_claimed(condition),
                tuple(tried) or (0,),
                CHUNK,
            )
        )
        return self.env["collection.action"].browse([row[0] for row in rows])

    def _may_be_claimed(self, condition):
        """Return the condition that an action is agreed to and its hour has come."""
        return SQL(
            "%s AND state = 'confirmed' "
            "AND (not_before IS NULL OR not_before <= %s OR override_reason_id IS NOT NULL)",
            condition,
            fields.Datetime.now(),
        )

    def _count_unfinished(self, run):
        """Count what still has to leave, also what another process is handing over.

        What waits for its lawful hour leaves by itself then: the run does not stay open for it.
        """
        return self.env["collection.action"].search_count(
            [
                ("run_id", "=", run.id),
                "|",
                ("state", "=", "sending"),
                "&",
                ("state", "=", "confirmed"),
                "|",
                ("not_before", "=", False),
                ("not_before", "<=", fields.Datetime.now()),
            ]
        )

    def _keep_free_debtors(self, actions):
        """Return the actions whose debtors no other process writes to, and keep others off them.

        A lock alone would let a process go on with what it read before another one's contacts
        were committed: a change of the row makes it begin again.
        """
        free = actions.case_id.try_lock_for_update(allow_referencing=True)
        if free:
            self.env.cr.execute(
                SQL(
                    "UPDATE collection_case SET write_date = write_date WHERE id IN %s",
                    tuple(free.ids),
                )
            )
        return actions.filtered(lambda action: action.case_id in free)
