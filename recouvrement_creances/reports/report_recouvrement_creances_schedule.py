from odoo import models
from odoo.tools import format_datetime


class ReportRecouvrementCreancesSchedule(models.AbstractModel):
    """The payment agreement on paper (protocole d'accord), to be signed or as it was signed."""

    _name = "report.recouvrement_creances.schedule"
    _description = "Payment agreement on paper"
    _inherit = ["collection.paper"]
    _printed = "collection.schedule"

    def _prepare_documents(self, records, data):
        """IMPLEMENTS collection.paper."""
        # In sudo mode to read bank accounts and invoices, after the check of access.
        return [self._prepare_agreement(schedule) for schedule in records.sudo()]

    def _prepare_agreement(self, schedule):
        lang, company = schedule._get_lang(), schedule.company_id
        schedule = schedule.with_company(company).with_context(lang=lang)
        frames = self.env["collection.correspondence"].with_env(schedule.env)
        debtor = schedule.partner_id
        parties = frames._get_parties(schedule.case_id, schedule.company_id)
        lines = schedule._get_lines()
        return {
            **parties,
            "record": schedule,
            "schedule": schedule,
            "lang": lang,
            "type_style": self._get_type_style(company),
            "currency": schedule.currency_id,
            "debtor": debtor,
            "is_consumer": debtor.collection_debtor_kind == "consumer",
            "debtor_lines": frames._get_address_lines(debtor, schedule.company_id),
            "debtor_registration": frames._name_registration(debtor),
            "lines": lines,
            "covers": [self._describe_debt(cover) for cover in schedule.item_line_ids],
            "in_words": schedule._get_amount_in_words(),
            "bank": frames._choose_bank(company._get_payment_banks(), schedule.currency_id),
            "way": dict(schedule._fields["payment_way"]._description_selection(schedule.env))[
                schedule.payment_way
            ],
            "signed_at": self._show_moment(schedule),
        }

    def _show_moment(self, schedule):
        """Return when it was signed on the page, with the clock that says so; else nothing."""
        if not schedule.signed_at or schedule.signature_kind == "paper":
            return ""
        zone = schedule.company_id._get_zone()
        return f"{format_datetime(schedule.env, schedule.signed_at, tz=zone)} ({zone})"

    def _describe_debt(self, cover):
        """Return where a debt comes from: the document, its date and amount, and what is left."""
        charge, line = cover.charge_id, cover.item_id.move_line_id
        return {
            "name": cover.name,
            "is_charge": bool(charge),
            "date": charge.date or line.invoice_date or line.date,
            "due_date": cover.due_date,
            "total": charge.amount_total or line.amount_currency or cover.amount,
            "amount": cover.amount,
        }
