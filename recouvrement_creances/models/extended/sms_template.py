from odoo import models


class SmsTemplate(models.Model):
    """The SMS texts of collection levels."""

    _name = "sms.template"
    _inherit = ["sms.template", "collection.text"]
    _collection_step_field = "sms_template_id"
    _collection_words = ("body",)
