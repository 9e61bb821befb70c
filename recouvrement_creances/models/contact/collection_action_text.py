from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import get_lang

# More items than this leave a letter for pages of their own; their charges are claimed apart.
MOST_EXPLAINED = 10


class CollectionActionText(models.AbstractModel):
    """What a contact says: its language, its template, the statement of what is claimed."""

    _name = "collection.action.text"
    _description = "Text of a collection action"

    lang = fields.Char(compute="_compute_lang", compute_sudo=True)
    statement_html = fields.Html(
        compute="_compute_statement_html",
        compute_sudo=True,
        sanitize=False,
        help="The table of items and totals, for use in templates.",
    )

    # === COMPUTE === #

    @api.depends("partner_id", "case_id")
    def _compute_lang(self):
        for action in self:
            partner = action.partner_id or action.case_id.partner_id
            # Only an installed language has texts: get_lang never answers with another one.
            action.lang = get_lang(self.env, partner.lang or action.company_id.partner_id.lang).code

    @api.depends("line_ids", "lang", "date_planned")
    def _compute_statement_html(self):
        for action in self:
            action.statement_html = (
                self.env["ir.qweb"]
                .with_context(lang=action.lang)
                ._render(
                    "recouvrement_creances.statement_table",
                    {
                        "statement": action.with_context(lang=action.lang)._get_statement(),
                        "action": action.with_context(lang=action.lang),
                    },
                )
            )

    # === BUSINESS === #

    def _check_still_asked(self):
        """Refuse a document that would ask a consumer for nothing but what is time-barred.

        :raises UserError: with the article
        """
        for action in self:
            if action.line_ids and not action._get_told_lines():
                raise UserError(
                    self.env._(
                        "%s: everything is time-barred, a consumer is asked for nothing any more "
                        "(C. conso L218-2, R632-1).",
                        action.case_id.display_name,
                    )
                )

    def _get_told_lines(self):
        """Return the lines that the debtor is told of: nothing that is time-barred."""
        return self.line_ids.filtered(lambda line: line.verdict != "time_barred")

    def _get_template(self):
        self.ensure_one()
        return self.step_id.template_id

    def _get_charges(self):
        """Return what late payment of the contacts' items has cost, to be shown beside them.

        Computed once for all contacts. Left out are those of which nothing is claimable, and those
        whose lines stand on pages of their own, too many to be explained.

        :return: {action: values of ``collection.case.charges``}
        """
        # In sudo mode to read invoices: what is claimed does not depend on who sends it.
        actions_sudo = self.sudo().filtered(lambda action: len(action.line_ids) <= MOST_EXPLAINED)
        interest_sudo = actions_sudo.env["collection.interest"]
        values = {}
        for (day, lang), group_sudo in actions_sudo.grouped(
            lambda action: (action.date_planned or fields.Date.context_today(action), action.lang)
        ).items():
            charged = interest_sudo._compute_items(group_sudo.line_ids.item_id, day)
            for action_sudo in group_sudo:
                entries = [charged.get(item.id) for item in action_sudo.line_ids.item_id]
                claimable = [
                    entry
                    for entry in entries
                    if entry and entry.charges and entry.charges.is_claimable
                ]
                if claimable:
                    case_sudo = action_sudo.case_id.with_context(lang=lang)
                    values[action_sudo.with_env(self.env)] = case_sudo._get_table_values(
                        sorted(claimable, key=lambda entry: entry.due_date), day
                    )
        return values

    def _get_statement(self):
        """Return what the contact speaks of: lines by due date, and totals by currency.

        Without what a consumer can no longer be asked for (C. conso L218-2, R632-1). Read from the
        ledger; the evidence keeps the copy of what was told.
        """
        self.ensure_one()
        # In sudo mode to read invoices: what is claimed does not depend on who sends it.
        lines_sudo = (
            self.sudo()
            ._get_told_lines()
            .sorted(lambda line: (line.due_date or fields.Date.today(), line.id))
        )
        rows = [line_sudo._get_statement_row(self.date_planned) for line_sudo in lines_sudo]
        totals = {}
        for row in rows:
            total = totals.setdefault(row["currency"], {"due": 0.0, "overdue": 0.0})
            total["due"] += row["claimed"]
            total["overdue"] += row["claimed"] if row["days_overdue"] else 0.0
        return {"rows": rows, "totals": totals}
