from odoo import api, models


class CollectionRegisteredProvider(models.AbstractModel):
    """What a provider of electronic registered letters has to do for the channel.

    Another provider is an AbstractModel that inherits this one, named in the parameter
    ``recouvrement_creances.registered_provider``. It calls ``collection.channel.electronic_letter
    ._note_event`` for what it learns.
    """

    _name = "collection.registered.provider"
    _description = "Provider of electronic registered letters"

    @api.model
    def _deposit(self, letter, reference):
        """Hand one letter over.

        :param letter: a collection.action whose ``attachment_id`` is the frozen PDF
        :param str reference: by which later events name the letter; the same for a repetition
        :raise OSError, UserError: it was not handed over; the words are shown to the collector
        """
        raise NotImplementedError

    @api.model
    def _import_events(self, company):
        """Note what became of a company's letters since the last call."""
        raise NotImplementedError
