import base64
import io
from datetime import timedelta
from typing import NamedTuple

from reportlab.pdfgen.canvas import Canvas

from odoo import api, models
from odoo.fields import Command

DIRECTOR = "antoine"
LAWYER = {
    "name": "Maître Élise Carnot, avocate",
    "email": "cabinet@carnot-avocats.example",
    "phone": "04 65 71 20 90",
    "street": "6 rue du Palais",
    "zip": "69002",
    "city": "Lyon",
    "lang": "fr_FR",
}
DOCUMENTS = (
    ("order", "Bon de commande signé"),
    ("delivery", "Procès-verbal de réception"),
    ("contract", "Conditions générales de vente"),
)
NOTICE_DOCUMENTS = (
    ("notice", "Lettre recommandée"),
    ("notice_proof", "Avis de réception signé"),
)
ORDERED_DAYS_BEFORE = 20
NOTICE_DAYS_AGO = 34


class Request(NamedTuple):
    """A handover of the story.

    :ivar note: why it is asked for
    :ivar is_decided: a finance director has approved, and a lawyer was told
    """

    debtor: str
    note: str
    is_decided: bool = False


REQUESTS = (
    Request(
        "charvet",
        "Tous les niveaux sont passés, deux mises en demeure sans effet ; l'atelier tourne.",
    ),
    # The oldest invoice alone: the others go on being reminded of.
    Request(
        "hotels",
        "Acompte versé puis plus rien : le siège ne répond plus aux appels depuis un mois.",
        is_decided=True,
    ),
)


class CollectionDemoHandover(models.AbstractModel):
    """Tells of handovers: one waits for the finance director, one is with a lawyer."""

    _name = "collection.demo.handover"
    _description = "Collection demonstration: handovers"

    # === BUSINESS === #

    @api.model
    def _tell(self, company, debtors, users, today):
        """Ask for the handovers as their collectors do; hand over what the director approved."""
        if self.env["ir.actions.report"].get_wkhtmltopdf_state() in ("install", "broken"):
            return
        lawyer = self.env["res.partner"].create({**LAWYER, "country_id": company.country_id.id})
        for request in REQUESTS:
            case = self.env["collection.case"]._open_for(debtors[request.debtor], company)
            handover = self._ask(case, request, today)
            if request.is_decided:
                director = handover.with_user(users[DIRECTOR])
                director._decide("approve", "Dossier complet, procédure peu coûteuse : d'accord.")
                handover.write({"agent_id": lawyer.id, "agent_kind": "lawyer"})
                handover.action_transmit()
                # As if it had left: the demonstration writes to nobody.
                handover.link_ids.sudo().mail_id.state = "sent"
        self.env["collection.handover"].sudo()._settle_sendings()
        self.env["mail.mail"].sudo().search(
            [("model", "=", "collection.handover"), ("state", "=", "outgoing")]
        ).state = "cancel"

    def _ask(self, case, request, today):
        """Return a request of the case's collector, with all that its checklist wants."""
        # As the collector, in sudo mode as the whole demonstration is loaded.
        collector = self.with_user(case.user_id).sudo()
        items = case._get_handover_items()
        items = items[:1] if request.is_decided else items
        self._give_notice(case, items, today - timedelta(days=NOTICE_DAYS_AGO))
        for kind in ("identity", "solvency", "insolvency"):
            collector.env["collection.debtor.check"].create(
                {
                    "case_id": case.id,
                    "kind": kind,
                    "source": "Extrait Kbis (Infogreffe)" if kind == "identity" else "BODACC",
                    "solvency": "good" if kind == "solvency" else False,
                }
            )
        ordered = min(items.mapped("invoice_date")) - timedelta(days=ORDERED_DAYS_BEFORE)
        for kind, name in DOCUMENTS:
            self._add_document(case, kind, name, ordered)
        noticed = today - timedelta(days=NOTICE_DAYS_AGO)
        for kind, name in NOTICE_DOCUMENTS:
            self._add_document(case, kind, name, noticed, items)
        for item in items:
            self._add_document(case, "invoice", item.display_name, item.invoice_date, item)
        handover = collector.env["collection.handover"].create(
            {"case_id": case.id, "item_ids": [Command.set(items.ids)], "note": request.note}
        )
        handover.action_request()
        return handover

    def _give_notice(self, case, items, day):
        """Note the registered letter that the company sent by itself, before it had the add-on."""
        level = items.level_id[:1]
        action = (
            self.env["collection.action"]
            ._with_door()
            .create(
                {
                    "company_id": case.company_id.id,
                    "case_id": case.id,
                    "channel": "registered_letter",
                    "mode": "manual",
                    "state": "sent",
                    "level_id": level.id,
                    "contact_date": day,
                    "partner_id": case.partner_id.id,
                    "line_ids": [
                        Command.create({"item_id": item.id, "level_id": level.id}) for item in items
                    ],
                }
            )
        )
        action.presented_on = day + timedelta(days=2)
        action._start_notice()

    def _add_document(self, case, kind, name, day, items=()):
        page = io.BytesIO()
        canvas = Canvas(page)
        canvas.drawString(72, 760, f"{case.company_id.name} - {name}")
        canvas.drawString(72, 740, case.partner_id.name)
        canvas.save()
        self.env["collection.legal.document"].create(
            {
                "case_id": case.id,
                "kind": kind,
                "name": name,
                "date": day,
                "content": base64.b64encode(page.getvalue()),
                "file_name": f"{name}.pdf",
                "item_ids": [Command.set([item.id for item in items])],
            }
        )
