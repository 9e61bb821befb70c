import base64
import binascii

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ...rules.words import same_amount_in_english, same_amount_in_words
from .collection_schedule_life import LIVE

LARGEST_SIGNATURE = 1_000_000
# What a drawn signature may be: a picture that cannot carry a script.
PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
MOST_LETTERS = 250
# What a scan may be: documents that carry no script in a browser.
SCANS = {b"%PDF": "application/pdf", b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg"}
LARGEST_SCAN = 10_000_000
# What a purge erases; amounts, dates and states stay, as those of the case do.
PERSONAL = (
    "signer_name",
    "signature",
    "typed_amount",
    "signer_address",
    "signer_agent",
    "note",
    "decision_note",
    "end_note",
    "payment_reference",
    # The files themselves go with the other files of the case.
    "agreement_id",
    "signed_agreement_id",
)


class CollectionScheduleSignature(models.AbstractModel):
    """How a schedule is agreed on: on the debtor's page or on paper, with frozen evidence.

    An acknowledgement bears the signature of who promises and the amount in words and figures,
    written by himself (C. civ. 1376); typed by himself where the process shows that it is he
    (1re civ. 13/03/2008, C. civ. 1174).
    """

    _name = "collection.schedule.signature"
    _description = "Signature of a schedule"

    signed_at = fields.Datetime(readonly=True, copy=False)
    signed_on = fields.Date(readonly=True, copy=False)
    signer_name = fields.Char(readonly=True, copy=False)
    signature_kind = fields.Selection(
        selection=[("typed", "Typed"), ("drawn", "Drawn"), ("paper", "On paper")],
        readonly=True,
        copy=False,
    )
    signature = fields.Binary(readonly=True, copy=False, attachment=True)
    typed_amount = fields.Char(string="Amount in his own words", readonly=True, copy=False)
    signer_address = fields.Char(string="Internet address", readonly=True, copy=False)
    signer_agent = fields.Char(string="Browser", readonly=True, copy=False)
    # A purge deletes the documents once nothing has to be proved with them any more.
    agreement_id = fields.Many2one(
        "ir.attachment", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    signed_agreement_id = fields.Many2one(
        "ir.attachment",
        string="Signed agreement",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    action_id = fields.Many2one(
        "collection.action", string="Its evidence", readonly=True, copy=False, ondelete="restrict"
    )

    # === SIGN === #

    def _sign(self, signature, typed_amount, signer_name, ip="", user_agent=""):
        """Take the debtor's signature, given by himself on his own page.

        :param signature: picture of a drawn signature (bytes, or base64 as a text); empty when
            the name that was typed is the signature
        :param str typed_amount: the amount in words, typed by the debtor himself
        :param str signer_name: who signs
        :param str ip: where from; kept as evidence, with the browser's name
        :raise UserError: the amount is not the agreed one, or the schedule cannot be signed now
        """
        self.ensure_one()
        self.lock_for_update()
        self._check_signable()
        name = " ".join((signer_name or "").split())[:MOST_LETTERS]
        if not name:
            raise UserError(self.env._("Write the name of the person who signs."))
        if not self._is_agreed_amount(typed_amount):
            raise UserError(
                self.env._(
                    "These words are not the agreed amount. Write %s in words, figures are not "
                    "enough.",
                    self.currency_id.format(self.amount_total),
                )
            )
        self._check_debt_unchanged()
        picture = self._read_picture(signature)
        today = self.company_id._collection_today()
        self._conclude(
            {
                "signed_on": today,
                "signer_name": name,
                "signature_kind": "drawn" if picture else "typed",
                "signature": base64.b64encode(picture) if picture else False,
                "typed_amount": " ".join(typed_amount.split())[:MOST_LETTERS],
                "signer_address": (ip or "")[:MOST_LETTERS],
                "signer_agent": (user_agent or "")[:MOST_LETTERS],
            },
            today,
        )

    def _sign_on_paper(self, signed_on, signer_name, scan):
        """Take in an agreement that the debtor signed on paper.

        :param date signed_on: the date beside the signature
        :param bytes scan: the signed paper: PDF, PNG or JPEG
        :raise UserError: no such file, a day to come, or a schedule that cannot be signed now
        """
        self.ensure_one()
        self._check_worked_on()
        self.lock_for_update()
        self._check_signable()
        today = self.company_id._collection_today()
        if signed_on > today:
            raise UserError(self.env._("The paper was signed today at the latest."))
        kind = next((kind for mark, kind in SCANS.items() if scan.startswith(mark)), None)
        if not kind or len(scan) > LARGEST_SCAN:
            raise UserError(self.env._("The scan is a PDF, PNG or JPEG of 10 MB at most."))
        values = {
            "signed_on": signed_on,
            "signer_name": " ".join(signer_name.split())[:MOST_LETTERS],
            "signature_kind": "paper",
        }
        self.sudo()._conclude(values, today, (scan, kind))

    def _check_signable(self):
        if self.state != "proposed":
            raise UserError(
                self.env._(
                    "%(schedule)s is “%(state)s”: only a proposed schedule is signed.",
                    schedule=self.name,
                    state=self._state_label(),
                )
            )
        self._check_still_free()

    def _check_debt_unchanged(self):
        """Refuse an acknowledgement of another amount than what is due at this moment."""
        for cover in self.item_line_ids:
            if self.currency_id.compare_amounts(cover.amount, cover.amount_residual):
                raise UserError(
                    self.env._(
                        "What is due of %(document)s has changed since the schedule was made "
                        "(%(amount)s now): ask for a new one.",
                        document=cover.name,
                        amount=self.currency_id.format(cover.amount_residual),
                    )
                )

    def _is_agreed_amount(self, text):
        """Compare what was typed with the total, in French and in English words."""
        amount, currency = self._to_decimal(self.amount_total), self.currency_id.name
        text = (text or "")[:1000]
        try:
            return same_amount_in_words(text, amount, currency) or same_amount_in_english(
                text, amount, currency
            )
        except ValueError as error:
            raise UserError(
                self.env._(
                    "Amounts in %s are signed on paper: their words are not known.", currency
                )
            ) from error

    def _read_picture(self, signature):
        """Return the bytes of a drawn signature; empty for a typed one."""
        if not signature:
            return b""
        content = signature
        if isinstance(content, str):
            content = content.partition("base64,")[2] or content
        if isinstance(content, str) or not content.startswith(PICTURES):
            try:
                content = base64.b64decode(content, validate=True)
            except (binascii.Error, ValueError) as error:
                raise UserError(
                    self.env._("The signature is no picture: draw it again.")
                ) from error
        if not content.startswith(PICTURES) or len(content) > LARGEST_SIGNATURE:
            raise UserError(self.env._("The signature is no picture: draw it again."))
        return content

    # === CONCLUDE === #

    def _conclude(self, values, today, scan=None):
        """The parties have agreed: freeze it, hold contacts, let the ledger judge from now on."""
        values = {
            **values,
            "signed_at": fields.Datetime.now(),
            "date_start": values["signed_on"],
        }
        self._apply_event("sign", values)
        self._end_requester_tasks()
        self.signed_agreement_id = self._keep_scan(scan) if scan else self._print_agreement(True)
        self._note_signature()
        self._replace_former(today)
        self._withdraw_other_offers()
        self.env["collection.promise"]._leave_to_schedule(self, today)
        self._hold_contacts(today)
        self._note_acknowledgement()
        self._judge(today)
        if not scan:
            self._send_copy()
        # In sudo mode to decide the case anew, whoever signs.
        self.case_id.sudo()._refresh_verdicts(today)

    def _keep_scan(self, scan):
        """Keep the signed paper with the case; evidence keeps people from changing it."""
        content, kind = scan
        ending = kind.rpartition("/")[2]
        return self.env["ir.attachment"].create(
            {
                "name": f"{self._get_file_name(is_signed=True)}.{ending}",
                "raw": content,
                "mimetype": kind,
                "res_model": "collection.case",
                "res_id": self.case_id.id,
            }
        )

    def _note_signature(self):
        """Freeze what was signed, by whom, when, where from, with the files' hashes."""
        # In sudo mode to make what people do not make by hand: contacts and evidence.
        self.action_id = (
            self.env["collection.action"]
            .sudo()
            ._with_door()
            .create(
                {
                    "company_id": self.company_id.id,
                    "case_id": self.case_id.id,
                    "channel": "task",
                    "mode": "manual",
                    "state": "done",
                    "outcome": "reached",
                    "date_planned": self.signed_on,
                    "contact_date": self.signed_on,
                    "user_id": self.case_id.user_id.id,
                    "partner_id": self.partner_id.id,
                    "attachment_id": self.signed_agreement_id.id,
                }
            )
        )
        self.env["collection.evidence"]._note(
            self.action_id,
            "signed",
            self._get_signature_facts(),
            attachments={self.action_id: self.signed_agreement_id | self.agreement_id},
        )

    def _get_signature_facts(self):
        """Return what the evidence keeps of a signature."""
        return {
            "subject": self.env._(
                "Schedule %(name)s signed on %(date)s",
                name=self.name,
                date=format_date(self.env, self.signed_on),
            ),
            "schedule": self.name,
            "version": self.version,
            "signer": self.signer_name,
            "signature": self.signature_kind,
            "signed_at": fields.Datetime.to_string(self.signed_at),
            "typed_amount": self.typed_amount or "",
            "address": self.signer_address or "",
            "browser": self.signer_agent or "",
            "total": self.amount_total,
            "currency": self.currency_id.name,
            "instalments": [
                {"due_date": str(line.due_date), "amount": line.amount, "kind": line.kind}
                for line in self._get_lines()
            ],
            "debts": [
                {"document": cover.name, "amount": cover.amount} for cover in self.item_line_ids
            ],
        }

    def _replace_former(self, today):
        """A new version takes effect in place of the former one, which stays as it was."""
        former = self.previous_id.filtered(lambda schedule: schedule.state in LIVE)
        if former:
            note = self.env._("Replaced by %s", self.name)
            former._apply_event("replace", {"ended_on": today, "end_note": note})
            former._release_hold(note)
            former._withdraw_contacts(("before", "after", "notice"), note)

    def _withdraw_other_offers(self):
        """What else was offered of the same debts is not to be signed any more."""
        covers = self.item_line_ids
        others = self.env["collection.schedule.item"].search(
            self._covering_domain(covers.item_id, covers.charge_id)
            & Domain("schedule_id.state", "in", ("to_approve", "proposed"))
        )
        if others:
            others.schedule_id._cancel(self.env._("%s was signed instead.", self.name))

    def _note_acknowledgement(self):
        """Propose the signature as an interruption of limitation, for a manager to confirm.

        Where it does not count (a claim that is time-barred already, an item that has none) the
        reason is told on the case; the schedule holds all the same.
        """
        items = self.item_line_ids.item_id
        try:
            with self.env.cr.savepoint():
                # In sudo mode to note it for a debtor who signs on his own page.
                self.env["collection.limitation.event"].sudo()._note(
                    self.case_id.sudo(),
                    items.sudo(),
                    "acknowledgement",
                    self.signed_on,
                    by_debtor=True,
                    attachment_ids=self.signed_agreement_id.sudo(),
                    note=self.env._("Signature of schedule %s", self.name),
                )
        except UserError as error:
            self.case_id.sudo()._message_log(
                body=self.env._(
                    "Schedule %(name)s interrupts no limitation: %(reason)s",
                    name=self.name,
                    reason=str(error),
                )
            )

    def _forget_signer(self):
        """Erase what schedules say of people: for the purge of their case, with its own checks."""
        self._with_door().write(dict.fromkeys(PERSONAL, False))

    # === DOCUMENT === #

    def _get_amount_in_words(self):
        """Return the total in the words that the debtor writes, in the agreement's language."""
        self.ensure_one()
        correspondence = self.env["collection.correspondence"].with_context(lang=self._get_lang())
        return correspondence._get_words(self.currency_id, self.amount_total)

    def _get_file_name(self, is_signed=False):
        name = self.name.replace("/", "-")
        env = self.with_context(lang=self._get_lang()).env
        return env._("%s signed", name) if is_signed else name

    def _print_agreement(self, is_signed=False):
        """Print the agreement in the debtor's language and keep it with the case."""
        self.ensure_one()
        # In sudo mode to print for the debtor, who reads neither schedules nor cases.
        schedule_sudo = self.sudo()
        return schedule_sudo.env["ir.actions.report"]._print_file(
            "recouvrement_creances.collection_schedule_report",
            schedule_sudo,
            self._get_lang(),
            f"{self._get_file_name(is_signed)}.pdf",
            schedule_sudo.case_id,
        )
