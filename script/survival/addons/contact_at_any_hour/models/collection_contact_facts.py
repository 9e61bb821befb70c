from dataclasses import replace

from odoo import models

from odoo.addons.recouvrement_creances.rules.contact_times import TIMED


class CollectionContactFacts(models.AbstractModel):
    """Survival tests use the clock of the machine, at night and on Sundays too.

    What has to survive does not depend on the hour, so every contact counts as a letter, which
    may leave at any time; how often a debtor is contacted counts as it always does.
    """

    _inherit = "collection.contact.facts"

    def _describe(self, requests, moment):
        described = super()._describe(requests, moment)
        return {
            request: replace(contact, channel="letter") if contact.channel in TIMED else contact
            for request, contact in described.items()
        }
