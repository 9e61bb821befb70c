from unittest.mock import patch

from odoo.tests import tagged

from ..common import TODAY
from .gazette_server import notice
from .publication_common import SIREN, PublicationCommon


@tagged("post_install", "-at_install")
class TestPublicationMerge(PublicationCommon):
    """The watch goes on after two debtors became one, and whatever one notice does to it."""

    def _merge(self, source):
        wizard = self.root["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((source | self.debtor).ids, self.debtor, extra_checks=False)
        self._decide()

    def test_notice_of_a_merged_debtor_is_known(self):
        twin = self._debtor("Twin Debtor", company_registry=SIREN)
        self._owe(partner=twin)
        self.debtor.company_registry = False
        found = self._watch(notice("A1"))
        self.assertEqual(found.partner_id, twin)
        self._merge(twin)
        self.debtor.company_registry = SIREN
        self.assertEqual(found.partner_id, self.debtor)
        self.assertEqual(found.case_id, self._case(self.debtor))
        self.company.sudo().collection_gazette_until = False
        self.assertFalse(self._watch(notice("A1")))
        self.assertFalse(self.company.collection_gazette_error)
        self.assertEqual(self.company.collection_gazette_until, TODAY)

    def test_notice_of_a_case_that_has_ended_is_known(self):
        found = self._watch(notice("A1"))
        found.sudo().case_id = False
        self.assertFalse(self._watch(notice("A1")))
        self.assertFalse(self.company.collection_gazette_error)

    def test_of_the_same_notice_the_one_taken_in_stays(self):
        twin = self._debtor("Twin Debtor", company_registry=SIREN)
        self._owe(partner=twin)
        found = self._watch(notice("A1"))
        former = {"numeroAnnonce": "1234", "dateParution": "2026-03-13"}
        taken = found.filtered(lambda one: one.partner_id == twin)
        self._accept(taken)
        # Of each debtor there are two notices by now.
        found |= self._watch(
            notice(
                "A2",
                numeroannonce=99,
                typeavis="rectificatif",
                dateparution="2026-03-15",
                parutionavisprecedent=former,
            )
        )
        self.assertEqual(len(found), 4)
        self._merge(twin)
        kept = found.exists()
        self.assertEqual(kept.sorted("reference").mapped("reference"), ["A1", "A2"])
        self.assertEqual(kept.partner_id, self.debtor)
        self.assertEqual(taken.insolvency_id.partner_id, self.debtor)
        self.assertEqual(kept.former_id, taken)
        self.assertFalse(self._watch(notice("A1")))

    def test_notice_that_fails_stops_no_other_and_is_shown(self):
        values_of = type(self.publications)._prepare_values

        def break_down(model, found):
            values = values_of(model, found)
            return values | ({"type": "none"} if found.reference == "A1" else {})

        with (
            patch.object(type(self.publications), "_prepare_values", break_down),
            self.assertLogs("odoo.addons.recouvrement_creances", "ERROR"),
        ):
            found = self._watch(notice("A1"), notice("A2"), notice("A3", dateparution=None))
        self.assertEqual(found.reference, "A2")
        self.assertEqual(self.company.collection_gazette_until, TODAY)
        unread = self.company.collection_gazette_unread
        self.assertIn("A1: ", unread)
        self.assertIn("A3: dateparution", unread)
        health = self.root["collection.health"]
        self.assertIn("gazette_unread", health._get_health(self.company)["problems"])
        self.assertIn("could not be read", health._get_line(self.company))
        self._watch(notice("A2"))
        self.assertFalse(self.company.collection_gazette_unread)
