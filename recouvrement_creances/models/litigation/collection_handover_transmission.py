import hashlib
import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...rules.routes import AGENTS, BY_PROCEDURE, WRITE_OFF
from ...tools.dialogs import open_dialog

_logger = logging.getLogger(__name__)

# A proceeding in preparation has told nobody anything.
NOT_STARTED = "draft"
COURT_ENDED = ("settled", "rejected", "withdrawn", "closed")
# Handed to somebody, or kept in the house: it ends with the last of its proceedings.
ENDS_WITH_COURT = ("approved", "sending", "transmitted", "accepted", "declined")


class CollectionHandoverTransmission(models.AbstractModel):
    """What follows an approval: hold, stage, file, the partner and its answer, the way back."""

    _name = "collection.handover.transmission"
    _description = "Transmission of a handover"

    is_in_court = fields.Boolean(compute="_compute_is_in_court", compute_sudo=True)

    # === COMPUTE === #

    @api.depends("proceeding_ids.state")
    def _compute_is_in_court(self):
        for handover in self:
            handover.is_in_court = bool(handover._find_running() - handover._find_prepared())

    # === ACTIONS === #

    def action_build_file(self):
        """Write the file again, with what was added or paid since; who has the other keeps it."""
        self.ensure_one()
        self.check_access("write")
        if self.state not in ENDS_WITH_COURT:
            raise UserError(self.env._("The file is written once the handover is approved."))
        # In sudo mode to put pieces together that the caller may not open one by one.
        handover_sudo = self.sudo()
        handover_sudo._build_file()
        if handover_sudo._is_with_partner():
            handover_sudo._tell_file()

    def action_download_file(self):
        """Download the file."""
        self.ensure_one()
        self.check_access("read")
        if not self.file_id:
            raise UserError(self.env._("There is no file yet: build it."))
        return {
            "type": "ir.actions.act_url",
            "url": f"/recouvrement_creances/handover/{self.id}/file.zip",
            "target": "self",
        }

    def action_transmit(self):
        """Tell the partner, with a link to the file."""
        self.ensure_one()
        self.check_access("write")
        self._check_transmittable()
        self._check_may_go_on()
        # In sudo mode to do what was approved.
        handover_sudo = self.sudo()
        if handover_sudo._needs_new_decision():
            handover_sudo._warn(handover_sudo._ask_again())
            return
        is_of_today = handover_sudo.file_as_of == fields.Date.context_today(self)
        if not is_of_today or handover_sudo.is_file_outdated:
            # What leaves is of the day on which it leaves: interest and payments count.
            handover_sudo._build_file()
        handover_sudo._apply_event(
            "transmit",
            {"amount_told": handover_sudo.amount, "answered_on": False, "answer_note": False},
        )
        handover_sudo._send_file()
        self._tell_case(self.env._("To be sent to %s", handover_sudo.agent_id.name))

    def action_accepted(self):
        """Note that the partner has taken it on."""
        return self._open_step("accept", self.env._("The partner takes it on"))

    def action_declined(self):
        """Note that the partner does not take it on."""
        return self._open_step("decline", self.env._("The partner declines"))

    def action_recall(self):
        """Take it back, while nothing was started."""
        return self._open_step("recall", self.env._("Take the handover back"))

    def action_close(self):
        """Close it: reminders of what is left may go on."""
        return self._open_step("close", self.env._("Close the handover"))

    def action_cancel(self):
        """Give up what nobody has approved."""
        self.check_access("write")
        # In sudo mode to write what only the flow writes, after the check above.
        self.sudo()._apply_event("cancel", {"ended_on": fields.Date.context_today(self)})

    def action_start_proceeding(self):
        """Open the proceeding that the route stands for, once; or the one in preparation anew."""
        self.ensure_one()
        self.check_access("write")
        if self.state not in ("approved", "sending", "transmitted", "accepted"):
            raise UserError(self.env._("Only what was approved is brought to court."))
        if self.route_code not in BY_PROCEDURE:
            raise UserError(self.env._("This route leads before no court."))
        self._check_may_go_on()
        # In sudo mode to do what was approved.
        handover_sudo = self.sudo()
        # Whoever presses twice, or two people at once, open one: the second waits, and sees it.
        handover_sudo._touch()
        prepared = handover_sudo._find_prepared()
        running = handover_sudo._find_running() - prepared
        if running:
            raise UserError(
                self.env._("%s is running already: record its steps.", running[0].display_name)
            )
        if handover_sudo._needs_new_decision():
            handover_sudo._warn(handover_sudo._ask_again())
            return None
        opened = self.env["collection.proceeding"]
        proceeding = prepared[:1].with_env(self.env) or opened._open_from(self)
        # In sudo mode to say what the proceeding comes from, and what was approved of.
        # A lawyer who was typed in meanwhile stays.
        counsel = proceeding.counsel_id or self.agent_id
        proceeding.sudo().write(
            {"handover_id": self.id, "counsel_id": counsel.id, **handover_sudo._prepare_claim()}
        )
        proceeding.sudo()._follow_route(self.route_code)
        return proceeding.get_formview_action()

    def _find_running(self):
        return self.proceeding_ids.filtered(
            lambda proceeding: proceeding.state not in ("rejected", "withdrawn", "closed")
        )

    def _find_prepared(self):
        return self.proceeding_ids.filtered(lambda proceeding: proceeding.state == NOT_STARTED)

    def _prepare_claim(self, day=None):
        """Return what the court is asked for: as in the file, where that is still right.

        :param date day: until when interest counts otherwise; today when empty
        """
        self.ensure_one()
        is_file_right = self.file_as_of and not self.is_file_outdated
        as_of = self.file_as_of if is_file_right else day or fields.Date.context_today(self)
        items = self.item_ids.filtered("is_open")
        statements = self.env["collection.legal.statement"]
        try:
            statement = statements._prepare(self, as_of)
        except UserError as error:
            # A rate that is missing keeps nobody from the court: interest is claimed by hand.
            self._message_log(body=str(error))
            total = self.amount
        else:
            total = statements._get_total(statement)
        return {
            "item_ids": [Command.set(items.ids)],
            "principal_claimed": self.amount,
            "amount_claimed": max(total, self.amount),
        }

    def _open_step(self, event, name):
        self.ensure_one()
        return open_dialog(
            "collection.handover.step", name, default_handover_id=self.id, default_event=event
        )

    # === BUSINESS - APPROVED === #

    def _after_approval(self):
        """EXTENDS collection.approvable: hold the items, move the case, build the file."""
        today = fields.Date.context_today(self)
        for handover in self:
            handover._keep_approved_agent()
            handover._hold_contacts(today)
            handover.case_id._stand_at("litigation")
            prepared = handover._find_prepared()
            if prepared:
                # What was approved of now is what goes to court.
                prepared.write(handover._prepare_claim())
                if handover.route_code in BY_PROCEDURE:
                    prepared._follow_route(handover.route_code)
            try:
                with self.env.cr.savepoint():
                    handover._build_file()
            except OperationalError:
                # Somebody wrote the same at the same time: the decision is taken again.
                raise
            except Exception as error:
                # The decision stands: the file is built again from the form.
                _logger.info("File of %s: %s", handover.display_name, error)
                handover.file_problem = str(error)
        return super()._after_approval()

    def _build_file(self):
        """Write the file as of today and keep it; called in sudo mode."""
        self.ensure_one()
        as_of = fields.Date.context_today(self)
        content, name = self.env["collection.legal.file"]._build(self, as_of)
        file = self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": content,
                "mimetype": "application/zip",
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        former = self.file_id
        self.write(
            {
                "file_id": file.id,
                "file_hash": hashlib.sha256(content).hexdigest(),
                "file_as_of": as_of,
                "file_amount": self.amount,
                "file_problem": False,
            }
        )
        if self.transmitted_on:
            # What somebody was given is evidence of what was handed over.
            self.former_file_ids |= former
        else:
            former.unlink()

    # === BUSINESS - THE PARTNER === #

    def _check_transmittable(self):
        if self.state not in ("approved", "declined"):
            raise UserError(self.env._("Only what was approved, and nobody has, is handed over."))
        if self.route_code == WRITE_OFF:
            raise UserError(
                self.env._("A write-off is handed to nobody: book it, then close the handover.")
            )
        if not (self.agent_id and self.agent_kind):
            raise UserError(self.env._("Fill in “Handed to” and “Kind of partner” first."))
        if self.agent_kind not in AGENTS[self.route_code]:
            raise UserError(
                self.env._(
                    "The route that was approved, “%(route)s”, is not for this kind of partner: "
                    "choose another one.",
                    route=dict(self._fields["route_code"]._description_selection(self.env))[
                        self.route_code
                    ],
                )
            )
        self._check_address()

    def _check_address(self):
        # In sudo mode to read the address of a partner.
        agent_sudo = self.agent_id.sudo()
        if not agent_sudo.email:
            raise UserError(
                self.env._("%s has no e-mail address: the link goes there.", agent_sudo.name)
            )

    def _answer(self, event, note, day=None):
        """Note the partner's answer; called in sudo mode.

        :param str event: ``accept`` or ``decline``
        :param str note: what he says
        """
        self.ensure_one()
        self._apply_event(
            event,
            {
                "answered_on": day or fields.Date.context_today(self),
                "answer_note": note or False,
            },
        )
        words = (
            self.env._("%s takes it on", self.agent_id.name)
            if event == "accept"
            else self.env._("%s declines", self.agent_id.name)
        )
        if event == "decline":
            self.link_ids._decline()
        self._tell_case(words)
        sender = self._get_answer_sender()
        self._message_log(body=f"{words}. {note or ''}", **sender)
        people = (self.case_user_id | self.requested_by_id | self.decided_by_id) - self.env.user
        self.message_notify(
            partner_ids=people.filtered(lambda user: not user._is_public()).partner_id.ids,
            subject=self._word_subject(words),
            body=f"{words}. {note or ''}",
            **sender,
        )

    def _end(self, event, note):
        """Take back or close: the hold ends, the links open nothing, who had it is told."""
        self.ensure_one()
        self.check_access("write")
        if event == "recall" and self._has_started():
            raise UserError(
                self.env._(
                    "A proceeding was started: withdraw it by its own steps, then close this."
                )
            )
        if any(
            one.state not in (NOT_STARTED, *COURT_ENDED) or one._is_left_to_decide()
            for one in self.sudo().proceeding_ids
        ):
            raise UserError(
                self.env._("A proceeding is running: the handover closes with its last step.")
            )
        # In sudo mode to end what people do not end by hand, after the checks above.
        handover_sudo = self.sudo()
        handover_sudo._settle_under_way()
        had_it = handover_sudo._is_with_partner()
        handover_sudo._apply_event(
            event, {"ended_on": fields.Date.context_today(self), "end_note": note}
        )
        handover_sudo._let_go(note)
        if had_it and event == "recall":
            handover_sudo._mail_agent(
                self.env.ref("recouvrement_creances.mail_template_handover_recalled")
            )

    def _follow_proceedings(self, note):
        """Close what the courts are done with: its last proceeding has ended. In sudo mode."""
        for handover in self.filtered(lambda handover: handover.state in ENDS_WITH_COURT):
            if all(proceeding.state in COURT_ENDED for proceeding in handover.proceeding_ids):
                handover._apply_event(
                    "close", {"ended_on": fields.Date.context_today(self), "end_note": note}
                )
                handover._let_go(note)

    def _reopen(self, state, reason):
        """Let a handover go on that a step closed by mistake; in sudo mode.

        Its items are held again, its links stay revoked: a new one is sent when it is wanted. What
        was handed over anew meanwhile stays with that: the proceeding holds the items by itself.

        :param str state: what it was before
        """
        self.ensure_one()
        if self.state != "closed" or self._find_rivals():
            return
        # Like the step itself it goes back to where it was, whatever that state was.
        self._with_door().write({"state": state, "ended_on": False, "end_note": False})
        self._hold_contacts(fields.Date.context_today(self))
        self._tell_case(self.env._("Handover goes on: %s", reason))

    def _has_started(self):
        # In sudo mode: a proceeding that the caller does not see has started all the same.
        return any(proceeding.state != NOT_STARTED for proceeding in self.sudo().proceeding_ids)

    def _let_go(self, note):
        """Let reminders of what is left go on; called in sudo mode."""
        self.link_ids._revoke()
        self._release_hold(note)
        others = self.search_count(
            [
                ("case_id", "=", self.case_id.id),
                ("id", "!=", self.id),
                ("state", "in", ENDS_WITH_COURT),
            ],
            limit=1,
        )
        if not others and not self.case_id._is_in_court():
            self.case_id._stand_at("prelitigation")
        self._tell_case(self.env._("Handover ended: %s", note))
