from odoo import api, models
from odoo.tools import format_date, split_every

from ...tools.one_by_one import tell_one_by_one
from .collection_handover_news import LAYOUT
from .collection_handover_sending import CRON

# In these nobody follows it any more, or nobody knows of it yet.
SILENT = ("draft", "withdrawn", "closed")
GONE = ("withdrawn", "closed")
BATCH = 50


class CollectionProceedingNews(models.AbstractModel):
    """What the ledger and the insolvency of the debtor mean for a proceeding: its counsel is told.

    Whoever was handed the file is told by the handover; the others by the proceeding itself.
    """

    _name = "collection.proceeding.news"
    _description = "News of court proceedings"

    # === BUSINESS - PAYMENTS === #

    @api.model
    def _tell_payments(self):
        """Tell counsel of what came in since; the scheduled action of handovers calls this."""
        followed = self.search([("counsel_id", "!=", False), ("state", "not in", SILENT)])
        for ids in split_every(BATCH, followed.ids):
            tell_one_by_one(
                (one for one in self.browse(ids) if one._is_followed() and one._has_news()),
                "News",
                lambda proceeding: proceeding._tell_news(),
                self.env.ref(CRON)._trigger,
            )

    def _is_followed(self):
        """Tell whether counsel has something to do; once refused, while we may appeal, or have."""
        self.ensure_one()
        if self.state == "rejected":
            return self._has_remedy()
        return self.state not in SILENT

    def _has_news(self):
        self.ensure_one()
        return self.currency_id.compare_amounts(self._sum_open(), self.amount_told) != 0

    def _sum_open(self):
        """Return what is still due now, whatever was read of it before."""
        self.ensure_one()
        return sum(self.item_ids.mapped("amount_residual_currency"))

    def _tell_news(self):
        """Tell counsel, in his language, what has become of the amount."""
        self.ensure_one()
        before, now = self.amount_told, self._sum_open()
        self.amount_told = now
        if self._is_told_by_handover():
            return
        lang = self.counsel_id._get_collection_lang(self.company_id)
        handovers = self.env["collection.handover"].with_context(lang=lang)
        words = handovers._word_amounts(self.currency_id, before, now)
        self._mail_counsel("mail_template_proceeding_payment", {"news": words})

    def _is_told_by_handover(self):
        """Tell whether counsel has a handover's file; a proceeding may come from none."""
        handover = self.handover_id
        is_counsels = bool(handover) and handover.agent_id == self.counsel_id
        return is_counsels and handover._is_with_partner()

    def _mail_counsel(self, template, extra=None):
        """Send counsel a message; what is kept of it stands in the chatter."""
        self.ensure_one()
        counsel = self.counsel_id
        if not counsel.email:
            return
        template = self.env.ref(f"recouvrement_creances.{template}")
        lang = counsel._get_collection_lang(self.company_id)
        written = template.with_context(lang=lang, **(extra or {}))
        mail_id = written.send_mail(self.id, email_layout_xmlid=LAYOUT)
        mail = self.env["mail.mail"].browse(mail_id)
        self._message_log(
            body=self.env._(
                "Sent to %(agent)s: %(subject)s", agent=counsel.name, subject=mail.subject
            )
        )

    # === BUSINESS - INSOLVENCY === #

    def _stay(self, record, is_news=True):
        """Stop what single actions ask for: their days bind nobody, who follows it is told.

        Called in sudo mode, once: as the hold of the earlier debts begins.

        :param record: the collection.insolvency
        :param bool is_news: nobody has heard of it yet; else only what still runs is stopped
        """
        running = self.filtered(lambda proceeding: proceeding.state not in GONE)
        earlier = record._filter_earlier(running.item_ids)
        words = self.env._(
            "Insolvency proceedings as of %s: single actions about debts from before are stopped "
            "(C. com. L622-21, C. conso L722-2).",
            format_date(self.env, record.judgement_date),
        )
        for proceeding in running.filtered(lambda one: one.item_ids & earlier):
            bound = proceeding.deadline_ids.filtered(
                lambda one: one.state == "open" and one.purpose == "act" and one._is_stayed()
            )
            if not (is_news or bound):
                continue
            proceeding.stayed_deadlines = [*(proceeding.stayed_deadlines or []), *bound.ids]
            bound._drop(words)
            proceeding._message_log(body=words)
            if is_news:
                proceeding._tell_stay(words)

    def _tell_stay(self, words):
        """Tell who follows it, and counsel, of an insolvency."""
        self.message_notify(
            partner_ids=self.case_user_id.filtered("active").partner_id.ids,
            subject=f"{words} {self.display_name}",
            body=words,
        )
        if self.counsel_id and self._is_followed() and not self._is_told_by_handover():
            self._mail_counsel("mail_template_proceeding_insolvency")

    def _go_on_after(self, why):
        """Let the days run again that an insolvency had stopped which is over, or was none."""
        deadlines = self.env["collection.deadline"]
        for proceeding in self.filtered(lambda one: one.stayed_deadlines and one.state not in GONE):
            for stayed in deadlines.browse(proceeding.stayed_deadlines):
                proceeding._open_deadlines(
                    [stayed.rule_code], stayed.event_date, stayed.regime_date or None
                )
            proceeding.stayed_deadlines = False
            proceeding._message_log(body=why)
