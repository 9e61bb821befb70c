from odoo import api, fields, models
from odoo.tools import format_date, formatLang

from ...rules.indemnity import DEBTORS_WHO_OWE
from ...rules.parameters import parameter_on


class CollectionChargeLine(models.Model):
    """One item's interest, or one invoice's indemnity, as it was claimed: frozen."""

    _name = "collection.charge.line"
    _description = "Line of a statement of charges"
    _inherit = ["collection.undefaulted"]
    _order = "charge_id, due_date, invoice_id, kind desc, id"
    _rec_name = "number"
    _check_company_auto = True

    charge_id = fields.Many2one(
        "collection.charge", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="charge_id.company_id", store=True)
    currency_id = fields.Many2one(related="charge_id.currency_id")
    state = fields.Selection(related="charge_id.state")
    kind = fields.Selection(
        selection=[("interest", "Late-payment interest"), ("indemnity", "Fixed indemnity")],
        required=True,
        readonly=True,
    )
    item_id = fields.Many2one(
        "collection.item", readonly=True, index="btree_not_null", ondelete="set null"
    )
    invoice_id = fields.Many2one(
        "account.move", required=True, readonly=True, index=True, ondelete="restrict"
    )
    number = fields.Char(readonly=True)
    due_date = fields.Date(readonly=True)
    date_start = fields.Date(string="From", readonly=True, help="First day, included.")
    date_end = fields.Date(string="To", readonly=True, help="Last day, included.")
    segments = fields.Json(
        readonly=True,
        help="Periods without a change: start, end, days, base, rate in percent, divisor, amount.",
    )
    amount = fields.Monetary(readonly=True)
    detail = fields.Text(string="How it is computed", compute="_compute_detail")

    _period_sane = models.Constraint(
        "CHECK(date_end IS NULL OR date_start <= date_end)", "A period ends after it starts."
    )

    # === COMPUTE === #

    @api.depends("segments", "kind", "charge_id.debtor_kind")
    @api.depends_context("lang")
    def _compute_detail(self):
        for line in self:
            if line.kind == "indemnity":
                name = DEBTORS_WHO_OWE.get(line.charge_id.debtor_kind, "indemnity.amount")
                line.detail = self.env._(
                    "Once per late invoice (%s), without VAT.",
                    parameter_on(name, line.charge_id.date).article,
                )
            else:
                line.detail = "\n".join(self._explain(line.segments or [], line.currency_id))

    # === BUSINESS === #

    def _show_day(self, day):
        """Return a day of a frozen segment as the reader writes it."""
        return format_date(self.env, day)

    @api.model
    def _freeze(self, segments):
        """Return the segments of ``rules.interest`` as the JSON that a line keeps."""
        return [
            {
                "start": segment.start.isoformat(),
                "end": segment.end.isoformat(),
                "days": segment.days,
                "base": str(segment.base),
                "rate": str(segment.rate),
                "divisor": segment.divisor,
                "amount": str(segment.amount),
            }
            for segment in segments
        ]

    @api.model
    def _explain(self, segments, currency):
        """Return one sentence per frozen segment: period, base, rate, days and amount."""
        return [
            self.env._(
                "%(start)s to %(end)s: %(base)s × %(rate)s %% × %(days)s / %(divisor)s "
                "= %(amount)s",
                start=format_date(self.env, segment["start"]),
                end=format_date(self.env, segment["end"]),
                base=formatLang(self.env, float(segment["base"]), currency_obj=currency),
                rate=formatLang(self.env, float(segment["rate"])),
                days=segment["days"],
                divisor=segment["divisor"],
                amount=formatLang(self.env, float(segment["amount"]), currency_obj=currency),
            )
            for segment in segments
        ]
