from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .means_common import MeansCommon


@tagged("post_install", "-at_install")
class TestHelpBody(MeansCommon):
    """Debtors in difficulty are told who helps, by what they are and where they live."""

    def setUp(self):
        super().setUp()
        self.bodies = self.root["collection.help.body"]

    def _names(self, partner):
        return self.bodies._get_for(partner).mapped("name")

    def test_consumers_and_professionals_have_their_own(self):
        self.assertEqual(set(self.bodies._get_for(self.debtor).mapped("kind")), {"consumer"})
        self.assertEqual(
            set(self.bodies._get_for(self._debtor("Firm")).mapped("kind")), {"professional"}
        )
        public = self._debtor("Town", collection_debtor_kind="public")
        self.assertFalse(self.bodies._get_for(public))
        self.assertFalse(self.bodies._get_for(self.env["res.partner"]))

    def test_local_ones_are_named_in_their_territory_only(self):
        self.bodies.create(
            {
                "name": "PCB Lyon",
                "territory": "69, 42",
                "sequence": 1,
                "country_id": self.root.ref("base.fr").id,
            }
        )
        self.assertEqual(self._names(self.debtor)[0], "PCB Lyon")
        self.debtor.zip = "75001"
        self.assertNotIn("PCB Lyon", self._names(self.debtor))
        self.debtor.country_id = self.root.ref("base.be")
        self.assertFalse(self._names(self.debtor))

    def test_archived_ones_are_named_no_more(self):
        body = self.bodies._get_for(self.debtor)[0]
        body.active = False
        self.assertNotIn(body, self.bodies._get_for(self.debtor))

    def test_lookup_costs_no_query_per_debtor(self):
        debtors = [self._debtor(f"Person {n}", is_company=False) for n in range(20)]
        self.bodies._get_for(debtors[0])
        with self.assertQueryCount(0):
            for debtor in debtors:
                self.bodies._get_for(debtor)

    def test_addresses_are_websites_and_territories_postal_codes(self):
        body = self.bodies._get_for(self.debtor)[0]
        for vals in ({"url": "javascript:alert(1)"}, {"url": "www.x.fr"}, {"territory": "Lyon"}):
            with self.subTest(vals=vals), self.assertRaises(ValidationError):
                body.write(vals)

    def test_one_that_was_recommended_is_archived_not_deleted(self):
        body = self.bodies._get_for(self.debtor)[0]
        self._assess(recommendation="refer", body_id=body.id)
        with self.assertRaisesRegex(UserError, "archive"):
            body.unlink()

    def test_text_is_escaped(self):
        body = self.bodies.create({"name": "<script>x</script>"})
        self.assertNotIn("<script>", body._render_paragraph())
        self.assertEqual(self.bodies._render_paragraph(), "")

    def test_formal_notice_to_consumers_names_them_if_set(self):
        notice = self.root.ref("recouvrement_creances.collection_level_step_consumer_formal_notice")
        self.assertTrue(notice.mention_bodies)
        for mentions in (True, False):
            policy = self._make_policy(
                [(5, "registered_letter", {"mode": "confirm", "mention_bodies": mentions})],
                name=f"Mentions {mentions}",
                domain="[('id', '=', 0)]",
            )
            action = self.root["collection.action"].create(
                {
                    "company_id": self.company.id,
                    "case_id": self.case.id,
                    "channel": "registered_letter",
                    "step_id": policy.level_ids.step_ids.id,
                    "level_id": policy.level_ids.id,
                }
            )
            html = str(
                self.root["ir.actions.report"]._render_qweb_html(
                    "recouvrement_creances.collection_letter_report", action.ids
                )[0],
                "utf-8",
            )
            self.assertEqual("3414" in html, mentions)
            self.assertIn("3414", action.help_html)
