import secrets

from odoo import api, fields, models
from odoo.tools import SQL, format_date

TOKEN_PARAMETER = "recouvrement_creances.health_token"
# With a last run older than yesterday's, one was missed.
DAYS_UNTIL_LATE = 1
# An agreed contact that waits so long is stuck: the background sender comes every 15 minutes.
MINUTES_UNTIL_STUCK = 60


class CollectionHealth(models.AbstractModel):
    """Is the collection doing its daily work? For the settings page and for monitoring."""

    _name = "collection.health"
    _description = "Health of the collection"

    # === TOKEN === #

    @api.model
    def _get_token(self):
        """Return the token that monitoring programs send; empty while there is none."""
        # In sudo mode to read a parameter of the system.
        return self.env["ir.config_parameter"].sudo().get_param(TOKEN_PARAMETER) or ""

    @api.model
    def _renew_token(self):
        """Make a new token; the former one is refused from now on."""
        # In sudo mode to write a parameter of the system, after the caller's check of the right.
        self.env["ir.config_parameter"].sudo().set_param(TOKEN_PARAMETER, secrets.token_urlsafe(24))

    # === HEALTH === #

    @api.model
    def _get_health(self, companies=None):
        """Return the state of the daily work, ready for JSON.

        :param companies: the companies to look at; None for all that have a policy
        :return: dict with ``runs`` per company, ``queue``, ``crons`` and ``problems`` (codes)
        """
        companies = companies or self.env["collection.run"]._find_companies()
        runs = [self._describe_run(company) for company in companies]
        queue = self._describe_queue(companies)
        crons = self._describe_crons()
        problems = sorted(
            {problem for run in runs for problem in run["problems"]}
            | ({"stuck_queue"} if queue["oldest_minutes"] > MINUTES_UNTIL_STUCK else set())
            | {f"{name}_off" for name, cron in crons.items() if companies and not cron["active"]}
        )
        return {
            "status": "error" if problems else "ok",
            "problems": problems,
            "runs": runs,
            "queue": queue,
            "crons": crons,
        }

    def _describe_run(self, company):
        """Return what the last daily run of a company did, and what is wrong with it."""
        run = self.env["collection.run"].search(
            [("company_id", "=", company.id), ("origin", "=", "daily")],
            order="date desc, id desc",
            limit=1,
        )
        problems = []
        if run.state == "failed":
            problems.append("run_failed")
        expected = run.date or self._get_beginning(company)
        if expected and (company._collection_today() - expected).days > DAYS_UNTIL_LATE:
            problems.append("run_late")
        if company._is_gazette_late():
            problems.append("gazette_late")
        if company.collection_gazette_watch and company.collection_gazette_unread:
            problems.append("gazette_unread")
        if company.collection_letters_failed_on:
            problems.append("letters_failed")
        return {
            "company": company.name,
            "run": run.id,
            "date": str(run.date or ""),
            "state": run.state or "none",
            "seconds": round(run.refresh_seconds + run.decide_seconds + run.execute_seconds, 1),
            "sent": run.sent_count,
            "failed": run.failed_count,
            # Not its text, which may name a debtor: that stands on the run, behind access rights.
            "error": bool(run.error),
            "gazette": fields.Datetime.to_string(company.collection_gazette_success) or "",
            "problems": problems,
        }

    def _get_beginning(self, company):
        """Return the day since which a company that never had a daily run could have had one.

        Its first policy that was confirmed may be older than the company, when others share it.
        """
        policies = self.env["collection.policy"].search(
            [
                ("state", "=", "confirmed"),
                ("company_id", "in", [False, *company.parent_ids.ids]),
            ]
        )
        if not policies:
            return None
        # Policies that were confirmed before the moment was kept have their last change only.
        first = min(policy.confirmed_on or policy.write_date for policy in policies)
        return company._get_collection_day(max(company.create_date, first))

    def _describe_queue(self, companies):
        """Return how much waits to leave, and for how long the oldest of it has waited."""
        # Stands behind the access rights of who may ask: counts, and no record.
        self.env.flush_all()
        ((count, oldest, hour),) = self.env.execute_query(
            SQL(
                """
                SELECT COUNT(*) FILTER (WHERE %(is_due)s),
                       MIN(GREATEST(action.write_date, action.not_before))
                           FILTER (WHERE %(is_due)s),
                       COUNT(*) FILTER (WHERE NOT %(is_due)s)
                  FROM collection_action action
             LEFT JOIN collection_run run ON run.id = action.run_id
                 WHERE action.company_id IN %(companies)s
                   AND action.state IN ('confirmed', 'sending')
                   AND COALESCE(run.state, '') <> 'stopped'
                """,
                # What waits for its lawful hour is not late; what a person stopped waits for him.
                is_due=SQL(
                    "(action.not_before IS NULL OR action.not_before <= %s)", fields.Datetime.now()
                ),
                companies=tuple(companies.ids) or (0,),
            )
        )
        failed = self.env["collection.action"].search_count(
            [("company_id", "in", companies.ids), ("state", "in", ("failed", "ambiguous"))]
        )
        return {
            "waiting": count,
            "waiting_for_hour": hour,
            "oldest_minutes": self._get_age(oldest) if oldest else 0,
            "failed": failed,
        }

    def _describe_crons(self):
        """Return whether the scheduled actions are on, and when they come next."""
        crons = {
            "daily_run": self.env.ref("recouvrement_creances.ir_cron_run_collection"),
            "sender": self.env.ref("recouvrement_creances.ir_cron_send_collection"),
        }
        return {
            name: {
                "active": cron.active,
                "next": fields.Datetime.to_string(cron.nextcall),
                "last": fields.Datetime.to_string(cron.lastcall) or "",
            }
            for name, cron in crons.items()
        }

    def _get_age(self, moment):
        """Return the minutes since a moment."""
        return int((fields.Datetime.now() - moment).total_seconds() // 60)

    # === WORDS === #

    @api.model
    def _get_line(self, company):
        """Return the health of one company as a line of text."""
        health = self._get_health(company)
        (run,) = health["runs"]
        labels = {
            "run_failed": self.env._("the last run failed"),
            "run_late": self.env._("the daily run is late"),
            "gazette_late": self.env._("the official gazette does not answer"),
            "gazette_unread": self.env._("notices of the official gazette could not be read"),
            "stuck_queue": self.env._("contacts are waiting for too long"),
            "daily_run_off": self.env._("the daily run is switched off"),
            "sender_off": self.env._("the background sender is switched off"),
            "letters_failed": self.env._("electronic registered letters cannot be exchanged"),
        }
        problems = ", ".join(labels[problem] for problem in health["problems"])
        line = self.env._("No daily run yet.")
        if run["run"]:
            line = self._describe_last_run(run, health["queue"])
        if problems:
            line += " " + self.env._("To look at: %s.", problems)
        return line

    def _describe_last_run(self, run, queue):
        return self.env._(
            "Last run: %(date)s, %(seconds)s s, %(sent)s sent, %(failed)s failed; "
            "%(waiting)s waiting to leave, %(hour)s for their hour.",
            date=format_date(self.env, run["date"]),
            seconds=run["seconds"],
            sent=run["sent"],
            failed=run["failed"],
            waiting=queue["waiting"],
            hour=queue["waiting_for_hour"],
        )
