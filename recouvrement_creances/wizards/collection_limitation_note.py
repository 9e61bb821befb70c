from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..models.law.collection_limitation_event import EVENT_KINDS, LASTING
from ..rules.limitation_events import BY_DEBTOR, WITHOUT_EFFECT


class CollectionLimitationNote(models.TransientModel):
    """Notes what interrupted or suspended limitation, after showing what it would move."""

    _name = "collection.limitation.note"
    _description = "Note an event on limitation"
    _inherit = ["collection.sourced"]

    case_id = fields.Many2one("collection.case", required=True)
    kind = fields.Selection(selection="_selection_kind", required=True, default="acknowledgement")
    date = fields.Date(string="On", required=True, default=fields.Date.context_today)
    date_until = fields.Date(string="Ended on")
    item_ids = fields.Many2many(
        "collection.item",
        string="Items",
        compute="_compute_item_ids",
        store=True,
        readonly=False,
        domain="[('case_id', '=', case_id), ('is_open', '=', True)]",
    )
    by_debtor = fields.Boolean(string="By the debtor himself", default=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Scan or file")
    evidence_id = fields.Many2one(
        "collection.evidence",
        string="Evidence of the case",
        domain="[('case_id', '=', case_id)]",
    )
    payment_ids = fields.One2many(
        "collection.limitation.note.payment",
        "wizard_id",
        compute="_compute_payment_ids",
        store=True,
        readonly=False,
    )
    note = fields.Text()
    is_confirmed = fields.Boolean(
        string="Confirm at once",
        default=lambda self: self.env.user.has_group("recouvrement_creances.group_manager"),
    )
    is_lasting = fields.Boolean(compute="_compute_asked")
    is_by_debtor_asked = fields.Boolean(compute="_compute_asked")
    refusal = fields.Char(compute="_compute_refusal")
    preview = fields.Text(compute="_compute_preview")

    @api.model
    def _selection_kind(self):
        """Return the closed list, and what people believe to interrupt, so as to refuse it."""
        event = self.env["collection.limitation.event"]
        kinds = event._fields["kind"]._description_selection(self.env)
        return kinds + self.env["collection.limitation.text"]._get_without_effect()

    # === COMPUTE === #

    @api.depends("case_id")
    def _compute_item_ids(self):
        for wizard in self:
            # What is over does not begin again: those are not proposed.
            wizard.item_ids = wizard.case_id.open_item_ids.filtered(
                lambda item: item.limitation_state != "expired"
            )

    @api.depends("case_id")
    def _compute_payment_ids(self):
        rows = self._find_payments()
        for wizard in self:
            wizard.payment_ids = [fields.Command.clear()] + [
                fields.Command.create({key: row[key] for key in row if key != "case_id"})
                for row in rows
                if row["case_id"] == wizard.case_id._origin.id
            ]

    @api.depends("kind")
    def _compute_asked(self):
        for wizard in self:
            wizard.is_lasting = wizard.kind in LASTING
            wizard.is_by_debtor_asked = wizard.kind in BY_DEBTOR

    @api.depends("kind")
    def _compute_refusal(self):
        texts = self.env["collection.limitation.text"]
        for wizard in self:
            refused = wizard.kind in WITHOUT_EFFECT
            wizard.refusal = texts._refuse_kind(wizard.kind) if refused else False

    @api.depends("kind", "date", "date_until", "item_ids", "by_debtor", "is_confirmed")
    def _compute_preview(self):
        """Show what the event would move, as if its evidence were there."""
        for wizard in self:
            wizard.preview = "\n".join(wizard._preview_items()) if wizard._can_preview() else False

    def _can_preview(self):
        in_order = not self.date_until or (self.date and self.date_until >= self.date)
        return bool(
            self.date
            and in_order
            and self.kind in dict(EVENT_KINDS)
            and self.kind != "partial_payment"
        )

    def _preview_items(self):
        self.ensure_one()
        items = self.item_ids._origin
        event = self.env["collection.limitation.check"]._prepare_rule_event(
            self.kind,
            self.date,
            date_until=self.date_until,
            by_debtor=self.by_debtor,
            payment_reference="?",
        )
        # In sudo mode to work out dates that everybody sees.
        claims = (
            self.env["collection.limitation"]
            .sudo()
            ._work_out(items, {item.id: [event] for item in items})
        )
        texts = self.env["collection.limitation.text"]
        for item in items:
            claim = claims.get(item.id)
            step = claim and next(step for step in claim.steps if step.event is event)
            if step and step.refusal:
                reason = texts._name_refusal(step.refusal)
                yield self.env._(
                    "%(item)s: %(reason)s (%(article)s)",
                    item=item.display_name,
                    reason=reason,
                    article=step.article,
                )
            elif step:
                yield self.env._(
                    "%(item)s: possible date %(before)s → %(after)s; legal date unchanged, "
                    "%(legal)s",
                    item=item.display_name,
                    before=format_date(self.env, item.limitation_possible_date),
                    after=format_date(self.env, claim.possible_date),
                    legal=format_date(self.env, claim.legal_date),
                )

    # === ACTIONS === #

    def action_apply(self):
        """Note the event, or each part payment that is ticked."""
        self.ensure_one()
        if self.is_confirmed and not self.env.user.has_group("recouvrement_creances.group_manager"):
            self.is_confirmed = False
        events = self.env["collection.limitation.event"]
        if self.kind == "partial_payment":
            events = self._note_payments()
        else:
            events = events._note(
                self.case_id,
                self.item_ids,
                self.kind,
                self.date,
                date_until=self.is_lasting and self.date_until,
                by_debtor=self.by_debtor and self.is_by_debtor_asked,
                **self._get_proofs(),
            )
        if self.is_confirmed:
            events.action_confirm()
        return {"type": "ir.actions.act_window_close"}

    def _get_proofs(self):
        return {
            "attachment_ids": self.attachment_ids,
            "evidence_id": self.evidence_id.id,
            "note": self.note,
        }

    def _find_payments(self):
        """Return the part payments that may be noted, of cases that the person sees."""
        # In sudo mode to read reconciliations, which collectors have no accounting right to.
        query_sudo = self.env["collection.limitation.query"].sudo()
        return query_sudo._find_payments(self.case_id._origin._filtered_access("read"))

    def _note_payments(self):
        """Note the ticked payments, each for its own item; nothing is noted unless it is ticked."""
        ticked = self.payment_ids.filtered("is_chosen")
        if not ticked:
            raise UserError(
                self.env._("Tick the payments that the debtor himself made without a reserve.")
            )
        found = {
            (row["item_id"], row["payment_reference"], row["date"]) for row in self._find_payments()
        }
        events = self.env["collection.limitation.event"]
        for line in ticked:
            if (line.item_id.id, line.payment_reference, line.date) not in found:
                raise UserError(
                    self.env._("%s is no part payment of the ledger.", line.payment_reference or "")
                )
            events |= events._note(
                self.case_id,
                line.item_id,
                "partial_payment",
                line.date,
                by_debtor=line.by_debtor,
                payment_reference=line.payment_reference,
                **self._get_proofs(),
            )
        return events
