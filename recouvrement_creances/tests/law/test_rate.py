from datetime import date
from decimal import Decimal

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import html2plaintext, mute_logger

from ...rules.rates import ECB, LEGAL_OTHER_CASES, MissingRate
from ..common import TODAY, CollectionCommon


@tagged("post_install", "-at_install")
class TestRate(CollectionCommon):
    """Published rates are data with a source; a missing one is asked for, never guessed."""

    def _rates(self):
        return self.root["collection.rate"].with_user(self.personas["manager"])

    def test_published_rates_are_there(self):
        table = self.root["collection.rate"]._get_table()
        self.assertEqual(table.rate_on(ECB, TODAY), Decimal("2.15"))
        self.assertEqual(table.rate_on(ECB, date(2026, 11, 21)), Decimal("2.40"))
        self.assertEqual(table.rate_on(LEGAL_OTHER_CASES, TODAY), Decimal("2.62"))

    def test_half_year_that_nobody_has_entered_is_missing(self):
        with self.assertRaises(MissingRate):
            self.root["collection.rate"]._get_table().rate_on(ECB, date(2027, 1, 1))

    def test_rate_counts_from_the_first_day_of_a_half_year(self):
        with self.assertRaisesRegex(ValidationError, "half-year"):
            self._rates().create(
                {"kind": ECB, "date_start": "2027-02-01", "rate": 2, "source": "ECB"}
            )

    def test_half_year_has_one_rate_of_a_kind(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self._rates().create(
                {"kind": ECB, "date_start": "2026-01-01", "rate": 2, "source": "ECB"}
            )

    def test_later_release_leaves_a_rate_that_a_manager_entered(self):
        entered = self._rates().create(
            {"kind": ECB, "date_start": "2027-01-01", "rate": 2.65, "source": "ECB, by hand"}
        )
        shipped = [
            {
                "xml_id": f"recouvrement_creances.collection_rate_ecb_2027_{half}",
                "noupdate": True,
                "values": {"kind": ECB, "date_start": day, "rate": 2.5, "source": "Release"},
            }
            for half, day in (("h1", "2027-01-01"), ("h2", "2027-07-01"))
        ]
        rates = self.root["collection.rate"].with_context(install_module="recouvrement_creances")
        for _update in range(2):
            rates._load_records(shipped, update=True)
            self.assertEqual(
                self.env.ref("recouvrement_creances.collection_rate_ecb_2027_h1"), entered
            )
        self.assertEqual((entered.rate, entered.source), (2.65, "ECB, by hand"))
        later = self.env.ref("recouvrement_creances.collection_rate_ecb_2027_h2")
        self.assertEqual((later.rate, later.source), (2.5, "Release"))

    def test_demonstration_goes_on_with_the_last_rates(self):
        """A year after the add-on was published its demonstration has claims to show too."""
        self.root["collection.demo"]._enter_rates(date(2028, 2, 29))
        table = self.root["collection.rate"]._get_table()
        for day in (date(2027, 1, 1), date(2027, 12, 31), date(2028, 2, 29)):
            self.assertEqual(table.rate_on(ECB, day), Decimal("2.40"))
            self.assertEqual(table.rate_on(LEGAL_OTHER_CASES, day), Decimal("2.75"))
        with self.assertRaises(MissingRate):
            table.rate_on(ECB, date(2028, 7, 1))
        self.assertEqual(table.rate_on(ECB, TODAY), Decimal("2.15"))

    def test_managers_enter_rates_and_readers_read_them(self):
        rate = self._rates().create(
            {"kind": ECB, "date_start": "2027-01-01", "rate": 2.65, "source": "ECB"}
        )
        self.assertEqual(rate.with_user(self.personas["reader"]).rate, 2.65)
        with self.assertRaises(AccessError):
            rate.with_user(self.personas["accountant"]).rate = 3

    def test_missing_rates_are_asked_for_once(self):
        rates = self.root["collection.rate"]
        rates._ask_for_missing(TODAY)
        tasks = [("res_model", "=", "collection.rate")]
        activities = self.root["mail.activity"]
        self.assertFalse(activities.search(tasks))
        for day in (date(2027, 1, 1), date(2027, 1, 2)):
            rates._ask_for_missing(day)
        asked = activities.search(tasks)
        self.assertEqual(len(asked), 2)
        self.assertTrue(all("2027" in summary for summary in asked.mapped("summary")))
        manager = asked.user_id
        self.assertTrue(manager.has_group("recouvrement_creances.group_manager"))
        self._rates().create(
            {"kind": ECB, "date_start": "2027-07-01", "rate": 2.65, "source": "ECB"}
        )
        rates._ask_for_missing(date(2027, 7, 1))
        self.assertEqual(activities.search_count(tasks), 3)

    # === HISTORY === #

    def _known(self, start):
        return self._rates().search([("kind", "=", ECB), ("date_start", "=", start)])

    def _messages(self, rate):
        rate.invalidate_recordset(["message_ids"])
        return rate.message_ids

    def test_rate_that_was_in_force_is_neither_deleted_nor_moved(self):
        rate = self._known("2025-07-01")
        for change in (
            rate.unlink,
            lambda: rate.write({"date_start": "2027-01-01"}),
            lambda: rate.write({"kind": "legal_individual", "rate": 3}),
        ):
            with self.assertRaisesRegex(UserError, "neither deleted nor moved"):
                change()
        rate.write({"kind": ECB, "date_start": "2025-07-01", "rate": 2.2})
        self.assertEqual(rate.rate, 2.2)

    def test_rate_to_come_is_deleted(self):
        rate = self._rates().create(
            {"kind": ECB, "date_start": "2027-01-01", "rate": 26.5, "source": "ECB"}
        )
        rate.date_start = "2027-07-01"
        rate.unlink()
        self.assertFalse(rate.exists())

    def test_correction_leaves_who_when_and_what_it_was(self):
        rate = self._known("2025-07-01")
        self.env.flush_all()
        self.cr.precommit.run()
        # As a client would that wants to leave no trace.
        rate.with_context(tracking_disable=True, mail_notrack=True).write({"rate": 9.9})
        self.env.flush_all()
        self.cr.precommit.run()
        message = rate.message_ids[0]
        value = message.sudo().tracking_value_ids
        self.assertEqual((value.old_value_float, value.new_value_float), (2.15, 9.9))
        self.assertEqual(message.author_id, self.personas["manager"].partner_id)
        with self.assertRaises(AccessError):
            message.unlink()

    def test_translated_source_leaves_what_it_was(self):
        self.root["res.lang"]._activate_lang("fr_FR")
        rate = self._known("2025-07-01")
        former = rate.with_context(lang="fr_FR").source
        # As a client would that wants to leave no trace.
        silent = rate.with_context(tracking_disable=True, mail_notrack=True, lang="fr_FR")
        silent.update_field_translations("source", {"fr_FR": "Invented"})
        self.assertEqual(silent.source, "Invented")
        message = self._messages(rate)[0]
        text = html2plaintext(message.body)
        for words in ("fr_FR", former, "Invented"):
            self.assertIn(words, text)
        self.assertEqual(message.author_id, self.personas["manager"].partner_id)
        with self.assertRaises(AccessError):
            message.unlink()
        known = len(self._messages(rate))
        silent.web_override_translations({"source": "Invented again"})
        # Both languages.
        self.assertEqual(len(self._messages(rate)), known + 2)
        silent.update_field_translations("source", {"fr_FR": "Invented again"})
        self.assertEqual(len(self._messages(rate)), known + 2)

    def test_source_is_read_in_the_reader_s_language(self):
        self.root["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"]._load_module_terms(["recouvrement_creances"], ["fr_FR"])
        sources = {
            rate.with_context(lang="fr_FR").source: rate.with_context(lang="en_US").source
            for rate in self._rates().search([])
        }
        self.assertEqual(len(sources), 9)
        for french, english in sources.items():
            self.assertNotEqual(french, english)
