from datetime import timedelta

from odoo import api, models
from odoo.fields import Command

from ..wizards.collection_contact_outcome import HOLD_REASONS
from . import ledger

# The reminders that the company sent before it had the add-on, so many days ago; the first ones
# went on to the formal notice.
FORMER_REMINDERS = ((150, True), (21, False), (9, False))
# Who claims what late payment has cost, and from whom.
ACCOUNTANT, CHARGED = "sophie", "brasserie"


class CollectionDemoStory(models.AbstractModel):
    """Tells the past of the portfolio: who was called, what was promised, what is on hold."""

    _name = "collection.demo.story"
    _description = "Collection demonstration: story"

    # === BUSINESS === #

    @api.model
    def _tell(self, company, debtors, users, invoices, today):
        """Take the old items over, log the calls, book the late payments, set the holds."""
        self._take_over(company, users, today)
        self._date_cases(company)
        self._log_calls(debtors, today)
        self._keep_promises(invoices, today)
        self._refresh(company, today)
        self._set_holds(debtors, invoices, today)
        self.env["collection.demo.schedule"]._tell(company, debtors, today)
        self.env["collection.demo.means"]._tell(debtors, users, today)
        self._open_disputes(debtors, invoices, today)
        self.env["collection.demo.litigation"]._tell(company, debtors, users, today)
        self.env["collection.demo.insolvency"]._tell(company, debtors, users, today)
        self.env["collection.demo.waiver"]._tell(company, debtors, users, today)
        self.env["collection.demo.handover"]._tell(company, debtors, users, today)
        self.env["collection.hold"]._expire(company, today)
        self._refresh(company, today)
        self._claim_charges(company, users, debtors, today)

    # === STEPS === #

    def _take_over(self, company, users, today):
        """Place old items on the ladder through the wizard, as of each day of reminders."""
        for days, with_formal_notice in FORMER_REMINDERS:
            day = today - timedelta(days=days)
            wizard = (
                self.env["collection.takeover"]
                .with_user(users["helene"])
                .create(
                    {
                        "company_id": company.id,
                        "as_of": day,
                        "counted_from": day,
                        "keep_formal_notice": not with_formal_notice,
                    }
                )
            )
            wizard.action_apply()

    def _date_cases(self, company):
        """Let each case have been opened when its oldest item fell due."""
        self._refresh(company, company._collection_today())
        for case in self.env["collection.case"].search([("company_id", "=", company.id)]):
            case.opened_on = min(case.oldest_due_date, company._collection_today())

    def _log_calls(self, debtors, today):
        """Log the calls of the past weeks, each with what it led to."""
        for call in sorted(ledger.CALLS, key=lambda call: -call.days_ago):
            case = self.env["collection.case"]._open_for(debtors[call.debtor], self.env.company)
            day = today - timedelta(days=call.days_ago)
            caller = self.with_user(case.user_id).sudo()
            action = caller._create_call(case, day)
            caller.env["collection.channel.call"]._log_outcome(
                action, call.outcome, day, caller._prepare_outcome(call, case, today)
            )

    def _create_call(self, case, day):
        partner, phone, _problem = case.partner_id._find_collection_contact("phone")
        return (
            self.env["collection.action"]
            ._with_door()
            .create(
                {
                    "company_id": case.company_id.id,
                    "case_id": case.id,
                    "channel": "call",
                    "mode": "manual",
                    "state": "planned",
                    "date_planned": day,
                    "user_id": case.user_id.id,
                    "partner_id": (partner or case.partner_id).id,
                    "recipient": phone,
                }
            )
        )

    def _prepare_outcome(self, call, case, today):
        reasons = self.env["collection.reason"]
        hold_reason = HOLD_REASONS.get(call.outcome)
        return {
            "dispute_category": call.disputed and self._get_category(call.disputed),
            "nonpayment_reason": self._get_reason(f"collection_reason_nonpayment_{call.nonpayment}")
            if call.nonpayment
            else reasons,
            "hold_reason": self._get_reason(hold_reason) if hold_reason else reasons,
            "next_date": self._get_day(today, call.until),
            "amount": case.currency_id.round(case.amount_overdue * call.share),
            "note": call.note,
        }

    def _keep_promises(self, invoices, today):
        """Book the payments that followed promises; the ledger judges the others."""
        late = {sale: invoice for sale, invoice in invoices.items() if sale.late}
        self.env["collection.demo.ledger"]._pay(late, today)
        self.env["collection.settlement"]._judge_due(self.env.company, today)

    def _set_holds(self, debtors, invoices, today):
        """Set the holds that collectors have set by hand, on cases or on single invoices."""
        by_due = {(sale.debtor, sale.due): invoice for sale, invoice in invoices.items()}
        for hold in ledger.HOLDS:
            case = self.env["collection.case"]._open_for(debtors[hold.debtor], self.env.company)
            invoice = by_due.get((hold.debtor, hold.due), self.env["account.move"])
            self.env["collection.hold"].create(
                {
                    "case_id": case.id,
                    "kind": hold.kind,
                    "reason_id": self._get_reason(f"collection_reason_hold_{hold.reason}").id,
                    "date_start": today + timedelta(days=hold.since),
                    "date_end": self._get_day(today, hold.until),
                    "review_date": self._get_day(today, hold.review),
                    "note": hold.note,
                    "line_ids": [
                        Command.create({"item_id": item.id, "amount": hold.amount})
                        for item in case.open_item_ids
                        if item.move_id == invoice
                    ],
                }
            )

    def _open_disputes(self, debtors, invoices, today):
        """Open what is disputed besides the calls, decide some of it, tell of what is late."""
        by_due = {(sale.debtor, sale.due): invoice for sale, invoice in invoices.items()}
        disputes = self.env["collection.dispute"]
        for contest in ledger.DISPUTES:
            case = self.env["collection.case"]._open_for(debtors[contest.debtor], self.env.company)
            invoice = by_due[contest.debtor, contest.due]
            item = case.open_item_ids.filtered(lambda item, move=invoice: item.move_id == move)
            dispute = (
                disputes.with_user(case.user_id)
                .sudo()
                ._open(
                    case,
                    [(item, contest.amount)],
                    self._get_category(contest.category),
                    contest.note,
                    how="email",
                    as_of=today + timedelta(days=contest.since),
                    deadline=today + timedelta(days=contest.deadline),
                )
            )
            if contest.answer:
                dispute.with_user(dispute.owner_id).sudo()._answer(*contest.answer)
                dispute._decide(
                    "partly_founded", contest.decision, {dispute.line_ids: contest.accepted}
                )
        disputes._escalate(self.env.company, today)

    # === HELPERS === #

    def _get_category(self, name):
        return self.env.ref(f"recouvrement_creances.collection_dispute_category_{name}")

    def _claim_charges(self, company, users, debtors, today):
        """Claim what late payment has cost from one debtor, where letters can be printed."""
        if self.env["ir.actions.report"].get_wkhtmltopdf_state() in ("install", "broken"):
            return
        case = self.env["collection.case"]._open_for(debtors[CHARGED], company)
        # An accountant's work, as in life: only they claim.
        case_of_accountant = case.with_user(users[ACCOUNTANT])
        case_of_accountant.env["collection.charge"]._claim(
            case_of_accountant, case._get_charged_items(), today, today
        )

    def _refresh(self, company, today):
        """Bring items, cases, verdicts and ranks in line with the ledger, as the run does."""
        self.env["collection.refresh"]._refresh(company, today)
        self.env["collection.decision"]._decide(company, today)
        self.env["collection.ranking"]._rank(company, today)

    def _get_reason(self, name):
        return self.env.ref(f"recouvrement_creances.{name}")

    @staticmethod
    def _get_day(today, days):
        return today + timedelta(days=days) if days is not None else False
