import base64
from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user

from .common import LitigationCommon

PDF = base64.b64encode(b"%PDF-1.4 piece")


class HandoverCommon(LitigationCommon):
    """A debtor who was given notice, and builders of what a handover needs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.director = cls.personas["finance_director"]
        cls.second_director = cls._make_persona(
            "second_director", "recouvrement_creances.group_finance_director"
        )
        cls.debtor.write({"company_registry": "73282932000074", "street": "1 rue Neuve"})
        cls.lawyer = cls.root["res.partner"].create(
            {"name": "Maître Avocat", "email": "avocat@barreau.example", "lang": "en_US"}
        )
        cls.company.sudo().write({"collection_handover_least": 150})

    @classmethod
    def _make_user(cls, login, groups, company):
        return new_test_user(
            cls.root,
            context={"no_reset_password": True},
            login=login,
            groups=groups,
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
            email=f"{login}@company.example",
            tz="UTC",
        )

    def _give_notice(self, item, days_ago=30):
        """Let an item have had a formal notice whose period is over."""
        action = (
            self.root["collection.action"]
            ._with_door()
            .create(
                {
                    "company_id": item.company_id.id,
                    "case_id": item.case_id.id,
                    "channel": "registered_letter",
                    "state": "sent",
                    "level_id": self.policy.level_ids[-1].id,
                    "contact_date": fields.Date.today() - timedelta(days=days_ago),
                    "line_ids": [
                        (0, 0, {"item_id": item.id, "level_id": self.policy.level_ids[-1].id})
                    ],
                }
            )
        )
        day = fields.Date.today() - timedelta(days=days_ago - 9)
        action.write(
            {
                "is_notice": True,
                "presented_on": day - timedelta(days=8),
                "notice_runs_from": day - timedelta(days=8),
                "notice_ends_on": day,
                "next_level_from": day + timedelta(days=1),
            }
        )
        return action

    def _overdue_item(self, amount=5000, days=120, partner=None):
        invoice = self._overdue_invoice(days, amount, partner=partner or self.debtor)
        self._decide()
        return self._item(invoice)

    def _prepare(self, item=None, user=None):
        """Return a handover in preparation, of which everything is missing but the notice."""
        item = item or self._overdue_item()
        self._give_notice(item)
        return (
            self.env["collection.handover"]
            .with_user(user or self.collector)
            .create({"case_id": item.case_id.id, "item_ids": [(6, 0, item.ids)]})
        )

    def _complete(self, handover, solvency="good"):
        """Bring what the checklist asks for: checks of today, documents."""
        case = handover.case_id
        for kind in ("identity", "solvency", "insolvency"):
            handover.env["collection.debtor.check"].create(
                {
                    "case_id": case.id,
                    "kind": kind,
                    "source": "Infogreffe",
                    "solvency": solvency if kind == "solvency" else False,
                }
            )
        for kind in ("order", "delivery", "notice", "notice_proof"):
            self._add_document(handover, kind)
        moves = handover.sudo().item_ids.move_id
        for move in moves:
            items = handover.item_ids.filtered(lambda item, move=move: item.move_id == move)
            suffix = move.name if move != moves[0] else ""
            content = base64.b64encode(f"%PDF-1.4 invoice{suffix}".encode())
            self._add_document(handover, "invoice", content, item_ids=[(6, 0, items.ids)])
        return handover

    def _add_document(self, handover, kind, content=None, **vals):
        return handover.env["collection.legal.document"].create(
            {
                "case_id": handover.case_id.id,
                "kind": kind,
                "name": f"Piece {kind}",
                "content": content or base64.b64encode(f"%PDF-1.4 {kind}".encode()),
                "file_name": f"{kind}.pdf",
                **vals,
            }
        )

    def _request(self, handover=None, **vals):
        """Return a request that waits for its approval."""
        handover = self._complete(handover or self._prepare())
        handover.write({"note": "Does not answer any more", **vals})
        handover.action_request()
        return handover

    def _approve(self, handover, user=None, note="Agreed"):
        handover.with_user(user or self.director)._decide("approve", note)
        return handover

    def _transmit(self, handover=None):
        """Return an approved handover that the lawyer was told of."""
        handover = handover or self._approve(self._request())
        handover.write({"agent_id": self.lawyer.id, "agent_kind": "lawyer"})
        handover.action_transmit()
        self._let_messages_leave()
        return handover

    def _let_messages_leave(self):
        """Let the queue send what waits about handovers, and learn what became of it."""
        with self._mail_server():
            waiting = [("model", "=", "collection.handover"), ("state", "=", "outgoing")]
            self.root["mail.mail"].search(waiting).send()
        self.root["collection.handover"]._settle_sendings()

    def _results(self, handover):
        handover.invalidate_recordset()
        return {check.code: check.result for check in handover.check_ids}
