from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

from ...rules.settlement import UNKEPT, Commitment, settle
from ..negotiation.collection_instalment import INSTALMENT_STATES

TASK = "recouvrement_creances.mail_activity_type_insolvency_dividend"
# Written by the daily watch alone.
WATCH_FIELDS = {"told_on", "activity_id"}


class CollectionInsolvencyDividend(models.Model):
    """What a plan pays on one day: set by the court, judged from what the ledger received."""

    _name = "collection.insolvency.dividend"
    _description = "Dividend of an insolvency plan"
    _inherit = ["collection.derived"]
    _order = "insolvency_id, due_date, id"
    _rec_name = "due_date"

    insolvency_id = fields.Many2one(
        "collection.insolvency",
        string="Insolvency proceedings",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="insolvency_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    due_date = fields.Date(required=True)
    share = fields.Float(
        string="Share (%)", digits=(6, 2), help="Of what is admitted; it proposes the amount."
    )
    amount = fields.Monetary(
        compute="_compute_amount", store=True, readonly=False, precompute=True, required=True
    )
    amount_paid = fields.Monetary(string="Paid", compute="_compute_paid", compute_sudo=True)
    state = fields.Selection(
        selection=INSTALMENT_STATES, compute="_compute_paid", compute_sudo=True
    )
    is_late = fields.Boolean(compute="_compute_paid", compute_sudo=True)
    told_on = fields.Date(string="Missed, told on", readonly=True, copy=False)
    activity_id = fields.Many2one(
        "mail.activity",
        string="Task",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    _check_amount = models.Constraint("CHECK(amount > 0)", "A dividend is above zero.")

    # === COMPUTE === #

    @api.depends("share")
    def _compute_amount(self):
        for dividend in self:
            if dividend.share:
                dividend.amount = self._propose(dividend.insolvency_id, dividend.share)
            else:
                dividend.amount = dividend.amount

    @api.depends("amount", "due_date", "insolvency_id.plan_date", "insolvency_id.state")
    def _compute_paid(self):
        """Payments since the plan pay the oldest dividend first; once it ended none is late."""
        today = fields.Date.context_today(self)
        self.amount_paid, self.state, self.is_late = 0.0, "pending", False
        paid = self.insolvency_id._read_dividends_paid()
        for record in self.insolvency_id:
            # A line that is not saved yet shows what it proposes.
            dividends = record.dividend_ids.filtered(
                lambda line: line.due_date and line._origin
            ).sorted("due_date")
            settled = settle(
                [Commitment(line.due_date, Decimal(str(line.amount))) for line in dividends],
                paid.get(record, []),
                today,
            )
            for dividend, result in zip(dividends, settled, strict=True):
                dividend.amount_paid = float(result.paid)
                dividend.state = result.state
                dividend.is_late = record.state == "plan" and result.state in UNKEPT

    # === CONSTRAINTS === #

    @api.constrains("insolvency_id", "share", "amount", "due_date")
    def _check_plausible(self):
        for dividend in self:
            planned = dividend.insolvency_id.plan_date
            self._check_amounts(dividend.insolvency_id, dividend.share, dividend.amount)
            if planned and dividend.due_date < planned:
                raise ValidationError(
                    self.env._(
                        "No dividend falls due before the plan of %s.",
                        format_date(self.env, planned),
                    )
                )

    @api.model
    def _check_amounts(self, insolvency, share, amount):
        """Refuse in words, before the database does, what no plan pays."""
        if not 0 <= share <= 100:
            raise ValidationError(
                self.env._("The share of a dividend is between 0 and 100 % of what is admitted.")
            )
        if amount > 0:
            return
        if share and not insolvency.amount_admitted:
            raise ValidationError(
                self.env._(
                    "Nothing is admitted so far, of which a dividend could be a share: say under "
                    "Debts what was admitted, or give the amount."
                )
            )
        raise ValidationError(self.env._("A dividend is above zero."))

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Enter what a plan pays, while one runs."""
        entering = self
        if not self.env.su:
            entering, vals_list = self._drop_given(WATCH_FIELDS, vals_list)
        records = self.env["collection.insolvency"]
        for vals in vals_list:
            record, share = records.browse(vals.get("insolvency_id")), vals.get("share") or 0.0
            self._check_running(record)
            proposed = self._propose(record, share)
            self._check_amounts(record, share, vals.get("amount", proposed) or 0.0)
        dividends = super(CollectionInsolvencyDividend, entering).create(vals_list)
        # Once more, as the proceedings may have come as a default.
        self._check_running(dividends.insolvency_id)
        return dividends.with_env(self.env)

    def write(self, vals):
        """Follow what the court changes, while the plan runs."""
        if WATCH_FIELDS & vals.keys() and not self.env.su:
            raise AccessError(self.env._("Whether a dividend was missed is found out every day."))
        result = super().write(vals)
        if vals.keys() - WATCH_FIELDS:
            self._check_running(self.insolvency_id)
        return result

    # === BUSINESS === #

    @api.model
    def _propose(self, insolvency, share):
        """Return the share of what is admitted."""
        amount = insolvency.amount_admitted * share / 100
        currency = insolvency.currency_id
        return currency.round(amount) if currency else amount

    def _check_running(self, insolvencies):
        """Let people enter dividends of a plan that runs alone."""
        if not self.env.su and any(record.state != "plan" for record in insolvencies):
            raise UserError(
                self.env._("No plan runs: record its step first, its dividends come with it.")
            )

    @api.model
    def _warn_of_missed(self, company, as_of):
        """Give one task per dividend that did not come; withdraw those of what came since."""
        watched = self.search(
            [
                ("company_id", "=", company.id),
                "|",
                ("told_on", "!=", False),
                "&",
                ("insolvency_id.state", "=", "plan"),
                ("due_date", "<", as_of),
            ]
        )
        late = watched.filtered("is_late")
        (watched - late)._withdraw_task()
        for dividend in late.filtered(lambda one: not one.told_on):
            dividend._give_task(as_of)

    def _give_task(self, as_of):
        """Tell who follows the proceedings, in his language; without anybody it is only noted."""
        record = self.insolvency_id
        user = record._get_deadline_user()
        # Seen in the lists of activities: no mail for each of them.
        localised = record.with_context(
            lang=user.lang or record.company_id.partner_id.lang, mail_activity_quick_update=True
        )
        text = localised.env._(
            "Dividend of %(date)s missed: %(missing)s of %(amount)s did not come. Ask who sees to "
            "the plan; a plan that is not kept may be ended by the court.",
            date=format_date(localised.env, self.due_date),
            missing=self.currency_id.format(self.amount - self.amount_paid),
            amount=self.currency_id.format(self.amount),
        )
        self.told_on = as_of
        if user:
            self.activity_id = localised.activity_schedule(
                TASK, date_deadline=as_of, summary=text, user_id=user.id
            )
        else:
            record.message_post(body=text)

    def _withdraw_task(self):
        """Take back what was told of dividends that came since, or whose plan has ended."""
        self.activity_id.filtered("active").unlink()
        self.filtered("told_on").write({"told_on": False, "activity_id": False})
