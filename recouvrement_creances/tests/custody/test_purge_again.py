from importlib.util import module_from_spec, spec_from_file_location

from odoo import fields
from odoo.modules.module import get_module_path
from odoo.tests import tagged

from .common import LONG_AGO, NOTE, PurgeCommon


@tagged("post_install", "-at_install")
class TestPurgeAgain(PurgeCommon):
    """What is said of a case after its purge, once it has opened again, is purged in its turn."""

    def _purged_case(self, partner):
        case = self._old_case(partner)
        self._propose().action_execute()
        self.env.invalidate_all()
        self.assertTrue(case.purged_on)
        return case

    def _migrate(self):
        self.env.flush_all()
        path = f"{get_module_path('recouvrement_creances')}/migrations/19.0.1.1.0/"
        spec = spec_from_file_location("post_purges", f"{path}post-purges.py")
        script = module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def test_case_that_opened_and_closed_again_is_proposed_again(self):
        case = self._purged_case(self.partner_a)
        line = case.item_ids.move_line_id
        credit = line.matched_credit_ids.credit_move_id
        line.remove_move_reconcile()
        self._decide()
        self.assertRecordValues(case, [{"is_open": True, "purged_on": False}])
        case.message_post(body=NOTE)
        (line | credit).reconcile()
        self._decide()
        self.assertFalse(case.is_open)
        case.closed_on = LONG_AGO
        purge = self._propose()
        self.assertRecordValues(purge.line_ids, [{"case_id": case.id, "has_notes": True}])
        purge.action_execute()
        self.env.invalidate_all()
        self.assertFalse(case.message_ids)
        self.assertTrue(case.purged_on)

    def test_update_forgets_purges_before_the_last_closing(self):
        reopened, purged = map(self._purged_case, (self.partner_a, self.partner_b))
        reopened.write({"is_open": True, "closed_on": False})
        self._migrate()
        self.assertFalse(reopened.purged_on)
        self.assertTrue(purged.purged_on)
        purged.closed_on = fields.Date.today()
        self._migrate()
        self.assertFalse(purged.purged_on)
