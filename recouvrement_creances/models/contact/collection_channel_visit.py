from odoo import models


class CollectionChannelVisit(models.AbstractModel):
    """Visit to the debtor's address."""

    _name = "collection.channel.visit"
    _description = "Collection by visit"
    _inherit = "collection.channel.human"
    _address_kind = "address"
    _activity_type = "recouvrement_creances.mail_activity_type_visit"
