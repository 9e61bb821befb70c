import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, format_time

from ...rules import contact_times
from ...rules.neutral_words import ARTICLE as PRIVACY
from ...rules.neutral_words import find_revealing
from ...rules.verdicts import SILENT

# The days that each cap looks back on.
WINDOWS = {
    contact_times.DAILY_CAP: 1,
    contact_times.WEEKLY_CAP: contact_times.WEEK,
    contact_times.MONTHLY_CAP: contact_times.MONTH,
}


class CollectionGuardWords(models.AbstractModel):
    """The words of the guard: its rules in sentences, and the words that it refuses itself."""

    _name = "collection.guard.words"
    _description = "Words of the collection guard"

    # === SENTENCES === #

    @api.model
    def _keep_rule(self, block, moment, contact):
        """Return a broken rule as plain values, for JSON: whoever reads it has his own language."""
        value, day = block.value, moment.astimezone(contact.zone).date()
        if block.rule == contact_times.OUTSIDE_HOURS:
            value = ", ".join(f"{begin:%H:%M}-{end:%H:%M}" for begin, end in block.value)
        elif block.rule in (contact_times.WEEKEND, contact_times.PUBLIC_HOLIDAY):
            # Where the country has several clocks, the day of the one that refuses.
            value, day = None, block.value
        elif block.rule == contact_times.SPACING:
            days = (past.astimezone(contact.zone).date() for past in contact.history)
            day = max(past for past in days if past <= day)
        return {
            "rule": block.rule,
            "article": block.article,
            "value": value,
            "date": day.isoformat(),
        }

    @api.model
    def _word_rule(self, rule):
        """Return a kept rule in words: what is usual, and the text that the habit leans on.

        :param dict rule: of ``_keep_rule``; may be empty
        """
        if not rule:
            return ""
        values = {
            "value": rule["value"],
            "days": WINDOWS.get(rule["rule"]),
            "date": format_date(self.env, rule["date"]),
        }
        sentence = self._get_sentence(rule["rule"]) % values
        if rule["article"]:
            return self.env._(
                "%(rule)s (careful habit, see %(article)s).",
                rule=sentence,
                article=rule["article"],
            )
        return self.env._("%s (policy).", sentence)

    def _get_sentence(self, rule):
        """Return the sentence of a rule; caps of several days share one."""
        sentences = {
            contact_times.WEEKEND: self.env._(
                "%(date)s is a Saturday or Sunday where the debtor is"
            ),
            contact_times.PUBLIC_HOLIDAY: self.env._(
                "%(date)s is a public holiday where the debtor is"
            ),
            contact_times.OUTSIDE_HOURS: self.env._(
                "Contacts take place at %(value)s where the debtor is"
            ),
            contact_times.SPACING: self.env._(
                "The debtor was contacted on %(date)s: days between two contacts: %(value)s"
            ),
            contact_times.DAILY_CAP: self.env._(
                "The debtor was contacted, or tried, on %(date)s: contacts a day at most: %(value)s"
            ),
        }
        return sentences.get(rule) or self.env._(
            "The debtor was contacted, or tried, often enough: contacts in %(days)s days at most: "
            "%(value)s"
        )

    @api.model
    def _describe_wait(self, action):
        """Return until when a contact waits and why, in one sentence; empty when it does not."""
        if action.state != "confirmed" or not action.not_before:
            return ""
        zone = action.company_id._get_zone()
        day = fields.Datetime.context_timestamp(action.with_context(tz=zone), action.not_before)
        hour = format_time(self.env, day.time(), time_format="short")
        return self.env._(
            "Leaves by itself from %(moment)s on: %(reason)s",
            moment=f"{format_date(self.env, day.date())} {hour}",
            reason=action.wait_reason or "",
        )

    # === NEUTRAL WORDS === #

    @api.model
    def _check_neutral(self, action, text):
        """Refuse what would tell whoever sees the screen of a consumer that he owes money.

        :param str text: the subject of an e-mail or the text of an SMS, as it would leave
        :raises UserError: with the words
        """
        if action.case_id.partner_id.collection_debtor_kind != "consumer":
            return
        # The company's own name and address say what they say.
        own = rf"{re.escape(action.company_id.name or '')}|\S+@\S+|https?://[^\s/]+"
        words = find_revealing(re.sub(own, "", text or ""))
        if words:
            step = action.step_id
            template = step.sms_template_id if action.channel == "sms" else step.template_id
            raise UserError(
                self.env._(
                    "What is seen from outside tells of a debt: %(words)s. Change the subject or "
                    "SMS of “%(template)s” (%(article)s).",
                    words=", ".join(words),
                    template=template.name or "",
                    article=PRIVACY,
                )
            )

    @api.model
    def _find_overtaken(self, letters):
        """Return {letter: what it asks for though it is paid or held by now, in words}."""
        found = {}
        for letter in letters.filtered("step_id"):
            items = letter.line_ids.item_id
            claimed = items._filter_due().filtered(lambda item: item.verdict not in SILENT)
            if items - claimed:
                names = ", ".join((items - claimed).mapped("display_name"))
                found[letter] = self.env._("Paid or held since it was made: %s.", names)
        return found
