import io

from odoo.tests import tagged
from odoo.tools.pdf import PdfFileReader

from ...reports.report_recouvrement_creances_letter import LINES_IN_NOTICE
from ..common import TODAY, CollectionCommon

NOTICES = (
    "mail_template_formal_notice",
    "mail_template_consumer_formal_notice",
    "mail_template_public_formal_notice",
)


@tagged("post_install", "-at_install")
class TestLetterPages(CollectionCommon):
    """A formal notice is one page, footer included; what late payment costs stands behind it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.root["ir.config_parameter"].set_param("report.url", "http://127.0.0.1:9")
        cls.root["res.lang"]._activate_lang("fr_FR")
        cls.env["ir.module.module"]._load_module_terms(["recouvrement_creances"], ["fr_FR"])
        cls.company.sudo().write(
            {
                "collection_legal_form": "SAS",
                "collection_capital": 150000,
                "street": "14 rue du Rabot",
                "zip": "69007",
                "city": "Lyon",
                "phone": "04 65 71 20 00",
                "website": "https://www.company.example",
            }
        )
        cls.collector.name = "Claire Fontaine"
        cls.policy.level_ids[-1].step_ids.write({"channel": "registered_letter", "mode": "confirm"})
        cls.policy.level_ids[-1].is_formal_notice = True

    def _make_debtor(self, template, lang):
        return self._debtor(
            "Debtor With A Long Name And Company",
            street="1 rue Haute",
            city="Lyon",
            lang=lang,
            country_id=self.root.ref("base.fr").id,
            # Consumers are in no register; their notice says more than the others.
            company_registry=False if "consumer" in template else "73282932000074",
        )

    def _print(self, template, lang, line_count):
        """Return the pages of a formal notice as texts."""
        debtor = self._make_debtor(template, lang)
        for _index in range(line_count):
            self._overdue_invoice(40, partner=debtor)
        self._decide()
        case = self._case(debtor)
        letter = (
            self.root["collection.action"]
            ._with_door()
            .create(
                {
                    "company_id": self.company.id,
                    "case_id": case.id,
                    "channel": "registered_letter",
                    "level_id": self.policy.level_ids[-1].id,
                    "date_planned": TODAY,
                    "line_ids": [(0, 0, {"item_id": item.id}) for item in case.open_item_ids],
                }
            )
        )
        template = self.root.ref(f"recouvrement_creances.{template}")
        words = {
            letter.id: (
                template._render_field("subject", letter.ids, compute_lang=True)[letter.id],
                template._render_field("body_html", letter.ids, compute_lang=True)[letter.id],
            )
        }
        reports = self.root["ir.actions.report"].with_company(self.company)
        with self.allow_pdf_render():
            content = reports.with_context(lang=lang)._render_separately(
                "recouvrement_creances.collection_letter_report", letter.ids, {"words": words}
            )[letter.id]
        reader = PdfFileReader(io.BytesIO(content))
        return [" ".join(page.extract_text().split()) for page in reader.pages]

    def test_notices_with_their_most_lines_are_one_page(self):
        for template in NOTICES:
            for lang in ("fr_FR", "en_US"):
                with self.subTest(template=template, lang=lang):
                    pages = self._print(template, lang, LINES_IN_NOTICE)
                    self.assertEqual(len(pages), 2)
                    self.assertIn("CNIL", pages[0])
                    is_registered = "SIRET 73282932000074" in pages[0]
                    self.assertEqual(is_registered, "consumer" not in template)

    def test_more_lines_are_annexed_behind_a_whole_letter_on_one_sheet(self):
        for line_count in (LINES_IN_NOTICE + 1, 8, 12):
            with self.subTest(line_count=line_count):
                pages = self._print(NOTICES[0], "fr_FR", line_count)
                self.assertEqual(len(pages), 2)
                self.assertIn("CNIL", pages[0])
                self.assertIn("Annexe", pages[1])
                self.assertLess(pages[1].index("Total restant dû"), pages[1].index("Indemnité"))
                self.assertIn("Pénalités non encore réclamées", pages[1])

    def test_charges_of_a_long_list_get_a_page_with_its_own_heading(self):
        pages = self._print(NOTICES[0], "fr_FR", 22)
        self.assertEqual(len(pages), 3)
        self.assertIn("Annexe", pages[1])
        self.assertIn("Total restant dû", pages[1])
        self.assertNotIn("Indemnité", pages[1])
        self.assertIn("Indemnité", pages[2])

    def test_sum_is_in_french_words(self):
        page = self._print(NOTICES[0], "fr_FR", 1)[0]
        self.assertIn("Somme à régler en toutes lettres", page)
        self.assertEqual(
            self.root["collection.correspondence"]
            .with_context(lang="fr_FR")
            ._get_words(self.root.ref("base.EUR"), 92970.36),
            "quatre-vingt-douze mille neuf cent soixante-dix euros et trente-six centimes",
        )
