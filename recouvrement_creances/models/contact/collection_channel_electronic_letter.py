import logging
from datetime import timedelta

from odoo import api, fields, models, modules
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...rules.formal_notice import acceptance_ends_on, electronic_notice_article

_logger = logging.getLogger(__name__)

# What a provider reports, and the kind of evidence that it is.
EVENTS = {
    "informed": "informed",
    "accepted": "acknowledged",
    "refused": "refused",
    "not_collected": "not_collected",
    "failed": "failed",
}
# An acceptance of the last day is still on its way from the provider: so many days are left to it.
DAYS_FOR_THE_PROVIDER = 3


class CollectionChannelElectronicLetter(models.AbstractModel):
    """Electronic registered letter: deposited with a provider, whose proofs are kept as evidence.

    It equals a registered letter on paper (CPCE-postes L100). Who is no professional has to have
    agreed to it beforehand; one that was not accepted within 15 days goes out on paper.
    """

    _name = "collection.channel.electronic_letter"
    _description = "Collection by electronic registered letter"
    _inherit = "collection.channel.letter"
    _address_kind = "email"

    # === RECIPIENTS === #

    @api.model
    def _find_recipient(self, action):
        """EXTENDS: without a consumer's recorded consent he cannot be reached this way."""
        # In sudo mode to read the kind of debtor and his consent, which not everybody sees.
        debtor_sudo = action.case_id.partner_id.sudo()
        article = electronic_notice_article(
            debtor_sudo.collection_debtor_kind or "consumer",
            bool(debtor_sudo.collection_electronic_consent_on),
        )
        if article:
            problem = self.env._(
                "%(debtor)s has not agreed to electronic registered letters (%(article)s).",
                debtor=debtor_sudo.display_name,
                article=article,
            )
            return debtor_sudo.browse(), "", problem
        return super()._find_recipient(action)

    # === DEPOSIT === #

    @api.model
    def _deposit(self, letters, today):
        """Hand letters to the provider; each failure is noted on its own letter.

        A letter that was deposited twice because the process died in between has the same
        reference twice, by which the provider knows it.
        """
        provider = self.env["collection.registered.provider"]
        guard = self.env["collection.guard"]
        # Before what is settled is taken off their lines: it stays in what they say.
        refusals = guard._find_posting_refusals(letters, fields.Datetime.now())
        letters = guard._withdraw_settled(letters, today)
        for letter in letters:
            if letter in refusals:
                letter._fail(refusals[letter])
                continue
            reference = self._get_reference(letter)
            try:
                provider._deposit(letter, reference)
            except (OSError, UserError) as error:
                _logger.info("collection action %s was not deposited", letter.id, exc_info=True)
                letter._fail(str(error))
                continue
            letter._deliver(today, {"tracking_number": reference})
            self.env["collection.evidence"]._note(
                letter, "posted", {"posted_on": str(today), "transport_reference": reference}
            )

    def _get_reference(self, letter):
        """Return the number of a deposit: it changes with what is in the letter."""
        return f"LRE-{letter.id}-{letter.attachment_id.checksum[:10]}"

    # === PROOF === #

    @api.model
    def _note_event(self, letter, event, date, proof=None, reason=""):
        """Note what the provider reports, and keep its proof.

        :param str event: one of EVENTS
        :param proof: the provider's document, as attachment
        :return: False when it was noted before: an acknowledgement may come twice
        :raise UserError: for an event that cannot have happened
        """
        self._check_event(letter, event, date)
        field = {"informed": "informed_on", "accepted": "accepted_on"}.get(event)
        if letter.state == "failed" or (field and letter[field]):
            return False
        values = {field: date} if field else {}
        if event == "accepted":
            values["letter_outcome"] = "received"
        elif event in ("refused", "not_collected"):
            values["letter_outcome"] = event
        if proof:
            values["acknowledgement_id"] = proof.id
        letter.write(values)
        letter._follow_notice()
        self.env["collection.evidence"]._note(
            letter,
            EVENTS[event],
            {"date": str(date), "transport_reference": letter.tracking_number, "reason": reason},
            attachments={letter: proof} if proof else None,
        )
        if event in ("refused", "not_collected", "failed"):
            self._give_up(letter, event, reason)
        self.env["collection.channel.registered_letter"]._end_tracking(letter)
        letter.case_id._refresh_verdicts(fields.Date.context_today(self))
        return True

    def _check_event(self, letter, event, date):
        if event not in EVENTS:
            raise UserError(self.env._("“%s” is no event of an electronic letter.", event))
        if letter.channel != "electronic_letter" or letter.state not in ("sent", "failed"):
            raise UserError(self.env._("The letter was not deposited."))
        if letter.accepted_on and event in ("refused", "not_collected", "failed"):
            raise UserError(
                self.env._(
                    "The letter was accepted on %s: it stays received, ask the provider.",
                    format_date(self.env, letter.accepted_on),
                )
            )
        if date > fields.Date.context_today(self):
            raise UserError(self.env._("The day that the provider reports is in the future."))
        if date < letter.contact_date:
            raise UserError(
                self.env._(
                    "The letter was deposited on %s: no proof is older.",
                    format_date(self.env, letter.contact_date),
                )
            )

    def _give_up(self, letter, event, reason=""):
        """What was not accepted is no notice: it goes out again on paper when it is retried."""
        reasons = {
            "refused": self.env._("The electronic letter was refused: send it on paper."),
            "not_collected": self.env._(
                "The electronic letter was not accepted in time: send it on paper."
            ),
            "failed": self.env._("The electronic letter could not be delivered: %s", reason),
        }
        letter.channel = "registered_letter"
        letter._fail(reasons[event])

    # === CRON === #

    @api.model
    def _cron_exchange(self):
        """Deposit what waits, take in what the provider reports, end what was not accepted.

        A company whose folder cannot be used stops no other one.
        """
        for company in self.env["res.company"].search([("active", "=", True)]):
            try:
                self._exchange(company, company._collection_today())
            except Exception:
                if not modules.module.current_test:
                    self.env.cr.rollback()
                self.env.invalidate_all()
                _logger.exception("collection company=%s phase=letters failed", company.id)
                self._note_exchange(company, failed=True)
            else:
                self._note_exchange(company, failed=False)

    def _note_exchange(self, company, failed):
        """Keep since when a company's exchange fails, for its health; the next good one ends it."""
        if bool(company.collection_letters_failed_on) != failed:
            # In sudo mode as the scheduled action: nobody writes this by hand.
            company.sudo().collection_letters_failed_on = failed and fields.Datetime.now()
            # Kept whatever becomes of the next company.
            self.env["collection.executor"]._checkpoint()

    @api.model
    def _exchange(self, company, today):
        """Do the exchange of one company on a day."""
        own = self.with_company(company)
        letters = own._find_letters(company)
        own._deposit(letters.filtered(lambda letter: letter.state == "planned"), today)
        self.env["collection.executor"]._checkpoint()
        own.env["collection.registered.provider"]._import_events(company)
        own._end_windows(company, today)
        self.env["collection.executor"]._checkpoint()

    def _find_letters(self, company):
        return self.env["collection.action"].search(
            [
                ("company_id", "=", company.id),
                ("channel", "=", "electronic_letter"),
                ("state", "in", ("planned", "sent")),
                ("accepted_on", "=", False),
            ]
        )

    def _end_windows(self, company, today):
        """Give up the letters whose 15 days have passed without an acceptance."""
        for letter in self._find_letters(company):
            if not letter.informed_on:
                continue
            last = acceptance_ends_on(letter.informed_on)
            if last + timedelta(days=DAYS_FOR_THE_PROVIDER) < today:
                self._note_event(letter, "not_collected", last)
