from odoo import api, models
from odoo.fields import Command
from odoo.tools import SQL, format_date, split_every

from ...rules.routes import UNDEMANDING
from ...tools.one_by_one import tell_one_by_one
from .collection_handover_sending import CRON

# While somebody decides on it or works on it, a payment is news.
FOLLOWED = ("requested", "approved", "sending", "transmitted", "accepted")
LAYOUT = "recouvrement_creances.partner_mail_layout"
BATCH = 50


class CollectionHandoverNews(models.AbstractModel):
    """Payments and insolvency after a handover was asked for: everybody is told, once.

    A reconciliation belongs to an accountant: it only wakes the scheduled action that tells.
    """

    _name = "collection.handover.news"
    _description = "News of a handover"

    # === THE LEDGER === #

    @api.model
    def _select_judged(self):
        """OVERRIDES collection.agreement: what is followed, with each of its items."""
        return SQL(
            """
            SELECT handover.id, link.item_id
              FROM collection_handover handover
              JOIN collection_handover_item_rel link ON link.handover_id = handover.id
             WHERE handover.state IN %s
            """,
            FOLLOWED,
        )

    @api.model
    def _find_due(self, companies, as_of):
        """OVERRIDES collection.agreement: no day that passes changes anything."""
        return self.browse()

    def _judge(self, as_of):
        """OVERRIDES collection.agreement: wake who tells of it, outside of the reconciliation."""
        self.invalidate_recordset(["amount"])
        if any(handover._has_news() for handover in self):
            # In sudo mode to wake a scheduled action.
            self.env.ref(CRON).sudo()._trigger()

    def _has_news(self):
        self.ensure_one()
        return self.currency_id.compare_amounts(self.amount, self.amount_told) != 0

    # === TELLING === #

    @api.model
    def _cron_tell_payments(self):
        """Tell of every payment that came in, or was cancelled, since it was last told.

        What has left by now is settled before: who has the file is told of what comes in.
        """
        self._settle_sendings()
        self.env["collection.proceeding"]._tell_payments()
        followed = self.search([("state", "in", FOLLOWED)])
        for ids in split_every(BATCH, followed.ids):
            tell_one_by_one(
                (handover for handover in self.browse(ids) if handover._has_news()),
                "News",
                lambda handover: handover._in_own_words()._tell_news(),
                self.env.ref(CRON)._trigger,
            )

    def _in_own_words(self):
        """Return the handover as its company reads it: a scheduled action has nobody's language."""
        self.ensure_one()
        company = self.company_id
        return self.with_company(company).with_context(
            tz=company._get_zone(), lang=company.partner_id.lang or self.env.lang
        )

    def _tell_news(self):
        """Tell who follows it here, and the partner; ask again where the request waits."""
        self.ensure_one()
        before, now = self.amount_told, self.amount
        self.amount_told = now
        self._tell_colleagues(self._word_news(before, now))
        if self._is_with_partner():
            # Each in his language: the scheduled action has that of nobody.
            lang = self.agent_id._get_collection_lang(self.company_id)
            agent = self.with_context(lang=lang)
            self._mail_agent(
                self.env.ref("recouvrement_creances.mail_template_handover_payment"),
                {"news": agent._word_news(before, now)},
            )
        elif self._needs_new_decision() and not self._is_settled():
            # Of what was settled nobody has to decide anything: should that be undone, it goes on.
            self._ask_again()

    def _word_news(self, before, now):
        """Return what has become of the amount, in the language of the context."""
        return self._word_amounts(self.currency_id, before, now)

    @api.model
    def _word_amounts(self, currency, before, now):
        """Return what has become of an amount, in the language of the context."""
        currency = currency.with_env(self.env)
        if now >= before:
            return self.env._("Due again: %s.", currency.format(now))
        return self.env._(
            "Paid meanwhile: %(paid)s. Still due: %(due)s.",
            paid=currency.format(before - now),
            due=currency.format(now),
        )

    def _tell_insolvency(self, record):
        """Tell of proceedings that end single actions; the links open nothing any more.

        Called in sudo mode, once: as the hold of the earlier debts begins. What demands nothing of
        the debtor goes on.

        :param record: the collection.insolvency
        """
        followed = self.filtered(lambda handover: handover.state in FOLLOWED)
        earlier = record._filter_earlier(followed.item_ids)
        words = self.env._(
            "Insolvency proceedings as of %s: debts from before are not pursued any more.",
            format_date(self.env, record.judgement_date),
        )
        for handover in followed.filtered(lambda handover: handover.item_ids & earlier):
            handover._tell_colleagues(words)
            if handover.route_code in UNDEMANDING:
                continue
            if handover._is_with_partner():
                handover._mail_agent(
                    self.env.ref("recouvrement_creances.mail_template_handover_insolvency")
                )
            handover.link_ids._revoke()
        self._work_out_open()

    def _tell_colleagues(self, words):
        self.ensure_one()
        self._tell_case(words)
        people = self.case_user_id | self.requested_by_id | self.decision_ids.user_id
        self.message_notify(
            partner_ids=people.filtered("active").partner_id.ids,
            subject=f"{words} {self.case_id.display_name}",
            body=words,
        )
        self._message_log(body=words)

    def _word_subject(self, words):
        """Return the subject of a message about what has happened to the case."""
        self.ensure_one()
        return self.env._("%(what)s: %(case)s", what=words, case=self.case_id.display_name)

    def _get_answer_sender(self):
        """Return who speaks, and from which address: the partner where he answers by himself.

        Whoever visits his page has no address, and his own one is not ours to send from.
        """
        if self.env.user._is_internal():
            return {}
        company = self.company_id
        address = company._find_inherited("collection_email") or company.email_formatted
        return {"author_id": self.agent_id.id, "email_from": address or False}

    def _tell_file(self):
        """Tell the partner, and the record, that the file he has is not the last one any more."""
        self.ensure_one()
        self._message_log(body=self.env._("The file was made anew. SHA-256: %s", self.file_hash))
        self._mail_agent(self.env.ref("recouvrement_creances.mail_template_handover_anew"))

    def _mail_agent(self, template, extra=None):
        """Send the partner a message; what is kept of it stands in the chatter."""
        self.ensure_one()
        agent = self.agent_id
        if not agent.email:
            return self.env["mail.mail"]
        lang = agent._get_collection_lang(self.company_id)
        written = template.with_context(lang=lang, **(extra or {}))
        # What became of it is read from the mail, whatever the template says of sent ones.
        mail_id = written.send_mail(
            self.id, email_layout_xmlid=LAYOUT, email_values={"auto_delete": False}
        )
        mail = self.env["mail.mail"].browse(mail_id)
        self._message_log(
            body=self.env._(
                "Written to %(agent)s: %(subject)s", agent=agent.name, subject=mail.subject
            )
        )
        return mail

    # === KEEPING === #

    def _erase(self):
        """Erase what requests on purged cases say of people; amounts, dates, decisions stay."""
        silent = {"tracking_disable": True}
        self.with_context(**silent).write(
            {
                "note": False,
                "dispute_statement": False,
                "document_statement": False,
                "answer_note": False,
                "end_note": False,
                "file_problem": False,
                "sending_problem": False,
            }
        )
        self._with_door().with_context(**silent).write({"decision_note": False})
        files = self.file_id | self.former_file_ids
        self.write({"file_id": False, "former_file_ids": [Command.clear()]})
        files.unlink()
        self.link_ids._revoke()
        self.env.flush_all()
        if self.decision_ids:
            # In SQL: the database lets a purge, and nothing else, take reasons off.
            self.env.execute_query(
                SQL(
                    "UPDATE collection_handover_decision SET note = NULL "
                    "WHERE handover_id IN %s RETURNING id",
                    tuple(self.ids),
                )
            )
            self.decision_ids.invalidate_recordset(["note"])
