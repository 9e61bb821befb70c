from datetime import timedelta

from odoo import api, models

INSOLVENT, ACCOUNTANT = "sport", "sophie"
OPENED_AGO, PUBLISHED_AGO = 24, 16
REPRESENTATIVE = {
    "name": "SELARL Vernay, mandataire judiciaire",
    "is_company": True,
    "street": "14 rue Duquesne",
    "zip": "69006",
    "city": "Lyon",
    "email": "creances@selarl-vernay.example",
}
NOTE = (
    "Jugement d'ouverture d'une procédure de redressement judiciaire.\n"
    "Les créances sont à déclarer dans les deux mois de la publication au BODACC."
)


class CollectionDemoInsolvency(models.AbstractModel):
    """Tells of a debtor in reorganisation, whose claims are prepared to be declared."""

    _name = "collection.demo.insolvency"
    _description = "Collection demonstration: insolvency"

    # === BUSINESS === #

    @api.model
    def _tell(self, company, debtors, users, today):
        """Record the proceedings, and prepare the declaration that is due."""
        representative = self.env["res.partner"].create(
            {**REPRESENTATIVE, "country_id": self.env.ref("base.fr").id}
        )
        court = self.env["collection.court"]._find_for("commercial", debtors[INSOLVENT].zip)
        # As the accountant, in sudo mode as the whole demonstration is loaded.
        records_sudo = self.env["collection.insolvency"].with_user(users[ACCOUNTANT]).sudo()
        record = records_sudo.create(
            {
                "partner_id": debtors[INSOLVENT].id,
                "company_id": company.id,
                "kind": "reorganisation",
                "judgement_date": today - timedelta(days=OPENED_AGO),
                "publication_date": today - timedelta(days=PUBLISHED_AGO),
                "publication_number": "1482",
                "court_id": court.id,
                "number": "2026RJ00317",
                "representative_id": representative.id,
                "note": NOTE,
            }
        )
        pieces = self.env["collection.demo.handover"]
        for item in record.case_id.open_item_ids:
            pieces._add_document(
                record.case_id, "invoice", item.display_name, item.invoice_date, item
            )
        declaration = self.env["collection.insolvency.declaration"]
        declaration = declaration.with_user(users[ACCOUNTANT]).sudo()._prepare_for(record)
        declaration.signatory_quality = "Responsable comptable, dûment habilitée"
        self.env["collection.deadline"]._warn(company, today)
