from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import SQL, format_date

from ...rules.retention import SHORTEST_MONTHS, expiry
from ...rules.transitions import PURGE

# Found out by the proposal, or written as it is carried out.
FOUND_FIELDS = {"as_of", "line_ids", "held_count", "executed_on", "executed_by_id"}


class CollectionPurge(models.Model):
    """What is due to be erased: proposed first, with the reason, then carried out by a manager."""

    _name = "collection.purge"
    _description = "Purge of closed cases"
    _inherit = ["collection.stateful"]
    _order = "id desc"
    _transitions = PURGE
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )
    as_of = fields.Date(
        required=True,
        readonly=True,
        default=lambda self: self.env.company._collection_today(),
    )
    state = fields.Selection(
        selection=[("draft", "Proposed"), ("done", "Purged"), ("cancelled", "Cancelled")],
        required=True,
        readonly=True,
        default="draft",
    )
    line_ids = fields.One2many("collection.purge.line", "purge_id", readonly=True)
    case_count = fields.Integer(string="Cases", compute="_compute_counts")
    evidence_count = fields.Integer(string="Records of evidence", compute="_compute_counts")
    held_count = fields.Integer(
        string="Kept by a legal hold",
        readonly=True,
        help="Cases whose period is over and that stay because of a legal hold.",
    )
    executed_on = fields.Date(readonly=True, copy=False)
    executed_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")

    # === COMPUTE === #

    @api.depends("as_of", "company_id")
    def _compute_display_name(self):
        for purge in self:
            purge.display_name = self.env._("Purge of %s", format_date(self.env, purge.as_of))

    @api.depends("line_ids.is_kept", "line_ids.evidence_count")
    def _compute_counts(self):
        for purge in self:
            lines = purge.line_ids.filtered(lambda line: not line.is_kept)
            purge.case_count = len(lines)
            purge.evidence_count = sum(lines.mapped("evidence_count"))

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Make the proposal at once, of today."""
        proposing, _kept = self._drop_given(FOUND_FIELDS, vals_list)
        vals_list = [
            {"company_id": vals.get("company_id") or self.env.company.id} for vals in vals_list
        ]
        purges = super(CollectionPurge, proposing).create(vals_list).with_env(self.env)
        purges._propose()
        return purges

    def write(self, vals):
        """Keep what was found, and who carried it out, as they are."""
        by_hand = not (self.env.su or self._through_door())
        if by_hand and (FOUND_FIELDS | {"company_id"}) & vals.keys():
            raise AccessError(
                self.env._("A purge keeps what it proposes and who carried it out: make a new one.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_executed(self):
        if any(purge.state == "done" for purge in self):
            raise UserError(self.env._("A purge that was carried out is kept."))

    # === ACTIONS === #

    def action_propose_new(self):
        """Make a proposal for the present company and open it; the button stands on the list."""
        purge = self.create({})
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": purge.id,
            "view_mode": "form",
        }

    def action_execute(self):
        """Erase what the proposal names and is still due for it."""
        self.ensure_one()
        if not self.env.user.has_group("recouvrement_creances.group_manager"):
            raise AccessError(self.env._("Only a collection manager carries a purge out."))
        self.check_access("write")
        if not self.line_ids.filtered(lambda line: not line.is_kept):
            raise UserError(self.env._("Nothing is left to purge in this proposal."))
        self._apply_event(
            "execute", {"executed_on": self._get_today(), "executed_by_id": self.env.uid}
        )
        self.env["collection.erasure"]._erase(self)

    def action_cancel(self):
        """Give the proposal up: nothing is erased."""
        self._apply_event("cancel")

    # === BUSINESS === #

    def _get_today(self):
        return self.company_id._collection_today()

    def _propose(self):
        """Fill each proposal with the closed cases of which something is due."""
        # In sudo mode as nobody says by hand what is due; who makes a purge was checked before.
        for purge in self.sudo():
            today = purge._get_today()
            cases, counts = purge._find_expired(today)
            purge.write(
                {
                    "as_of": today,
                    "held_count": len(cases.filtered("legal_hold")),
                    "line_ids": [
                        Command.create(values)
                        for values in purge._prepare_lines(
                            cases.filtered(lambda case: not case.legal_hold), counts, today
                        )
                    ],
                }
            )

    def _find_expired(self, today):
        """Return the closed cases that may hold something due, and {case id: (records, files)}."""
        oldest = fields.Date.subtract(today, months=SHORTEST_MONTHS)
        # In sudo mode to see every case of the company, whoever follows it.
        cases_sudo = (
            self.env["collection.case"]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("is_open", "=", False),
                    ("closed_on", "<", oldest),
                ]
            )
        )
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT evidence.case_id, COUNT(*),
                       COUNT(*) FILTER (WHERE EXISTS (
                           SELECT FROM collection_evidence_ir_attachment_rel file
                            WHERE file.collection_evidence_id = evidence.id))
                  FROM collection_evidence evidence
                 WHERE evidence.case_id IN %s
                   AND evidence.erased_on IS NULL
                   AND collection_evidence_is_expired(evidence.id)
              GROUP BY evidence.case_id
                """,
                tuple(cases_sudo.ids) or (0,),
            )
        )
        return cases_sudo, {case_id: (records, files) for case_id, records, files in rows}

    def _find_in_court(self, cases):
        """Return those of some cases that were handed over to court."""
        return cases.hold_ids.filtered(lambda hold: hold.kind == "handover").case_id

    def _find_expiries(self, cases):
        """Return {closed case: the last day of its period}."""
        periods, in_court = self.company_id._get_retention(), self._find_in_court(cases)
        return {
            case: expiry(case.closed_on, case.closed_on, False, case in in_court, periods)
            for case in cases
        }

    def _filter_due(self, cases, today):
        """Return the company's own cases that are closed, past their period and not held back."""
        closed = cases.filtered(
            lambda case: (
                case.company_id == self.company_id
                and not case.is_open
                and case.closed_on
                and not case.legal_hold
            )
        )
        due = {case for case, until in self._find_expiries(closed).items() if until < today}
        return closed.filtered(lambda case: case in due)

    def _prepare_lines(self, cases, counts, today):
        """Return the values of one line per case of which something is due, with why."""
        periods = self.company_id._get_retention()
        in_court = self._find_in_court(cases)
        vals_list = []
        for case, until in self._find_expiries(cases).items():
            notes_due = until < today and not case.purged_on
            records, files = counts.get(case.id, (0, 0))
            if not (notes_due or records):
                continue
            vals_list.append(
                {
                    "case_id": case.id,
                    "evidence_count": records,
                    "file_count": files,
                    "has_notes": notes_due,
                    "kept_until": until,
                    "why": self._explain(case, case in in_court, files, periods),
                }
            )
        return vals_list

    def _explain(self, case, in_court, files, periods):
        """Say which period is over, and whose it is."""
        parts = [
            self.env._(
                "closed on %(date)s; %(months)s months",
                date=format_date(self.env, case.closed_on),
                months=periods.title if in_court else periods.case,
            )
        ]
        if in_court:
            parts.append(self.env._("handed over (CPCE L111-4)"))
        if files:
            parts.append(self.env._("documents: %s months (C. com. L123-22)", periods.piece))
        return "; ".join(parts)
