from odoo import models


class CollectionChannelTask(models.AbstractModel):
    """Work inside the company: nobody is contacted."""

    _name = "collection.channel.task"
    _description = "Internal collection task"
    _inherit = "collection.channel.human"
    _activity_type = "recouvrement_creances.mail_activity_type_task"
