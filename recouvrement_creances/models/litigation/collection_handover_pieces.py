from odoo import models

from ...rules.handover_checklist import DELIVERY, INVOICES, LETTER, ORDER, PROOF

# Which kinds of documents prove what the checklist asks for.
PROVEN_BY = {INVOICES: ("invoice",), ORDER: ("order", "contract"), DELIVERY: ("delivery",)}
# What is sent over a network proves by its sealed record that it left; paper needs a slip.
SENT_BY_NETWORK = ("email", "sms")


class CollectionHandoverPieces(models.AbstractModel):
    """What the file of a handover would hold: a document of each invoice, order, delivery, notice.

    Only what a court reads counts, and nothing counts for two invoices.
    """

    _name = "collection.handover.pieces"
    _description = "Pieces of a handover"

    # === BUSINESS === #

    def _gather_document_facts(self):
        """Return what the checklist looks at of documents (``rules/handover_checklist``)."""
        documents = self._get_documents()
        readable = documents.filtered("is_readable")
        lacking = self._find_unprinted_items().move_id
        kinds = set(readable.mapped("kind"))
        found = {
            code for code, own in PROVEN_BY.items() if code != INVOICES and kinds.intersection(own)
        }
        spoiled = documents - readable
        gap, gap_on = self._find_notice_gap(readable)
        return {
            "documents": frozenset(found | (set() if lacking else {INVOICES})),
            "without_document": tuple(
                move.name or move.display_name for move in lacking.sorted("id")
            ),
            "unreadable": {
                code: tuple(
                    spoiled.filtered(lambda one, own=own: one.kind in own).mapped("shown_name")
                )
                for code, own in PROVEN_BY.items()
            },
            "notice_gap": gap,
            "notice_gap_on": gap_on,
        }

    def _get_documents(self):
        """Return what was put on the case about the items."""
        return self.case_id.legal_document_ids.filtered(
            lambda document: document._is_about(self.item_ids)
        )

    def _find_unprinted_items(self):
        """Return the items whose invoice has no document: Odoo's own PDF, or one put here."""
        own = self.case_id.legal_document_ids.filtered("is_readable")._get_own_invoices()
        return self.item_ids.filtered(
            lambda item: not item.move_id.invoice_pdf_report_id and item.move_id not in own
        )

    def _get_document_defaults(self, check):
        """Return the context of the form that adds what a line of the checklist lacks."""
        if check.code == INVOICES:
            # In sudo mode to read the ledger, as far as a role in collection goes.
            item_sudo = self.sudo()._find_unprinted_items().sorted("due_date")[:1]
            items_sudo = self.sudo().item_ids.filtered(
                lambda item: item.move_id == item_sudo.move_id
            )
            return {
                "default_item_ids": items_sudo.ids,
                "default_name": item_sudo.move_id.name,
                "default_date": item_sudo.invoice_date or item_sudo.move_id.date,
            }
        if check.because == LETTER:
            return {"default_kind": "notice", "default_date": check.day}
        return {}

    # === NOTICES === #

    def _find_notice_gap(self, documents):
        """Return (what the file lacks of the formal notices, the day of that notice).

        :param documents: what a court reads of what was put on the case about the items
        """
        notices = self._get_notices()
        held = self._read_held(notices)
        for wanted, kind in ((LETTER, "notice"), (PROOF, "notice_proof")):
            joined = documents.filtered(lambda document, kind=kind: document.kind == kind)
            for item in self.item_ids:
                own = notices.filtered(lambda action, item=item: action._gives_notice_of(item))
                is_held = any(wanted in held[action.id] for action in own)
                if own and not is_held and not any(one._is_about(item) for one in joined):
                    return wanted, max(own.mapped("contact_date"))
        return "", None

    def _get_notices(self):
        return self.env["collection.action"].search(
            [
                ("case_id", "=", self.case_id.id),
                ("is_notice", "=", True),
                ("state", "in", ("sent", "done")),
                ("line_ids.item_id", "in", self.item_ids.ids),
            ]
        )

    def _read_held(self, notices):
        """Return {id of the action: LETTER, PROOF, as far as its evidence holds them}."""
        held = {action.id: set() for action in notices}
        for evidence in self.env["collection.evidence"].search([("action_id", "in", notices.ids)]):
            own = held[evidence.action_id.id]
            by_network = evidence.channel in SENT_BY_NETWORK
            if evidence.kind == "prepared" and (by_network or evidence.attachment_ids):
                own.add(LETTER)
            elif evidence.kind == "sent" and by_network:
                own.add(PROOF)
            elif evidence.kind not in ("prepared", "failed", "bounced", "override", "outcome"):
                own.update({PROOF} if evidence.attachment_ids else ())
        return held
