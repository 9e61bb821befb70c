from datetime import date

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import format_date

from .collection_approvable import MANAGER


class CollectionCorrectable(models.AbstractModel):
    """A record whose life is a list of steps: one that was recorded by mistake is taken back.

    The step and the entry that takes it back both stay, with the reason. What inherits this has
    ``event_ids`` of a model that inherits ``collection.correctable.step``, ``case_id``,
    ``deadline_ids`` and a state behind a door; it checks a step and records it by ``_take_step``.
    """

    _name = "collection.correctable"
    _description = "Record whose steps may be taken back"

    # What a step may write, and what comes back with it.
    _restored = ()

    # === HOOKS === #

    def _prepare_correction(self, event):
        """Return the values that the entry has from the step that it takes back."""
        raise NotImplementedError

    def _advance(self, state_event):
        """Move the state by what was recorded. In sudo mode."""
        self._apply_event(state_event)

    def _follow_step(self, event, values):
        """Do what follows from a step that was recorded: deadlines, values. In sudo mode.

        :param dict values: as given to ``_take_step``
        """
        raise NotImplementedError

    def _undo_effects(self, event, reason):
        """Undo what else the step did; its deadlines, values and state are back. In sudo mode."""

    # === BUSINESS - WHAT A STEP DOES === #

    def _take_step(self, name, state_event, entry, attachments, values=None):
        """Record a step that was checked, and do what follows from it; return its entry.

        :param str name: what the step is called
        :param state_event: of the table of states, or None
        :param dict entry: values of the entry in ``event_ids``: its kind, date and note
        :param attachments: ir.attachment records that prove it
        :param dict values: what else was said of it, for ``_follow_step``
        """
        self.ensure_one()
        self.env["collection.limitation.event"]._attach_to(self.case_id, attachments)
        # In sudo mode to append to the history and to write what only steps write.
        record_sudo = self.sudo()
        before = record_sudo._take_snapshot()
        steps_sudo = record_sudo.env[self._fields["event_ids"].comodel_name]
        event_sudo = steps_sudo.create(
            {
                **entry,
                steps_sudo._record_field: self.id,
                "attachment_ids": [Command.set(attachments.ids)],
            }
        )
        self.invalidate_recordset(["event_ids"])
        if state_event:
            record_sudo._advance(state_event)
        record_sudo._follow_step(event_sudo, values or {})
        event_sudo.write(record_sudo._prepare_effects(before))
        self._tell_case(f"{format_date(self.env, entry['date'])} · {name}")
        return event_sudo.with_env(self.env)

    def _check_took_place(self, name, day, attachments, needs_document):
        if day > fields.Date.context_today(self):
            raise UserError(self.env._("A step is recorded once it has taken place."))
        if needs_document and not attachments:
            raise UserError(self.env._("“%s”: join the document that proves it.", name))

    def _note_interruption(self, kind, day, items, attachments, note):
        """Note that a step interrupts limitation; where it does not, the record says why.

        What was done stands, whether or not it moves limitation.

        :param str kind: of collection.limitation.event
        :return: the event, or an empty record
        """
        events = self.env["collection.limitation.event"]
        try:
            with self.env.cr.savepoint():
                return events._note(
                    self.case_id,
                    items.filtered("is_open"),
                    kind,
                    day,
                    attachment_ids=attachments,
                    note=note,
                )
        except UserError as error:
            # In sudo mode to write on the record, whoever took the step.
            self.sudo()._message_log(body=str(error))
        return events

    def _tell_case(self, what):
        """Write on the timeline of the case what took place."""
        self.ensure_one()
        self.case_id._message_log(body=f"{what} · {self.display_name}")

    def _take_snapshot(self):
        """Return what a step may change, before it is recorded."""
        self.ensure_one()
        values = {}
        for name in self._restored:
            value = self._fields[name].convert_to_write(self[name], self)
            # As JSON keeps them.
            values[name] = fields.Date.to_string(value) if isinstance(value, date) else value
        return {
            "state": self.state,
            "values": values,
            "deadlines": {deadline: deadline.state for deadline in self.deadline_ids},
        }

    def _prepare_effects(self, before):
        """Return what the step did since a snapshot, as values of its event."""
        self.invalidate_recordset(["deadline_ids"])
        known = before["deadlines"]
        return {
            "former_state": before["state"],
            "former_values": before["values"],
            "opened_deadlines": [one.id for one in self.deadline_ids if one not in known],
            "ended_deadlines": [one.id for one, state in known.items() if state != one.state],
        }

    # === BUSINESS - TAKING IT BACK === #

    def _get_effective_events(self):
        """Return the steps that count: neither taken back nor entries that take one back."""
        return self.event_ids.filtered(lambda event: not event.undoes_id and not event.is_undone)

    def _undo_step(self, event, reason):
        """Take back the last step: what it did is undone, and an entry says why; return that.

        :param event: the step that was recorded by mistake
        :raises UserError: another step followed on it, or nobody says why
        """
        self.ensure_one()
        self.check_access("write")
        self._check_undo(event, reason)
        reason = reason.strip()
        # In sudo mode to write what only steps write, after the checks above.
        record_sudo, event_sudo = self.sudo(), event.sudo()
        correction_sudo = event_sudo.create(
            {
                **self._prepare_correction(event),
                "undoes_id": event.id,
                "date": fields.Date.context_today(self),
                "note": reason,
            }
        )
        record_sudo._undo_deadlines(event_sudo, reason)
        record_sudo._with_door().write(
            {**(event_sudo.former_values or {}), "state": event_sudo.former_state}
        )
        record_sudo._undo_effects(event_sudo, reason)
        words = self.env._(
            "Step taken back: %(step)s. %(reason)s", step=event._get_step_name(), reason=reason
        )
        self._message_log(body=words)
        self._tell_case(words)
        return correction_sudo.with_env(self.env)

    def _check_undo(self, event, reason):
        if not (self.env.su or self.env.user.has_group(MANAGER)):
            raise AccessError(
                self.env._("Only a manager takes a step back: deadlines and the title follow it.")
            )
        counting = self._get_effective_events()
        if event not in counting or not event.former_state:
            raise UserError(self.env._("This step was taken back already."))
        # In the order in which they were recorded, whatever their day.
        if event != max(counting, key=lambda one: one.id):
            raise UserError(
                self.env._(
                    "Other steps followed on “%s”: take those back first.", event._get_step_name()
                )
            )
        if not (reason or "").strip():
            raise UserError(self.env._("Say what was wrong with the step: it is kept with it."))

    def _undo_deadlines(self, event, reason):
        """Drop the deadlines that the step opened, and let those that it ended run again."""
        deadlines = self.env["collection.deadline"]
        opened = deadlines.browse(event.opened_deadlines or [])
        # Those too that another correction let run again, and what was acted on since.
        keys = {(one.rule_code, one.event_date) for one in opened}
        self.deadline_ids.filtered(
            lambda one: (
                one.state != "dropped"
                and (one.rule_code, one.event_date) in keys
                and one.id >= min(opened.ids)
            )
        )._take_back(reason)
        for ended in deadlines.browse(event.ended_deadlines or []):
            # What was done counts no more, and its day is counted anew.
            ended.filtered(lambda one: one.state == "done")._take_back(reason)
            self._open_deadlines([ended.rule_code], ended.event_date, ended.regime_date or None)
