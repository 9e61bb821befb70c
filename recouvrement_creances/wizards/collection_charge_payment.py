from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, formatLang

from ..rules.imputation import (
    ARTICLES,
    DEBTOR_CHOICE,
    INDEMNITY,
    INTEREST,
    LEGAL_ORDER,
    LEGAL_RANK,
    NOT_DUE,
    PRINCIPAL,
    PROPORTIONAL,
    SCHEDULE_ORDER,
)


class CollectionChargePayment(models.TransientModel):
    """The debtor paid charges: by a payment to record, or by one that is in the books already."""

    _name = "collection.charge.payment"
    _description = "Payment of late-payment charges"
    _inherit = ["collection.sourced"]

    charge_id = fields.Many2one("collection.charge", required=True)
    company_id = fields.Many2one(related="charge_id.company_id")
    currency_id = fields.Many2one(related="charge_id.currency_id")
    amount = fields.Monetary(string="Still due", compute="_compute_amount")
    way = fields.Selection(
        selection=[("new", "Record a payment"), ("received", "Use a payment that was received")],
        string="How",
        required=True,
        default="new",
    )
    date = fields.Date(string="Paid on", required=True, default=fields.Date.context_today)
    journal_id = fields.Many2one(
        "account.journal",
        compute="_compute_journal_id",
        store=True,
        readonly=False,
        domain="[('company_id', 'parent_of', company_id), ('type', 'in', ('bank', 'cash'))]",
    )
    debtor_ids = fields.Many2many(
        "res.partner", string="Debtor and contacts", compute="_compute_debtor_ids"
    )
    credit_id = fields.Many2one(
        "account.move.line",
        string="Payment",
        # Accounts as ``collection.ledger._find_accounts`` finds them.
        domain="[('company_id', '=', company_id), ('partner_id', 'in', debtor_ids), "
        "('account_type', '=', 'asset_receivable'), ('account_id.non_trade', '=', False), "
        "('parent_state', '=', 'posted'), ('reconciled', '=', False), "
        "('amount_residual', '<', 0)]",
    )

    # === ATTRIBUTION OF A PAYMENT THAT WAS RECEIVED === #
    chosen_item_ids = fields.Many2many(
        "collection.item",
        string="Chosen by the debtor",
        domain="[('case_id.partner_id', '=', partner_id), ('company_id', '=', company_id), "
        "('is_open', '=', True)]",
        help="What the debtor said that he pays. It counts when he pays it entirely, or when a "
        "part is accepted (C. civ. 1342-10).",
    )
    partner_id = fields.Many2one(related="charge_id.partner_id")
    creditor_agrees = fields.Boolean(
        string="Part payment of it accepted", help="The creditor may refuse it (C. civ. 1342-4)."
    )
    order = fields.Selection(
        selection=[
            ("legal", "Interest, principal, then indemnity"),
            ("agreed", "Interest, indemnity, then principal, as was agreed"),
        ],
        required=True,
        default="legal",
        help="Inside a debt, interest comes before principal unless the contract says otherwise "
        "(C. civ. 1343-1); where the fixed indemnity stands is not settled.",
    )
    attribution = fields.Html(
        string="What the payment settles by law", compute="_compute_attribution", sanitize=False
    )

    # === COMPUTE === #

    @api.depends("charge_id")
    def _compute_amount(self):
        """Show what the payment will be of: without what was paid or given up already."""
        for wizard in self:
            # By its origin: what a client puts into a new record is checked by nobody else.
            wizard.charge_id._origin.check_access("read")
            # In sudo mode to read the entry of a statement that its reader may not open.
            wizard.amount = wizard.charge_id.sudo()._get_amount_open()

    @api.depends("charge_id")
    def _compute_journal_id(self):
        for wizard in self:
            journals = self.env["account.journal"]
            # one query per dialog: there is one
            wizard.journal_id = journals.search(
                [
                    *journals._check_company_domain(wizard.charge_id.company_id),
                    ("type", "in", ("bank", "cash")),
                ],
                limit=1,
            )

    @api.depends("charge_id")
    def _compute_debtor_ids(self):
        for wizard in self:
            debtor = wizard.charge_id.partner_id
            wizard.debtor_ids = debtor | debtor.child_ids

    @api.depends("credit_id", "charge_id", "chosen_item_ids", "creditor_agrees", "order")
    def _compute_attribution(self):
        """Show the law's order beside what the matching will do."""
        for wizard in self:
            values = wizard._get_attribution_values()
            wizard.attribution = values and self.env["ir.qweb"]._render(
                "recouvrement_creances.charge_attribution", values
            )

    # === ACTIONS === #

    def action_apply(self):
        """Book the statement and match it with the payment."""
        self.ensure_one()
        if self.way == "received":
            if not self.credit_id:
                raise UserError(self.env._("Choose the payment that was received."))
            self._check_chosen()
            note = self._describe_attribution()
            self.charge_id._settle_with(self.credit_id, self.credit_id.date)
            # In sudo mode to note who chose: an accountant writes nothing on statements by hand.
            self.charge_id.sudo().message_post(body=note, author_id=self.env.user.partner_id.id)
        else:
            if not self.journal_id:
                raise UserError(self.env._("Choose the bank or cash journal of the payment."))
            self.charge_id._register_payment(self.journal_id, self.date)
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS === #

    def _check_chosen(self):
        """Refuse documents that are not this debtor's, or owed to another company.

        They would take no part in the attribution, and stand in the history as chosen.
        """
        self.chosen_item_ids.check_access("read")
        # In sudo mode to read items of cases that a colleague follows.
        strangers_sudo = self.chosen_item_ids.sudo().filtered(
            lambda item: (
                (item.case_id.partner_id, item.company_id) != (self.partner_id, self.company_id)
            )
        )
        if strangers_sudo:
            raise UserError(
                self.env._(
                    "%(document)s is not owed by %(debtor)s to %(company)s: the debtor cannot "
                    "have chosen it for this payment.",
                    document=strangers_sudo[0].move_line_id.move_id.name,
                    debtor=self.partner_id.sudo().display_name,
                    company=self.company_id.name,
                )
            )

    def _get_attribution_values(self):
        """Return what the table of attribution shows; nothing before a payment is chosen.

        A payment in another currency is attributed by whoever exchanges it.
        """
        self.ensure_one()
        # What follows reads the debtor's ledger in sudo mode.
        self.charge_id._origin.check_access("read")
        self.chosen_item_ids._origin.check_access("read")
        credit, currency = self.credit_id, self.currency_id
        if not credit or credit.currency_id != currency:
            return {}
        amount = -credit.amount_residual_currency
        allocation, share = self.env["collection.attribution"]._attribute(
            self.charge_id,
            amount,
            credit.date,
            chosen=self.chosen_item_ids._origin,
            creditor_agrees=self.creditor_agrees,
            order=SCHEDULE_ORDER if self.order == "agreed" else LEGAL_ORDER,
        )
        taken = min(amount, self.amount)
        return {
            "currency": currency,
            "rows": self._describe_rows(allocation.lines),
            "unallocated": float(allocation.unallocated),
            "refused": self._name_debts(allocation.refused),
            "share": float(share),
            "taken": taken,
            "differs": currency.compare_amounts(float(share), taken) != 0,
            "credit": credit,
        }

    def _describe_rows(self, lines):
        components = {
            INTEREST: self.env._("Interest"),
            PRINCIPAL: self.env._("Principal"),
            INDEMNITY: self.env._("Fixed indemnity"),
        }
        reasons = {
            DEBTOR_CHOICE: self.env._("chosen by the debtor"),
            LEGAL_RANK: self.env._("due, the most burdensome, then the oldest"),
            PROPORTIONAL: self.env._("as old as others: in proportion"),
            NOT_DUE: self.env._("not due yet, after all others"),
        }
        names = self._name_debts([line.reference for line in lines])
        return [
            {
                "number": name,
                "component": components[line.component],
                "amount": float(line.amount),
                "reason": f"{reasons[line.basis]} ({ARTICLES[line.basis]})",
            }
            for name, line in zip(names, lines, strict=True)
        ]

    def _name_debts(self, references):
        """Return the numbers of debts, by the references of ``collection.attribution``."""
        # In sudo mode to name documents of the debtor that another collector follows.
        items_sudo = self.env["collection.item"].sudo()
        items_sudo = items_sudo.browse([reference for reference in references if reference > 0])
        lines_sudo = self.env["collection.charge.line"].sudo()
        lines_sudo = lines_sudo.browse([-reference for reference in references if reference < 0])
        names = {item_sudo.id: item_sudo.move_line_id.move_id.name for item_sudo in items_sudo}
        names |= {-line_sudo.id: line_sudo.number for line_sudo in lines_sudo}
        return [names[reference] or "" for reference in references]

    def _describe_attribution(self):
        """Return what the statement's history keeps: the payment, who chose, the law's order."""
        values = self._get_attribution_values()
        chosen = ", ".join(self.chosen_item_ids.sudo().move_line_id.move_id.mapped("name"))
        texts = [
            self.env._(
                "Matched with %(payment)s of %(date)s, paid by %(payer)s.",
                payment=self.credit_id.move_id.name,
                date=format_date(self.env, self.credit_id.date),
                payer=self.credit_id.partner_id.display_name,
            ),
            chosen and self.env._("The debtor chose: %s.", chosen),
            self.order == "agreed"
            and self.env._("Interest, indemnity, then principal, as was agreed."),
            values
            and self.env._(
                "Of it %(taken)s pays these charges; by law %(share)s would "
                "(C. civ. 1342-10, 1343-1).",
                taken=formatLang(self.env, values["taken"], currency_obj=self.currency_id),
                share=formatLang(self.env, values["share"], currency_obj=self.currency_id),
            ),
        ]
        return " ".join(filter(None, texts))
