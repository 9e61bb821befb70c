from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date, formatLang

from ...rules.parameters import MissingLegalValue
from ...rules.rates import (
    ECB,
    KINDS,
    LEGAL_INDIVIDUAL,
    LEGAL_OTHER_CASES,
    RateTable,
    half_year_start,
)

# What claims need; the rate of private creditors is kept for information.
NEEDED = (ECB, LEGAL_OTHER_CASES)


class CollectionRate(models.Model):
    """A published rate of one half-year, which late-payment interest is computed with."""

    _name = "collection.rate"
    _description = "Published rate of interest"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_start desc, kind"
    _rec_name = "kind"

    kind = fields.Selection(
        selection=[
            (ECB, "ECB main refinancing rate"),
            (LEGAL_OTHER_CASES, "Legal rate for companies"),
            (LEGAL_INDIVIDUAL, "Legal rate for private creditors"),
        ],
        required=True,
        help="Companies claim with the legal rate for companies, from consumers too.",
    )
    date_start = fields.Date(
        string="In force from",
        required=True,
        tracking=True,
        help="1 January or 1 July: the rate counts for the whole half-year (C. com. L441-10, "
        "CMF L313-2).",
    )
    rate = fields.Float(string="Rate (%)", required=True, digits=(6, 2), tracking=True)
    source = fields.Char(
        required=True, translate=True, tracking=True, help="Where it was published."
    )
    checked_on = fields.Date(
        tracking=True, help="The day somebody compared it with the publication."
    )

    _half_year_unique = models.UniqueIndex(
        "(kind, date_start)", "This rate is already known for this half-year: correct it instead."
    )
    _rate_plausible = models.Constraint(
        "CHECK(rate >= 0 AND rate < 100)", "A rate is between 0 and 100 percent a year."
    )

    # === CONSTRAINTS === #

    @api.constrains("date_start")
    def _check_date_start(self):
        """Rates count from the first day of a half-year."""
        for rate in self:
            if rate.date_start != half_year_start(rate.date_start):
                raise ValidationError(
                    self.env._(
                        "%s begins no half-year: choose 1 January or 1 July.",
                        format_date(self.env, rate.date_start),
                    )
                )

    # === COMPUTE === #

    @api.depends("kind", "date_start")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for rate in self:
            day = format_date(self.env, rate.date_start) if rate.date_start else ""
            rate.display_name = f"{labels.get(rate.kind, '')} {day}".strip()

    # === CRUD === #

    def write(self, vals):
        """Correct a rate, never silently: what it was stays in its history.

        A rate that has been in force stays that of its half-year.
        """
        if {"kind", "date_start"} & vals.keys():
            self._check_never_in_force(vals)
        # A caller's context does not switch the history off.
        kept = self.with_context(tracking_disable=False, mail_notrack=False)
        return super(CollectionRate, kept).write(vals)

    def _load_records_create(self, vals_list):
        """EXTENDS base: a later release brings rates that a manager has entered meanwhile.

        Theirs stays as it is; a second one of its half-year would break the whole update off.
        """
        # An imported file is a person's work: what is in it twice is told.
        if not self.env.context.get("install_module"):
            return super()._load_records_create(vals_list)
        known = {(rate.kind, rate.date_start): rate.id for rate in self.search([])}
        halves = [(vals["kind"], fields.Date.to_date(vals["date_start"])) for vals in vals_list]
        new = [vals for vals, half in zip(vals_list, halves, strict=True) if half not in known]
        for rate in super()._load_records_create(new):
            known[rate.kind, rate.date_start] = rate.id
        return self.browse(known[half] for half in halves)

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        """EXTENDS base: translations are written past ``write``, and past its history."""
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        former = self._read_translations(field_name, languages)
        result = super()._update_field_translations(
            field_name, translations, digest=digest, source_lang=source_lang
        )
        for language, text in self._read_translations(field_name, languages).items():
            if text != former[language]:
                self._message_log(
                    body=self.env._(
                        "Source (%(language)s): “%(former)s” became “%(text)s”.",
                        language=language,
                        former=former[language] or "",
                        text=text or "",
                    )
                )
        return result

    def _read_translations(self, field_name, languages):
        """Return {language: text} of a field."""
        return {language: self.with_context(lang=language)[field_name] for language in languages}

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_force(self):
        self._check_never_in_force()

    def _mail_group_by_operation_for_mail_message_operation(self, message_operation):
        """EXTENDS mail: what a rate was is not deleted from its history."""
        if message_operation == "unlink":
            return {}
        return super()._mail_group_by_operation_for_mail_message_operation(message_operation)

    def _check_never_in_force(self, vals=None):
        """Refuse to take a rate away that claims may have been computed with.

        The add-on's own code is let through, as for what a confirmed policy says.

        :param dict vals: values that are about to be written, when it is to change its half-year
        """
        today = fields.Date.context_today(self)
        for rate in self if not self.env.su else ():
            stays = vals and (
                vals.get("kind", rate.kind) == rate.kind
                and fields.Date.to_date(vals.get("date_start", rate.date_start)) == rate.date_start
            )
            if rate.date_start <= today and not stays:
                raise UserError(
                    self.env._(
                        "“%(rate)s” has been in force, and charges may have been claimed with it: "
                        "it is neither deleted nor moved. Correct its percentage and its source "
                        "instead; its history keeps what they were.",
                        rate=rate.display_name,
                    )
                )

    # === BUSINESS === #

    @api.model
    def _get_table(self):
        """Return every known rate as a ``rules.rates.RateTable``."""
        series = {}
        for kind, start, rate in self.search([("kind", "in", KINDS)])._read_rates():
            series.setdefault(kind, []).append((start, rate))
        return RateTable(series)

    def _read_rates(self):
        """Return [(kind, first day, percent)]; the database keeps two decimals exactly."""
        digits = self._fields["rate"].get_digits(self.env)[1]
        return [(rate.kind, rate.date_start, Decimal(f"{rate.rate:.{digits}f}")) for rate in self]

    @api.model
    def _warn_of_floor(self, rate, day):
        """Return what to say of a contract's rate: under the floor of the law, or nothing.

        :param float rate: percent a year; 0 when none was agreed
        :param date day: the floor is that of its half-year
        """
        if not rate:
            return ""
        try:
            floor = self._get_table().floor_on(day)
        except MissingLegalValue:
            return self.env._(
                "The legal rate of the half-year is missing: nobody can tell whether this rate is "
                "high enough."
            )
        if Decimal(f"{rate:.2f}") >= floor:
            return ""
        return self.env._(
            "Below three times the legal rate, %(floor)s %% at present (C. com. L441-10 II): the "
            "clause may be held void. The rate is used as it stands.",
            floor=formatLang(self.env, float(floor)),
        )

    @api.model
    def _ask_for_missing(self, today):
        """Give a manager the task to enter the rates of the half-year, as long as they are missing.

        :param date today: a day of the half-year
        """
        labels = dict(self._fields["kind"]._description_selection(self.env))
        missing = self._get_table().missing_on(today, NEEDED)
        known = self.search([("kind", "in", missing)], order="date_start")
        latest = {rate.kind: rate for rate in known}
        for kind, rate in latest.items():
            summary = self.env._(
                "Enter the rate in force from %(date)s: %(kind)s",
                date=format_date(self.env, half_year_start(today)),
                kind=labels[kind],
            )
            if summary not in rate.activity_ids.mapped("summary"):
                rate.activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=summary,
                    date_deadline=today,
                    user_id=self._find_manager().id,
                )

    def _find_manager(self):
        """Return who looks after the rates: a collection manager, else the present user."""
        group = self.env.ref("recouvrement_creances.group_manager")
        people = group.all_user_ids.filtered(lambda user: user.active and not user.share)
        return people.sorted("id")[-1:] or self.env.user
