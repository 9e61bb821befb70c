from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import SQL, format_date

from ...rules.transitions import CHARGE
from ...tools.dialogs import open_dialog

EURO = "base.EUR"


class CollectionCharge(models.Model):
    """A statement of charges: interest and indemnities that were claimed from a debtor.

    Until it is paid it is a memo, unless the company books what it claims (CGI 237 sexies). It
    never bears VAT, nor interest. A period is claimed once.
    """

    _name = "collection.charge"
    _description = "Statement of late-payment charges"
    _inherit = ["collection.charge.booking", "mail.thread", "collection.stateful"]
    _order = "date desc, id desc"
    _transitions = CHARGE
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char(string="Number", required=True, readonly=True, default="/", index=True)
    case_id = fields.Many2one(
        "collection.case",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(related="case_id.partner_id", string="Debtor")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    state = fields.Selection(
        selection=[
            ("draft", "Being made"),
            ("claimed", "Claimed"),
            ("paid", "Paid"),
            ("waived", "Waived"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="draft",
        tracking=True,
    )
    debtor_kind = fields.Selection(
        selection=[
            ("professional", "Professional"),
            ("consumer", "Consumer"),
            ("public", "Public body"),
        ],
        readonly=True,
        help="The kind of debtor at the time of the claim: it decides which articles are quoted.",
    )
    date = fields.Date(string="Claimed on", required=True, readonly=True)
    date_until = fields.Date(
        string="Interest until", required=True, readonly=True, help="The last day that counts."
    )
    line_ids = fields.One2many("collection.charge.line", "charge_id", readonly=True)
    amount_interest = fields.Monetary(
        string="Interest", compute="_compute_amounts", store=True, readonly=True
    )
    amount_indemnity = fields.Monetary(
        string="Fixed indemnities", compute="_compute_amounts", store=True, readonly=True
    )
    amount_total = fields.Monetary(
        string="Total", compute="_compute_amounts", store=True, readonly=True
    )
    amount_waived = fields.Monetary(string="Waived", readonly=True, copy=False)
    left_out = fields.Text(
        readonly=True, help="Items that could not be computed, with what was missing."
    )
    action_id = fields.Many2one(
        "collection.action", string="Letter", readonly=True, index="btree_not_null", copy=False
    )
    attachment_id = fields.Many2one(related="action_id.attachment_id", string="Document")

    _name_unique = models.UniqueIndex("(company_id, name)", "This number is taken already.")

    # === COMPUTE === #

    @api.depends("line_ids.amount", "line_ids.kind")
    def _compute_amounts(self):
        for charge in self:
            sums = {"interest": 0.0, "indemnity": 0.0}
            for line in charge.line_ids:
                sums[line.kind] += line.amount
            charge.amount_interest = charge.currency_id.round(sums["interest"])
            charge.amount_indemnity = charge.currency_id.round(sums["indemnity"])
            charge.amount_total = charge.amount_interest + charge.amount_indemnity

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for charge in self:
            charge.display_name = f"{charge.name} · {charge.partner_id.sudo().display_name or ''}"

    # === CRUD === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        raise UserError(
            self.env._("Statements of charges are history: cancel the statement instead.")
        )

    # === ACTIONS === #

    def action_cancel(self):
        """Take back a claim that was a mistake: its periods may be claimed again."""
        self._check_accountant()
        self.check_access("read")
        # In sudo mode to end what only the flow writes, after the checks above.
        charges_sudo = self.sudo()
        charges_sudo._apply_event("cancel")
        charges_sudo._withdraw(self.env._("The charges were cancelled by %s.", self.env.user.name))

    def action_waive(self):
        """Open the form of a waiver: a reason, and above the limit an approval."""
        self.ensure_one()
        return open_dialog(
            "collection.waiver", self.env._("Waive charges"), default_charge_id=self.id
        )

    def action_print(self):
        """Download the statement as it was claimed."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}?download=true",
            "target": "self",
        }

    def action_open_case(self):
        """Open the case."""
        return self.case_id.get_formview_action()

    # === BUSINESS - END === #

    def _waive(self, amount):
        """Give the charges up, wholly or in part, as a waiver says that was allowed.

        What is paid of them stays so: they are paid once the rest was given up.

        :param float amount: in the statement's currency
        :return: what of it was still open, and is given up
        :raises UserError: they are paid, cancelled or waived already
        """
        self.ensure_one()
        if self.state != "claimed":
            raise UserError(
                self.env._("%s is not claimed any more: nothing of it is waived.", self.name)
            )
        compare, rest = self.currency_id.compare_amounts, self._get_amount_open()
        given_up = min(amount, rest)
        is_paid_in_part = compare(rest, self.amount_total - self.amount_waived) < 0
        is_whole = compare(amount, rest) >= 0 and not is_paid_in_part
        if is_whole:
            self._apply_event("waive")
        if is_whole and not self.amount_waived:
            self._withdraw(self.env._("The charges were waived."))
        else:
            self._book_waived(given_up, self.env.company._collection_today())
        self.amount_waived += given_up
        return given_up

    def _withdraw(self, note):
        """Reverse the entries of statements that have ended, and stop letters not posted yet."""
        self._unbook(self.env.company._collection_today())
        waiting = self.action_id.filtered(lambda action: action.state == "planned")
        waiting._cancel(note)

    # === BUSINESS - CLAIM === #

    @api.model
    def _check_accountant(self):
        if not self.env.su and not self.env.user.has_group(
            "recouvrement_creances.group_accountant"
        ):
            raise AccessError(
                self.env._("Only an accountant of collection claims charges or takes them back.")
            )

    def _check_claim(self, case, items, as_of, today):
        self._check_accountant()
        case.check_access("write")
        # In sudo mode to compare owners: a dialog's lines may name items of anybody.
        owners_sudo = items.sudo().case_id
        if owners_sudo.partner_id - case.partner_id or owners_sudo.company_id - case.company_id:
            raise UserError(
                self.env._(
                    "Charges are claimed on items of %s only: open the dialog again.",
                    case.partner_id.display_name,
                )
            )
        self.env["collection.insolvency"]._check_free(items)
        if as_of > today:
            raise UserError(self.env._("Interest is claimed up to today at most."))

    @api.model
    def _claim(self, case, items, as_of, today, override_reason=None):
        """Claim what late payment of items cost and was not claimed yet.

        :param case: the collection.case that the debtor is told under
        :param items: collection.item records of the debtor, open or paid
        :param date as_of: the last day that counts
        :param date today: the day of the claim
        :param override_reason: why a manager tells the debtor although a rule forbids it
        :return: the statements, one per currency
        :raise UserError: nothing can be claimed, or the debtor may not be told; says why
        """
        self._check_claim(case, items, as_of, today)
        overridden = self._check_may_tell(case, override_reason)
        self._lock(case)
        charged = self.env["collection.interest"].sudo()._compute_items(items, as_of).values()
        left_out = "\n".join(
            f"{entry.number}: {entry.problem}" for entry in charged if entry.problem
        )
        lines = self._prepare_lines(charged, as_of)
        if not lines:
            raise UserError(
                left_out or self.env._("Nothing can be claimed: no charge is due, or all are.")
            )
        common = {"date": today, "date_until": as_of, "left_out": left_out}
        # In sudo mode to make statements: nobody makes them by hand, past the computation.
        charges_sudo = self.sudo().create(
            [
                {
                    **common,
                    **self._prepare_statement(case, today),
                    "currency_id": currency_id,
                    "line_ids": [Command.create(vals) for vals in vals_list],
                }
                for currency_id, vals_list in lines.items()
            ]
        )
        charges_sudo._tell(today, override_reason if overridden else None, overridden)
        charges_sudo._apply_event("claim")
        charges_sudo._book_claimed()
        return charges_sudo.with_env(self.env)

    def _lock(self, case):
        """Let a claim of the same debtor at the same time fail to serialize and be tried again."""
        self.env.execute_query(
            SQL(
                "UPDATE collection_case SET write_date = now() AT TIME ZONE 'UTC' "
                "WHERE partner_id = %s AND company_id = %s RETURNING id",
                case.partner_id.id,
                case.company_id.id,
            )
        )

    def _prepare_statement(self, case, today):
        return {
            "name": case.company_id._draw_number("collection.charge", today),
            "case_id": case.id,
            "company_id": case.company_id.id,
            # In sudo mode to read a field of the debtor that decides which articles are quoted.
            "debtor_kind": case.partner_id.sudo().collection_debtor_kind,
        }

    def _prepare_lines(self, charged, as_of):
        """Return {currency id: values of lines}; indemnities are in euros whatever the invoice."""
        lines = {}
        euro = self.env.ref(EURO)
        freeze = self.env["collection.charge.line"]._freeze
        for entry in charged:
            if not entry.charges:
                continue
            common = {
                "item_id": entry.item_id,
                "invoice_id": entry.move_id,
                "number": entry.number,
                "due_date": entry.due_date,
            }
            interest = entry.charges.interest
            if interest.total:
                lines.setdefault(entry.currency_id, []).append(
                    {
                        **common,
                        "kind": "interest",
                        "date_start": interest.segments[0].start,
                        "date_end": as_of,
                        "segments": freeze(interest.segments),
                        "amount": float(interest.total),
                    }
                )
            if entry.charges.indemnity:
                lines.setdefault(euro.id, []).append(
                    {**common, "kind": "indemnity", "amount": float(entry.charges.indemnity)}
                )
        return lines

    # === BUSINESS - TELL THE DEBTOR === #

    @api.model
    def _check_may_tell(self, case, override_reason=None):
        """Refuse a claim of which the debtor may not be told: a statement is a contact.

        What holds the debtor's open case holds the charges of a closed one too.

        :return: the rules that a manager overrides, in words; empty when there are none
        """
        guard, moment = self.env["collection.guard"], fields.Datetime.now()
        nothing = self.env["collection.action"]
        texts = [
            guard._check(nothing, asked, "letter", moment, override_reason, is_charge=True)
            for asked in case._get_told_cases()
        ]
        return "\n".join(dict.fromkeys(filter(None, texts)))

    def _tell(self, today, override_reason=None, overridden=""):
        """Make each statement a letter of the case: its document, and its evidence."""
        values = {}
        if overridden:
            values = {"override_reason_id": override_reason.id, "override_note": overridden}
        actions = (
            self.env["collection.action"]
            ._with_door()
            .create([{**charge.case_id._prepare_letter(today), **values} for charge in self])
        )
        if overridden:
            self.env["collection.evidence"]._note(
                actions, "override", {"reason": override_reason.name, "note": overridden}
            )
        for charge, action in zip(self, actions, strict=True):
            charge.action_id = action
        files = self.env["collection.channel.letter"]._make_documents(
            actions,
            "recouvrement_creances.collection_charge_report",
            lambda env, action: f"{self._of_action(action).name.replace('/', '-')}.pdf",
        )
        for action in actions:
            action.attachment_id = files[action]
        self.env["collection.evidence"]._note(
            actions,
            "prepared",
            lambda action: self._of_action(action)._get_facts(),
            attachments=files,
        )
        actions._apply_event("plan", {"date_planned": today})

    def _of_action(self, action):
        return self.filtered(lambda charge: charge.action_id == action)

    def _get_facts(self):
        """Return what the evidence keeps of a statement."""
        self.ensure_one()
        return {
            "subject": self.env._(
                "Statement of charges %(number)s of %(date)s",
                number=self.name,
                date=format_date(self.env, self.date),
            ),
            "charges": [
                {
                    "invoice": line.number,
                    "due_date": str(line.due_date),
                    "kind": line.kind,
                    "segments": line.segments or [],
                    "amount": line.amount,
                }
                for line in self.line_ids
            ],
            "total": self.amount_total,
            "currency": self.currency_id.name,
        }
