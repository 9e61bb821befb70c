from datetime import date
from decimal import Decimal

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

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
