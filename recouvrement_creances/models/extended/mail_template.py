from odoo import models
from odoo.tools import get_lang


class MailTemplate(models.Model):
    """The e-mails and letters of collection levels."""

    _name = "mail.template"
    _inherit = ["mail.template", "collection.text"]
    _collection_step_field = "template_id"
    _collection_words = ("subject", "body_html")

    # === BUSINESS === #

    def _render_lang(self, res_ids, engine="inline_template"):
        """EXTENDS mail: who was archived keeps a language that may be none any more.

        Of our own messages: they are written then in the language that the caller works in.
        """
        rendered = super()._render_lang(res_ids, engine=engine)
        if not (self.model or "").startswith("collection."):
            return rendered
        return {res_id: lang and get_lang(self.env, lang).code for res_id, lang in rendered.items()}
