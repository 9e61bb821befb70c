import logging
import time

from psycopg2 import OperationalError

from odoo import api, fields, models, modules
from odoo.exceptions import UserError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# A person who presses "Send" waits so long at most; the rest leaves in the background.
SECONDS_FOR_A_PERSON = 40
# What another transaction got in the way of is begun again so often.
MAXIMUM_ATTEMPTS = 5
# Longer causes of a failure are cut: they stand in a list.
LONGEST_REASON = 300


class CollectionExecutor(models.AbstractModel):
    """Last phase of the flow: confirmed actions are carried out, channel by channel.

    Chunks are claimed with SKIP LOCKED and committed one by one: two processes share the work,
    and one that is killed leaves nothing half done. A failure stays with its debtor.
    """

    _name = "collection.executor"
    _description = "Collection executor"
    _inherit = ["collection.executor.queue"]

    # === BUSINESS === #

    @api.model
    def _execute_run(self, run):
        """Carry out a run's confirmed actions while there is time; return how many are left."""
        self._commit()  # what was begun is not taken back with what begins again
        self._repeat_on_conflict(lambda: self._settle_company(run.company_id))
        self._commit()
        self._execute_claims(SQL("run_id = %s", run.id), run)
        remaining = self._count_unfinished(run)
        if remaining:
            self._wake_sender()
        return remaining

    @api.model
    def _execute_by_hand(self, actions):
        """Carry out a selection that a person agreed to; what takes long leaves afterwards.

        :return: a notification when something is left to the background, else nothing
        """
        if not actions:
            return None
        self._checkpoint()
        self._execute_claims(SQL("id IN %s", tuple(actions.ids)))
        left = actions.filtered(lambda action: action.state == "confirmed")
        waiting = left.filtered("not_before")
        messages = []
        if left - waiting:
            self._wake_sender()
            messages.append(
                self.env._(
                    "%s contacts are still to leave: they do so in the background.",
                    len(left - waiting),
                )
            )
        if waiting:
            first = waiting.sorted("not_before")[0]
            messages.append(
                self.env._(
                    "%(count)s contacts wait for their hour. %(reason)s",
                    count=len(waiting),
                    reason=self.env["collection.guard"]._describe_wait(first),
                )
            )
        return self._notify("\n".join(messages)) if messages else None

    def _notify(self, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _execute_claims(self, condition, run=None):
        """Carry out confirmed actions, chunk by chunk, while there is time.

        :param SQL condition: which of the confirmed actions
        :param run: the run that a person may stop between two chunks
        :return: the ids of those that it tried
        """
        in_cron = bool(self.env.context.get("ir_cron_progress_id"))
        deadline = time.monotonic() + SECONDS_FOR_A_PERSON
        if in_cron:
            deadline = self.env.context.get("cron_end_time", float("inf"))
        tried, left = set(), 0

        def claim():
            return self._claim_chunk(condition, tried)

        # Another process may have taken some of them up since this one began to look.
        while not self._is_stopped(run) and (claimed := self._repeat_on_conflict(claim)):
            tried.update(claimed.ids)
            kept_back = 0
            for (company, _is_daily), actions in claimed.grouped(
                lambda action: (action.company_id, action.run_id.origin == "daily")
            ).items():
                kept_back += self._execute_chunk(actions, company)
            left += kept_back
            number = run.id if run else "-"
            _logger.info("collection run=%s phase=chunk actions=%s", number, len(tried))
            # What left counts for the scheduler: it gives up jobs that never get anything done.
            self._checkpoint(len(claimed) - kept_back)
            if time.monotonic() > deadline:
                break
        if left:
            self._wake_sender()
        return tried

    def _is_stopped(self, run):
        """Read what a person may have written since the last chunk was committed."""
        if not run:
            return False
        run.invalidate_recordset(["state"])
        return run.state == "stopped"

    @api.model
    def _defer_beyond_limit(self, run):
        """Put contacts beyond the company's limit back; the most urgent cases come first."""
        limit = run.company_id.collection_run_limit
        if not limit:
            return
        handled = run.sent_count + run.planned_count + run.failed_count
        waiting = run.action_ids.filtered(
            lambda action: action.state == "confirmed" and not action.not_before
        ).sorted(lambda action: (-action.case_id.priority, action.id))
        waiting[max(limit - handled, 0) :]._apply_event(
            "defer",
            {"failure_reason": self.env._("The run's limit is reached: the next one takes it.")},
        )

    def _wake_sender(self):
        # In sudo mode to wake the background sender.
        self.env.ref("recouvrement_creances.ir_cron_send_collection").sudo()._trigger()

    def _execute_chunk(self, actions, company):
        """Carry a chunk out, again from the start when another transaction got in its way.

        Nothing has left before the chunk's preparation is committed, so beginning again is safe.
        What is decided after it has a transaction of its own: once more, nothing is left to send.

        :return: how many wait as another process writes to their debtors
        """
        touched = set()

        def execute():
            # A commit of the chunk's former group has given the locks back.
            waiting = actions.try_lock_for_update().filtered(
                lambda action: action.state == "confirmed"
            )
            # Two processes that write to one debtor would not see each other's contacts: what
            # another one's debtor is to get leaves afterwards.
            ready = self._keep_free_debtors(waiting)
            touched.update(ready.case_id.ids)
            # Not the run's date: the wait for the next level counts from the real sending.
            self._execute_actions(ready, company._collection_today(), fields.Datetime.now())
            return len(waiting - ready)

        def decide():
            # What has left counts at once: else it is "reminded of by the next run" until that.
            cases = self.env["collection.case"].browse(touched)
            self.env["collection.decision"]._decide(company, company._collection_today(), cases)
            self._commit()

        kept_back = self._repeat_on_conflict(execute)
        if touched:
            self._commit()
            self._repeat_on_conflict(decide)
        return kept_back

    @api.model
    def _end_run(self, run, remaining, seconds):
        """Note how long a run took, and that it is over when nothing is left of it.

        Two processes may end one run at once, or a person stops it: it did not fail for that.
        """

        def end():
            run.invalidate_recordset(["state", "execute_seconds"])
            run.execute_seconds += seconds
            if not remaining and run.state == "running":
                run._apply_event("finish")
            self._commit()

        self._commit()  # what came before is not taken back with it
        self._repeat_on_conflict(end)

    @api.model
    def _repeat_on_conflict(self, work):
        """Do something again from the start when another transaction got in its way.

        :return: what the work returns
        """
        for attempt in range(MAXIMUM_ATTEMPTS):
            try:
                return work()
            except OperationalError:
                if modules.module.current_test or attempt == MAXIMUM_ATTEMPTS - 1:
                    raise
                self.env.cr.rollback()

    @api.model
    def _execute_actions(self, actions, as_of, moment):
        """Carry out confirmed actions now; each failure is noted on its own action.

        :param date as_of: today, where the company is
        :param datetime moment: now (UTC), for the rules of contact times
        """
        actions = actions.with_env(self.env)
        guard = self.env["collection.guard"]
        # A run by hand may try a policy out before it is confirmed; the daily one may not.
        with_drafts = "daily" not in actions.run_id.mapped("origin")
        actions = guard._withdraw_settled(actions, as_of, with_drafts)
        planned_channels = {action: action.channel for action in actions}
        # By the channel that it really takes: the step's other one has rules of its own.
        resolved = actions.browse().union(*self._resolve_recipients(actions).values())
        actions = guard._defer_blocked(guard._hand_to_senior(resolved, as_of), moment)
        self._release_recipients(resolved - actions, planned_channels)
        # The days overdue that a debtor is told are those of today, not of the proposal's day.
        actions.date_planned = as_of
        handed = {}
        for channel, selected in actions.grouped("channel").items():
            service = self.env[f"collection.channel.{channel}"]
            prepared = self._prepare_safely(service, selected, as_of)
            if prepared:
                handed[service] = prepared
        self._checkpoint()
        for service, prepared in handed.items():
            service._hand_over(prepared, as_of)

    def _resolve_recipients(self, actions):
        """Find each recipient, falling back to the step's other channel.

        :return: {channel: actions that the guard is asked about}; the others fail and ask a
            person to find the debtor
        """
        base = self.env["collection.channel"]
        found, missing = base._find_recipients(actions)
        for action, problem in missing.items():
            action._fail(problem)
        base._ask_for_address(missing)
        self.env["collection.evidence"]._note(
            self.env["collection.action"].union(*missing),
            "failed",
            lambda action: {"reason": missing[action]},
        )
        return found.grouped("channel")

    def _release_recipients(self, actions, planned_channels):
        """Let what does not leave yet look again for its first channel and its recipient."""
        for action in actions:
            if action.state in ("proposed", "confirmed"):
                channel = planned_channels[action]
                action.write({"channel": channel, "partner_id": False, "recipient": False})

    def _prepare_safely(self, service, actions, as_of):
        """Prepare a batch; when something in it breaks, halve it until the debtor is found."""
        if not actions:
            return actions
        try:
            with self.env.cr.savepoint():
                return service._prepare(actions, as_of)
        except OperationalError:
            raise
        except Exception as error:
            self.env.invalidate_all()
            if len(actions) == 1:
                _logger.info("collection action %s failed", actions.id, exc_info=True)
                reason = self._explain(error)
                actions._fail(reason)
                self.env["collection.evidence"]._note(actions, "failed", {"reason": reason})
                return actions.browse()
        middle = len(actions) // 2
        first = self._prepare_safely(service, actions[:middle], as_of)
        return first | self._prepare_safely(service, actions[middle:], as_of)

    @staticmethod
    def _explain(error):
        """Return what a person can do something with: the cause, not the way there."""
        if isinstance(error, UserError):
            return str(error)
        while error.__cause__ or error.__context__:
            error = error.__cause__ or error.__context__
        text = " ".join(str(error).split())[:LONGEST_REASON]
        return f"{type(error).__name__}: {text}"

    @api.model
    def _checkpoint(self, processed=0, remaining=None):
        """Commit what is done; return the seconds that the scheduler still gives.

        :param int processed: what was done since the last one
        :param int remaining: what the scheduled action itself, which alone knows what it counts,
            has before it; None keeps its last word

        Inside a test's own transaction nothing is committed, as Odoo's mail queue does.
        """
        if modules.module.current_test:
            self.env.flush_all()
            return float("inf")
        if remaining is None:
            # In sudo mode to read how far the scheduled action said it was.
            progress_sudo = self.env["ir.cron.progress"].sudo()
            remaining = progress_sudo.browse(self.env.context.get("ir_cron_progress_id")).remaining
        return self.env["ir.cron"]._commit_progress(processed, remaining=remaining)

    @api.model
    def _commit(self):
        """Commit what is done and leave the scheduler alone: cheap enough for each message."""
        if modules.module.current_test:
            self.env.flush_all()
        else:
            self.env["ir.cron"].with_context(ir_cron_progress_id=None)._commit_progress()

    # === CRON === #

    @api.model
    def _cron_send(self):
        """Go on with runs that were interrupted or that a person left to the background."""
        lost = self.env["collection.action"].search([("state", "=", "sending")])
        for company in lost.company_id:
            self._settle_company(company)
        runs = self.env["collection.run"].search([("state", "=", "running")], order="id")
        for run in runs:
            try:
                self._execute_in_background(run._for_company(run.company_id))
                self._checkpoint()
            except Exception as error:
                if not modules.module.current_test:
                    self.env.cr.rollback()
                _logger.exception("collection run=%s phase=execute failed", run.id)
                run._fail_with(error)
                self._checkpoint()
        self._execute_left_behind()

    @api.model
    def _execute_in_background(self, run):
        """Carry a run out; where another process gets in its way too often, it goes on later."""
        try:
            run._execute()
        except OperationalError:
            if not modules.module.current_test:
                self.env.cr.rollback()
            _logger.info("collection run=%s phase=execute: another process is at it", run.id)
            self._wake_sender()

    def _settle_company(self, company):
        """Settle what a dead process left; a claim that breaks stops nobody else's contacts."""
        try:
            with self.env.cr.savepoint():
                self.env["collection.claim"]._settle_lost_claims(company)
        except OperationalError:
            raise
        except Exception:
            self.env.invalidate_all()
            _logger.exception("collection company=%s phase=settle failed", company.id)

    def _execute_left_behind(self):
        """Carry out what people agreed to one by one, when it took longer than they could wait.

        What a broken or stopped run had to send is for the next daily run, which looks at its
        policy again.
        """
        condition = SQL(
            "(run_id IS NULL OR run_id IN (SELECT id FROM collection_run "
            "WHERE state NOT IN ('running', 'failed', 'stopped')))"
        )
        try:
            self._wake_for_the_rest(condition, self._execute_claims(condition))
        except Exception:
            if not modules.module.current_test:
                self.env.cr.rollback()
            _logger.exception("collection run=- phase=execute failed")

    def _wake_for_the_rest(self, condition, tried):
        """Go on at once with what the scheduler's time did not suffice for.

        Unless nothing of what was tried got any further: that would go round for ever.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL("SELECT id FROM collection_action WHERE %s", self._may_be_claimed(condition))
        )
        left = {row[0] for row in rows}
        if left and tried - left:
            self._wake_sender()
            self._checkpoint()
