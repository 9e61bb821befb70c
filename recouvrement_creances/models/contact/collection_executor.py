import logging
import time

from odoo import api, fields, models, modules
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# Actions per transaction: small enough to lose little, large enough to render in batch.
CHUNK = 50
# A person who presses "Send" waits so long at most; the rest leaves in the background.
SECONDS_FOR_A_PERSON = 40
# A claim older than this belongs to a process that has died.
CLAIM_MINUTES = 15


class CollectionExecutor(models.AbstractModel):
    """Last phase of the flow: confirmed actions are carried out, channel by channel.

    Chunks are claimed with SKIP LOCKED and committed one by one: two processes share the work,
    and one that is killed leaves nothing half done. A failure stays with its debtor.
    """

    _name = "collection.executor"
    _description = "Collection executor"

    # === BUSINESS === #

    @api.model
    def _execute_run(self, run):
        """Carry out a run's confirmed actions while there is time; return how many are left."""
        deadline = time.monotonic() + SECONDS_FOR_A_PERSON
        self._settle_lost_claims(run.company_id)
        while actions := self._claim_chunk(run):
            self._execute_actions(actions, run.date)
            remaining = self._count_confirmed(run)
            in_cron = bool(self.env.context.get("ir_cron_progress_id"))
            seconds_left = self._checkpoint(len(actions), remaining)
            if not seconds_left or (not in_cron and time.monotonic() > deadline):
                if remaining:
                    # In sudo mode to wake the background sender.
                    self.env.ref("recouvrement_creances.ir_cron_send_collection").sudo()._trigger()
                return remaining
        return 0

    @api.model
    def _execute_actions(self, actions, as_of=None):
        """Carry out confirmed actions now; each failure is noted on its own action."""
        as_of = as_of or fields.Date.context_today(self)
        actions = actions.with_env(self.env)
        cases = actions.case_id
        guard = self.env["collection.guard"]
        actions = guard._defer_blocked(guard._withdraw_settled(actions, as_of), as_of)
        # The days overdue that a debtor is told are those of today, not of the proposal's day.
        actions.date_planned = as_of
        handed = {}
        for channel, selected in self._resolve_recipients(actions).items():
            service = self.env[f"collection.channel.{channel}"]
            prepared = self._prepare_safely(service, selected, as_of)
            if prepared:
                handed[service] = prepared
        self._checkpoint()
        for service, prepared in handed.items():
            service._hand_over(prepared, as_of)
        # What has left counts at once: nobody reads "is reminded of by the next run" until then.
        for company, decided in cases.grouped("company_id").items():
            self.env["collection.decision"]._decide(company, as_of, decided, with_drafts=True)

    def _claim_chunk(self, run):
        """Return the next confirmed actions of a run that no other process works on."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM collection_action
                 WHERE run_id = %s AND state = 'confirmed'
              ORDER BY id LIMIT %s
                   FOR UPDATE SKIP LOCKED
                """,
                run.id,
                CHUNK,
            )
        )
        return self.env["collection.action"].browse([row[0] for row in rows])

    def _count_confirmed(self, run):
        return self.env["collection.action"].search_count(
            [("run_id", "=", run.id), ("state", "=", "confirmed")]
        )

    def _resolve_recipients(self, actions):
        """Find each recipient, falling back to the step's other channel.

        :return: {channel: actions that have a recipient}; the others fail and ask a person to
            find the debtor
        """
        base = self.env["collection.channel"]
        found, missing = base._find_recipients(actions)
        for action, problem in missing.items():
            action._fail(problem)
            base._ask_for_address(action, problem)
            self.env["collection.evidence"]._note(action, "failed", {"reason": problem})
        return found

    def _prepare_safely(self, service, actions, as_of):
        """Prepare a batch; when something in it breaks, one debtor at a time."""
        try:
            with self.env.cr.savepoint():
                return service._prepare(actions, as_of)
        except Exception:
            self.env.invalidate_all()
            _logger.info("collection: batch of %s prepared one by one", len(actions))
        prepared = self.env["collection.action"]
        for action in actions:
            try:
                with self.env.cr.savepoint():
                    prepared |= service._prepare(action, as_of)
            except Exception as error:
                self.env.invalidate_all()
                _logger.info("collection action %s failed", action.id, exc_info=True)
                action._fail(str(error))
        return prepared

    def _settle_lost_claims(self, company):
        """Find out what became of claims whose process has died."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM collection_action
                 WHERE company_id = %s AND state = 'sending' AND claimed_at < %s
                   FOR UPDATE SKIP LOCKED
                """,
                company.id,
                fields.Datetime.subtract(fields.Datetime.now(), minutes=CLAIM_MINUTES),
            )
        )
        lost = self.env["collection.action"].browse([row[0] for row in rows])
        for channel, actions in lost.grouped("channel").items():
            self.env[f"collection.channel.{channel}"]._settle(
                actions, fields.Date.context_today(self), interrupted=True
            )

    @api.model
    def _checkpoint(self, processed=0, remaining=None):
        """Commit what is done; return the seconds that the scheduler still gives.

        Inside a test's own transaction nothing is committed, as Odoo's mail queue does.
        """
        if modules.module.current_test:
            self.env.flush_all()
            return float("inf")
        if remaining is None:
            return self.env["ir.cron"]._commit_progress(processed)
        return self.env["ir.cron"]._commit_progress(processed, remaining=remaining)

    # === CRON === #

    @api.model
    def _cron_send(self):
        """Go on with runs that were interrupted or that a person left to the background."""
        runs = self.env["collection.run"].search([("state", "=", "running")], order="id")
        for run in runs:
            if run._for_company(run.company_id)._execute():
                return
