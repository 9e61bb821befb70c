import logging
import time
from bisect import bisect_right
from datetime import timedelta

from odoo import api, fields, models, modules
from odoo.exceptions import UserError
from odoo.tools import is_html_empty
from odoo.tools.mail import formataddr

from ..extended.mail_mail import LinksOfMails

_logger = logging.getLogger(__name__)


class CollectionChannelEmail(models.AbstractModel):
    """E-mail: rendered in batch, frozen, claimed, then sent over one SMTP session.

    The claim (state "sending", with its mail) is committed before anything leaves. Odoo's own
    queue leaves these mails alone: they are scheduled for later and sent here.
    """

    _name = "collection.channel.email"
    _description = "Collection by e-mail"
    _inherit = "collection.channel"
    _address_kind = "email"

    @api.model
    def _prepare(self, actions, as_of):
        subjects = self._render(actions, "subject")
        bodies = self._render(actions, "body_html")
        files = self._collect_attachments(actions)
        statements = {action: action._get_statement() for action in actions}
        # All links at once: each message looks its own up among them.
        actions.case_id._give_portal_accesses()
        charge_sentences = actions._get_charge_sentences()
        reply_to = self._find_reply_to(actions)
        vals_list = [
            {
                **self._prepare_mail(
                    action,
                    subjects[action.id],
                    bodies[action.id],
                    statements[action],
                    charge_sentences.get(action, ""),
                ),
                "reply_to": reply_to[action.case_id.id],
                "attachment_ids": [(6, 0, files[action].ids)],
            }
            for action in actions
        ]
        mails = self.env["mail.mail"].create(vals_list)
        for action, mail in zip(actions, mails, strict=True):
            action.mail_id = mail
        self.env["collection.evidence"]._note(
            actions,
            "prepared",
            lambda action: self._get_facts(
                action,
                statements[action],
                subject=action.mail_id.subject,
                body=str(action.mail_id.body_html),
                sender=action.mail_id.email_from,
            ),
            attachments=files,
        )
        self.env["collection.claim"]._claim(actions)
        return actions

    @api.model
    def _hand_over(self, actions, as_of):
        executor = self.env["collection.executor"]
        deadline = self.env["collection.claim"]._get_hand_over_deadline(actions)
        interrupted = self.env["collection.action"]
        # By sender: then the mails of a group leave over one session, in the order of their ids.
        for (company, _from), group in actions.grouped(
            lambda action: (action.company_id, action.mail_id.email_from)
        ).items():
            mails = self.env["mail.mail"].browse(sorted(group.mail_id.ids))
            # Bounces go where the company wants them, whoever's session sends.
            mails = mails.with_company(company).with_context(
                collection_links=self._find_links(group)
            )
            self._look_again(mails, as_of, deadline)
            try:
                mails.send(
                    auto_commit=not modules.module.current_test,
                    post_send_callback=lambda ids, mails=mails: self._look_again(
                        self._get_following(mails, max(ids)), as_of, deadline
                    ),
                )
            except Exception:
                # The connection broke while a message was being handed over.
                _logger.info("collection: the SMTP session broke", exc_info=True)
                if not modules.module.current_test:
                    self.env.cr.rollback()
                interrupted |= group
        # A fresh transaction: the evidence of other people's contacts may have grown meanwhile.
        executor._checkpoint()
        self.env["collection.claim"]._settle_surely(self, actions, as_of, interrupted)

    @staticmethod
    def _get_following(mails, mail_id):
        """Return the mails behind one, of mails in the order of their ids."""
        return mails[bisect_right(mails.ids, mail_id) :]

    def _find_links(self, actions):
        """Return what each mail needs to leave with its links: each is sent with an empty cache."""
        links = self.env["collection.portal.access"]._get_links(actions.case_id)
        return LinksOfMails((action.mail_id.id, links[action.case_id]) for action in actions)

    def _look_again(self, mails, as_of, deadline):
        """Between two mails: leave the next out when its debtor has paid, or all for the time.

        A process that is killed for its time would leave a contact that nobody can tell the
        result of.

        :param mails: those that have still to leave, in this order
        """
        # What left is noted, and the ledger is read as it is now.
        self.env["collection.executor"]._commit()
        if time.monotonic() > deadline:
            mails.filtered(lambda mail: mail.state == "outgoing").state = "cancel"
            return
        claims = self.env["collection.claim"]
        mail_id, may_leave = claims._find_next_mail(mails.ids, as_of)
        while not may_leave:
            mails.browse(mail_id).state = "cancel"
            mail_id, may_leave = claims._find_next_mail(mails.ids, as_of)

    @api.model
    def _settle(self, actions, as_of, interrupted):
        """Read from each mail what became of it.

        Mails of one claim and sender leave in the order of their ids, each committed once it
        has left: after an interruption the first one still waiting may have left or not, those
        behind it have not. A restored backup knows nothing of what left after it was made.
        """
        doubted = set()
        delivered = self.env["collection.action"]
        own = self.env["collection.claim"]._filter_own_claims(actions)
        for action in actions.sorted(lambda action: action.mail_id.id):
            mail = action.mail_id
            sequence = (action.claim_key, mail.email_from)
            if mail.state == "sent":
                delivered |= action
            elif mail.state == "exception":
                action._fail(self._explain_failure(mail))
            elif not mail or action not in own:
                self._doubt(action)
            elif mail.state != "cancel" and action in interrupted and sequence not in doubted:
                doubted.add(sequence)
                self._doubt(action)
            else:
                action._apply_event("release", {"mail_id": False})
                # With its message: nothing was said. The evidence keeps that it was prepared.
                mail.unlink()
        delivered._deliver(as_of)
        self._note_results(actions)

    def _doubt(self, action):
        """Leave it to a person whether the message arrived; it is not sent again."""
        action.mail_id.state = "cancel"
        action._apply_event(
            "lose", {"failure_reason": self.env._("The connection broke while sending.")}
        )

    def _explain_failure(self, mail):
        """Say what went wrong in words, with what the mail server said behind it."""
        labels = dict(mail._fields["failure_type"]._description_selection(self.env))
        what = labels.get(mail.failure_type) if mail.failure_type != "unknown" else ""
        what = what or self.env._("The mail server refused the message")
        return ": ".join(filter(None, [what, mail.failure_reason]))

    def _note_results(self, actions):
        evidence = self.env["collection.evidence"]
        evidence._note(
            actions.filtered(lambda action: action.state == "sent"),
            "sent",
            lambda action: {"transport_reference": action.mail_id.message_id},
        )
        evidence._note(
            actions.filtered(lambda action: action.state in ("failed", "ambiguous")),
            "failed",
            lambda action: {"reason": action.failure_reason},
        )

    # === CONTENT === #

    def _prepare_mail(self, action, subject, body, statement, charge_sentence=""):
        """Return the values of the mail; empty texts are refused before they leave."""
        if not (subject or "").strip() or is_html_empty(body):
            raise UserError(
                self.env._(
                    "The template “%s” gives an empty subject or text.",
                    action._get_template().name,
                )
            )
        self.env["collection.guard"]._check_neutral(action, subject)
        case = action.case_id
        content = (
            self.env["ir.qweb"]
            .with_context(lang=action.lang)
            ._render(
                "recouvrement_creances.email_layout",
                {
                    "action": action,
                    "statement": statement,
                    "body": body,
                    "charge_sentence": charge_sentence,
                },
            )
        )
        return {
            "model": "collection.case",
            "res_id": case.id,
            "message_type": "email_outgoing",
            "author_id": case.user_id.partner_id.id or action.company_id.partner_id.id,
            "subject": subject,
            # The timeline keeps the words; the whole document is the mail's, and the evidence's.
            "body": body,
            "body_html": content,
            "email_from": self._get_sender(action),
            "email_to": formataddr((self._get_recipient_name(action), action.recipient)),
            "auto_delete": False,
            # Never by Odoo's queue, which asks no guard; an abandoned claim is settled here.
            "scheduled_date": fields.Datetime.now() + timedelta(days=3650),
        }

    def _get_recipient_name(self, action):
        """Return the name for the mail's header, where a line feed would begin another one."""
        return " ".join((action.partner_id.name or "").split())

    def _get_sender(self, action):
        """Return the address that the debtor sees: the company's collection address first."""
        company = action.company_id
        user = action.case_id.user_id
        address = company.collection_email or user.email or company.email
        if not address:
            raise UserError(
                self.env._(
                    "%s has no e-mail address to send from: give it one in the settings.",
                    company.name,
                )
            )
        return formataddr((company.name, address))

    def _find_reply_to(self, actions):
        """Return {case id: where answers go}: the company's alias, else the collector."""
        defaults = {
            action.case_id.id: action.case_id.user_id.email_formatted or self._get_sender(action)
            for action in actions
        }
        return actions.case_id._notify_get_reply_to_batch(defaults=defaults)

    def _collect_attachments(self, actions):
        """Return {action: what its step and its text join, and the agreement that it brings}."""
        none = self.env["ir.attachment"]
        joined = self._copy_files_of_texts(actions)
        invoices = self._collect_invoices(actions.filtered("step_id.attach_invoices"))
        statements = self.env["collection.channel.letter"]._make_statements(
            actions.filtered("step_id.attach_statement")
        )
        return {
            action: invoices.get(action, none)
            | statements.get(action, none)
            | action._get_agreement_file()
            | joined.get(action, none)
            for action in actions
        }

    def _copy_files_of_texts(self, actions):
        """Return {action: a copy of each file that is joined to the template of its text}."""
        texts = actions.grouped(lambda action: action._get_template())
        vals_list = [
            self._prepare_copy(file, action)
            for template, selected in texts.items()
            for file in template.attachment_ids
            for action in selected
        ]
        files = self.env["ir.attachment"].create(vals_list)
        return {
            self.env["collection.action"].browse(action_id): copies
            for action_id, copies in files.grouped("res_id").items()
        }

    def _collect_invoices(self, actions):
        """Return {action: the invoices' PDF}: the legal one where it was made, else printed now.

        Not through Odoo's own fallback, which prints a pro forma: nobody has to pay that.
        """
        moves = {
            action: action.line_ids.item_id.move_id.filtered(lambda move: move.is_invoice())
            for action in actions
        }
        printed = self._print_invoices(self.env["account.move"].union(*moves.values()))
        files = dict.fromkeys(actions, self.env["ir.attachment"])
        vals_list = []
        for action, invoices in moves.items():
            for move in invoices:
                if move.invoice_pdf_report_id:
                    vals_list.append(self._prepare_copy(move.invoice_pdf_report_id, action))
                else:
                    vals_list.append(
                        {
                            "name": move._get_invoice_report_filename(),
                            "raw": printed[move.id],
                            "mimetype": "application/pdf",
                            "res_model": "collection.action",
                            "res_id": action.id,
                        }
                    )
        for file in self.env["ir.attachment"].create(vals_list):
            files[self.env["collection.action"].browse(file.res_id)] |= file
        return files

    def _print_invoices(self, moves):
        """Return {id: PDF} of the invoices that were never printed, in one go per company."""
        reports = self.env["ir.actions.report"]
        printed = {}
        missing = moves.filtered(lambda move: not move.invoice_pdf_report_id)
        for company, selected in missing.grouped("company_id").items():
            printed |= reports.with_company(company)._render_separately(
                "account.account_invoices", selected.ids
            )
        return printed

    def _prepare_copy(self, file, action):
        """Evidence keeps its files for good; an invoice in draft or a template gives its own up."""
        return file.copy_data(
            {
                "name": file.name,
                "res_model": "collection.action",
                "res_id": action.id,
                "res_field": False,
            }
        )[0]
