from odoo import models

from ..tools.days import write_day

# Rows that fit below the head of the first page, and on each that follows.
FIRST_ROWS = 18
ROWS_ON_PAGE = 34


class ReportRecouvrementCreancesDeclaration(models.AbstractModel):
    """The declaration of claims on paper: what C. com. L622-25 and R622-23 want in it."""

    _name = "report.recouvrement_creances.declaration"
    _description = "Declaration of claims on paper"
    _inherit = ["collection.paper"]
    _printed = "collection.insolvency.declaration"

    def _prepare_documents(self, records, data):
        """IMPLEMENTS collection.paper."""
        return [self._prepare_document(declaration) for declaration in records]

    def _prepare_document(self, declaration):
        company = declaration.company_id
        lang = declaration._get_lang()
        # In sudo mode to read addresses and settings, after the check of access above.
        declaration_sudo = declaration.sudo().with_company(company).with_context(lang=lang)
        frames_sudo = self.env["collection.correspondence"].with_env(declaration_sudo.env)
        record_sudo = declaration_sudo.insolvency_id
        kinds = dict(record_sudo._fields["kind"]._description_selection(declaration_sudo.env))
        return {
            **frames_sudo._get_parties(
                declaration_sudo.case_id, company, partner=declaration_sudo.recipient_id or None
            ),
            "record": declaration_sudo,
            "lang": lang,
            "type_style": self._get_type_style(company),
            "declaration": declaration_sudo,
            "insolvency": record_sudo,
            "kind_name": kinds[record_sudo.kind],
            "opening": self._show(declaration_sudo, declaration_sudo.opening_date),
            "published": self._show(declaration_sudo, record_sudo.publication_date),
            "debtor_lines": self._get_debtor_lines(frames_sudo, record_sudo, company),
            "creditor_number": frames_sudo._name_registration(company.partner_id),
            "pages": self._paginate(declaration_sudo.line_ids),
            "former": self._find_former(declaration_sudo),
            "pieces": (declaration_sudo.piece_names or "").splitlines(),
            "has_other_currency": self._has_other_currency(declaration_sudo),
            "subject": "",
        }

    def _show(self, declaration, day):
        return write_day(declaration.env, day)

    def _get_debtor_lines(self, frames, record, company):
        number = frames._name_registration(record.partner_id)
        return [
            record.partner_id.name,
            *frames._get_address_lines(record.partner_id, company),
            *([number] if number else []),
        ]

    def _has_other_currency(self, declaration):
        """Tell whether something was converted: a document, or an indemnity, set in euros."""
        own, lines = declaration.currency_id, declaration.line_ids
        is_euro = own == self.env.ref("base.EUR")
        return bool(lines.document_currency_id - own) or (
            not is_euro and any(lines.mapped("indemnity"))
        )

    def _find_former(self, declaration):
        """Return the version that was sent before, which this one replaces; empty without one."""
        return declaration.insolvency_id.declaration_ids.filtered(
            lambda one: one.version < declaration.version and one.state != "draft"
        )[:1]

    def _paginate(self, lines):
        """Return the lines by pages: a table that goes on has its heading again."""
        pages, start, size = [], 0, FIRST_ROWS
        while start < len(lines):
            pages.append(lines[start : start + size])
            start, size = start + size, ROWS_ON_PAGE
        return pages
