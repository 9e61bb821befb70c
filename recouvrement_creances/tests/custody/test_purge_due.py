from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import NOTE, PurgeCommon


@tagged("post_install", "-at_install")
class TestPurgeDue(PurgeCommon):
    """A purge erases what is due on the day it is carried out, whatever it names."""

    def test_case_that_closed_again_since_the_proposal_is_kept_for_its_new_period(self):
        case = self._old_case(note=NOTE)
        purge = self._propose()
        case.write({"is_open": True, "closed_on": False})
        case.write({"is_open": False, "closed_on": fields.Date.today() - timedelta(days=30)})
        purge.action_execute()
        self.env.invalidate_all()
        self.assertIn(NOTE, case.hold_ids.mapped("note"))
        self.assertFalse(case.purged_on or any(case.evidence_ids.mapped("erased_on")))
        self.assertFalse(self._logs("purge").detail)

    def test_case_of_another_company_is_never_purged(self):
        case = self._old_case(note=NOTE)
        stranger = self.root["res.company"].create({"name": "Stranger"})
        purge = self.root["collection.purge"].create({"company_id": stranger.id})
        purge.line_ids = [Command.create({"case_id": case.id, "has_notes": True})]
        purge.with_user(self.manager).sudo().action_execute()
        self.env.invalidate_all()
        self.assertIn(NOTE, case.hold_ids.mapped("note"))
        self.assertFalse(case.purged_on)

    def test_nobody_writes_what_a_purge_found_or_who_carried_it_out(self):
        self._old_case()
        purge = self._propose()
        for changes in (
            {"executed_by_id": self.manager.id},
            {"executed_on": fields.Date.today()},
            {"held_count": 0},
            {"line_ids": [(5,)]},
            {"company_id": self.company.id},
        ):
            with self.subTest(values=changes), self.assertRaises(AccessError):
                purge.write(changes)

    def test_nobody_names_cases_of_a_proposal_by_hand(self):
        case = self._old_case()
        purge = self._propose()
        recent = self._old_case(self.partner_b)
        recent.closed_on = fields.Date.today() - timedelta(days=30)
        line = purge.line_ids
        with self.assertRaises(AccessError):
            line.create({"purge_id": purge.id, "case_id": recent.id, "has_notes": True})
        with self.assertRaises(AccessError):
            purge.line_ids = [Command.create({"case_id": recent.id, "has_notes": True})]
        with self.assertRaises(AccessError):
            line.case_id = recent
        with self.assertRaises(AccessError):
            line.unlink()
        self.assertEqual(line.case_id, case)
        for name in ("reader", "accountant", "finance_director"):
            with self.subTest(role=name), self.assertRaises(AccessError):
                line.with_user(self.personas[name]).action_toggle()
        self.assertFalse(line.is_kept)
