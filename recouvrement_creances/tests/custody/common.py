from datetime import date

from odoo.tests import freeze_time
from odoo.tools import SQL

from ..common import CollectionCommon

# Long enough ago for every period to be over on any day on which these tests run.
LONG_AGO = date(2010, 3, 15)
NOTE = "Mr Smith said that he waits for a loan"
TABLES = ("collection_evidence", "collection_evidence_ir_attachment_rel")


class CustodyCommon(CollectionCommon):
    """Cases that were closed long ago, and ways to change what nobody may change."""

    def _old_case(self, partner=None, with_file=False, note="", kind="manual"):
        """Return a case with an e-mail, a call and a hold, paid and closed on LONG_AGO."""
        partner = partner or self.partner_a
        with freeze_time(LONG_AGO.isoformat() + " 09:00:00"):
            invoice = self._overdue_invoice(6, partner=partner)
            with self._mail_server():
                self._run()
            case = self._case(partner)
            self._hold(case, kind, note=note or False, date_end=LONG_AGO)
            self._log_call(case, note)
            if with_file:
                self._attach(case)
            self._pay(invoice)
            self._decide()
        self.assertEqual((case.is_open, case.closed_on), (False, LONG_AGO))
        self.env.flush_all()
        return case

    def _log_call(self, case, note):
        """Log a call that reached the debtor."""
        self.root["collection.contact.outcome"].create(
            {
                "case_id": case.id,
                "channel": "call",
                "outcome": "refuses",
                "note": note,
                "override_reason_id": self.root["collection.reason"]
                .search([("usage", "=", "override")], limit=1)
                .id,
            }
        ).action_apply()

    def _attach(self, case, content=b"%PDF-1.4 letter", name="letter.pdf"):
        """Return a record of evidence of the case that carries a file."""
        action = case.action_ids.sorted("id")[0]
        file = self.root["ir.attachment"].create(
            {
                "name": name,
                "raw": content,
                "mimetype": "application/pdf",
                "res_model": "collection.action",
                "res_id": action.id,
            }
        )
        return self.root["collection.evidence"]._note(
            action, "posted", {"subject": "Letter"}, attachments={action: file}
        )

    def _tamper(self, query, *arguments):
        """Change what is kept the way only the owner of the database can."""
        self.env.flush_all()
        for table in TABLES:
            self.env.cr.execute(SQL("ALTER TABLE %s DISABLE TRIGGER USER", SQL.identifier(table)))
        self.env.cr.execute(query, arguments)
        for table in TABLES:
            self.env.cr.execute(SQL("ALTER TABLE %s ENABLE TRIGGER USER", SQL.identifier(table)))
        self.env.invalidate_all()

    def _logs(self, kind):
        return self.root["collection.custody.log"].search([("kind", "=", kind)], order="id")


class PurgeCommon(CustodyCommon):
    """Proposals of purges by a manager."""

    def setUp(self):
        super().setUp()
        self.manager = self.personas["manager"]
        self.purges = (
            self.root["collection.purge"]
            .with_user(self.manager)
            .with_context(allowed_company_ids=self.company.ids)
        )

    def _propose(self):
        return self.purges.browse(self.purges.action_propose_new()["res_id"])
