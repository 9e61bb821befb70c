from importlib.util import module_from_spec, spec_from_file_location

from odoo.modules.module import get_module_path
from odoo.tests import tagged

from .insolvency_common import OPENED, InsolvencyCommon

HINT = "Deadlines count from"


@tagged("post_install", "-at_install")
class TestProceedingMigration(InsolvencyCommon):
    """Proceedings of 19.0.1.0.0 become what today's code would have made of them; once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        path = f"{get_module_path('recouvrement_creances')}/migrations/19.0.1.1.0/"
        spec = spec_from_file_location("post_proceedings", f"{path}post-proceedings.py")
        cls.script = module_from_spec(spec)
        spec.loader.exec_module(cls.script)

    def _migrate(self):
        self.env.flush_all()
        self.script.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def _settle_as_before(self):
        """Return a settled proceeding whose deadlines the settlement dropped, as 19.0.1.0.0 did."""
        proceeding = self._sue()
        for key in ("file", "grant"):
            self._take(proceeding, key)
        settle = self._take(proceeding, "settle")
        service = self._deadline(proceeding, "order.service")
        service._drop("Settled by agreement")
        settle.sudo().ended_deadlines = service.ids
        return proceeding, service

    def _running(self, proceeding):
        proceeding.invalidate_recordset()
        running = proceeding.deadline_ids.filtered(lambda one: one.state == "open")
        return [(one.rule_code, one.legal_date) for one in running]

    def test_deadlines_that_a_settlement_dropped_run_on(self):
        proceeding, service = self._settle_as_before()
        fees = self._running(proceeding)
        self._migrate()
        expected = [("order.service", service.legal_date)]
        self.assertCountEqual(self._running(proceeding), [*fees, *expected])
        self._migrate()
        self.assertCountEqual(self._running(proceeding), [*fees, *expected])

    def test_what_was_done_since_is_not_counted_again(self):
        proceeding, _service = self._settle_as_before()
        self._migrate()
        self._take(proceeding, "serve")
        before = self._running(proceeding)
        self._migrate()
        self._take(proceeding, "resume")
        self.assertCountEqual(self._running(proceeding), before)

    def test_an_insolvency_from_before_stops_them(self):
        proceeding = self._sue()
        proceeding.counsel_id = self.representative
        for key in ("file", "grant"):
            self._take(proceeding, key, OPENED)
        before = self._running(proceeding)
        record = self._record()
        # As if it had been recorded before anything was stopped.
        proceeding.sudo()._go_on_after("As before")
        self.assertEqual(self._running(proceeding), before)
        mails = self.root["mail.mail"].search_count([])
        self._migrate()
        self.assertFalse(self._running(proceeding))
        self.assertTrue(proceeding.stayed_deadlines)
        self.assertEqual(self.root["mail.mail"].search_count([]), mails)
        messages = proceeding.message_ids
        self._migrate()
        self.assertEqual(proceeding.message_ids, messages)
        record.with_user(self.manager)._cancel("A namesake")
        self.assertEqual(self._running(proceeding), before)

    def test_a_settled_one_of_the_insolvent_is_reopened_and_stopped(self):
        proceeding, service = self._settle_as_before()
        record = self._record()
        proceeding.invalidate_recordset()
        self._migrate()
        self.assertFalse(self._running(proceeding))
        record.with_user(self.manager)._cancel("A namesake")
        self.assertIn(("order.service", service.legal_date), self._running(proceeding))

    def test_what_an_insolvency_has_stopped_stays_so(self):
        proceeding, _service = self._settle_as_before()
        self._record()
        proceeding.invalidate_recordset()
        self._migrate()
        stayed = proceeding.stayed_deadlines
        self.assertTrue(stayed)
        self._migrate()
        self.assertEqual(proceeding.stayed_deadlines, stayed)
        self._take(proceeding, "resume")
        self.assertFalse(self._running(proceeding))

    def test_a_chatter_is_written_in_the_language_of_its_company(self):
        self.root["res.lang"]._activate_lang("fr_FR")
        self.company.partner_id.lang = "fr_FR"
        proceeding, _service = self._settle_as_before()
        self._record()
        proceeding.invalidate_recordset()
        before = proceeding.message_ids
        self._migrate()
        written = str((proceeding.message_ids - before).mapped("body"))
        self.assertNotIn("Insolvency proceedings", written)
        self.assertIn("Procédure", written)

    def test_the_service_of_an_order_says_which_day_counts(self):
        commercial = self._step("serve").with_context(lang="en_US")
        civil = self._step("serve", "order_civil").with_context(lang="en_US")
        commercial.hint = "Was it served to somebody else, record it with that day."
        civil.hint = False
        self._migrate()
        self.assertIn(HINT, commercial.hint)
        self.assertIn(HINT, civil.hint)

    def test_a_hint_that_people_wrote_stays(self):
        steps = self._step("serve") | self._step("serve", "order_civil")
        steps.with_context(lang="en_US").hint = "Ask Maître Durand"
        self._migrate()
        self.assertEqual(
            set(steps.with_context(lang="en_US").mapped("hint")), {"Ask Maître Durand"}
        )

    def test_what_people_wrote_in_one_language_stays_in_it(self):
        self.root["res.lang"]._activate_lang("fr_FR")
        steps = self._step("serve") | self._step("serve", "order_civil")
        commercial, civil = steps
        commercial.with_context(
            lang="en_US"
        ).hint = "Served to somebody else than the debtor: record it with that day."
        civil.with_context(lang="en_US").hint = False
        steps.with_context(lang="fr_FR").hint = "Demander à Maître Durand"
        civil.with_context(lang="en_US").hint = "Ask Maître Durand"
        self._migrate()
        self.assertIn(HINT, commercial.with_context(lang="en_US").hint)
        self.assertEqual(
            set(steps.with_context(lang="fr_FR").mapped("hint")), {"Demander à Maître Durand"}
        )

    def test_the_former_french_hint_is_renewed(self):
        self.root["res.lang"]._activate_lang("fr_FR")
        commercial = self._step("serve")
        commercial.with_context(lang="en_US").hint = "Ask Maître Durand"
        commercial.with_context(lang="fr_FR").hint = (
            "Si elle n’est pas signifiée à personne, le mois court du premier acte signifié à "
            "personne ou de la première mesure sur les biens\u00a0: indiquez ce jour."
        )
        self._migrate()
        self.assertIn("Les délais courent du", commercial.with_context(lang="fr_FR").hint)
        self.assertEqual(commercial.with_context(lang="en_US").hint, "Ask Maître Durand")
