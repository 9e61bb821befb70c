from odoo import models


class CollectionChannelCall(models.AbstractModel):
    """Phone call by the collector."""

    _name = "collection.channel.call"
    _description = "Collection by phone"
    _inherit = "collection.channel.human"
    _address_kind = "phone"
    _activity_type = "recouvrement_creances.mail_activity_type_call"
