from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import format_date

from ...rules.insolvency import GROUNDS, STEPS, steps_of
from ...rules.transitions import INSOLVENCY, next_state

MANAGER = "recouvrement_creances.group_manager"


class CollectionInsolvencyFlow(models.AbstractModel):
    """Records what takes place during proceedings: with its document, never changed."""

    _name = "collection.insolvency.flow"
    _description = "Steps of insolvency proceedings"

    # === BUSINESS - STEPS === #

    def _get_next_steps(self):
        """Return the codes of the steps that the kind knows and the state allows."""
        self.ensure_one()
        return [code for code in steps_of(self.kind) if self._allows(STEPS[code])]

    def _allows(self, step):
        if not step.event:
            return bool(INSOLVENCY[self.state])
        return next_state(INSOLVENCY, self.state, step.event) is not None

    def _record_step(self, code, day, attachments=None, note=""):
        """Record one step, and do what follows from it; return its event.

        :param str code: a key of ``rules.insolvency.STEPS``
        :param date day: when it took place: the day that its deadlines count from
        :param attachments: ir.attachment records that prove it
        :raises UserError: it does not fit, lies ahead, or is not proven
        """
        self.ensure_one()
        self.check_access("write")
        attachments = attachments or self.env["ir.attachment"]
        step = STEPS[code]
        self._check_step(code, day, attachments)
        # In sudo mode to write what only steps write.
        record_sudo = self.sudo()
        before = record_sudo._take_snapshot()
        event = self._append_event(code, day, attachments, note)
        if step.event:
            record_sudo._apply_event(step.event)
        record_sudo._with_door().write(self._get_step_values(code, day))
        name = self._get_step_label(code)
        record_sudo._close_deadlines(step.closes, day, attachments, name)
        record_sudo._drop_deadlines(name, codes=step.drops)
        record_sudo._open_deadlines(step.opens, day)
        if code == "reopening":
            record_sudo._take_effect()
        event.sudo().write(record_sudo._prepare_effects(before))
        self._tell_case(f"{format_date(self.env, day)} · {name}")
        return event

    def _get_step_values(self, code, day):
        """Return the fields that a step leaves on the record."""
        values = {"kind": STEPS[code].becomes} if STEPS[code].becomes else {}
        if STEPS[code].event == "plan":
            values["plan_date"] = day
        if STEPS[code].event == "fail":
            values["plan_date"] = False
        if code == "certificate":
            values["certificate_date"] = day
        if code == "reopening":
            values |= {"closing_ground": False, "closed_on": False}
        return values

    def _get_step_label(self, code):
        events = self.env["collection.insolvency.event"]
        return dict(events._fields["code"]._description_selection(self.env))[code]

    def _check_step(self, code, day, attachments):
        name = self._get_step_label(code)
        if not self.case_id:
            raise UserError(
                self.env._("The debtor owes nothing yet: its first invoice opens a case.")
            )
        if code not in self._get_next_steps():
            raise UserError(
                self.env._(
                    "“%(step)s” does not follow on “%(state)s”.",
                    step=name,
                    state=self._state_label(),
                )
            )
        if day > fields.Date.context_today(self):
            raise UserError(self.env._("A step is recorded once it has taken place."))
        if STEPS[code].needs_document and not attachments:
            raise UserError(self.env._("“%s”: join the document that proves it.", name))

    def _append_event(self, code, day, attachments, note):
        self.env["collection.limitation.event"]._attach_to(self.case_id, attachments)
        # In sudo mode to append to the history, after the check of the record.
        event_sudo = (
            self.env["collection.insolvency.event"]
            .sudo()
            .create(
                {
                    "insolvency_id": self.id,
                    "code": code,
                    "date": day,
                    "note": note,
                    "attachment_ids": [Command.set(attachments.ids)],
                }
            )
        )
        self.invalidate_recordset(["event_ids"])
        return event_sudo.with_env(self.env)

    def _tell_admitted_by_plan(self):
        """Say what need not be declared again: the proceedings follow on a plan that ended."""
        self.message_post(
            body=self.env._(
                "These proceedings end a plan: what the plan settled is admitted without another "
                "declaration, less what was paid of it. Declare what arose since "
                "(C. com. L626-27 III)."
            )
        )

    # === BUSINESS - END === #

    def _close(self, ground, day, attachments=None, reason=""):
        """Close proceedings with a document or a reason.

        Where the creditor may ask for his money again, the hold ends; where the law has taken that
        right, it stays: what is left is written off, never demanded.

        :param str ground: a key of ``rules.insolvency.GROUNDS``
        """
        self.ensure_one()
        self._check_may_close(day, attachments, reason)
        if self.case_id:
            self.env["collection.limitation.event"]._attach_to(
                self.case_id, attachments or self.env["ir.attachment"]
            )
        self._end("close", {"closing_ground": ground, "closed_on": day}, GROUNDS[ground], reason)
        if attachments:
            self.message_post(
                body=self.env._("Closed: %s", reason or ""), attachment_ids=attachments.ids
            )
        self._end_limitation(day)

    def _cancel(self, reason):
        """Say that proceedings were recorded by mistake: everything goes on as before."""
        self.ensure_one()
        self._check_may_close(fields.Date.context_today(self), None, reason)
        self._end("cancel", {"closed_on": fields.Date.context_today(self)}, True, reason)

    def _check_may_close(self, day, attachments, reason):
        self.check_access("write")
        if not (self.env.su or self.env.user.has_group(MANAGER)):
            raise AccessError(
                self.env._("Only a manager closes proceedings: reminders would start again.")
            )
        if not attachments and not (reason or "").strip():
            raise UserError(self.env._("Join the document that shows it, or say why."))
        if day > fields.Date.context_today(self):
            raise UserError(self.env._("Proceedings are closed once that has taken place."))

    def _end(self, event, values, is_freed, reason):
        why = (reason or "").strip() or self.display_name
        # In sudo mode to write what the flow alone writes, after the check of the caller.
        record_sudo = self.sudo()
        record_sudo._apply_event(event, values)
        record_sudo._drop_deadlines(why)
        if is_freed:
            record_sudo.hold_ids.filtered(lambda hold: hold.state == "open")._release(why)
            record_sudo.case_id.proceeding_ids._go_on_after(why)
            stage = self.env["collection.stage"]._first_of_kind("amicable")
            case_sudo = record_sudo.case_id
            if stage and case_sudo.is_open and case_sudo.stage_kind == "insolvency":
                case_sudo.stage_id = stage
        if self.case_id:
            self._tell_case(f"{record_sudo._state_label()} · {why}")

    def _end_limitation(self, day):
        """A declaration interrupts limitation until the proceedings are closed (L622-25-1)."""
        events = self.env["collection.limitation.event"].search(
            [
                ("case_id", "=", self.case_id.id),
                ("kind", "=", "insolvency_declaration"),
                ("record_kind", "=", "event"),
            ]
        )
        for event in events:
            try:
                with self.env.cr.savepoint():
                    event._say("end", day)
            except UserError as error:
                self._message_log(body=str(error))
