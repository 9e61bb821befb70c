import re

from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from ...rules.forbidden_words import COST, IMITATION, INTERRUPTION, find_forbidden
from ...rules.neutral_words import ARTICLE as PRIVACY
from ...rules.neutral_words import find_revealing

# Texts are rendered with the contact: a text for invoices would take its number for one of them.
SPOKEN_OF = "collection.action"
PLACEHOLDER = re.compile(r"{{.*?}}", re.DOTALL)


class CollectionText(models.AbstractModel):
    """A template that may speak to debtors: what it may not say, and what it stays written for."""

    _name = "collection.text"
    _description = "Template that speaks to debtors"

    # The field of a step that names such a template, and the fields that a debtor reads.
    _collection_step_field = ""
    _collection_words = ()

    # === CONSTRAINTS === #

    @api.constrains(lambda self: ("model_id", *self._collection_words))
    def _check_collection_text(self):
        """Keep the texts of levels written for contacts, and free of what the law forbids."""
        steps = self._find_collection_steps()
        for template in steps[self._collection_step_field] if steps else ():
            if template.model != SPOKEN_OF:
                raise ValidationError(
                    self.env._(
                        "“%(template)s” is the text of a collection level: it stays written for "
                        "collection contacts.",
                        template=template.name,
                    )
                )
        spoken = self.filtered(lambda template: template.model == SPOKEN_OF)
        spoken._check_collection_words()
        for policy, selected in steps.grouped(lambda step: step.level_id.policy_id).items():
            if policy._reaches_consumers():
                selected[self._collection_step_field]._check_collection_words(for_consumers=True)
                selected._check_neutral()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_collection(self):
        step = self._find_collection_steps()[:1]
        if step:
            raise UserError(
                self.env._(
                    "“%(template)s” is the text of “%(step)s” in “%(policy)s”: choose another "
                    "template there first.",
                    template=step[self._collection_step_field].name,
                    step=step.name,
                    policy=step.level_id.policy_id.name,
                )
            )

    # === BUSINESS === #

    def _find_collection_steps(self):
        # In sudo mode to find the steps of every company.
        steps_sudo = self.env["collection.level.step"].sudo().with_context(active_test=False)
        return steps_sudo.search([(self._collection_step_field, "in", self.ids)])

    def _check_collection_words(self, for_consumers=False):
        """Refuse forbidden words in any installed language, naming them and the article.

        :param bool for_consumers: the text can reach consumers: no cost may be asked of them
        :raise ValidationError: with every offending passage
        """
        languages = self.env["res.lang"].get_installed()
        for template in self:
            findings = {}
            for code, language in languages:
                in_language = template.with_context(lang=code)
                for field in self._collection_words:
                    for offence in find_forbidden(str(in_language[field] or ""), for_consumers):
                        # A text that is not translated is the same in all languages.
                        findings.setdefault(offence, language)
            if findings:
                raise ValidationError(template._describe_offences(findings))

    def _check_collection_neutral(self, field):
        """Refuse what tells an onlooker of a debt, in a field that is seen from outside.

        Checked again when a message leaves, with what its placeholders stand for.

        :param str field: the subject of an e-mail, the body of an SMS
        :raise ValidationError: with the words and their language
        """
        for code, language in self.env["res.lang"].get_installed():
            for template in self.with_context(lang=code):
                words = find_revealing(PLACEHOLDER.sub(" ", template[field] or ""))
                if words:
                    raise ValidationError(
                        self.env._(
                            "“%(template)s” reaches consumers, and what is seen from outside "
                            "tells of a debt: %(words)s (%(language)s; %(article)s). Choose "
                            "neutral words.",
                            template=template.name,
                            words=", ".join(words),
                            language=language,
                            article=PRIVACY,
                        )
                    )

    def _describe_offences(self, findings):
        """Return the error for what was found: {offence: language of the text}."""
        reasons = {
            IMITATION: self.env._("imitates an act of a court or of a bailiff"),
            COST: self.env._("asks a consumer for costs, which the creditor bears"),
            INTERRUPTION: self.env._("says that a letter interrupts limitation, which is untrue"),
        }
        lines = [
            self.env._(
                "• “%(words)s” %(reason)s (%(article)s; %(language)s)",
                words=offence.passage,
                reason=reasons[offence.rule],
                article=offence.article,
                language=language,
            )
            for offence, language in findings.items()
        ]
        return self.env._(
            "“%(template)s” may not speak to debtors like this:\n%(findings)s\n"
            "Take these words out, in every language, and save again.",
            template=self.name,
            findings="\n".join(lines),
        )
