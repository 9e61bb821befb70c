from datetime import date

from odoo import api, fields, models
from odoo.tools import format_date

from .collection_handover_route import SAID_ONCE

MOST_SHOWN = 20


DECISION_PATH = "/recouvrement_creances/handover/%s/decision?decision=%s"


class CollectionHandoverPage(models.AbstractModel):
    """What who decides sees beside checklist and routes: amounts, what was tried, the papers."""

    _name = "collection.handover.page"
    _description = "Page of a handover"

    case_id = fields.Many2one("collection.case")
    company_id = fields.Many2one("res.company")
    currency_id = fields.Many2one("res.currency")
    amount_charges = fields.Monetary(
        string="Interest and indemnities",
        compute="_compute_charges",
        compute_sudo=True,
        help="Of the items, up to today, as far as nobody has claimed them yet.",
    )
    charges_problem = fields.Char(compute="_compute_charges", compute_sudo=True)
    amount_overdue = fields.Monetary(
        related="case_id.amount_overdue",
        string="Overdue of the whole case",
        currency_field="company_currency_id",
    )
    days_overdue = fields.Integer(related="case_id.days_overdue")
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company currency"
    )
    tried = fields.Text(string="What was tried", compute="_compute_tried", compute_sudo=True)
    document_ids = fields.One2many(related="case_id.legal_document_ids", string="Documents")
    is_settled = fields.Boolean(
        compute="_compute_is_settled", help="Nothing of it is due any more: there is no claim."
    )
    check_note = fields.Char(compute="_compute_check_note")
    route_note = fields.Char(string="Before any route", compute="_compute_route_note")
    former_refusal_ids = fields.Many2many(
        "collection.handover.decision",
        string="Refused before",
        compute="_compute_former_refusals",
        compute_sudo=True,
        help="Of the same case, by whom and why: in this request and in earlier ones.",
    )
    proceeding_count = fields.Integer(compute="_compute_proceeding_count", compute_sudo=True)

    # === COMPUTE === #

    @api.depends("item_ids", "state")
    def _compute_charges(self):
        today = fields.Date.context_today(self)
        interest = self.env["collection.interest"]
        charged = interest._compute_items(self.item_ids._origin.filtered("is_open"), today)
        for handover in self:
            own = [charged[item.id] for item in handover.item_ids._origin if item.id in charged]
            currency, company = handover.currency_id, handover.company_id
            handover.amount_charges = sum(
                interest._sum_charges(entry.charges, currency, company, today)
                for entry in own
                if entry.charges
            )
            problems = {entry.problem for entry in own if entry.problem}
            handover.charges_problem = " ".join(sorted(problems)) or False

    def _get_euro_amount(self, today):
        """Return what is asked for with interest and indemnities, in EUR as the law counts.

        Without interest while a rate is missing.
        """
        euro, amount = self.env.ref("base.EUR"), self.amount + self.amount_charges
        return self.currency_id._convert(amount, euro, self.company_id, today)

    @api.depends("amount", "item_ids")
    def _compute_is_settled(self):
        for handover in self:
            handover.is_settled = bool(handover.item_ids) and handover._is_settled()

    @api.depends("check_ids.result")
    def _compute_check_note(self):
        for handover in self:
            missing = handover.check_ids.filtered(lambda check: check.result == "missing")
            handover.check_note = (
                self.env._("%s still missing", len(missing)) if missing else self.env._("Complete")
            )

    @api.depends("route_ids.warning_codes")
    @api.depends_context("lang")
    def _compute_route_note(self):
        words = self.env["collection.handover.route"]._get_words()
        for handover in self:
            found = " ".join(filter(None, handover.route_ids.mapped("warning_codes"))).split()
            said = [words[code] for code in SAID_ONCE if code in found]
            handover.route_note = " ".join(said) or False

    @api.depends("case_id", "decision_ids")
    def _compute_former_refusals(self):
        groups = self.env["collection.handover.decision"]._read_group(
            [("handover_id.case_id", "in", self.case_id.ids), ("decision", "=", "refuse")],
            ["handover_id"],
            ["id:recordset"],
        )
        refused = {}
        for handover, decisions in groups:
            known = refused.get(handover.case_id, decisions.browse())
            refused[handover.case_id] = known | decisions
        none = self.env["collection.handover.decision"]
        for handover in self:
            found = refused.get(handover.case_id, none)
            handover.former_refusal_ids = found.sorted("id", reverse=True)

    @api.depends("proceeding_ids")
    def _compute_proceeding_count(self):
        counts = dict(
            self.env["collection.proceeding"]._read_group(
                [("handover_id", "in", self.ids)], ["handover_id"], ["__count"]
            )
        )
        for handover in self:
            handover.proceeding_count = counts.get(handover._origin, 0)

    @api.depends("case_id")
    @api.depends_context("lang")
    def _compute_tried(self):
        """List contacts, promises and disputes of the case, the latest first."""
        for handover in self:
            lines = sorted(handover._iterate_tried(), reverse=True)[:MOST_SHOWN]
            handover.tried = "\n".join(
                f"{format_date(self.env, day)} · {what}" for day, what in lines
            )

    def _iterate_tried(self):
        """Yield (day, words) of what was tried with the debtor."""
        case = self.case_id
        channels = dict(
            self.env["collection.action"]._fields["channel"]._description_selection(self.env)
        )
        contacts = case.action_ids.filtered(
            lambda action: action.state in ("sent", "done") and action.channel != "task"
        )
        for action in contacts:
            words = [channels[action.channel], action.level_id.name or ""]
            notice = self.env._("formal notice")
            if action.is_notice and notice not in words[-1].lower():
                words.append(notice)
            yield action.contact_date, " · ".join(filter(None, words))
        promises = dict(
            self.env["collection.promise"]._fields["state"]._description_selection(self.env)
        )
        for promise in case.promise_ids:
            yield (
                promise.date,
                self.env._(
                    "Promise of %(amount)s: %(state)s",
                    amount=promise.currency_id.format(promise.amount),
                    state=promises[promise.state],
                ),
            )
        for dispute in case.dispute_ids:
            yield dispute.opened_on, dispute.display_name

    def _list_invoices(self):
        """Return [{"number", "date", "due_date", "amount"}] of what is asked for, the oldest first.

        ``amount`` is what is open of it now, in the currency of the handover.
        """
        self.ensure_one()
        # In sudo mode to read invoices, as far as the request is about them.
        items_sudo = self.sudo().item_ids
        return [
            {
                "number": item.move_id.name,
                "date": item.invoice_date or item.move_id.date,
                "due_date": item.due_date,
                "amount": item.amount_residual_currency,
            }
            for item in items_sudo.sorted(lambda item: (item.due_date or date.max, item.id))
        ]

    # === ANSWERS BY MAIL === #

    def _get_offered_verdicts(self):
        """Return {decision: label} of what makes sense by now: nobody approves of nothing."""
        verdicts = self._get_verdicts()
        if self.is_settled:
            verdicts.pop("approve")
        return verdicts

    def _get_verdicts(self):
        """Return {decision: label}, in the order of the dialog."""
        decision = self.env["collection.handover.verdict"]._fields["decision"]
        return dict(decision._description_selection(self.env))

    def _get_decision_url(self, verdict):
        """Return the address of the page that proposes an answer to who decides."""
        self.ensure_one()
        return self.get_base_url() + DECISION_PATH % (self.id, verdict)
