from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang, get_lang

from ...rules.indemnity import DEBTORS_WHO_OWE
from ...rules.parameters import value_on
from ...rules.words import number_in_words


class CollectionActionText(models.AbstractModel):
    """What a contact says: its language, its template, the statement of what is claimed."""

    _name = "collection.action.text"
    _description = "Text of a collection action"
    _inherit = ["collection.action.charges", "collection.action.payment"]

    lang = fields.Char(compute="_compute_lang", compute_sudo=True)
    language = fields.Char(
        string="Debtor's language",
        compute="_compute_language",
        compute_sudo=True,
        help="The language that the debtor is written and spoken to in.",
    )
    language_warning = fields.Char(compute="_compute_language", compute_sudo=True)
    statement_html = fields.Html(
        compute="_compute_statement_html",
        compute_sudo=True,
        sanitize=False,
        help="The table of items and totals, for use in templates.",
    )
    given_period = fields.Char(
        compute="_compute_given_period",
        compute_sudo=True,
        help="The days that the level gives for payment, in words, for use in templates.",
    )
    fixed_indemnity = fields.Char(
        compute="_compute_fixed_indemnity",
        compute_sudo=True,
        help="The fixed indemnity for recovery costs of one invoice, for use in templates.",
    )

    portal_url = fields.Char(
        string="Link to the debtor's page",
        compute="_compute_portal_url",
        compute_sudo=True,
        help="For use in templates; it opens the page once the message has left.",
    )
    template_id = fields.Many2one(
        "mail.template",
        readonly=True,
        ondelete="restrict",
        help="The text of a contact outside the ladder, the reminder of a promise for instance.",
    )
    promise_ids = fields.One2many("collection.promise", "reminder_id", readonly=True)
    help_html = fields.Html(
        string="Bodies that help",
        compute="_compute_help_html",
        compute_sudo=True,
        sanitize=False,
        help="The paragraph that names the bodies that help the debtor, for use in templates.",
    )

    # === COMPUTE === #

    @api.depends("case_id")
    def _compute_portal_url(self):
        accesses = self.case_id._give_portal_accesses()
        for action in self:
            access = accesses.get(action.case_id)
            action.portal_url = access._get_unsigned_url() if access else ""

    @api.depends("partner_id.lang", "case_id.partner_id.lang", "company_id.partner_id.lang")
    def _compute_lang(self):
        for action in self:
            partner = action.partner_id or action.case_id.partner_id
            action.lang = partner._get_collection_lang(action.company_id)

    @api.depends("lang")
    @api.depends_context("lang")
    def _compute_language(self):
        for action in self:
            partner = action.partner_id or action.case_id.partner_id
            action.language, action.language_warning = self._describe_language(
                partner, action.company_id
            )

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

    @api.depends("level_id.notice_days", "lang", "case_id")
    def _compute_given_period(self):
        """Say the same days as the period that is counted: the level's, else the usual ones."""
        for action in self:
            words = action.with_context(lang=action.lang)
            days = action._get_given_days()
            number = number_in_words(days, action.lang)
            action.given_period = (
                words.env._("%s day", number) if days == 1 else words.env._("%s days", number)
            )

    @api.depends("date_planned", "lang", "case_id")
    def _compute_fixed_indemnity(self):
        for action in self:
            words = action.with_context(lang=action.lang)
            kind = action.case_id.partner_id.collection_debtor_kind
            # No text for consumers names it: nothing of it is asked of them.
            name = DEBTORS_WHO_OWE.get(kind, DEBTORS_WHO_OWE["professional"])
            amount = value_on(name, action._get_charge_day())
            digits = 0 if amount == int(amount) else 2
            action.fixed_indemnity = words.env._(
                "%s euros", formatLang(words.env, float(amount), digits)
            )

    @api.depends("case_id", "lang")
    def _compute_help_html(self):
        for action in self:
            bodies = action._get_help_bodies().with_context(lang=action.lang)
            action.help_html = bodies._render_paragraph()

    # === BUSINESS === #

    def _get_help_bodies(self):
        """Return the bodies that help the debtor of the contact, in their order."""
        self.ensure_one()
        bodies = self.env["collection.help.body"].with_company(self.company_id)
        return bodies._get_for(self.case_id.partner_id)

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
        told = self.line_ids.filtered(lambda line: line.verdict != "time_barred")
        # The contacts of a batch are written one by one: their lines are read together.
        return told.with_prefetch(self.line_ids._prefetch_ids)

    @api.model
    def _describe_language(self, partner, company):
        """Return (the name of the language of a contact, a warning when it is not the debtor's)."""
        # In sudo mode to read a language that is not installed: only its name is told.
        languages_sudo = self.env["res.lang"].sudo().with_context(active_test=False)
        used = get_lang(self.env, partner.lang or company.partner_id.lang)
        if not partner.lang or partner.lang == used.code:
            return used.name, ""
        wanted = languages_sudo.search([("code", "=", partner.lang)], limit=1)
        return used.name, self.env._(
            "The language of %(debtor)s is not installed (%(wanted)s): texts are in %(used)s. An "
            "administrator installs languages in the settings.",
            debtor=partner.name,
            wanted=wanted.name or partner.lang,
            used=used.name,
        )

    def _get_given_days(self):
        """Return the number of days that the contact's text gives for payment."""
        self.ensure_one()
        kind = self.case_id.partner_id.collection_debtor_kind or "consumer"
        return self.level_id.notice_days or value_on(f"notice.days.{kind}", self._get_charge_day())

    def _get_template(self):
        self.ensure_one()
        return self.step_id.template_id or self.template_id

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
