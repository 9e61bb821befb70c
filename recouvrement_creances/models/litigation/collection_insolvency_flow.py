from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ...rules.insolvency import (
    CONSUMER,
    GROUNDS,
    KINDS,
    PLAN_ENDS,
    RUNNING,
    STEPS,
    grounds_of,
    next_steps,
)
from ...tools.dialogs import open_dialog
from .insolvency_labels import BARRING_GROUNDS

MANAGER = "recouvrement_creances.group_manager"
# Asked for, and not booked yet.
WAITING_WAIVERS = ("requested", "approved", "met")
IRRECOVERABLE = "recouvrement_creances.collection_reason_waiver_irrecoverable"


class CollectionInsolvencyFlow(models.AbstractModel):
    """Records what takes place during proceedings: with its document, never changed."""

    _name = "collection.insolvency.flow"
    _description = "Steps of insolvency proceedings"
    _inherit = ["collection.correctable", "collection.insolvency.order"]

    has_next_step = fields.Boolean(compute="_compute_has_next_step")
    is_professional_consumer = fields.Boolean(
        string="Household, yet a professional",
        compute="_compute_is_professional_consumer",
        compute_sudo=True,
        help="Over-indebtedness is for households: of a company it is the wrong kind.",
    )
    is_barring = fields.Boolean(compute="_compute_is_barring")
    way_on = fields.Char(string="What is left to do", compute="_compute_is_barring")

    mixed_charges_note = fields.Char(
        string="Charges of both sides", compute="_compute_mixed_charges_note", compute_sudo=True
    )

    # === COMPUTE === #

    @api.depends("kind", "state")
    def _compute_has_next_step(self):
        for record in self:
            record.has_next_step = bool(record.kind and next_steps(record.kind, record.state))

    @api.depends("kind", "partner_id.is_company", "partner_id.collection_debtor_kind")
    def _compute_is_professional_consumer(self):
        for record in self:
            debtor = record.partner_id
            is_professional = debtor.is_company or debtor.collection_debtor_kind == "professional"
            is_consumer = bool(record.kind) and KINDS[record.kind].family == CONSUMER
            record.is_professional_consumer = is_consumer and is_professional

    @api.depends("state", "closing_ground", "closed_on", "certificate_date")
    @api.depends_context("lang")
    def _compute_is_barring(self):
        for record in self:
            record.is_barring = record._are_barring()
            record.way_on = record._name_way_on() if record.is_barring else False

    @api.depends("state", "judgement_date", "claim_ids.side")
    @api.depends_context("lang")
    def _compute_mixed_charges_note(self):
        for record in self:
            is_running = record.state in RUNNING and record.judgement_date
            mixed = is_running and record._find_mixed_charges()
            record.mixed_charges_note = record._name_mixed(mixed) if mixed else False

    def _name_mixed(self, charges):
        """Return what to do about statements of charges of earlier and later debts together."""
        later = charges.line_ids.item_id - self._find_earlier()
        return self.env._(
            "%(statements)s: claimed since the opening, of earlier and of later debts together. "
            "The whole is held, and nothing is asked of its later part. Cancel it, and claim the "
            "charges of the later debts anew: %(debts)s. The earlier part is declared by itself.",
            statements=", ".join(charges.mapped("name")),
            debts=", ".join(later.move_id.mapped("name")),
        )

    # === ACTIONS === #

    def action_write_off(self):
        """Open the waiver of what is left: it books the write-off, once it was approved."""
        self.ensure_one()
        self.check_access("read")
        # In sudo mode to read the ledger; the waiver checks who asks for it.
        items_sudo = self.sudo()._find_barred()
        if not items_sudo:
            raise UserError(self.env._("Nothing from before is open any more."))
        waiting_sudo = (
            self.env["collection.waiver"]
            .sudo()
            .search([("item_ids", "in", items_sudo.ids), ("state", "in", WAITING_WAIVERS)])
        )
        items_sudo -= waiting_sudo.item_ids
        if not items_sudo:
            raise UserError(
                self.env._(
                    "A waiver of what is left was asked for already, and waits: %s.",
                    ", ".join(waiting_sudo.mapped("display_name")),
                )
            )
        items = items_sudo.filtered(lambda item: item.currency_id == items_sudo[0].currency_id)
        # A manager may have deleted the reason: then the dialog asks for one.
        reason = self.env.ref(IRRECOVERABLE, raise_if_not_found=False)
        return open_dialog(
            "collection.waiver",
            self.env._("Write off what is left"),
            default_case_id=items_sudo[0].case_id.id,
            default_item_ids=items.filtered(lambda item: item.case_id == items_sudo[0].case_id).ids,
            default_reason_id=bool(reason) and reason.id,
            default_note=self._name_way_on(),
        )

    # === BUSINESS === #

    def _creation_message(self):
        """EXTENDS mail: what a person has heard of is put on record."""
        return self.env._("Insolvency proceedings recorded")

    # === BUSINESS - STEPS === #

    def _get_next_steps(self):
        """Return the codes of the steps that the kind knows and the state allows."""
        self.ensure_one()
        return next_steps(self.kind, self.state)

    def _record_step(self, code, day, attachments=None, note="", admitted=None):
        """Record one step, and do what follows from it; return its event.

        :param str code: a key of ``rules.insolvency.STEPS``
        :param date day: when it took place: the day that its deadlines count from
        :param attachments: ir.attachment records that prove it
        :param dict admitted: {debt: what is admitted, contested and rejected of it}
        :raises UserError: it does not fit, lies ahead, or is not proven
        """
        self.ensure_one()
        self.check_access("write")
        attachments = attachments or self.env["ir.attachment"]
        step = STEPS[code]
        self._check_step(code, day, attachments)
        entry = {"code": code, "date": day, "note": note}
        values = {"admitted": admitted or {}}
        return self._take_step(self._get_step_label(code), step.event, entry, attachments, values)

    def _follow_step(self, event, values):
        """IMPLEMENTS collection.correctable: what its row of the rules says."""
        step, day = STEPS[event.code], event.date
        self._with_door().write(self._get_step_values(event.code, day))
        name = self._get_step_label(event.code)
        self._close_deadlines(step.closes, day, event.attachment_ids, name)
        self._drop_deadlines(name, codes=step.drops)
        self._open_deadlines(step.opens, day)
        for claim, amounts in values.get("admitted", {}).items():
            claim.write(amounts)
        if event.code == "reopening":
            self._take_effect()

    def _get_step_values(self, code, day):
        """Return the fields that a step leaves on the record."""
        values = {"kind": STEPS[code].becomes} if STEPS[code].becomes else {}
        if STEPS[code].event == "plan":
            values["plan_date"] = day
        if STEPS[code].event in PLAN_ENDS:
            values["plan_date"] = False
        if code == "certificate":
            values["certificate_date"] = day
        if code == "reopening":
            values |= {"closing_ground": False, "closed_on": False, "wiped_out_before": False}
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
        self._check_took_place(name, day, attachments, STEPS[code].needs_document)
        self._check_after_opening(day)
        self._check_follows(code, day)

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
        if ground not in grounds_of(self.kind):
            label = dict(self._fields["closing_ground"]._description_selection(self.env))[ground]
            raise UserError(
                self.env._(
                    "“%(ground)s” does not end proceedings of this kind (%(kind)s).",
                    ground=label,
                    kind=dict(self._fields["kind"]._description_selection(self.env))[self.kind],
                )
            )
        if self.case_id:
            self.env["collection.limitation.event"]._attach_to(
                self.case_id, attachments or self.env["ir.attachment"]
            )
        values = {"closing_ground": ground, "closed_on": day}
        self._end("close", values, GROUNDS[ground], reason)
        if ground == "wiped_out":
            self._hold_wiped_out()
        if attachments:
            self.message_post(
                body=self.env._("Closed: %s", reason or ""), attachment_ids=attachments.ids
            )
        self._end_limitation(day)
        label = dict(self._fields["closing_ground"]._description_selection(self.env))[ground]
        self._tell_family(
            lambda env: env._(
                "Another company of the group has closed these proceedings (%s): look at ours.",
                label,
            )
        )

    def _hold_wiped_out(self):
        """Hold what arose between an admission and the recovery that wiped it out too (L741-2).

        Of the recovery the day of its publication is known; of what arose since the decision a
        person says on the claim that it is later.
        """
        steps = self._get_effective_events().filtered(lambda event: event.code == "recovery")
        if not steps:
            return
        # In sudo mode to write what the flow alone writes, after the check of the caller.
        record_sudo = self.sudo()
        record_sudo.wiped_out_before = max(steps.mapped("date"))
        holds_sudo = record_sudo.hold_ids.filtered(lambda hold: hold.state == "open")
        holds_sudo.write({"arose_before": record_sudo.wiped_out_before})
        record_sudo._end_agreements()
        record_sudo._withdraw_contacts()

    def _cancel(self, reason):
        """Say that proceedings were recorded by mistake: everything goes on as before."""
        self.ensure_one()
        self._check_may_close(fields.Date.context_today(self), None, reason)
        self._end("cancel", {"closed_on": fields.Date.context_today(self)}, True, reason)
        self._tell_family(
            lambda env: env._(
                "Another company of the group says that these proceedings were recorded by "
                "mistake: look at ours."
            )
        )

    def _tell_family(self, say):
        """Let the other companies look at their own record, as recording went to all of them.

        Each decides for itself: reminders start again. Who ended it is not named, nor why.

        :param say: returns the words, from an environment
        """
        for other_sudo in self._get_family() - self:
            other_sudo._give_task(other_sudo._get_deadline_user(), say)

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
        self._check_after_opening(day)
        self._check_ends_last(day)

    def _find_barred(self):
        """Return the open items that may be asked for no more; none while anything runs."""
        self.ensure_one()
        nothing = self.env["collection.item"]
        return self._find_earlier().filtered("is_open") if self._are_barring() else nothing

    def _name_way_on(self):
        """Return what is left to do once the end has barred what was not paid."""
        self.ensure_one()
        vat = self.env._(
            "It is booked as a loss, not by a credit note; for VAT to come back, the debtor is "
            "sent a duplicate of each invoice with the mention of article 272 of the CGI "
            "(BOI-TVA-DED-40-10-20 §110)."
        )
        return " ".join((self._name_write_off(), vat))

    def _name_write_off(self):
        ended = format_date(self.env, self.closed_on)
        if self.closing_ground == "wiped_out":
            return self.env._(
                "Debts wiped out on %s (C. conso L741-2, L742-22): write off what is left.", ended
            )
        if self.certificate_date:
            return self.env._(
                "Liquidation closed on %s, assets are insufficient (C. com. L643-11); the "
                "certificate of irrecoverability is there: write off what is left.",
                ended,
            )
        return self.env._(
            "Liquidation closed on %s, assets are insufficient (C. com. L643-11): ask the "
            "liquidator for the certificate of irrecoverability, record it as a step of the "
            "proceedings, then write off what is left.",
            ended,
        )

    def _are_barring(self):
        """Tell whether one of them has ended, and debts from before may be asked for no more."""
        return any(
            record.state == "closed" and record.closing_ground in BARRING_GROUNDS for record in self
        )

    def _end(self, event, values, is_freed, reason):
        why = (reason or "").strip() or self.display_name
        # In sudo mode to write what the flow alone writes, after the check of the caller.
        record_sudo = self.sudo()
        record_sudo._apply_event(event, values)
        record_sudo._drop_deadlines(why)
        if is_freed:
            record_sudo.hold_ids.filtered(lambda hold: hold.state == "open")._release(why)
            record_sudo._free_case(why)
        if self.case_id:
            self._tell_case(f"{record_sudo._state_label()} · {why}")

    def _free_case(self, why):
        """Let the case go on, but for what the end of others has barred. In sudo mode."""
        self.ensure_one()
        case, barred = self.case_id, self._find_barred_by_others()
        case.proceeding_ids.filtered(lambda one: not one.item_ids & barred)._go_on_after(why)
        stage = self.env["collection.stage"]._first_of_kind("amicable")
        is_moved = case.is_open and case.stage_kind == "insolvency"
        if stage and is_moved and not barred.filtered("is_open"):
            case.stage_id = stage

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
