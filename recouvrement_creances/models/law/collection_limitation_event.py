from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

from ...rules.limitation_events import BY_DEBTOR, INTERRUPTIONS, SUSPENSIONS, Event
from ...tools.dialogs import open_dialog

# The closed list: nothing else moves the end of a claim.
EVENT_KINDS = [
    ("acknowledgement", "Acknowledgement by the debtor"),
    ("partial_payment", "Part payment by the debtor"),
    ("court_claim", "Court claim"),
    ("order_served", "Order for payment served"),
    ("enforcement", "Enforcement or protective measure"),
    ("insolvency_declaration", "Declaration in insolvency proceedings"),
    ("mediation", "Mediation or conciliation"),
    ("expert_measure", "Expert measure ordered by a court"),
    ("force_majeure", "Force majeure"),
]
# What is said of an event later, without touching it.
RECORD_KINDS = [
    ("event", "Event"),
    ("confirmation", "Confirmed"),
    ("end", "Ended"),
    ("void", "Withdrawn, lapsed or rejected"),
    ("cancellation", "Cancelled"),
]
# Only a court claim loses its effect when it fails (C. civ. 2243).
CAN_BE_VOID = ("court_claim", "order_served")
# These last; of the others the day is all.
LASTING = ("court_claim", "order_served", "insolvency_declaration", *SUSPENSIONS)
STATES = [
    ("noted", "To confirm"),
    ("confirmed", "Confirmed"),
    ("void", "Without effect"),
    ("cancelled", "Cancelled"),
]


class CollectionLimitationEvent(models.Model):
    """What may have moved the end of some items: inserted once, never changed.

    What becomes known later (a confirmation, the end of a court case, a mistake) is a further
    record on the first one. The database refuses change and deletion by itself.
    """

    _name = "collection.limitation.event"
    _description = "Event on limitation"
    _inherit = ["collection.undefaulted"]
    _order = "date desc, id desc"
    _allow_sudo_commands = False
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    case_id = fields.Many2one(
        "collection.case",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    record_kind = fields.Selection(
        selection=RECORD_KINDS, required=True, readonly=True, default="event", string="Record"
    )
    event_id = fields.Many2one(
        "collection.limitation.event",
        string="Said of",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    follow_up_ids = fields.One2many("collection.limitation.event", "event_id", readonly=True)
    kind = fields.Selection(selection=EVENT_KINDS, required=True, readonly=True)
    date = fields.Date(required=True, readonly=True, help="When it happened or began.")
    date_until = fields.Date(string="Ended on", readonly=True)
    item_ids = fields.Many2many(
        "collection.item",
        "collection_item_collection_limitation_event_rel",
        "collection_limitation_event_id",
        "collection_item_id",
        string="Items",
        readonly=True,
    )
    by_debtor = fields.Boolean(string="By the debtor himself", readonly=True)
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "collection_limitation_event_ir_attachment_rel",
        "collection_limitation_event_id",
        "ir_attachment_id",
        string="Files",
        readonly=True,
    )
    evidence_id = fields.Many2one(
        "collection.evidence", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    payment_reference = fields.Char(
        string="Payment", readonly=True, help="The entry in the ledger that proves a part payment."
    )
    note = fields.Text(readonly=True)

    # === FROM WHAT WAS SAID LATER === #
    state = fields.Selection(selection=STATES, compute="_compute_state")
    confirmed_by_id = fields.Many2one("res.users", compute="_compute_state")
    confirmed_on = fields.Datetime(compute="_compute_state")
    ended_on = fields.Date(compute="_compute_state")
    article = fields.Char(compute="_compute_article")
    can_work = fields.Boolean(related="case_id.can_work", related_sudo=False)
    may_end = fields.Boolean(compute="_compute_state")
    may_be_void = fields.Boolean(compute="_compute_state")
    is_doubtful = fields.Boolean(
        string="Dismissed, not definitively", compute="_compute_is_doubtful", compute_sudo=True
    )

    _follow_up_says_of_what = models.Constraint(
        "CHECK(record_kind = 'event' OR event_id IS NOT NULL)",
        "Say which event this is about.",
    )
    _dates_ordered = models.Constraint(
        "CHECK(date_until IS NULL OR date_until >= date)", "An event cannot end before it begins."
    )

    def init(self):
        """Let the database itself refuse change and deletion, whatever code asks for it.

        One change is let through: a purge takes the note off an event whose case it has erased.
        """
        self.env.cr.execute(
            """
            CREATE OR REPLACE FUNCTION collection_limitation_event_refuse() RETURNS trigger AS $$
            BEGIN
                IF TG_OP = 'UPDATE' THEN
                    IF NEW.note IS NULL AND to_jsonb(NEW) - 'note' = to_jsonb(OLD) - 'note'
                       AND EXISTS (SELECT FROM collection_case
                                    WHERE id = OLD.case_id AND purged_on IS NOT NULL
                                      AND is_open IS NOT TRUE)
                    THEN
                        RETURN NEW;
                    END IF;
                END IF;
                RAISE EXCEPTION 'Events on limitation can be neither changed nor deleted.'
                      USING ERRCODE = 'restrict_violation';
            END
            $$ LANGUAGE plpgsql;
            DROP TRIGGER IF EXISTS collection_limitation_event_immutable
                ON collection_limitation_event;
            CREATE TRIGGER collection_limitation_event_immutable
                BEFORE UPDATE OR DELETE ON collection_limitation_event
                FOR EACH ROW EXECUTE FUNCTION collection_limitation_event_refuse();
            DROP TRIGGER IF EXISTS collection_limitation_event_no_truncate
                ON collection_limitation_event;
            CREATE TRIGGER collection_limitation_event_no_truncate
                BEFORE TRUNCATE ON collection_limitation_event
                FOR EACH STATEMENT EXECUTE FUNCTION collection_limitation_event_refuse();
            """
        )

    # === COMPUTE === #

    @api.depends("kind", "date")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for event in self:
            parts = (labels.get(event.kind), event.date and format_date(self.env, event.date))
            event.display_name = " · ".join(filter(None, parts))

    @api.depends("record_kind", "date_until", "follow_up_ids.record_kind")
    def _compute_state(self):
        for event in self:
            said = event.follow_up_ids.sorted("id").grouped("record_kind")
            confirmation = said.get("confirmation", self.browse())[:1]
            event.state = (
                "cancelled"
                if "cancellation" in said
                else "void"
                if "void" in said
                else "confirmed"
                if confirmation
                else "noted"
            )
            event.confirmed_by_id = confirmation.create_uid
            event.confirmed_on = confirmation.create_date
            event.ended_on = said.get("end", self.browse())[-1:].date_until or event.date_until
            runs = event.record_kind == "event" and event.state in ("noted", "confirmed")
            event.may_end = runs and event.kind in LASTING and not event.ended_on
            event.may_be_void = runs and event.kind in CAN_BE_VOID

    @api.depends("follow_up_ids.record_kind")
    def _compute_is_doubtful(self):
        doubtful = self.env["collection.proceeding.event"]._find_dismissed(self)
        for event in self:
            event.is_doubtful = event.may_be_void and event in doubtful

    @api.depends("kind")
    def _compute_article(self):
        articles = {**INTERRUPTIONS, **SUSPENSIONS}
        for event in self:
            event.article = articles.get(event.kind, "")

    # === CONSTRAINTS === #

    @api.constrains("attachment_ids", "evidence_id", "payment_reference")
    def _check_evidence(self):
        for event in self:
            proven = event.attachment_ids or event.evidence_id or event.payment_reference
            if event.record_kind == "event" and not proven:
                raise ValidationError(
                    self.env._("Attach a file or choose an evidence: without one it is no proof.")
                )

    # === CRUD === #

    def write(self, vals):
        """Refuse: what was noted stays as it was noted."""
        if self:
            raise UserError(
                self.env._("What was noted stays as it is: cancel it, and note it anew.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("What was noted is kept: cancel it instead."))

    # === ACTIONS === #

    def action_confirm(self):
        """Agree that the evidence shows what was noted: the confirmed date follows."""
        if not self.env.user.has_group("recouvrement_creances.group_manager"):
            raise AccessError(
                self.env._("Only a manager of collection confirms what moves a limitation date.")
            )
        self._say("confirmation")

    def action_follow(self):
        """Open the dialog that notes what became of an event; the context says what."""
        self.ensure_one()
        return open_dialog(
            "collection.limitation.follow",
            self.env._("What became of it"),
            default_event_id=self.id,
            default_record_kind=self.env.context.get("collection_record_kind", "end"),
        )

    # === BUSINESS - NOTING === #

    @api.model
    def _note(self, case, items, kind, date, **values):
        """Note one event on some items of a case, once it is sure that it counts.

        :param values: date_until, by_debtor, attachment_ids (records), evidence_id,
            payment_reference, note
        :return: the record
        :raises UserError: it does not count, for the reason and the article that the text names
        """
        case.check_access("write")
        attachments = values.pop("attachment_ids", self.env["ir.attachment"])
        self.env["collection.limitation.check"]._check_counts(
            case, items, kind, date, attachments=attachments, **values
        )
        self._attach_to(case, attachments)
        event = self._append(
            {
                "company_id": case.company_id.id,
                "case_id": case.id,
                "kind": kind,
                "date": date,
                "item_ids": [(6, 0, items.ids)],
                "attachment_ids": [(6, 0, attachments.ids)],
                **values,
            }
        )
        event._take_effect()
        return event

    @api.model
    def _attach_to(self, case, attachments):
        """Let whoever sees the case see the files; what proves another case is not taken away."""
        fresh = attachments.filtered(
            lambda file: (file.res_model, file.res_id) != ("collection.case", case.id)
        )
        if fresh:
            # In sudo mode to know the declarations of a case; who sees it sees them with their PDF.
            declarations_sudo = case.sudo().insolvency_ids.declaration_ids
            fresh -= declarations_sudo.document_id.with_env(fresh.env)
        fresh.check_access("write")
        fresh.write({"res_model": "collection.case", "res_id": case.id})

    def _say(self, record_kind, date=None, note=None):
        """Append what became known of events: a confirmation, an end, a failure, a mistake."""
        self.case_id.check_access("write")
        self.env["collection.limitation.check"]._check_may_say(self, record_kind, date, note)
        self._append(
            *(
                {
                    "company_id": event.company_id.id,
                    "case_id": event.case_id.id,
                    "record_kind": record_kind,
                    "event_id": event.id,
                    "kind": event.kind,
                    "date": event.date,
                    "date_until": date if record_kind == "end" else None,
                    "note": note,
                }
                for event in self
            )
        )
        self.invalidate_recordset()
        self._take_effect(record_kind, note)

    @api.model
    def _append(self, *vals_list):
        # In sudo mode to append: the callers have checked the access to the case.
        return self.sudo().create(list(vals_list)).with_env(self.env)

    def _take_effect(self, record_kind="event", note=None):
        """Work the dates out anew, decide the cases anew and tell their timelines."""
        # In sudo mode to keep what the flow alone writes.
        self.env["collection.limitation"].sudo()._bring_up_to_date(self.sudo().item_ids)
        cases = self.item_ids.case_id | self.case_id
        cases._refresh_verdicts(fields.Date.context_today(self))
        labels = dict(self._fields["record_kind"]._description_selection(self.env))
        for event in self:
            names = ", ".join(event.item_ids.mapped("display_name"))
            parts = (
                self.env._("Limitation"),
                event.display_name,
                labels[record_kind] if record_kind != "event" else "",
                names,
                note or event.note,
            )
            event.case_id._message_log(body=Markup("%s") % escape(" · ".join(filter(None, parts))))

    # === BUSINESS - READING === #

    @api.model
    def _read_events(self, items):
        """Return {item id: [rules' Event]} of what was noted and not cancelled."""
        # In sudo mode to read files and users behind the events, for a date that is no secret.
        records_sudo = self.sudo().search(
            [("record_kind", "=", "event"), ("item_ids", "in", items._origin.ids)]
        )
        events = {}
        for record_sudo in records_sudo.filtered(lambda record: record.state != "cancelled"):
            event = record_sudo._to_rule_event()
            for item in record_sudo.item_ids:
                events.setdefault(item.id, []).append(event)
        return events

    def _to_rule_event(self):
        """Return the event as the rules read it."""
        self.ensure_one()
        proofs = [
            *self.attachment_ids.mapped("name"),
            self.evidence_id.display_name if self.evidence_id else "",
            self.payment_reference or "",
        ]
        return Event(
            self.kind,
            self.date,
            self.ended_on or None,
            evidence=", ".join(filter(None, proofs)),
            by_debtor=self.by_debtor or self.kind not in BY_DEBTOR,
            is_void=self.state == "void",
            confirmed_by=self.confirmed_by_id.name or "",
            is_doubtful=self.is_doubtful,
        )
