from ...models.litigation.collection_publication_watch import ADDRESS
from ..common import TODAY
from .gazette_server import GazetteServer
from .insolvency_common import InsolvencyCommon

SIREN = "552100554"


class PublicationCommon(InsolvencyCommon):
    """A debtor whom the gazette may tell of, and builders of what it tells."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor.company_registry = SIREN
        cls.company.sudo().collection_gazette_watch = True
        cls.publications = cls.root["collection.publication"]

    def _watch(self, *records, mishaps=()):
        """Watch a server with these records; return the notices that are new."""
        self._owe()
        with GazetteServer(records, mishaps) as server:
            self.root["ir.config_parameter"].set_param(ADDRESS, server.address)
            found = self.publications._watch(self.company, TODAY)
        self.questions = server.questions
        return found

    def _accept(self, found, user=None):
        found.with_user(user or self.collector).action_accept()
        return found.insolvency_id
