from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from .insolvency_common import PUBLISHED, InsolvencyCommon


@tagged("post_install", "-at_install")
class TestDeadlineAlarms(InsolvencyCommon):
    """Alarms reach somebody, whatever breaks beside them."""

    def _declaration(self):
        """Return the deadline to declare a debtor's claims."""
        self._owe()
        return self._record().deadline_ids.filtered(
            lambda one: one.rule_code == "insolvency.declaration"
        )

    def _cron(self):
        with self.enter_registry_test_mode():
            self.root.ref("recouvrement_creances.ir_cron_warn_deadlines").method_direct_trigger()

    def test_what_breaks_for_one_company_silences_no_other(self):
        first = self._declaration()
        sister = self.root["res.company"].create({"name": "Sister"})
        second = first.sudo().copy({"event_date": PUBLISHED - timedelta(days=1)})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE collection_deadline SET company_id = %s WHERE id = %s", [sister.id, second.id]
        )
        self.env.invalidate_all()
        (self.company | sister).sudo().collection_insurer_days = 60
        deadlines = type(self.root["collection.deadline"])
        warn, warned = deadlines._warn, []

        def break_down(model, company, as_of):
            warned.append(company)
            if company == sister:
                raise ValueError("Broken data")
            return warn(model, company, as_of)

        def break_too(model, company, as_of):
            raise ValueError("Broken policy")

        with (
            self.on(7),
            patch.object(deadlines, "_warn", break_down),
            patch.object(type(self.root["collection.insurance"]), "_open_due", break_too),
            self.assertLogs("odoo.addons.recouvrement_creances", "ERROR") as logs,
        ):
            self._cron()
        self.env.invalidate_all()
        self.assertLessEqual({self.company, sister}, set(warned))
        told = self.root["mail.activity"].search(
            [("res_model", "=", first._name), ("res_id", "=", first.id)]
        )
        self.assertTrue(told, (logs.output, warned, first.next_alarm_date, first.company_id))
        self.assertIn("Broken data", "".join(logs.output))
        self.assertIn("Broken policy", "".join(logs.output))

    def test_alarm_that_would_reach_nobody_waits(self):
        deadline = self._declaration()
        deadline.sudo().user_id = False
        day = deadline.next_alarm_date
        users = type(self.root["res.users"])
        with (
            patch.object(users, "_find_collection_manager", lambda model, *args: model.browse()),
            self.assertLogs("odoo.addons.recouvrement_creances", "ERROR") as logs,
        ):
            self.assertFalse(self.root["collection.deadline"]._warn(self.company, day))
        self.assertIn("reach nobody", "".join(logs.output))
        self.assertEqual(deadline.next_alarm_date, day)
        self.assertEqual(self.root["collection.deadline"]._warn(self.company, day), deadline)
        self.assertTrue(deadline.activity_ids)
