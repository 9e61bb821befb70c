from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date

DECLARATION_CODE = "insolvency.declaration"
RELIEF_CODE = "insolvency.relief"
# Over-indebtedness: the commission asks for the claim, and is given it; a personal recovery is
# published, and joined (C. conso R723-3, R742-11).
CLAIM_CODE, GIVEN = "overindebtedness.claim", "claim_given"
RECOVERY_CODE, JOINED = "overindebtedness.recovery", "recovery_joined"


class CollectionInsolvencyDeclarationSending(models.AbstractModel):
    """What was sent stays as it was; what follows from the sending."""

    _name = "collection.insolvency.declaration.sending"
    _description = "Sending of a declaration of claims"

    # === BUSINESS === #

    def _note_sending(self, day, way, number="", proofs=None):
        """Freeze the declaration as it was sent, close its deadline, interrupt limitation.

        :param date day: the day of the sending counts, not that of the arrival
        :param proofs: ir.attachment records; the creditor proves sending and content
        :raises UserError: nothing proves it, or the day does not fit
        """
        self.ensure_one()
        self.check_access("write")
        proofs = proofs or self.env["ir.attachment"]
        self._check_sending(day, proofs)
        record = self.insolvency_id
        self.env["collection.limitation.event"]._attach_to(record.case_id, proofs)
        document_sudo = self.sudo().document_id or self._print(day)
        code, _step = self._get_answered()
        deadline = record.deadline_ids.filtered(
            lambda one: one.rule_code == code and one.state != "dropped"
        )
        is_late = any(day > one.legal_date for one in deadline)
        # In sudo mode to write what the flow alone writes, after the check of the record.
        self.sudo()._apply_event(
            "send",
            {
                "sent_on": day,
                "sent_way": way,
                "sent_number": number,
                "proof_ids": [Command.set(proofs.ids)],
                "is_late": is_late,
            },
        )
        # The file that went out: from now on pieces are those of the day of the sending.
        self.sudo()._keep_file()
        former = record.declaration_ids.filtered(lambda one: one.state == "sent") - self
        former.sudo()._apply_event("replace")
        self._follow_sending(day, document_sudo | proofs, is_late)

    def _get_answered(self):
        """Return (the deadline that is answered, the step that it is; none for companies)."""
        if not self.is_consumer:
            return DECLARATION_CODE, None
        joins = self.insolvency_id.kind == "personal_recovery"
        return (RECOVERY_CODE, JOINED) if joins else (CLAIM_CODE, GIVEN)

    def _check_sending(self, day, proofs):
        if not proofs:
            raise UserError(
                self.env._("Join the proof of the sending: the creditor has to prove it.")
            )
        if not self.opening_date <= day <= fields.Date.context_today(self):
            raise UserError(
                self.env._("A declaration is sent after the judgement and not in the future.")
            )
        if self.opening_date != self.insolvency_id.judgement_date:
            raise UserError(
                self.env._("The day of the judgement has changed: read the figures again first.")
            )
        if self.document_id and self.printed_digest != self._digest():
            raise UserError(
                self.env._(
                    "The declaration has changed since it was printed: print it again, and note "
                    "the sending of what was sent."
                )
            )

    def _follow_sending(self, day, files, is_late):
        record_sudo = self.sudo().insolvency_id
        name = self.env._(
            "Claims declared on %(date)s: %(amount)s",
            date=format_date(self.env, day),
            amount=self.currency_id.format(self.amount_total),
        )
        record_sudo._list_claims()
        record_sudo._tell_case(name)
        _code, step = self._get_answered()
        if step:
            # It answers the commission; limitation is no matter of it.
            record_sudo._record_step(step, day, self.proof_ids, name)
            return
        record_sudo._close_deadlines([DECLARATION_CODE], day, files, name)
        if not is_late:
            record_sudo._drop_deadlines(name, codes=[RELIEF_CODE])
        # C. com. L622-25-1; as who declares, whose the case is to work on.
        self.insolvency_id._note_interruption(
            "insolvency_declaration",
            day,
            self.line_ids.item_id,
            self.proof_ids,
            self.display_name,
        )
