import psycopg2

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import CollectionCommon


@tagged("post_install", "-at_install")
class TestLegalMentions(CollectionCommon):
    """What the law wants on a company's letters comes from fields, not from one free text."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.root["res.lang"]._activate_lang("fr_FR")
        cls.company.sudo().write(
            {
                "name": "Maison Test",
                "country_id": cls.root.ref("base.fr").id,
                "street": "3 quai Neuf",
                "street2": False,
                "zip": "69002",
                "city": "Lyon",
                "vat": False,
                "company_registry": "732 829 320 00074",
                "collection_legal_form": "SARL",
                "collection_capital": 7500.0,
                "collection_rcs_city": "Lyon",
            }
        )

    def _mentions(self, lang="en_US"):
        frames = self.root["collection.correspondence"].with_context(lang=lang)
        text = " · ".join(frames._get_mentions(self.company.with_context(lang=lang)))
        return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")

    def test_form_capital_seat_and_register_are_printed(self):
        self.assertEqual(
            self._mentions(),
            f"Maison Test, SARL with a capital of 7,500 {self.company.currency_id.symbol} · "
            "Registered office: 3 quai Neuf, 69002 Lyon · SIREN 732 829 320 RCS Lyon",
        )

    def test_company_in_liquidation_says_so(self):
        self.company.sudo().collection_in_liquidation = True
        self.assertIn("(in liquidation)", self._mentions())

    def test_siren_alone_is_taken_too(self):
        self.company.sudo().company_registry = "732829320"
        self.assertIn("SIREN 732 829 320 RCS Lyon", self._mentions())

    def test_company_outside_the_register_names_no_city(self):
        self.company.sudo().collection_rcs_city = False
        self.assertIn("SIREN 732 829 320", self._mentions())
        self.assertNotIn("RCS", self._mentions())

    def test_number_of_another_length_is_no_siren(self):
        self.company.sudo().company_registry = "12345"
        self.assertNotIn("SIREN", self._mentions())
        self.assertIn("12345", self._mentions())

    def test_form_that_is_part_of_the_name_is_not_repeated(self):
        self.company.sudo().name = "Maison Test SARL"
        self.assertTrue(self._mentions().startswith("Maison Test SARL with a capital"))

    def test_sole_trader_has_no_capital(self):
        self.company.sudo().write({"collection_legal_form": "EI", "collection_capital": 0})
        self.assertTrue(self._mentions().startswith("Maison Test, EI · Registered office"))

    def test_cents_of_a_capital_are_kept(self):
        self.company.sudo().collection_capital = 7622.45
        self.assertIn("7,622.45", self._mentions())

    def test_other_mentions_come_last(self):
        self.company.sudo().collection_legal_mention = "Member of an approved centre"
        self.assertTrue(self._mentions().endswith(" · Member of an approved centre"))

    def test_capital_is_never_negative(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.CheckViolation),
            self.env.cr.savepoint(),
        ):
            self.company.sudo().collection_capital = -1
            self.company.flush_recordset()
