from importlib.util import module_from_spec, spec_from_file_location

from odoo.modules.module import get_module_path
from odoo.tests import tagged

from .common import LitigationCommon


@tagged("post_install", "-at_install")
class TestProceedingVoidedMigration(LitigationCommon):
    """Steps of 19.0.1.0.0 are told which events on limitation they had said to be void."""

    def _migrate(self):
        self.env.flush_all()
        path = f"{get_module_path('recouvrement_creances')}/migrations/19.0.1.1.0/"
        spec = spec_from_file_location("post_limitation", f"{path}post-limitation.py")
        script = module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def test_what_was_said_with_a_step_comes_back_with_it(self):
        proceeding = self._sue(procedure="summons")
        self._take(proceeding, "serve", procedure="summons")
        withdraw = self._take(proceeding, "withdraw", procedure="summons")
        void = proceeding.event_ids.limitation_event_id
        withdraw.sudo().voided_limitation = False
        self._migrate()
        self.assertEqual(withdraw.voided_limitation, void.ids)
        proceeding.with_user(self.manager)._undo_step(withdraw, "Another case")
        self.assertEqual(proceeding.event_ids.limitation_event_id.mapped("state"), ["noted"])

    def test_what_a_person_said_before_is_no_step_s(self):
        proceeding = self._sue(procedure="summons")
        self._take(proceeding, "serve", procedure="summons")
        claim = proceeding.event_ids.limitation_event_id
        claim.with_user(self.manager)._say("void", note="It has lapsed")
        withdraw = self._take(proceeding, "withdraw", procedure="summons")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE collection_proceeding_event SET create_date = create_date + interval '1 hour' "
            "WHERE id = %s",
            [withdraw.id],
        )
        self._migrate()
        self.assertFalse(withdraw.voided_limitation)
