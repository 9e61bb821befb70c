from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class CollectionChargeClaim(models.TransientModel):
    """Claim charges: until which day, of which items."""

    _name = "collection.charge.claim"
    _description = "Claim late-payment charges"
    _inherit = ["collection.sourced"]

    case_id = fields.Many2one("collection.case", required=True)
    date_until = fields.Date(
        string="Interest until", required=True, default=fields.Date.context_today
    )
    line_ids = fields.One2many(
        "collection.charge.claim.line",
        "wizard_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    problem = fields.Text(compute="_compute_problem")
    block = fields.Text(
        compute="_compute_block", help="Why the debtor may not be written to, and the article."
    )
    can_override = fields.Boolean(compute="_compute_block")
    override_reason_id = fields.Many2one(
        "collection.reason",
        domain=[("usage", "=", "override")],
        string="Reason for claiming all the same",
    )

    @api.depends("case_id", "date_until")
    def _compute_line_ids(self):
        explain = self.env["collection.charge.line"]
        for wizard in self:
            charged = wizard._compute_charged()
            wizard.line_ids = [Command.clear()] + [
                Command.create(
                    {
                        "item_id": entry.item_id,
                        "number": entry.number,
                        "due_date": entry.due_date,
                        "currency_id": entry.currency_id,
                        "interest": float(entry.charges.interest.total),
                        "indemnity": float(entry.charges.indemnity),
                        "detail": "\n".join(
                            explain._explain(
                                explain._freeze(entry.charges.interest.segments),
                                self.env["res.currency"].browse(entry.currency_id),
                            )
                        ),
                    }
                )
                for entry in charged
                if entry.charges and entry.charges.is_claimable
            ]

    @api.depends("case_id", "date_until")
    def _compute_problem(self):
        for wizard in self:
            wizard.problem = "\n".join(
                f"{entry.number}: {entry.problem}"
                for entry in wizard._compute_charged()
                if entry.problem
            )

    @api.depends("case_id")
    @api.depends_context("uid")
    def _compute_block(self):
        guard, moment = self.env["collection.guard"], fields.Datetime.now()
        is_manager = self.env.user.has_group("recouvrement_creances.group_manager")
        nothing = self.env["collection.action"]
        for wizard in self:
            found = [
                guard._find_block(nothing, case, "letter", moment, is_charge=True)
                for case in (wizard.case_id._origin._get_told_cases() if wizard.case_id else ())
            ]
            refusals = [refusal for refusal in found if refusal]
            wizard.block = "\n".join(dict.fromkeys(refusal.text for refusal in refusals))
            is_final = any(refusal.is_final for refusal in refusals)
            wizard.can_override = bool(refusals) and is_manager and not is_final

    @api.constrains("case_id")
    def _check_case_id(self):
        """Lines are computed in sudo mode: whether their case may be seen is asked here."""
        self.case_id.check_access("read")

    def _compute_charged(self):
        """Return what the chosen day would claim; nothing while the dialog is not filled in."""
        self.ensure_one()
        if not (self.case_id and self.date_until):
            return []
        # As its user, not in sudo mode: a dialog that is not saved yet has no other check.
        return self.case_id._origin.sudo(False)._compute_charged_items(self.date_until)

    def action_apply(self):
        """Claim, and show the statements that were made."""
        self.ensure_one()
        # The domain of the field is the browser's: ask again.
        reason = self.override_reason_id
        if reason and reason.usage != "override":
            raise UserError(self.env._("“%s” is a reason for something else.", reason.name))
        # What cannot be computed is handed over too: the statement names it, and so does the
        # refusal when there is nothing else.
        unknown = [entry.item_id for entry in self._compute_charged() if entry.problem]
        chosen = self.line_ids.filtered("is_chosen").item_id | self.env["collection.item"].browse(
            unknown
        )
        charges = self.env["collection.charge"]._claim(
            self.case_id, chosen, self.date_until, fields.Date.context_today(self), reason
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "recouvrement_creances.collection_charge_action"
        )
        if len(charges) == 1:
            return {**action, "views": [(False, "form")], "res_id": charges.id}
        return {**action, "domain": [("id", "in", charges.ids)], "context": {}}
