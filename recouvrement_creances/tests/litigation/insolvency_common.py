from datetime import timedelta

from odoo import fields

from ..common import TODAY
from .common import LitigationCommon

OPENED = TODAY - timedelta(days=10)
PUBLISHED = TODAY - timedelta(days=3)
# What is said of declarations whose invoices have no document here.
COPIES_WENT = "Copies of the invoices went along on paper"


class InsolvencyCommon(LitigationCommon):
    """Builders of insolvency proceedings, in the trade's words."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.representative = cls._debtor("Maître Durand", city="Paris")

    def _record(self, partner=None, user=None, **values):
        """Return proceedings that were opened ten days ago, recorded by the accountant."""
        return (
            self.root["collection.insolvency"]
            .with_user(user or self.accountant)
            .create(
                {
                    "partner_id": (partner or self.debtor).id,
                    "company_id": self.company.id,
                    "kind": "reorganisation",
                    "judgement_date": OPENED,
                    "publication_date": PUBLISHED,
                    "publication_number": "A202600012345",
                    "representative_id": self.representative.id,
                    # The company of the tests has its seat elsewhere.
                    "is_creditor_abroad": False,
                    **values,
                }
            )
        )

    def _step_of(self, record, code, day=None, **values):
        return record._record_step(
            code, day or fields.Date.today(), self._paper(f"{code}.pdf", record.env.user), **values
        )

    def _declare(self, record, day=None):
        """Return the declaration of the record's claims, sent by the accountant."""
        declaration = (
            self.env["collection.insolvency.declaration"]
            .with_user(self.accountant)
            ._prepare_for(record)
        )
        declaration.signatory_quality = "Finance director"
        declaration._note_sending(day or TODAY, "hand", "", self._paper(), COPIES_WENT)
        return declaration

    def _consumer(self, **values):
        """Return the admitted over-indebtedness of a household that owes an invoice."""
        partner = self._debtor("Household", is_company=False)
        self._owe(partner=partner)
        values = {"kind": "overindebtedness", "publication_date": False, **values}
        return self._record(partner, **values)

    def _state(self, record, code):
        return record.deadline_ids.filtered(lambda one: one.rule_code == code).mapped("state")

    def _owe(self, days_late=60, amount=1000.0, partner=None, **values):
        """Return an invoice of the debtor, and decide on it."""
        invoice = self._overdue_invoice(days_late, amount, partner=partner or self.debtor, **values)
        self._decide()
        return invoice

    def _owe_later(self, amount=500.0, partner=None):
        """Return an invoice for a delivery after the opening, due since."""
        return self._owe(6, amount, partner=partner, invoice_date=TODAY - timedelta(days=8))
