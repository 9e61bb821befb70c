from odoo import api, fields, models
from odoo.exceptions import UserError

from ...rules.gazette import CANCELLATION, OPENING, RECTIFICATION, may_open
from ...rules.insolvency import RUNNING
from ...rules.transitions import PUBLICATION
from .insolvency_labels import KIND_LABELS, STAYING_KINDS

TYPE_LABELS = [
    ("initial", "Notice"),
    ("rectification", "Corrects an earlier notice"),
    ("cancellation", "Cancels an earlier notice"),
]
EFFECT_LABELS = [
    ("opening", "Opening"),
    ("conversion", "Turned into a liquidation"),
    ("plan", "Plan"),
    ("claim_state", "State of claims"),
    ("closing", "Closing"),
    ("other", "Other"),
]


class CollectionPublication(models.Model):
    """A notice of the official gazette about a debtor: proposed, a person decides what it means."""

    _name = "collection.publication"
    _description = "Notice of the official gazette"
    _inherit = [
        "collection.publication.watch",
        "mail.thread",
        "mail.activity.mixin",
        "collection.stateful",
    ]
    _order = "published_on desc, id desc"
    _transitions = PUBLICATION
    _rec_name = "reference"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Debtor",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    case_id = fields.Many2one("collection.case", readonly=True, index=True, ondelete="set null")
    case_user_id = fields.Many2one(related="case_id.user_id", string="Collector")
    siren = fields.Char(string="SIREN", readonly=True)
    reference = fields.Char(required=True, readonly=True)
    published_on = fields.Date(required=True, readonly=True)
    number = fields.Char(string="Notice number", readonly=True)
    type = fields.Selection(selection=TYPE_LABELS, required=True, readonly=True)
    effect = fields.Selection(selection=EFFECT_LABELS, required=True, readonly=True)
    kind = fields.Selection(selection=KIND_LABELS, readonly=True)
    judgement_date = fields.Date(string="Judgement of", readonly=True)
    name = fields.Char(string="Name in the notice", readonly=True)
    court_name = fields.Char(string="Court", readonly=True)
    nature = fields.Char(string="Judgement", readonly=True)
    text = fields.Text(
        string="In words", readonly=True, help="The administrators stand here, in free text."
    )
    url = fields.Char(string="Notice", readonly=True)
    former_id = fields.Many2one(
        "collection.publication", string="Earlier notice", readonly=True, index="btree_not_null"
    )
    state = fields.Selection(
        selection=[("proposed", "To look at"), ("accepted", "Taken in"), ("dismissed", "Left")],
        required=True,
        readonly=True,
        default="proposed",
    )
    dismissal = fields.Char(string="Why left", readonly=True)
    insolvency_id = fields.Many2one(
        "collection.insolvency",
        string="Insolvency proceedings",
        readonly=True,
        index="btree_not_null",
    )
    can_work = fields.Boolean(related="case_id.can_work", related_sudo=False)

    _reference_unique = models.UniqueIndex(
        "(company_id, partner_id, reference)", "This notice is known already."
    )

    # === CRUD === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        raise UserError(self.env._("Notices are history: leave them instead."))

    # === ACTIONS === #

    def action_accept(self):
        """Take the notice in: record, correct or take back proceedings; open them."""
        self.ensure_one()
        self._check_may_decide()
        record = self._take_in()
        # In sudo mode to write what only these buttons write, after the check above.
        self.sudo()._apply_event("accept", {"insolvency_id": record.id})
        self.sudo().activity_ids.unlink()
        return record.get_formview_action()

    def action_dismiss(self):
        """Leave notices that are about somebody else, or that change nothing."""
        self._check_may_decide()
        self.sudo()._apply_event("dismiss", {"dismissal": self.env.user.name})
        self.sudo().activity_ids.unlink()

    def action_propose(self):
        """Look at left notices again."""
        self._check_may_decide()
        self.sudo()._apply_event("propose", {"dismissal": False})

    # === BUSINESS === #

    def _check_may_decide(self):
        self.check_access("read")
        self.case_id.check_access("write")

    def _take_in(self):
        """Return the proceedings, as the notice leaves them.

        :raises UserError: it corrects or ends what is not recorded
        """
        record = self._find_proceedings()
        if self.type == CANCELLATION:
            self._check_known(record)
            record._cancel(self.env._("Notice %s cancels the publication.", self.reference))
            return record
        if record and self.type != RECTIFICATION and self._opens_others(record):
            had_plan = record.state == "plan"
            self._end_former(record)
            opened = self._record_proceedings()
            if had_plan:
                opened._tell_admitted_by_plan()
            return opened
        if record and (self.type == RECTIFICATION or self.effect == OPENING):
            record.write(self._prepare_facts())
            return record
        if not record and may_open(self.effect, self.nature or ""):
            return self._record_proceedings()
        self._check_known(record)
        self._follow(record)
        return record

    def _find_proceedings(self):
        """Return those that the earlier notice led to, else those that run."""
        known = self.former_id.insolvency_id.filtered(
            lambda record: (
                record.company_id == self.company_id and record.partner_id == self.partner_id
            )
        )
        return known or self.env["collection.insolvency"].search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "in", RUNNING),
                # A conciliation is published nowhere: a notice never tells of it.
                ("kind", "in", STAYING_KINDS),
            ],
            limit=1,
        )

    def _opens_others(self, record):
        """Tell whether the notice opens other proceedings than those that run.

        Their own notice, or the first one, only completes what a person recorded.

        :raises UserError: it is about proceedings before these
        """
        if self.effect != OPENING or not (self.judgement_date and record.judgement_date):
            return False
        own = record.publication_date
        if not own or own == self.published_on or record.judgement_date == self.judgement_date:
            return False
        if self.judgement_date < record.judgement_date:
            raise UserError(
                self.env._(
                    "The notice tells of a judgement that is earlier than the one recorded: leave "
                    "it, or correct the record by hand."
                )
            )
        return True

    def _end_former(self, record):
        """End what other proceedings follow on, in all companies of the group.

        What it held is held by the record that follows at once, whose opening is later.
        """
        reason = self.env._("Notice %s opens other proceedings.", self.reference)
        values = {"closing_ground": "followed", "closed_on": self.judgement_date}
        # In sudo mode as only managers close by hand, for reminders start again: here none do.
        record.check_access("write")
        for running_sudo in record._get_family():
            running_sudo._end("close", values, True, reason)
        # The index of what runs sees it before the next record.
        record.flush_model(["state"])

    def _check_known(self, record):
        if not record:
            raise UserError(
                self.env._(
                    "No proceedings of %s are recorded: there is nothing that this notice changes. "
                    "Leave it, or record them first.",
                    self.partner_id.display_name,
                )
            )

    def _prepare_facts(self):
        """Return what the notice says of the judgement; what it leaves out stays."""
        court = self.env["collection.court"]._find_named(self.court_name)
        facts = {
            "kind": self.kind,
            "judgement_date": self.judgement_date,
            "publication_date": self.published_on,
            "publication_number": self.number or self.reference,
            "publication_url": self.url,
            "court_id": court.id,
        }
        return {name: value for name, value in facts.items() if value}

    def _record_proceedings(self):
        facts = self._prepare_facts()
        if not {"kind", "judgement_date"} <= facts.keys():
            raise UserError(
                self.env._(
                    "The notice does not tell the kind of proceedings or the day of the judgement: "
                    "read it, record the insolvency on the case, then leave the notice."
                )
            )
        note = "\n".join(filter(None, (self.court_name, self.nature, self.text)))
        return self.env["collection.insolvency"].create(
            {
                **facts,
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
                "note": note,
            }
        )

    def _follow(self, record):
        """Record the step that a later notice tells of; a closing is for a manager to decide."""
        steps = {"claim_state": "claim_state", "conversion": "conversion"}
        if self.effect in steps and steps[self.effect] in record._get_next_steps():
            record._record_step(steps[self.effect], self.published_on, note=self.reference)
            return
        record.message_post(body=" · ".join(filter(None, (self.reference, self.nature))))
