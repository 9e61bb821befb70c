import logging
import time

from odoo import api, fields, models, modules
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ...rules.transitions import RUN, next_state

_logger = logging.getLogger(__name__)

# From so many new items on, the refresh is committed before the decision writes on them.
COMMIT_FROM = 1000
# The scheduler leaves these alone; one that a person stopped is that person's to go on with.
OVER = ("done", "cancelled", "stopped")
# Written by the flow; people choose the company and the cases of a new run.
PROTECTED = {
    "action_ids",
    "case_count",
    "count_ids",
    "date",
    "decide_seconds",
    "error",
    "execute_seconds",
    "item_count",
    "origin",
    "refresh_seconds",
}


class CollectionRun(models.Model):
    """One pass over the ledger: what was found, what is proposed, what left, what failed."""

    _name = "collection.run"
    _description = "Collection run"
    _inherit = ["mail.thread", "collection.stateful", "collection.run.figures"]
    _order = "date desc, id desc"
    _transitions = RUN

    name = fields.Char(compute="_compute_name", store=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company._collection_today(),
        help="The day in the company's own time zone.",
    )
    origin = fields.Selection(
        selection=[("daily", "Daily run"), ("manual", "By hand")],
        required=True,
        readonly=True,
        default="manual",
    )
    state = fields.Selection(
        selection=[
            ("draft", "New"),
            ("proposed", "Proposal"),
            ("running", "Sending"),
            ("stopped", "Stopped"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="draft",
        tracking=True,
    )
    case_ids = fields.Many2many(
        "collection.case", string="Only these cases", help="Empty: the whole ledger."
    )
    action_ids = fields.One2many("collection.action", "run_id")
    count_ids = fields.One2many("collection.run.count", "run_id", readonly=True)

    # === COMPUTE === #

    @api.depends("date", "origin")
    def _compute_name(self):
        for run in self:
            run.name = f"{run.date}/{run._origin.id}" if run._origin.id else self.env._("New run")

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Make runs by hand; only the scheduled action makes the daily ones."""
        if self.env.su:
            return super().create(vals_list)
        by_hand, vals_list = self._drop_given(PROTECTED, vals_list)
        return super(CollectionRun, by_hand).create(vals_list).with_env(self.env)

    def write(self, vals):
        """Keep a run what it was made as, and its results what they were."""
        by_hand = not (self.env.su or self._through_door())
        if by_hand and (
            (PROTECTED | {"company_id"}) & vals.keys()
            or ("case_ids" in vals and any(run.state != "draft" for run in self))
        ):
            raise AccessError(
                self.env._("A run keeps its company, its cases and its results: make a new one.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if any(run.state not in ("draft", "cancelled") for run in self):
            raise UserError(self.env._("A run that has proposed something is kept as a record."))

    # === ACTIONS === #

    def action_propose(self):
        """Refresh, decide and propose; nothing leaves."""
        for run in self:
            run._propose()

    def action_send(self):
        """Agree to what is still ticked and carry it out."""
        self.ensure_one()
        if self.state in ("draft", "failed"):
            raise UserError(self.env._("Make the proposal first, then send it."))
        if self.state in ("done", "cancelled"):
            raise UserError(self.env._("This run is over: make a new one."))
        if self.state == "proposed":
            self.action_ids.filtered(
                lambda action: action.state == "proposed" and action.mode != "manual"
            )._apply_event("confirm")
        self._execute()

    def action_stop(self):
        """Stop sending: what is being handed over still leaves, nothing after it."""
        self._apply_event("stop")

    def action_cancel(self):
        """Turn the whole proposal down; the next run proposes anew."""
        for run in self:
            run.action_ids.filtered(
                lambda action: action.state in ("proposed", "confirmed")
            )._withdraw(self.env._("The run was cancelled."))
        self._apply_event("cancel")

    def action_open_actions(self):
        """Open the actions of the run."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "recouvrement_creances.collection_action_action"
        )
        return {**action, "domain": [("run_id", "=", self.id)], "context": {}}

    # === BUSINESS === #

    @api.model
    def _propose_for(self, cases):
        """Make the proposal of today for some cases of one company."""
        company = cases.company_id
        if len(company) != 1:
            raise UserError(self.env._("Choose cases of one company."))
        run = self.create({"company_id": company.id, "case_ids": [(6, 0, cases.ids)]})
        run._propose()
        return run

    def _propose(self):
        """Run the first three phases: refresh, decide, propose."""
        self.ensure_one()
        self._check_scope()
        self._bring_to_today()
        # In sudo mode to read the company's whole ledger; which cases is decided by the rules
        # of the person who made the run (case_ids), the daily run takes them all.
        run_sudo = self.sudo()
        run_sudo._lock_company()
        cases = self.case_ids or None
        started = time.monotonic()
        # Only what is decided below, else the other cases' verdicts tell what is over.
        self.env["collection.settlement"].sudo()._judge_due(self.company_id, self.date, cases)
        self.env["collection.hold"].sudo()._expire(self.company_id, self.date, cases)
        lines = run_sudo._refresh(cases)
        refreshed = time.monotonic()
        self.env["collection.decision"].sudo()._decide(
            self.company_id, self.date, cases, self.origin == "manual", lines
        )
        self.env["collection.proposal"].sudo()._propose(run_sudo, lines)
        self.env["collection.ranking"].sudo()._rank(self.company_id, self.date, cases, lines)
        run_sudo._count_verdicts(lines)
        run_sudo._apply_event(
            "propose",
            {
                "refresh_seconds": refreshed - started,
                "decide_seconds": time.monotonic() - refreshed,
                "error": False,
            },
        )
        _logger.info(
            "collection run=%s company=%s phase=propose items=%s cases=%s refresh=%.2f decide=%.2f",
            self.id,
            self.company_id.id,
            run_sudo.item_count,
            run_sudo.case_count,
            run_sudo.refresh_seconds,
            run_sudo.decide_seconds,
        )

    def _refresh(self, cases):
        """First phase; a large one is committed, as what it did stands on its own.

        PostgreSQL checks every key of a row again that is changed in the transaction that made it.

        :return: SQL, the open lines as the phases that follow read them (``collection.ledger``)
        """
        ledger, refresh = self.env["collection.ledger"], self.env["collection.refresh"]
        lines = ledger._read(self.company_id, cases)
        inserted = refresh._refresh(self.company_id, self.date, cases, lines)
        if inserted >= COMMIT_FROM:
            self.env["collection.executor"]._checkpoint()
            self._lock_company()
            lines = ledger._read(self.company_id, cases)
        return lines

    def _check_scope(self):
        """The whole ledger is for accountants; collectors propose for cases of their own."""
        if self.env.su or self.env.user.has_group("recouvrement_creances.group_accountant"):
            return
        if not self.case_ids or not self.case_ids.has_access("write"):
            raise AccessError(
                self.env._(
                    "You propose contacts for your own cases only: choose them in the worklist."
                )
            )

    def _bring_to_today(self):
        """Verdicts are always those of today; a daily run of the past stays what it was."""
        today = self.company_id._collection_today()
        if self.date == today:
            return
        if self.origin == "daily":
            raise UserError(
                self.env._(
                    "This is the run of %s: make a new one for today.",
                    format_date(self.env, self.date),
                )
            )
        # In sudo mode to write the day, which nobody chooses by hand.
        self.sudo().date = today

    @api.model
    def _try_lock_company(self, company):
        """Return whether this transaction is the only one that reads a company's ledger."""
        self.env.cr.execute(
            "SELECT pg_try_advisory_xact_lock(hashtext('collection.run'), %s)", [company.id]
        )
        return self.env.cr.fetchone()[0]

    def _lock_company(self):
        """Let one run at a time work on a company's ledger."""
        if not self._try_lock_company(self.company_id):
            raise UserError(
                self.env._(
                    "Another run is reading the ledger of %(company)s: try again in a minute.",
                    company=self.company_id.name,
                )
            )

    def _start(self):
        """Begin to send, within the company's limit for one run."""
        self._apply_event("start")
        # In sudo mode to put contacts back, which the flow alone does.
        self.env["collection.executor"].sudo()._defer_beyond_limit(self.sudo())

    def _execute(self):
        """Carry out the confirmed actions of the run, in chunks that survive a crash."""
        self.ensure_one()
        started = time.monotonic()
        if self.state in ("proposed", "stopped"):
            self._start()
        # In sudo mode to write evidence and mails, which nobody may write by hand.
        run_sudo = self.sudo()
        executor = run_sudo.env["collection.executor"]
        remaining = executor._execute_run(run_sudo)
        executor._end_run(run_sudo, remaining, time.monotonic() - started)
        _logger.info(
            "collection run=%s company=%s phase=execute state=%s sent=%s planned=%s failed=%s "
            "remaining=%s seconds=%.2f",
            *(self.id, self.company_id.id, self.state, self.sent_count, self.planned_count),
            *(self.failed_count, remaining, time.monotonic() - started),
        )
        return remaining

    # === CRON === #

    @api.model
    def _cron_run_daily(self):
        """Do the day's work of every company that has a confirmed policy."""
        companies = self._find_companies()
        checkpoint = self.env["collection.executor"]._checkpoint
        waiting = [company for company in companies if not self._find_finished(company)]
        checkpoint(remaining=len(waiting))
        self._ask_for_rates()
        for number, company in enumerate(waiting, start=1):
            try:
                self._run_company(company)
            except Exception as error:
                if not modules.module.current_test:
                    self.env.cr.rollback()
                _logger.exception("collection company=%s phase=daily failed", company.id)
                self._note_failure(company, error)
            # What is left of a long run goes on by itself (ir_cron_send_collection).
            if not checkpoint(1, remaining=len(waiting) - number):
                return

    @api.model
    def _find_companies(self):
        """Return the companies that have a confirmed policy, their own or a shared one."""
        companies = self.env["res.company"].search([("active", "=", True)])
        used = self.env["collection.policy"].search([("state", "=", "confirmed")])
        if used and all(policy.company_id for policy in used):
            return companies.filtered(lambda company: company.parent_ids & used.company_id)
        return companies if used else companies.browse()

    @api.model
    def _ask_for_rates(self):
        """Ask for rates that are missing; collecting does not wait for it."""
        try:
            self.env["collection.rate"]._ask_for_missing(fields.Date.today())
        except Exception:
            if not modules.module.current_test:
                self.env.cr.rollback()
            _logger.exception("collection phase=rates failed")

    def _run_company(self, company):
        """Go on with today's run of a company, or make it."""
        runs = self._for_company(company)
        # Somebody who writes on a case meanwhile must not cost the company its day.
        executor = self.env["collection.executor"]
        run = executor._repeat_on_conflict(lambda: runs._begin_day(company))
        if run:
            executor._execute_in_background(run)

    def _begin_day(self, company):
        """Return today's run, proposed and started; none while another process is at it."""
        if not self._try_lock_company(company):
            _logger.info("collection company=%s phase=daily: another process does it", company.id)
            return self.browse()
        run = self._find_unfinished(company) or self.create(
            {"company_id": company.id, "date": company._collection_today(), "origin": "daily"}
        )
        if run.state in ("draft", "failed"):
            run._propose()
            run._start()
            self.env["collection.executor"]._checkpoint()
        return run

    def _find_unfinished(self, company):
        """Return today's daily run of a company that can go on, or an empty record."""
        return self.search([*self._daily_domain(company), ("state", "not in", OVER)], limit=1)

    def _find_finished(self, company):
        """Return today's daily run of a company that is over, or an empty record."""
        return self.search([*self._daily_domain(company), ("state", "in", OVER)], limit=1)

    def _daily_domain(self, company):
        return [
            ("company_id", "=", company.id),
            ("date", "=", company._collection_today()),
            ("origin", "=", "daily"),
        ]

    def _note_failure(self, company, error):
        """Leave a run that says what went wrong, so that a person sees it in the list."""
        runs = self._for_company(company)
        run = runs._find_unfinished(company) or runs._find_finished(company)
        run = run or runs.create(
            {"company_id": company.id, "date": company._collection_today(), "origin": "daily"}
        )
        run._fail_with(error)

    def _fail_with(self, error):
        """Note why a run broke; it can be proposed again, unless it was over or stopped."""
        if next_state(self._transitions, self.state, "fail"):
            self._apply_event("fail", {"error": str(error)})
        elif self.state == "failed":
            self.error = str(error)

    # === HELPERS === #

    def _for_company(self, company):
        """Return the records in a company's name and language: the scheduler has neither."""
        return self.with_company(company).with_context(lang=company.partner_id.lang)

    def _get_form_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "collection.run",
            "res_id": self.id,
            "view_mode": "form",
        }
