from odoo import api, fields, models
from odoo.tools import formatLang


class CollectionCaseCharges(models.AbstractModel):
    """What late payment has cost so far, computed when asked, and what was claimed of it."""

    _name = "collection.case.charges"
    _description = "Charges of a collection case"

    charge_ids = fields.One2many("collection.charge", "case_id", readonly=True)
    judgement_ids = fields.One2many("collection.judgement", "case_id")
    charge_table = fields.Html(
        string="Claimable charges",
        compute="_compute_charge_table",
        compute_sudo=True,
        sanitize=False,
        help="Interest and fixed indemnities up to today that were not claimed yet.",
    )

    # === COMPUTE === #

    @api.depends("item_ids", "charge_ids.state", "judgement_ids.state")
    @api.depends_context("uid", "lang", "tz")
    def _compute_charge_table(self):
        """Show the computation: each item with its segments, and what is missing."""
        today = fields.Date.context_today(self)
        charged = self.env["collection.interest"]._compute_items(self._get_charged_items(), today)
        by_case = self._share_items(charged)
        for case in self:
            case.charge_table = self.env["ir.qweb"]._render(
                "recouvrement_creances.case_charges",
                self._get_table_values(by_case.get(case._origin, []), today),
            )

    # === ACTIONS === #

    def action_add_waiver(self):
        """Open the form of a waiver of invoices: a reason, and above the limit an approval."""
        return self._open_dialog("collection.waiver", self.env._("Waive a part of the debt"))

    # === BUSINESS === #

    def _get_charged_items(self):
        """Return the debtors' items, of closed cases too: charges outlive the principal."""
        return self.env["collection.item"].search(self._charged_items_domain())

    def _get_told_cases(self):
        """Return the cases whose rules a claim of charges has to keep: this one, the open one."""
        self.ensure_one()
        open_case = self.search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("is_open", "=", True),
            ]
        )
        return self | open_case

    def _charged_items_domain(self):
        return [
            ("case_id.partner_id", "in", self.partner_id.ids),
            ("case_id.company_id", "in", self.company_id.ids),
        ]

    def _compute_charged_items(self, as_of):
        """Return the ChargedItems of one debtor up to a day, by due date."""
        self.ensure_one()
        self.check_access("read")
        # In sudo mode to read the ledger: what late payment costs does not depend on who asks.
        case_sudo = self.sudo()
        items_sudo = case_sudo._get_charged_items()
        interest_sudo = self.env["collection.interest"].sudo()
        return list(interest_sudo._compute_items(items_sudo, as_of).values())

    def _share_items(self, charged):
        """Return {case: ChargedItems of its debtor}."""
        items = self.env["collection.item"].browse(charged)
        by_debtor = {}
        for item in items:
            owner = item.case_id
            by_debtor.setdefault((owner.partner_id, owner.company_id), []).append(charged[item.id])
        return {
            case._origin: by_debtor.get((case.partner_id, case.company_id), []) for case in self
        }

    @api.model
    def _get_table_values(self, entries, today):
        """Return what the table of charges shows."""
        lines = self.env["collection.charge.line"]
        euro = self.env.ref("base.EUR")
        currencies = self.env["res.currency"]
        rows, totals = [], {}
        for entry in entries:
            currency = currencies.browse(entry.currency_id)
            charges = entry.charges
            if charges and not charges.is_claimable and not charges.interest.warnings:
                continue
            rows.append(
                {
                    "entry": entry,
                    "currency": currency,
                    "interest": float(charges.interest.total) if charges else 0.0,
                    "indemnity": float(charges.indemnity) if charges else 0.0,
                    "details": lines._explain(
                        lines._freeze(charges.interest.segments) if charges else [], currency
                    ),
                    "warnings": self._explain_warnings(charges),
                }
            )
            for own, amount in ((currency, rows[-1]["interest"]), (euro, rows[-1]["indemnity"])):
                if amount:
                    totals[own] = totals.get(own, 0.0) + amount
        return {"rows": rows, "totals": totals, "euro": euro, "today": today}

    @api.model
    def _explain_warnings(self, charges):
        """Return what a person should look at; nothing was corrected because of it."""
        texts = []
        for warning in charges.interest.warnings if charges else ():
            if warning.floor is None:
                texts.append(
                    self.env._("No interest before a formal notice (%s).", warning.article)
                )
            else:
                year, number = warning.half_year.split(" H")
                texts.append(
                    self.env._(
                        "%(half_year)s: the agreed rate is below three times the legal rate, "
                        "%(floor)s %% (%(article)s).",
                        half_year=self.env._("%(year)s H%(number)s", year=year, number=number),
                        floor=formatLang(self.env, float(warning.floor)),
                        article=warning.article,
                    )
                )
        return texts
