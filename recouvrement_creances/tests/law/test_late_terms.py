from contextlib import contextmanager

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from ..common import CollectionCommon


@tagged("post_install", "-at_install")
class TestLateTerms(CollectionCommon):
    """What late payment costs is agreed with the debtor or by the general terms."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Terms are kept on contacts, which collection alone does not let people change.
        contacts = cls.root.ref("base.group_partner_manager")
        for user in (cls.collector, cls.personas["reader"]):
            user.group_ids += contacts

    def _partner(self, persona="collector"):
        return self.partner_a.with_user(self.personas[persona])

    def test_rate_below_three_times_the_legal_rate_warns_and_stays(self):
        partner = self._partner()
        partner.collection_debtor_kind = "professional"
        partner.collection_late_rate = 7.85
        self.assertIn("7.86", partner.collection_late_rate_warning)
        self.assertEqual(partner.collection_late_rate, 7.85)
        partner.collection_late_rate = 7.86
        self.assertFalse(partner.collection_late_rate_warning)

    def test_floor_is_unknown_while_the_legal_rate_is_missing(self):
        self._partner().write({"collection_debtor_kind": "professional", "collection_late_rate": 1})
        self.root["collection.rate"].search([("date_start", "=", "2026-01-01")]).unlink()
        self.partner_a.invalidate_recordset()
        self.assertIn("missing", self._partner().collection_late_rate_warning)

    def test_rate_of_a_consumer_is_said_to_be_of_no_use(self):
        partner = self._partner()
        partner.write({"collection_debtor_kind": "consumer", "collection_late_rate": 12})
        self.assertIn("not used", partner.collection_late_rate_warning)

    def test_company_rate_below_the_floor_warns_in_the_settings(self):
        settings = self.root["res.config.settings"].with_company(self.company)
        with Form(settings.create({"collection_late_rate": 3})) as form:
            self.assertIn("7.86", form.collection_late_rate_warning)
            form.collection_late_rate = 12
            self.assertFalse(form.collection_late_rate_warning)

    def test_rate_is_each_companys_own(self):
        self._partner().collection_late_rate = 11
        other = self.setup_other_company()["company"]
        self.assertEqual(self.partner_a.with_company(other).sudo().collection_late_rate, 0)

    def test_readers_choose_no_rate(self):
        with self.assertRaises(AccessError):
            self._partner("reader").collection_late_rate = 11

    def test_rate_is_a_percentage(self):
        with self.assertRaises(ValidationError):
            self._partner().collection_late_rate = 120

    def test_indemnity_applies_by_kind_of_debtor(self):
        partner = self._debtor("Some Body").with_user(self.collector)
        self.assertTrue(partner.collection_owes_indemnity)
        partner.collection_debtor_kind = "consumer"
        self.assertFalse(partner.collection_owes_indemnity)
        partner.collection_debtor_kind = "public"
        self.assertTrue(partner.collection_owes_indemnity)

    @contextmanager
    def _refused(self, error, words):
        """Expect a refusal, and undo what came before it as a request would."""
        with self.assertRaisesRegex(error, words), self.env.cr.savepoint():
            yield

    def test_accountant_leaves_the_indemnity_out_with_a_reason_that_is_kept(self):
        partner = self._debtor("Some Body")
        vals = {
            "collection_owes_indemnity": False,
            "collection_no_indemnity_reason": "Framework agreement 2026, art. 12",
        }
        with self._refused(AccessError, "Only an accountant"):
            partner.with_user(self.collector).write(vals)
        accountant = self.personas["accountant"]
        accountant.sudo().group_ids += self.root.ref("base.group_partner_manager")
        accountants = partner.with_user(accountant)
        with self._refused(ValidationError, "Say why"):
            accountants.collection_owes_indemnity = False
        accountants.write(vals)
        self.env.flush_all()
        self.cr.precommit.run()
        values = partner.message_ids.sudo().tracking_value_ids
        self.assertIn("Framework agreement 2026, art. 12", values.mapped("new_value_char"))
        self.assertIn("collection_owes_indemnity", values.field_id.mapped("name"))
        with self._refused(AccessError, "Only an accountant"):
            partner.with_user(self.collector).collection_no_indemnity_reason = "Another"
        accountants.collection_owes_indemnity = True
        self.assertFalse(partner.collection_no_indemnity_reason)

    def test_indemnity_that_was_left_out_stays_so_whatever_kind_the_debtor_is(self):
        partner = self._debtor("Some Body")
        reason = {"collection_no_indemnity_reason": "Framework agreement 2026, art. 12"}
        partner.write({"collection_owes_indemnity": False, **reason})
        for kind in ("public", "consumer", "professional"):
            partner.collection_debtor_kind = kind
            self.assertFalse(partner.collection_owes_indemnity, kind)
        partner.collection_owes_indemnity = True
        partner.collection_debtor_kind = "consumer"
        self.assertFalse(partner.collection_owes_indemnity)
        partner.collection_debtor_kind = "professional"
        self.assertTrue(partner.collection_owes_indemnity)
