from odoo import models


class CollectionChannelMeeting(models.AbstractModel):
    """Meeting with the debtor, here or there."""

    _name = "collection.channel.meeting"
    _description = "Collection by meeting"
    _inherit = "collection.channel.human"
    _activity_type = "recouvrement_creances.mail_activity_type_meeting"
