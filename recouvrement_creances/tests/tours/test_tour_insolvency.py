from datetime import date, timedelta

from odoo.tests import tagged

from ..common import TODAY
from .common import CollectionTourCommon


@tagged("post_install", "-at_install")
class TestTourInsolvency(CollectionTourCommon):
    """An accountant records an insolvency: nobody is contacted, the claims are declared in time."""

    def setUp(self):
        super().setUp()
        self.debtor = self._debtor("Insolvent Debtor")
        self._debtor("Maître Durand")
        self.invoices = [self._overdue_invoice(days, partner=self.debtor) for days in (32, 6)]
        self.other = self._debtor("Solvent Debtor")
        self._overdue_invoice(6, partner=self.other)
        self._decide()
        self.company.sudo().partner_id.country_id = self.root.ref("base.fr")

    def _declare(self, language):
        self._tour("accountant", language, "insolvency")
        case = self._case(self.debtor)
        record = case.insolvency_id
        self.assertEqual((record.kind, record.state), ("reorganisation", "open"))
        for invoice in self.invoices:
            self.assertVerdict(invoice, "insolvency")
        declaration = record.declaration_ids
        self.assertEqual(declaration.amount_total, sum(declaration.line_ids.mapped("amount_total")))
        self.assertEqual(declaration.line_ids.mapped("principal"), [1000, 1000])
        self.assertTrue(declaration.document_id.raw.startswith(b"%PDF"))
        self.assertEqual(declaration.proof_ids.mapped("name"), ["receipt.txt"])
        (deadline,) = record.deadline_ids.filtered(
            lambda one: one.rule_code == "insolvency.declaration"
        )
        self.assertEqual((deadline.state, deadline.legal_date), ("done", date(2026, 5, 13)))

    def _check_silence(self):
        """The next runs contact the other debtor only."""
        with self._mail_server() as sink:
            for days in (0, 3, 30):
                with self.on(days):
                    self._run()
        self.assertFalse(sink.to(self.debtor.email))
        self.assertTrue(sink.to(self.other.email))
        self.assertFalse(self._case(self.debtor).action_ids)

    def test_accountant_records_an_insolvency(self):
        self._declare("en_US")
        self._check_silence()

    def test_accountant_records_an_insolvency_in_french(self):
        self._declare("fr_FR")

    def test_alarms_stand_on_the_right_days(self):
        record = self.root["collection.insolvency"].create(
            {
                "partner_id": self.debtor.id,
                "company_id": self.company.id,
                "kind": "reorganisation",
                "judgement_date": TODAY - timedelta(days=10),
                "publication_date": TODAY - timedelta(days=3),
            }
        )
        (deadline,) = record.deadline_ids.filtered(
            lambda one: one.rule_code == "insolvency.declaration"
        )
        told = []
        for days in range(60):
            with self.on(days) as today:
                before = deadline.activity_ids
                self.root["collection.deadline"]._warn(self.company, today)
                if deadline.activity_ids - before:
                    told.append(days + 3)
        self.assertEqual(told, [7, 30, 45, 55, 62])
