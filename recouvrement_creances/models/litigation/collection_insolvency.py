from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...rules.distances import ABROAD, NEAR
from ...rules.insolvency import COMPANY, KINDS
from ...rules.transitions import INSOLVENCY
from ...tools.dialogs import open_dialog
from .insolvency_labels import GROUND_LABELS, KIND_LABELS, STATE_LABELS

# Written by the steps alone.
FLOW_FIELDS = {
    "case_id",
    "origin_id",
    "hold_ids",
    "event_ids",
    "plan_date",
    "certificate_date",
    "closing_ground",
    "closed_on",
    "wiped_out_before",
}
# What the judgement and its publication say: shared by the companies of the group.
SHARED_FIELDS = {
    "kind",
    "judgement_date",
    "publication_date",
    "publication_number",
    "publication_url",
    "rectified_on",
    "publication_reason",
    "court_id",
    "number",
    "representative_id",
    "administrator_ids",
}
# What moves holds and deadlines.
EFFECTIVE_FIELDS = {
    "kind",
    "judgement_date",
    "publication_date",
    "notified_on",
    "security",
    "is_creditor_abroad",
    "retains_title",
}
FIXED_FIELDS = {"partner_id", "company_id"}
DECLARATION = "insolvency.declaration"


class CollectionInsolvency(models.Model):
    """Insolvency or over-indebtedness of a debtor, as one creditor company has to follow it.

    Recording it stops at once what the law stops: contacts about earlier debts, their interest,
    planned demands. Each company of the group has a record of its own, as each declares its own
    claims; the facts of the judgement are kept the same.
    """

    _name = "collection.insolvency"
    _description = "Insolvency of a debtor"
    _inherit = [
        "collection.insolvency.query",
        "collection.insolvency.correction",
        "collection.insolvency.effects",
        "collection.insolvency.flow",
        "collection.insolvency.payment",
        "collection.insolvency.publication",
        "collection.deadlined",
        "mail.thread",
        "mail.activity.mixin",
        "collection.stateful",
        "collection.insolvency.unrepeated",
    ]
    _order = "judgement_date desc, id desc"
    _transitions = INSOLVENCY
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner", string="Debtor", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    case_id = fields.Many2one(
        "collection.case",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        copy=False,
    )
    case_user_id = fields.Many2one(related="case_id.user_id", string="Collector")
    can_work = fields.Boolean(compute="_compute_can_work")
    origin_id = fields.Many2one(
        "collection.insolvency",
        string="Recorded by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The record of another company of the group that this one comes from.",
    )
    shared_ids = fields.One2many("collection.insolvency", "origin_id", readonly=True)
    kind = fields.Selection(selection=KIND_LABELS, required=True, tracking=True)
    is_consumer = fields.Boolean(compute="_compute_is_consumer")
    state = fields.Selection(
        selection=STATE_LABELS, required=True, readonly=True, default="filed", tracking=True
    )

    # === JUDGEMENT AND PUBLICATION === #
    judgement_date = fields.Date(
        string="Opened on",
        tracking=True,
        copy=False,
        help="The day of the judgement, or of the decision that admits a consumer. Empty while it "
        "has only been asked for: nothing stops yet.",
    )
    publication_date = fields.Date(
        tracking=True,
        copy=False,
        help="In the official gazette (BODACC): the time to declare claims counts from it.",
    )
    publication_number = fields.Char(string="Notice number", copy=False)
    publication_url = fields.Char(string="Notice", copy=False)
    notified_on = fields.Date(
        string="Personal notice received on",
        copy=False,
        help="Creditors with a published security or contract declare from the notice that they "
        "receive themselves (C. com. L622-24): name it under Security. All others declare from the "
        "publication, whenever they receive a letter.",
    )
    court_id = fields.Many2one("collection.court", ondelete="restrict")
    number = fields.Char(string="Court's number", copy=False)
    representative_id = fields.Many2one(
        "res.partner",
        string="Representative or liquidator",
        help="Mandataire judiciaire, liquidator or commission: claims are declared to it.",
    )
    administrator_ids = fields.Many2many("res.partner", string="Administrators")

    # === CREDITOR === #
    is_creditor_abroad = fields.Boolean(
        string="Creditor lives elsewhere",
        compute="_compute_is_creditor_abroad",
        store=True,
        readonly=False,
        precompute=True,
        help="Outside of the court's territory, overseas or abroad: two months more to declare "
        "(C. com. R622-24).",
    )
    retains_title = fields.Boolean(
        string="Goods under retention of title",
        help="Goods of ours that the debtor has not paid are still there: they are claimed within "
        "three months (C. com. L624-9).",
    )
    security = fields.Text(
        help="Pledge, mortgage, lien, published contract: its nature, rank, date and registration."
    )

    # === COURSE === #
    plan_date = fields.Date(readonly=True, copy=False)
    certificate_date = fields.Date(
        string="Certificate of irrecoverability", readonly=True, copy=False
    )
    closing_ground = fields.Selection(
        selection=GROUND_LABELS, readonly=True, copy=False, tracking=True
    )
    closed_on = fields.Date(readonly=True, copy=False)
    wiped_out_before = fields.Date(string="Wiped out: debts before", readonly=True, copy=False)
    hold_ids = fields.One2many("collection.hold", "insolvency_id", readonly=True)
    event_ids = fields.One2many("collection.insolvency.event", "insolvency_id", readonly=True)
    claim_ids = fields.One2many(
        "collection.insolvency.claim", "insolvency_id", string="Debts", readonly=True
    )
    declaration_ids = fields.One2many(
        "collection.insolvency.declaration", "insolvency_id", readonly=True
    )
    dividend_ids = fields.One2many("collection.insolvency.dividend", "insolvency_id")
    note = fields.Text()

    # === AMOUNTS === #
    amount_earlier = fields.Monetary(
        string="Earlier debts", compute="_compute_amounts", compute_sudo=True
    )
    amount_later = fields.Monetary(
        string="Later debts",
        compute="_compute_amounts",
        compute_sudo=True,
        help="Arose after the opening: due at their date, and still collected (C. com. L622-17).",
    )
    amount_declared = fields.Monetary(
        string="Declared", compute="_compute_followed", compute_sudo=True
    )
    amount_admitted = fields.Monetary(
        string="Admitted", compute="_compute_followed", compute_sudo=True
    )
    amount_contested = fields.Monetary(
        string="Contested", compute="_compute_followed", compute_sudo=True
    )
    amount_rejected = fields.Monetary(
        string="Rejected", compute="_compute_followed", compute_sudo=True
    )

    # A conciliation is apart: the opening of others ends it, and its record stays what it was.
    _running_unique = models.UniqueIndex(
        "(company_id, partner_id, (kind = 'conciliation')) "
        "WHERE state IN ('filed', 'open', 'plan')",
        "Proceedings of this debtor are recorded already: open that record.",
    )
    _check_publication = models.Constraint(
        "CHECK(publication_date IS NULL OR judgement_date IS NULL "
        "OR publication_date >= judgement_date)",
        "The publication is not before the judgement.",
    )

    # === COMPUTE === #

    @api.depends("kind", "partner_id")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for record in self:
            record.display_name = " · ".join(
                filter(None, (labels.get(record.kind), record.partner_id.sudo().display_name))
            )

    @api.depends("case_id.user_id")
    @api.depends_context("uid")
    def _compute_can_work(self):
        workable = self._filtered_access("write")
        for record in self:
            record.can_work = record in workable

    @api.depends("kind")
    def _compute_is_consumer(self):
        for record in self:
            record.is_consumer = bool(record.kind) and KINDS[record.kind].family != COMPANY

    @api.depends("company_id", "court_id", "partner_id")
    def _compute_is_creditor_abroad(self):
        for record in self:
            record.is_creditor_abroad = record._measure_distance("act") != NEAR

    @api.depends("judgement_date", "claim_ids.side")
    def _compute_amounts(self):
        sums = self._read_sides()
        for record in self:
            record.amount_earlier, record.amount_later = sums.get(record._origin.id, (0.0, 0.0))

    @api.depends(
        "declaration_ids.state",
        "claim_ids.amount_admitted",
        "claim_ids.amount_contested",
        "claim_ids.amount_rejected",
    )
    def _compute_followed(self):
        for record in self:
            sent = record.declaration_ids.filtered(lambda version: version.state == "sent")
            record.amount_declared = sent[:1].amount_total
            for name in ("admitted", "contested", "rejected"):
                record[f"amount_{name}"] = sum(record.claim_ids.mapped(f"amount_{name}"))

    # === CONSTRAINTS === #

    @api.constrains("judgement_date", "publication_date", "notified_on")
    def _check_past(self):
        today = fields.Date.context_today(self)
        for record in self:
            days = (record.judgement_date, record.publication_date, record.notified_on)
            if any(day and day > today for day in days):
                raise ValidationError(
                    self.env._("Judgement and publication are recorded once they have taken place.")
                )
            if record.publication_date and not record.judgement_date:
                raise ValidationError(self.env._("Give the day of the judgement as well."))

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Record proceedings: what the law stops has stopped when this returns."""
        if not self.env.su:
            recording, vals_list = self._drop_given(FLOW_FIELDS, vals_list)
        else:
            recording = self
        partners = self.env["res.partner"]
        vals_list = [
            {
                **vals,
                "partner_id": partners.browse(vals["partner_id"]).commercial_partner_id.id,
            }
            for vals in vals_list
        ]
        records = super(CollectionInsolvency, recording).create(vals_list).with_env(self.env)
        self._forget_running()
        records._find_cases()
        records._check_may_record()
        records._take_effect()
        records._share_with_group()
        return records

    def write(self, vals):
        """Follow the facts: holds and deadlines move with the dates; the group is told."""
        if not (self.env.su or self._through_door()):
            if FLOW_FIELDS & vals.keys():
                raise AccessError(self.env._("Record the steps of proceedings by their button."))
            if FIXED_FIELDS & vals.keys():
                raise UserError(
                    self.env._("Proceedings stay with their debtor: record others instead.")
                )
            self._check_kind(vals.get("kind"))
            self._check_judgement_moves(vals)
            self._check_publication_moves(vals)
            ended = self.filtered(lambda record: record.state in ("closed", "cancelled"))
            if ended and vals.keys() - {"note"}:
                raise UserError(self.env._("Proceedings that have ended are history."))
        far = self.filtered("is_creditor_abroad")
        # In sudo mode: whoever may name the representative has the declaration go to him.
        addressed_sudo = self.sudo().declaration_ids._filter_addressed()
        result = super().write(vals)
        if "representative_id" in vals:
            addressed_sudo._address()
        if "state" in vals:
            self._forget_running()
        if EFFECTIVE_FIELDS & vals.keys():
            self._take_effect()
        elif "court_id" in vals:
            # Its territory says whether the creditor has more time.
            now = self.filtered("is_creditor_abroad")
            ((now - far) | (far - now))._take_effect()
        if SHARED_FIELDS & vals.keys():
            self._tell_group(SHARED_FIELDS & vals.keys())
        if "kind" in vals:
            self._share_with_group()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        raise UserError(
            self.env._("Proceedings are history: close them, or say that they were a mistake.")
        )

    # === ACTIONS === #

    def action_record_step(self):
        """Open the dialog that records what took place."""
        return self._open_dialog("collection.insolvency.step", self.env._("Record a step"))

    def action_close(self):
        """Open the dialog that closes the proceedings, with a document or a reason."""
        return self._open_dialog(
            "collection.insolvency.closing", self.env._("Close the proceedings")
        )

    def action_prepare_declaration(self):
        """Prepare the declaration of claims as of the judgement; open it."""
        self.ensure_one()
        declarations = self.env["collection.insolvency.declaration"]
        return declarations._prepare_for(self).get_formview_action()

    def action_list_claims(self):
        """Open the debts before and after the opening, to follow what is admitted of each."""
        self.ensure_one()
        self.check_access("read")
        if self.has_access("write"):
            self._list_claims()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "recouvrement_creances.collection_insolvency_claim_action"
        )
        return {**action, "domain": [("insolvency_id", "=", self.id)]}

    def action_open_case(self):
        """Open the case."""
        return self.case_id.get_formview_action()

    def _open_dialog(self, model, name):
        self.ensure_one()
        return open_dialog(model, name, default_insolvency_id=self.id)

    # === BUSINESS === #

    def _get_deadline_postcode(self):
        """EXTENDS collection.deadlined: the holidays that count are those of the court."""
        return self.court_id._get_postcode() or super()._get_deadline_postcode()

    def _find_distance(self, purpose):
        """EXTENDS collection.deadlined: the creditor's place is what the record says."""
        if purpose == "act":
            return ABROAD if self.is_creditor_abroad else NEAR
        return super()._find_distance(purpose)

    def _find_first_day(self, deadline):
        """EXTENDS collection.deadlined: what counts from the publication is done before it too.

        A declaration is made from the judgement on, whatever lets its time run: for some creditors
        that is a notice of their own (C. com. L622-24).
        """
        first = super()._find_first_day(deadline)
        is_published = self.publication_date and first == self.publication_date
        is_early = is_published or deadline.rule_code == DECLARATION
        return self.judgement_date if is_early else first
