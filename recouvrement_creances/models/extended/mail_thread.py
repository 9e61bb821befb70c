from odoo import api, models

from ...rules.attached_mail import clean_file


class MailThread(models.AbstractModel):
    """An answer that quotes a message to a debtor is kept without the secret of its link."""

    _inherit = "mail.thread"

    @api.model
    def message_parse(self, message, save_original=False):
        """EXTENDS mail: take the tokens out of what came in, whatever record it is put on."""
        values = super().message_parse(message, save_original=save_original)
        links = self.env["collection.secret.link"]
        values["body"] = links._hide_tokens(values.get("body"))
        values["attachments"] = [
            # Texts and mails that came as files: the message that is answered, for instance.
            file._replace(content=clean_file(file.fname, file.content, links._hide_tokens))
            for file in values.get("attachments") or []
        ]
        return values
