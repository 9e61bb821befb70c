import hashlib

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date

DECLARATION_CODE = "insolvency.declaration"
RELIEF_CODE = "insolvency.relief"
# Over-indebtedness: the commission asks for the claim, and is given it; a personal recovery is
# published, and joined (C. conso R723-3, R742-11).
CLAIM_CODE, GIVEN, ASKED = "overindebtedness.claim", "claim_given", "claim_letter"
RECOVERY_CODE, JOINED = "overindebtedness.recovery", "recovery_joined"


class CollectionInsolvencyDeclarationSending(models.AbstractModel):
    """What was sent stays as it was; what follows from the sending."""

    _name = "collection.insolvency.declaration.sending"
    _description = "Sending of a declaration of claims"

    sent_reason = fields.Text(
        string="Sent all the same, because",
        readonly=True,
        copy=False,
        help="Why it was sent although no document of a declared invoice was there.",
    )

    # === BUSINESS === #

    def _note_sending(self, day, way, number="", proofs=None, reason="", document=None):
        """Freeze the declaration as it was sent, close its deadline, interrupt limitation.

        :param date day: the day of the sending counts, not that of the arrival
        :param proofs: ir.attachment records; the creditor proves sending and content
        :param str reason: why it was sent though a declared invoice has no document
        :param bytes document: what was sent, where it is not what is printed here
        :raises UserError: nothing proves it, a document is missing, or the day does not fit
        """
        self.ensure_one()
        self.check_access("write")
        proofs = proofs or self.env["ir.attachment"]
        self._check_sending(day, proofs, document)
        reason = self._check_explained(day, reason)
        record = self.insolvency_id
        self.env["collection.limitation.event"]._attach_to(record.case_id, proofs)
        if document:
            self._keep_document(document, day)
        document_sudo = self.sudo().document_id or self._print(day)
        is_late = self._is_late_on(day)
        # In sudo mode to write what the flow alone writes, after the check of the record.
        self.sudo()._apply_event(
            "send",
            {
                "sent_on": day,
                "sent_way": way,
                "sent_number": number,
                "proof_ids": [Command.set(proofs.ids)],
                "is_late": is_late,
                "sent_reason": reason,
            },
        )
        # The file that went out: from now on pieces are those of the day of the sending.
        self.sudo()._keep_file()
        former = record.declaration_ids.filtered(lambda one: one.state == "sent") - self
        former.sudo()._apply_event("replace")
        self._follow_sending(day, document_sudo | proofs, is_late)

    def _is_late_on(self, day):
        """Tell whether the deadline that a sending answers is over on a day."""
        code, _step = self._get_answered()
        deadline = self.insolvency_id.deadline_ids.filtered(
            lambda one: one.rule_code == code and one.state != "dropped"
        )
        return any(day > one.legal_date for one in deadline)

    def _get_answered(self):
        """Return (the deadline that is answered, the step that it is; none for companies)."""
        if not self.is_consumer:
            return DECLARATION_CODE, None
        joins = self.insolvency_id.kind == "personal_recovery"
        return (RECOVERY_CODE, JOINED) if joins else (CLAIM_CODE, GIVEN)

    def _find_sending_obstacles(self, day):
        """Return what speaks against a sending on a day but can be explained; empty for nothing."""
        self.ensure_one()
        # In sudo mode to look at documents that the caller may not open one by one.
        return self.sudo()._name_undocumented(day)

    def _check_explained(self, day, reason):
        """Return the reason that is kept: none where nothing speaks against the sending.

        :raises UserError: something does, and nobody says why it was sent all the same
        """
        obstacles = self._find_sending_obstacles(day)
        if not obstacles:
            return False
        if not (reason or "").strip():
            raise UserError(
                self.env._(
                    "%s Or say why it was sent all the same: that is kept with it.", obstacles
                )
            )
        return reason.strip()

    def _keep_document(self, content, day):
        """Keep what was sent in the place of what was printed here."""
        # In sudo mode to keep the file with the case, and to list pieces that the caller may not
        # open one by one.
        declaration_sudo = self.sudo()
        declaration_sudo._renew_pieces(day)
        former_sudo = declaration_sudo.document_id
        file_sudo = declaration_sudo.env["ir.attachment"].create(
            {
                "name": self._get_document_name(),
                "raw": content,
                "mimetype": "application/pdf",
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        declaration_sudo.write(
            {
                "document_id": file_sudo.id,
                "document_hash": hashlib.sha256(content).hexdigest(),
                "printed_digest": False,
                "printed_on": False,
            }
        )
        former_sudo.unlink()
        declaration_sudo._drop_file()

    def _check_sending(self, day, proofs, document=None):
        if not proofs:
            raise UserError(
                self.env._("Join the proof of the sending: the creditor has to prove it.")
            )
        self._check_sending_day(day)
        if document and not document.startswith(b"%PDF"):
            raise UserError(self.env._("What was sent is joined as a PDF."))
        if self.opening_date != self.insolvency_id.judgement_date:
            raise UserError(
                self.env._("The day of the judgement has changed: read the figures again first.")
            )
        if self.document_id and not document:
            self._check_printed(day)

    def _check_sending_day(self, day):
        """Refuse a day before there was anything to answer, or to come."""
        if not self.opening_date <= day <= fields.Date.context_today(self):
            raise UserError(
                self.env._("A claim is sent after the admission and not in the future.")
                if self.is_consumer
                else self.env._("A declaration is sent after the judgement and not in the future.")
            )
        _code, step = self._get_answered()
        letters = self.insolvency_id._get_effective_events().filtered(
            lambda event: step == GIVEN and event.code == ASKED
        )
        asked_on = min(letters.mapped("date"), default=day)
        if day < asked_on:
            raise UserError(
                self.env._(
                    "The claim answers the commission's letter of %(asked)s: it was not sent on "
                    "%(sent)s. Check the day.",
                    asked=format_date(self.env, asked_on),
                    sent=format_date(self.env, day),
                )
            )

    def _check_printed(self, day):
        """Refuse the sending of a print that is not what was sent."""
        if self.printed_digest != self._digest():
            raise UserError(
                self.env._(
                    "The declaration has changed since it was printed: print it again, and note "
                    "the sending of what was sent."
                )
            )
        if self.printed_on and day < self.printed_on:
            raise UserError(
                self.env._(
                    "Printed on %(printed)s, sent on %(sent)s: the day is wrong, or something else "
                    "was sent. Correct the day, or join what was sent.",
                    printed=format_date(self.env, self.printed_on),
                    sent=format_date(self.env, day),
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
