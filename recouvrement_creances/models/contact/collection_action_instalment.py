from dataclasses import replace

from odoo import fields, models


class CollectionActionInstalment(models.AbstractModel):
    """A contact about one instalment of a schedule: it speaks of that, not of the invoices."""

    _name = "collection.action.instalment"
    _description = "Instalment that a collection action speaks of"

    instalment_id = fields.Many2one(
        "collection.instalment", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    instalment_step = fields.Selection(
        selection=[
            ("before", "Reminder before the instalment"),
            ("after", "Reminder of a missed instalment"),
            ("notice", "Notice before the whole becomes due"),
            ("copy", "Copy of the signed agreement"),
        ],
        readonly=True,
    )
    schedule_id = fields.Many2one(related="instalment_id.schedule_id")

    _instalment_unique = models.UniqueIndex(
        "(instalment_id, instalment_step) WHERE instalment_step IN ('before', 'after', 'copy')",
        "The debtor was written to about this instalment already.",
    )

    # === TEXT === #

    def _get_given_days(self):
        """EXTENDS collection.action.text: what was agreed on, not what a level gives."""
        self.ensure_one()
        if self.instalment_step == "notice":
            # In sudo mode to read the agreement: its days do not depend on who writes.
            return self.sudo().schedule_id.cure_days
        return super()._get_given_days()

    def _get_statement(self):
        """EXTENDS collection.action.text: the instalment is what is to be paid now."""
        self.ensure_one()
        if not self.instalment_id:
            return super()._get_statement()
        # In sudo mode to read the ledger: what is to be paid does not depend on who sends it.
        instalment_sudo = self.sudo().instalment_id
        if self.instalment_step == "copy" and not instalment_sudo._is_due():
            # Paid, or the schedule is over, before the copy leaves: it asks for nothing.
            return {"rows": [], "totals": {}}
        row = instalment_sudo._get_statement_row(self.date_planned)
        overdue = row["claimed"] if row["days_overdue"] else 0.0
        return {
            "rows": [row],
            "totals": {row["currency"]: {"due": row["claimed"], "overdue": overdue}},
        }

    def _get_instalment_due(self):
        """Return what is still due of the instalment, in the company's currency; 0 without one."""
        self.ensure_one()
        instalment = self.instalment_id
        if not instalment or self.instalment_step == "copy":
            return 0.0
        return instalment.currency_id._convert(
            instalment.amount_left,
            self.company_id.currency_id,
            self.company_id,
            self.date_planned or fields.Date.context_today(self),
        )

    def _get_agreement_file(self):
        """Return the signed agreement where the contact brings it, else an empty attachment."""
        self.ensure_one()
        if self.instalment_step != "copy":
            return self.env["ir.attachment"]
        # In sudo mode to read what the debtor signed, whoever sends it to him.
        return self.sudo().schedule_id.signed_agreement_id.with_env(self.env)

    # === NOTICE === #

    def _filter_notices(self):
        """Return the contacts whose period is counted: formal notices, and those of schedules."""
        return self.filtered(
            lambda action: action.level_id.is_formal_notice or action.instalment_step == "notice"
        )

    def _get_notice_proof(self):
        """EXTENDS collection.action.notice: the days to catch up are those agreed on."""
        proof = super()._get_notice_proof()
        if self.instalment_step == "notice":
            return replace(proof, days=self.sudo().schedule_id.cure_days)
        return proof

    # === GUARD === #

    def _withdraw_paid_instalments(self):
        """Take off reminders of what was paid since, or whose schedule is over; return the others.

        Reminders before the due date are no use after it; a signed agreement leaves all the same.
        """
        about = self.filtered(
            lambda action: action.instalment_id and action.instalment_step != "copy"
        )
        over = about.filtered(
            lambda action: (
                not action.instalment_id._is_due()
                or (action.instalment_step == "before" and action.instalment_id.state != "pending")
            )
        )
        if over:
            over._withdraw(self.env._("Nothing of the instalment is to be paid any more."))
        return self - over
