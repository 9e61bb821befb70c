from odoo import models


class MailTemplate(models.Model):
    """The e-mails and letters of collection levels."""

    _name = "mail.template"
    _inherit = ["mail.template", "collection.text"]
    _collection_step_field = "template_id"
    _collection_words = ("subject", "body_html")
