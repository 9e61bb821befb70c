from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ...rules.insolvency import COMPANY, KINDS, LATER_OF_LIQUIDATION, RUNNING, STAY_OF_CONSUMER
from ...rules.transitions import ACTION_WAITING
from .insolvency_labels import STAYING, STAYING_KINDS

HELD_REASON = "recouvrement_creances.collection_reason_hold_insolvency"
TASK = "recouvrement_creances.mail_activity_type_task"
# A hold is looked at again after this.
REVIEW_MONTHS = 6
# Schedules that somebody still means to keep.
AGREED_ON = ("draft", "to_approve", "proposed", "signed", "running", "late")
OVERINDEBTED = "overindebtedness"
GOODS = "insolvency.goods"
DECLARATION = "insolvency.declaration"
RELIEF = "insolvency.relief"


class CollectionInsolvencyEffects(models.AbstractModel):
    """What follows from proceedings: holds, planned contacts, deadlines, the rest of the group."""

    _name = "collection.insolvency.effects"
    _description = "Effects of insolvency proceedings"

    # === BUSINESS - CASES === #

    def _find_cases(self):
        """Give records their debtor's case, the open one first; a debtor may have none yet."""
        # In sudo mode to link what people do not choose, also of a colleague's case.
        for record_sudo in self.sudo():
            # one query per record: people record one at a time
            record_sudo._with_door().case_id = record_sudo.env["collection.case"].search(
                [
                    ("partner_id", "=", record_sudo.partner_id.id),
                    ("company_id", "=", record_sudo.company_id.id),
                ],
                order="is_open desc, id desc",
                limit=1,
            )

    def _check_may_record(self):
        """Let those record proceedings who may work on the debtor's case."""
        for record in self.filtered("case_id"):
            if not record.case_id.has_access("write"):
                raise AccessError(
                    self.env._(
                        "%s is followed by somebody else: tell its collector, or a manager.",
                        record.case_id.sudo().display_name,
                    )
                )

    @api.model
    def _follow_new_cases(self, company, as_of):
        """Let proceedings take effect on cases that were opened after them, or opened again."""
        if not self._are_any_running():
            return
        # In sudo mode as the run's other phases, whoever refreshes a case.
        records = self.sudo().search([("company_id", "=", company.id), ("state", "in", RUNNING)])
        homeless = records.filtered(lambda record: not record.case_id)
        homeless._find_cases()
        homeless.filtered("case_id")._take_effect(as_of)
        for record in records.filtered(lambda record: record.case_id.is_open) - homeless:
            record._move_case()

    # === BUSINESS - AT ONCE === #

    def _take_effect(self, as_of=None):
        """Do what the facts say: open, hold, cancel contacts, count deadlines.

        :param date as_of: the day of the run; today when a person records or corrects
        """
        today = as_of or fields.Date.context_today(self)
        # In sudo mode to write what the flow alone writes, after the check of the caller.
        for record_sudo in self.sudo():
            if record_sudo.state == "filed" and record_sudo.judgement_date:
                record_sudo._apply_event("admit")
            if record_sudo.state not in STAYING:
                continue
            stays = KINDS[record_sudo.kind].stays
            if stays:
                record_sudo._end_conciliation()
            # Without its day, which older versions let people take away, it holds nothing.
            if not (record_sudo.case_id and record_sudo.judgement_date):
                continue
            if stays:
                record_sudo._hold_earlier(today)
            record_sudo._count_deadlines()

    def _check_kind(self, kind):
        """Refuse to write proceedings over a conciliation, or the other way round.

        Its record says what was confidential, and until when: what opens later has another one.
        """
        changed = self.filtered(
            lambda record: (
                kind in KINDS
                and record.state in STAYING
                and KINDS[record.kind].stays != KINDS[kind].stays
            )
        )
        if changed:
            raise UserError(
                self.env._(
                    "A conciliation and the proceedings that follow it are recorded apart: record "
                    "the opening on the case, it ends the conciliation."
                )
            )

    def _end_conciliation(self):
        """End the conciliation of the debtor that still runs (C. com. L611-12). In sudo mode."""
        self.ensure_one()
        running = self.search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("kind", "not in", STAYING_KINDS),
                ("state", "in", RUNNING),
            ]
        )
        values = {"closing_ground": "followed", "closed_on": self.judgement_date}
        for conciliation in running:
            conciliation._end("close", values, False, self.display_name)

    def _hold_earlier(self, today):
        """Hold the debts that arose before the opening, and withdraw what would demand them."""
        self.ensure_one()
        running = self.hold_ids.filtered(lambda hold: hold.state == "open")
        dates = {"date_start": self.judgement_date, "arose_before": self.judgement_date}
        if not running:
            self.env["collection.hold"].create(
                {
                    **dates,
                    "case_id": self.case_id.id,
                    "kind": "insolvency",
                    "insolvency_id": self.id,
                    "reason_id": self.env.ref(HELD_REASON).id,
                    "review_date": fields.Date.add(today, months=REVIEW_MONTHS),
                    "note": self.display_name,
                }
            )
            self.case_id.handover_ids._tell_insolvency(self)
            self.case_id.proceeding_ids._stay(self)
            self._resume_deliveries()
        elif running.arose_before != self.judgement_date:
            running.write(dates)
        self._move_case()
        self._end_agreements()
        self._withdraw_contacts()

    def _resume_deliveries(self):
        """Take back what stopped deliveries for earlier debts (C. com. L622-13); ask a manager.

        Running contracts go on despite them. Whether new orders wait for cash is decided anew.
        """
        # In sudo mode to read and write what only managers choose: the law has decided.
        owner_sudo = self.partner_id.sudo().with_company(self.company_id)
        reason = owner_sudo.collection_stop_reason
        if not reason or KINDS[self.kind].family != COMPANY:
            return
        owner_sudo.collection_stop_reason = False
        owner_sudo._message_log(
            body=self.env._(
                "Credit: deliveries go on after the opening; stopped before: %s", reason
            )
        )
        manager = self.env["res.users"]._find_collection_manager(self.company_id)
        user = manager or self._get_deadline_user()
        self._give_task(
            user,
            lambda env: env._(
                "Deliveries go on: running contracts bind despite earlier debts (C. com. L622-13). "
                "Decide whether new orders are paid in advance. Stopped before: %s",
                reason,
            ),
        )

    def _give_task(self, user, say):
        """Give somebody a task on the case, in his language; without anybody it is only noted.

        :param say: returns the words, from an environment
        """
        case_sudo = self.sudo().case_id
        if not (user and case_sudo):
            self.sudo().message_post(body=say(self.env))
            return
        localised = case_sudo.with_context(
            lang=user.lang or self.env.lang, mail_activity_quick_update=True
        )
        localised.activity_schedule(TASK, summary=say(localised.env), user_id=user.id)

    def _end_agreements(self):
        """End promises and schedules about earlier debts: nobody may keep them (L622-7)."""
        note = self.env._("Insolvency proceedings were recorded.")
        earlier = self._find_earlier()
        self.case_id.promise_ids.filtered(
            lambda promise: promise.state == "pending" and promise.item_ids & earlier
        )._withdraw(note)
        self.case_id.schedule_ids.filtered(
            lambda schedule: (
                schedule.state in AGREED_ON and schedule.item_line_ids.item_id & earlier
            )
        )._cancel(note)

    def _withdraw_contacts(self):
        """Cancel what was planned about earlier debts; later ones are proposed anew."""
        waiting = self.case_id.action_ids.filtered(lambda action: action.state in ACTION_WAITING)
        held = waiting.filtered(
            lambda action: (
                not action.line_ids or "insolvency" in action.line_ids.item_id.mapped("verdict")
            )
        )
        held._withdraw(self.env._("Insolvency proceedings were recorded."))

    def _move_case(self):
        """Let the open case stand at the stage of insolvency."""
        stage = self.env["collection.stage"]._first_of_kind("insolvency")
        if not self.judgement_date or not KINDS[self.kind].stays:
            return
        if stage and self.case_id.is_open and self.case_id.stage_kind != "insolvency":
            self.case_id.stage_id = stage

    # === BUSINESS - DEADLINES === #

    def _count_deadlines(self):
        """Open the deadlines that count from what opens it; move those whose day was wrong."""
        self.ensure_one()
        days = self._get_deadline_days()
        for code, day in days.items():
            own = self.deadline_ids.filtered(lambda deadline, code=code: deadline.rule_code == code)
            wrong = self._find_wrong(own, code, day)
            wrong._drop(self._say_corrected(day, wrong))
            # The index of what runs sees it before the next deadline of the same day.
            wrong.flush_recordset(["state"])
            # Whose time has passed, or that were acted on, are not opened again.
            if day and not (own - wrong).filtered(lambda deadline: deadline.state != "dropped"):
                self._open_deadlines([code], day)
        if not self.retains_title:
            self._drop_deadlines(self.env._("No goods under retention of title."), codes=(GOODS,))
        for code, kind in ((LATER_OF_LIQUIDATION, "liquidation"), (STAY_OF_CONSUMER, OVERINDEBTED)):
            if self.kind != kind:
                self._drop_deadlines(self.env._("It is of another kind."), codes=(code,))

    def _get_deadline_days(self):
        """Return {code: the day it counts from} of the publication and of the opening."""
        procedure = KINDS[self.kind]
        days = dict.fromkeys(procedure.publication, self.publication_date)
        if "measures" not in self._get_effective_events().mapped("code"):
            # Measures end the stay, and it does not come back when they fail.
            days |= dict.fromkeys(procedure.opening, self.judgement_date)
        if self._is_converted():
            # Counts from the publication of the conversion: its step opens it.
            days.pop(LATER_OF_LIQUIDATION, None)
        if DECLARATION in days:
            days[DECLARATION] = self._get_declaration_day()
            if self.retains_title:
                days[GOODS] = self.publication_date
            if self.declaration_ids.filtered(lambda one: one.state == "sent" and not one.is_late):
                # Who has declared in time needs no relief.
                days.pop(RELIEF)
        return days

    def _get_declaration_day(self):
        """Return the day from which the time to declare counts (C. com. L622-24).

        A letter of the representative gives more time to those alone whose security or contract is
        published; for all others it changes nothing, unless it comes before the publication.
        """
        if (self.security or "").strip():
            return self.notified_on or self.publication_date
        return min(filter(None, (self.notified_on, self.publication_date)), default=False)

    def _find_wrong(self, deadlines, code, day):
        """Return those that the facts have overtaken: they count from another day, or otherwise.

        What was acted on stands; what passed counts for nothing if its day was wrong.
        """
        standing = deadlines.filtered(lambda one: one.state not in ("done", "dropped"))
        if not (standing and day):
            return standing
        last_day = standing._prepare(self, code, day, None)["legal_date"]
        return standing.filtered(lambda one: (one.event_date, one.legal_date) != (day, last_day))

    def _say_corrected(self, day, deadlines):
        if not day:
            return self.env._("The publication was taken back.")
        if day in deadlines.mapped("event_date"):
            return self.env._("Its last day is another one by now.")
        return self.env._("Counts from %s instead.", format_date(self.env, day))

    # === BUSINESS - GROUP === #

    def _share_with_group(self):
        """Record the same proceedings in the other companies that share them."""
        # In sudo mode to reach companies of the group that the person does not work in: what the
        # law stops there does not depend on who read the gazette.
        shared_sudo = self.sudo().filtered(
            lambda record: (
                not record.origin_id
                # What stops nobody is confidential: the group does not learn of it (L611-15).
                and KINDS[record.kind].stays
                and record.company_id.collection_shares_insolvency
                and not record.partner_id.company_id
            )
        )
        if not shared_sudo:
            return
        companies_sudo = (
            self.env["res.company"].sudo().search([("collection_shares_insolvency", "=", True)])
        )
        running = dict(
            shared_sudo._read_group(
                [
                    ("partner_id", "in", shared_sudo.partner_id.ids),
                    ("state", "in", RUNNING),
                    ("kind", "in", STAYING_KINDS),
                ],
                ["partner_id"],
                ["company_id:recordset"],
            )
        )
        for record_sudo in shared_sudo:
            for company in companies_sudo - running.get(record_sudo.partner_id, companies_sudo):
                record_sudo.with_company(company).create(record_sudo._prepare_shared(company))

    def _prepare_shared(self, company):
        return {
            "company_id": company.id,
            "partner_id": self.partner_id.id,
            "origin_id": self.id,
            "kind": self.kind,
            "judgement_date": self.judgement_date,
            "publication_date": self.publication_date,
            "publication_number": self.publication_number,
            "publication_url": self.publication_url,
            "court_id": self.court_id.id,
            "number": self.number,
            "representative_id": self.representative_id.id,
            "administrator_ids": [(6, 0, self.administrator_ids.ids)],
        }

    def _get_family(self):
        """Return the running records of the same proceedings in all companies of the group."""
        # In sudo mode for the same reason as when they were made.
        first_sudo = self.sudo().origin_id or self.sudo()
        return (first_sudo | first_sudo.shared_ids).filtered(lambda record: record.state in RUNNING)

    def _tell_group(self, names):
        """Let the records of the group's other companies say the same of the judgement.

        As it reads once it is written: whoever says so already is not told, and tells nobody.

        :param names: of the fields that were written
        """
        for record_sudo in self.sudo():
            others_sudo = (record_sudo._get_family() - record_sudo).filtered(
                lambda other, record=record_sudo: any(other[name] != record[name] for name in names)
            )
            if others_sudo:
                others_sudo.write(
                    {
                        name: record_sudo._fields[name].convert_to_write(
                            record_sudo[name], record_sudo
                        )
                        for name in names
                    }
                )
