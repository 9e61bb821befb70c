from odoo.tests import tagged

from ...models.custody.collection_person_part import PARTS
from ...models.mixins.collection_secret_link import LINKS
from ...models.negotiation.collection_settlement import AGREEMENTS
from ..common import CollectionCommon


@tagged("post_install", "-at_install")
class TestListsOfModels(CollectionCommon):
    """What goes through all the models of a kind misses none of them."""

    def _list_heirs(self, name, is_abstract=False):
        mixin = self.registry[name]
        return {
            heir
            for heir, model in self.registry.items()
            if issubclass(model, mixin) and model._abstract == is_abstract and heir != name
        }

    def test_every_agreement_is_judged(self):
        self.assertEqual(self._list_heirs("collection.agreement"), set(AGREEMENTS))

    def test_every_kind_of_link_is_taken_out_of_what_comes_in(self):
        self.assertEqual(self._list_heirs("collection.secret.link"), set(LINKS))

    def test_every_part_of_an_answer_to_a_person_is_given(self):
        whole = "collection.person.export"
        self.assertEqual(self._list_heirs("collection.person.part", True) - {whole}, set(PARTS))
