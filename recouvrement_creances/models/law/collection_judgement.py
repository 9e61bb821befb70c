from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL, format_date

from ...rules.charges import Judgement
from ...rules.transitions import JUDGEMENT

# What becomes known after the judgement; what it says itself is written once.
LATER_FIELDS = {"enforceable_on", "is_exempt", "exempt_ground"}
OWN_FIELDS = {"name", "case_id", "item_ids", "date", "grants", "runs_from", "attachment_ids"}


class CollectionJudgement(models.Model):
    """A judgement on some items of a debtor: it grants them their interest, and is a title.

    Interest at the legal rate takes the place of the interest before it, from the day that the
    judgement sets: the two do not add up (Cass. com. 24/04/2024 n° 22-24.275). The agreed rate or
    the penalties of C. com. L441-10 that it grants until payment go on. Once it is enforceable it
    has a limitation of its own (CPCE L111-4).
    """

    _name = "collection.judgement"
    _description = "Judgement on items of a case"
    _inherit = ["mail.thread", "collection.stateful"]
    _order = "date desc, id desc"
    _transitions = JUDGEMENT
    _check_company_auto = True

    name = fields.Char(string="Reference", required=True, help="The court and the number.")
    case_id = fields.Many2one(
        "collection.case", required=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="case_id.partner_id", string="Debtor")
    item_ids = fields.Many2many("collection.item", string="Items", required=True)
    date = fields.Date(string="Judgement of", required=True)
    grants = fields.Selection(
        selection=[
            ("legal_rate", "Interest at the legal rate"),
            ("penalties", "The agreed rate or the penalties, until payment"),
        ],
        required=True,
        default="legal_rate",
        help="At the legal rate, its interest takes the place of the agreed rate or the penalties.",
    )
    runs_from = fields.Date(
        string="Interest from",
        compute="_compute_runs_from",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        help="The day that the judgement sets: the formal notice, the summons, or its own day. "
        "Interest at the legal rate counts from the day after (C. civ. 1231-6, 1231-7).",
    )
    enforceable_on = fields.Date(
        string="Enforceable on",
        tracking=True,
        help="The legal rate rises by five points two months later (CMF L313-3); from this day on "
        "the items become time-barred as a title does (CPCE L111-4).",
    )
    is_exempt = fields.Boolean(
        string="Exempt from the increase",
        tracking=True,
        help="The judge of enforcement has lifted the five points (CMF L313-3 al. 2).",
    )
    exempt_ground = fields.Char(string="Decision that exempts", tracking=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Documents", required=True)
    state = fields.Selection(
        selection=[("standing", "Standing"), ("cancelled", "Set aside")],
        required=True,
        readonly=True,
        default="standing",
        tracking=True,
    )

    _enforceable_after = models.Constraint(
        "CHECK(enforceable_on IS NULL OR enforceable_on >= date)",
        "A judgement is not enforceable before its day.",
    )

    # === COMPUTE === #

    @api.depends("date")
    def _compute_runs_from(self):
        for judgement in self:
            judgement.runs_from = judgement.runs_from or judgement.date

    @api.depends("name", "date")
    def _compute_display_name(self):
        for judgement in self:
            day = judgement.date and format_date(self.env, judgement.date)
            judgement.display_name = " · ".join(filter(None, (judgement.name, day)))

    # === CONSTRAINTS === #

    @api.constrains("date", "runs_from", "attachment_ids", "is_exempt", "exempt_ground")
    def _check_proof(self):
        today = fields.Date.context_today(self)
        for judgement in self:
            if judgement.date > today:
                raise ValidationError(self.env._("The judgement is of a day to come."))
            if judgement.runs_from > today:
                raise ValidationError(
                    self.env._("Interest runs from a day to come: correct the day.")
                )
            if not judgement.attachment_ids:
                raise ValidationError(
                    self.env._("Attach the judgement: without it nothing proves its interest.")
                )
            if judgement.is_exempt and not (judgement.exempt_ground or "").strip():
                raise ValidationError(self.env._("Say which decision lifts the five points."))

    @api.constrains("item_ids", "case_id", "state")
    def _check_item_ids(self):
        """Items of the debtor, each under one standing judgement."""
        for judgement in self:
            owners = judgement.item_ids.case_id
            if (
                not owners
                or owners.partner_id != judgement.partner_id
                or (owners.company_id != judgement.company_id)
            ):
                raise ValidationError(
                    self.env._("Choose items of %s.", judgement.partner_id.display_name)
                )
        standing = self.filtered(lambda judgement: judgement.state == "standing")
        others = self.search(
            [("state", "=", "standing"), ("item_ids", "in", standing.item_ids.ids)], order="id"
        )
        for judgement in standing:
            twin = (others - judgement).filtered(
                lambda other, mine=judgement: other.item_ids & mine.item_ids
            )
            if twin:
                raise ValidationError(
                    self.env._(
                        "“%s” bears on some of these items already: cancel it first, if it was "
                        "overturned.",
                        twin[0].display_name,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Note judgements; whoever sees the case sees their documents."""
        cases = self.env["collection.case"].browse(vals["case_id"] for vals in vals_list)
        cases.check_access("write")
        for case, vals in zip(cases, vals_list, strict=True):
            files = self.new({"attachment_ids": vals.get("attachment_ids")}).attachment_ids
            self.env["collection.limitation.event"]._attach_to(case, files._origin)
        # No default brings in a file that was not looked at above.
        checked = self._without_defaults(("attachment_ids",))
        judgements = super(CollectionJudgement, checked).create(vals_list).with_env(self.env)
        judgements._tell_cases(self.env._("Judgement noted"))
        judgements._follow_limitation()
        return judgements

    def write(self, vals):
        """Refuse to rewrite a judgement; what becomes known of it later is noted."""
        if not self._through_door():
            if OWN_FIELDS & vals.keys():
                raise UserError(
                    self.env._("A judgement stays as it was noted: cancel it, and note it anew.")
                )
            if LATER_FIELDS & vals.keys():
                self.case_id.check_access("write")
                if any(judgement.state != "standing" for judgement in self):
                    raise UserError(self.env._("This judgement was cancelled: note it anew."))
        result = super().write(vals)
        if {"enforceable_on", "state"} & vals.keys():
            self._follow_limitation()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        raise UserError(self.env._("Judgements are history: cancel the judgement instead."))

    # === ACTIONS === #

    def action_cancel(self):
        """Take a judgement back that was overturned or noted by mistake, as a manager."""
        if not self.env.su and not self.env.user.has_group("recouvrement_creances.group_manager"):
            raise AccessError(self.env._("Only a manager of collection cancels a judgement."))
        self._apply_event("cancel")
        self._tell_cases(self.env._("Judgement cancelled"))

    # === BUSINESS === #

    def _tell_cases(self, what):
        for judgement in self:
            names = ", ".join(judgement.item_ids.mapped("display_name"))
            text = " · ".join((what, judgement.display_name, names))
            judgement.case_id._message_log(body=Markup("%s") % escape(text))

    def _follow_limitation(self):
        """Decide anew what may still be asked: an enforceable judgement has its own period."""
        # In sudo mode to keep dates that the flow alone writes.
        self.env["collection.limitation"].sudo()._follow([("id", "in", self.item_ids.ids)])

    @api.model
    def _read_standing(self, item_ids):
        """Return {item id: what a standing judgement says of its interest}, in one statement.

        :param item_ids: ids of collection.item records
        :return: dict of ``rules.charges.Judgement``
        """
        found = self.env.execute_query(
            SQL(
                """
                SELECT rel.collection_item_id, judgement.runs_from,
                       CASE WHEN judgement.is_exempt IS TRUE THEN NULL
                            ELSE judgement.enforceable_on END
                  FROM collection_judgement judgement
                  JOIN collection_item_collection_judgement_rel rel
                    ON rel.collection_judgement_id = judgement.id
                 WHERE judgement.state = 'standing'
                   AND judgement.grants = 'legal_rate'
                   AND rel.collection_item_id IN %s
                """,
                tuple(item_ids) or (0,),
            )
        )
        return {item_id: Judgement(start, enforceable) for item_id, start, enforceable in found}
