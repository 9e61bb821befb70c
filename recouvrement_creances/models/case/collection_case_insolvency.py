from odoo import api, fields, models
from odoo.fields import Domain

from ...rules.insolvency import KINDS, RUNNING


class CollectionCaseInsolvency(models.AbstractModel):
    """The insolvency of a case's debtor."""

    _name = "collection.case.insolvency"
    _description = "Insolvency of a debtor's case"

    insolvency_ids = fields.One2many("collection.insolvency", "case_id", readonly=True)
    insolvency_id = fields.Many2one(
        "collection.insolvency",
        string="Running proceedings",
        compute="_compute_insolvency_id",
        compute_sudo=True,
    )
    shown_insolvency_id = fields.Many2one(
        "collection.insolvency",
        string="Insolvency proceedings",
        compute="_compute_shown_insolvency_id",
        compute_sudo=True,
        help="Those that run, else those whose end took the right to ask for earlier debts.",
    )
    is_barred = fields.Boolean(compute="_compute_shown_insolvency_id", compute_sudo=True)
    is_stopped = fields.Boolean(
        compute="_compute_is_stopped",
        compute_sudo=True,
        help="All that is open arose before an insolvency: nothing of it is demanded, promised or "
        "put off any more.",
    )
    may_record_insolvency = fields.Boolean(compute="_compute_insolvency_id", compute_sudo=True)
    is_in_gazette_watch = fields.Boolean(
        string="Looked up in the gazette",
        readonly=True,
        copy=False,
        help="The notices of the year before were asked for: from then on, the last days are.",
    )

    # === COMPUTE === #

    @api.depends("insolvency_ids.state", "insolvency_ids.kind")
    def _compute_insolvency_id(self):
        groups = self.env["collection.insolvency"]._read_group(
            [("case_id", "in", self.ids), ("state", "in", RUNNING)],
            ["case_id"],
            ["id:recordset"],
        )
        running = dict(groups)
        none = self.env["collection.insolvency"]
        for case in self:
            records = running.get(case._origin, none)
            staying = records.filtered(lambda record: KINDS[record.kind].stays)
            # What stops demands is shown before a conciliation, which it ends once it opens.
            case.insolvency_id = (staying or records)[:1]
            case.may_record_insolvency = not staying

    @api.depends(
        "insolvency_id",
        "insolvency_ids.state",
        "insolvency_ids.closing_ground",
        "item_ids.is_open",
    )
    def _compute_shown_insolvency_id(self):
        insolvencies = self.env["collection.insolvency"]
        groups = insolvencies._read_group(
            Domain("case_id", "in", self.ids) & insolvencies._barring_domain(),
            ["case_id"],
            ["id:recordset"],
        )
        ended = dict(groups)
        none = self.env["collection.insolvency"]
        # One statement for all of them.
        sums = none.concat(*ended.values())._read_sides() if ended else {}
        for case in self:
            barring = ended.get(case._origin, none).sorted("closed_on", reverse=True)[:1]
            case.shown_insolvency_id = case.insolvency_id or barring
            # What runs is declared in, whatever an earlier one has barred; what was paid, written
            # off or arose since is barred by nothing.
            earlier, _later = sums.get(barring.id, (0.0, 0.0))
            case.is_barred = bool(earlier) and not case.insolvency_id

    @api.depends("item_ids.verdict", "hold_ids.state")
    def _compute_is_stopped(self):
        """Ask what the guard of contacts asks, for all cases at once."""
        stopped = self.env["collection.insolvency"]._find_reasons(self._origin)
        for case in self:
            case.is_stopped = case._origin in stopped

    # === ACTIONS === #

    def action_record_insolvency(self):
        """Open the form that records an insolvency, or the proceedings that run."""
        self.ensure_one()
        if not self.may_record_insolvency:
            return self.action_open_insolvency()
        return {
            "name": self.env._("Record an insolvency"),
            "type": "ir.actions.act_window",
            "res_model": "collection.insolvency",
            "view_mode": "form",
            # Not its kind: a form that nobody has filled in is not saved as it is left.
            "context": {
                "default_partner_id": self.partner_id.id,
                "default_company_id": self.company_id.id,
            },
        }

    def action_open_insolvency(self):
        """Open the proceedings that run, else those that barred earlier debts as they ended."""
        return self.shown_insolvency_id.get_formview_action()

    def action_write_off_barred(self):
        """Open the waiver of what an ended insolvency has barred."""
        self.ensure_one()
        return self.shown_insolvency_id.action_write_off()

    # === BUSINESS === #

    def _find_held_by_insolvency(self, as_of):
        """Return the debtor's items, paid ones too, that insolvency bars from being paid.

        Whichever of his cases in the company asks: nobody demands them of him, on paper or on his
        page (C. com. L622-7; C. conso L722-5).
        """
        self.ensure_one()
        # In sudo mode to read what stops contacts: callers have checked whose case it is.
        case_sudo = self.sudo()
        holds_sudo = case_sudo.env["collection.hold"]
        running_sudo = holds_sudo.search(
            holds_sudo._running_domain(as_of)
            & Domain("case_id.partner_id", "=", case_sudo.partner_id.id)
            & Domain("company_id", "=", case_sudo.company_id.id)
            & Domain("kind", "=", "insolvency")
        )
        # one query per hold: a debtor has one or two
        return holds_sudo.env["collection.item"].union(
            *(hold._get_items() for hold in running_sudo)
        )

    def _get_free_credits(self, as_of):
        """Return what lessens demands of what was received: {id of a currency, as text: amount}.

        What the debtor had in credit at an opening is set off against the debts that this holds, as
        it is declared (C. com. L622-7): later ones are asked for without it.
        """
        self.ensure_one()
        credits = dict(self.credit_per_currency or {})
        if not credits:
            return credits
        insolvencies = self.env["collection.insolvency"]
        stopping_sudo = insolvencies._find_stopping(self.partner_id, self.company_id)
        kept = {
            row["id"]: row
            for record_sudo in stopping_sudo.filtered("judgement_date")
            # one query per record: a debtor has one or two
            for row in record_sudo._read_credits_before(
                max(filter(None, (record_sudo.judgement_date, record_sudo.wiped_out_before)))
            )
        }
        if kept:
            held = self._find_held_by_insolvency(as_of).filtered("is_open").currency_id
            for row in kept.values():
                key = str(row["currency_id"])
                if row["currency_id"] in held.ids:
                    credits[key] = max(credits.get(key, 0.0) - float(row["amount"]), 0.0)
        return credits

    def _name_insolvency_step(self):
        """Return what is left to do of debts that an insolvency holds; empty where it runs."""
        self.ensure_one()
        return self.shown_insolvency_id._name_way_on() if self.is_barred else ""

    def _hand_insolvency_to(self, case):
        """Let proceedings follow merged debtors; of two that run, one stays."""
        # In sudo mode to write what people do not change; the items have moved already.
        records_sudo = self.sudo().insolvency_ids
        running = case.sudo().insolvency_ids.filtered(lambda one: one.state in RUNNING)
        known = {KINDS[one.kind].stays for one in running}
        for record in records_sudo.filtered(lambda one: one.state in RUNNING):
            if KINDS[record.kind].stays in known:
                # The other companies' records of the same debtor are merged as well.
                record._end_merged()
        records_sudo._with_door().write({"case_id": case.id})

    def _erase_insolvency(self):
        """Erase what notes on purged cases say of people; judgements and amounts stay."""
        self.insolvency_ids.with_context(tracking_disable=True)._with_door().write({"note": False})
