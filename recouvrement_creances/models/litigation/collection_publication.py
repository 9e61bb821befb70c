from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...rules.gazette import CANCELLATION, INITIAL, OPENING, RECTIFICATION, may_open
from ...rules.insolvency import RUNNING, STEPS
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
        "collection.publication.merge",
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
    former_on = fields.Date(
        string="Earlier notice of",
        readonly=True,
        help="The day of the notice that this one corrects or cancels, as it says itself.",
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
        if self._through_door():
            return
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
            self._take_back(record)
            return record
        if record and self.type == RECTIFICATION:
            self._correct(record)
            return record
        if record and self._opens_others(record):
            had_plan = record.state == "plan"
            self._end_former(record)
            opened = self._record_proceedings()
            if had_plan:
                opened._tell_admitted_by_plan()
            return opened
        if record and self.effect == OPENING:
            self._complete(record)
            return record
        if not record and (self | self.former_id).filtered(
            lambda notice: may_open(notice.effect, notice.nature or "")
        ):
            return self._record_proceedings()
        self._check_known(record)
        self._follow(record)
        return record

    def _take_back(self, record):
        """Cancel proceedings if their own opening is cancelled; of all else only tell.

        Reminders start again: neither a notice of a later step nor one that nobody can tie to the
        opening may do that.
        """
        if self.former_id.type == INITIAL and self.former_id._is_opening_of(record):
            record._cancel(self.env._("Notice %s cancels the publication.", self.reference))
            return
        record.message_post(
            body=self.env._(
                "Notice %s cancels another one than that of the opening: nothing was changed. Read "
                "it, and correct what was recorded from the cancelled notice.",
                self.reference,
            )
        )

    def _correct(self, record):
        """Correct the facts of the opening if it is its notice that is corrected.

        :raises UserError: it corrects an opening, and nobody can tell which one
        """
        if self.former_id._is_opening_of(record) or self._is_opening_of(record):
            self._complete(record)
            return
        if self.effect == OPENING:
            raise UserError(
                self.env._(
                    "The notice corrects an opening of another day than the one recorded: correct "
                    "the record by hand if it is about the same judgement, then leave the notice."
                )
            )
        self._follow(record)

    def _is_opening_of(self, record):
        """Tell whether the notice is that of the opening of some proceedings."""
        if not may_open(self.effect, self.nature or ""):
            return False
        is_taken_in = self.effect == OPENING and self.insolvency_id == record
        return is_taken_in or bool(
            self.judgement_date and self.judgement_date == record.judgement_date
        )

    def _complete(self, record):
        """Write what the notice says of the opening; its day is the first one published.

        A correction, or another notice of the same judgement, gives no more time to declare.
        """
        facts, known = self._prepare_facts(), record.publication_date
        if record._is_converted():
            facts.pop("kind", None)
        # What a manager has moved to a later day, for a reason, stays there.
        if known and (record.publication_reason or known <= facts["publication_date"]):
            same = known == facts["publication_date"]
            for name in ("publication_date", "publication_number", "publication_url"):
                if record[name] or not same:
                    facts.pop(name, None)
        if record.rectified_on and record.rectified_on > facts.get("rectified_on", date.min):
            facts.pop("rectified_on", None)
        record.check_access("write")
        record._check_kind(facts.get("kind"))
        # Through the door: what the court has published moves the judgement, whoever takes it in.
        running = record.state in RUNNING
        (record._with_door() if running else record).write(facts)
        if self.published_on > record.publication_date:
            record.message_post(
                body=self.env._(
                    "Notice %(reference)s of %(date)s: time goes on counting from the first "
                    "publication, of %(first)s. Only a manager lets it count from a later day, "
                    "with a reason.",
                    reference=self.reference,
                    date=format_date(self.env, self.published_on),
                    first=format_date(self.env, record.publication_date),
                )
            )

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
        first, day = self._find_first()
        facts = {
            "kind": self.kind,
            "judgement_date": self.judgement_date,
            "publication_date": day,
            "publication_number": first.number or first.reference,
            "publication_url": first.url,
            "rectified_on": self.type == RECTIFICATION and self.published_on,
            "court_id": court.id,
        }
        return {name: value for name, value in facts.items() if value}

    def _find_first(self):
        """Return (the first notice of the same, its day): what others correct was known by then.

        The notice is empty when only its day is known.
        """
        notices, notice = self, self.former_id
        while notice and notice not in notices:
            notices |= notice
            notice = notice.former_id
        first = notices.sorted("published_on")[0]
        days = [day for day in notices.mapped("former_on") if day]
        if min(days, default=first.published_on) < first.published_on:
            return self.browse(), min(days)
        return first, first.published_on

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
        code = steps.get(self.effect)
        if code in record._get_next_steps() and not self._is_followed(record, code):
            _first, day = self._find_first()
            record._record_step(code, day, note=self.reference)
            return
        record.message_post(body=" · ".join(filter(None, (self.reference, self.nature))))

    def _is_followed(self, record, code):
        """Tell whether a step is known already: a correction of its notice records no other."""
        if STEPS[code].becomes == record.kind:
            return True
        return self.type == RECTIFICATION and code in record._get_effective_events().mapped("code")
