from importlib.util import module_from_spec, spec_from_file_location

from odoo.modules.module import get_module_path
from odoo.tests import tagged

from ..common import TODAY
from .handover_common import HandoverCommon

DISMISSED = "Dismissed by the court: credit note"


@tagged("post_install", "-at_install")
class TestDismissedMigration(HandoverCommon):
    """What a court had dismissed before the update is not asked for again after it; once."""

    def _migrate(self):
        path = f"{get_module_path('recouvrement_creances')}/migrations/19.0.1.1.0/"
        spec = spec_from_file_location("post_withheld", f"{path}post-withheld.py")
        script = module_from_spec(spec)
        spec.loader.exec_module(script)
        for _turn in range(2):
            self.env.flush_all()
            script.migrate(self.env.cr, "19.0.1.0.0")
            self.env.invalidate_all()

    def _dismiss(self, *steps):
        """Return a proceeding that was dismissed, and let go as 19.0.1.0.0 did."""
        proceeding = self._sue()
        for key in ("file", "grant", "serve", "oppose", "dismiss"):
            self._take(proceeding, key, TODAY)
        for key in steps:
            self._take(proceeding.with_user(self.manager), key, reason="As before")
        self._let_go(proceeding)
        return proceeding

    def _let_go(self, proceeding):
        proceeding = proceeding.sudo()
        holds = (proceeding.hold_id | proceeding.credit_hold_id).filtered(
            lambda hold: hold.state == "open"
        )
        proceeding._with_door().credit_hold_id = False
        proceeding.activity_ids.unlink()
        holds._release("As before")
        self._decide()
        self.assertNotIn(proceeding.item_ids.verdict, ("held", "handed_over"))

    def _find_manual(self, proceeding):
        return proceeding.sudo().case_id.hold_ids.filtered(
            lambda hold: hold.kind == "manual" and hold.state == "open"
        )

    def test_what_was_dismissed_and_closed_is_held_for_a_credit_note(self):
        proceeding = self._dismiss("close")
        mails = self.root["mail.mail"].search_count([])
        self._migrate()
        hold = self._find_manual(proceeding)
        self.assertRecordValues(hold, [{"note": DISMISSED, "date_end": False}])
        self.assertEqual(
            (hold.line_ids.item_id, proceeding.credit_hold_id), (proceeding.item_ids, hold)
        )
        self.assertEqual(proceeding.item_ids.verdict, "held")
        self.assertIn("credit note", proceeding.activity_ids.summary)
        self.assertEqual(len(proceeding.activity_ids), 1)
        self.assertEqual(self.root["mail.mail"].search_count([]), mails)

    def test_what_waits_for_a_decision_is_held_and_asked_about(self):
        proceeding = self._dismiss()
        self._migrate()
        self.assertEqual(proceeding.item_ids.verdict, "handed_over")
        self.assertEqual(len(proceeding.activity_ids), 1)
        self.assertIn("appeal, or close", proceeding.activity_ids.summary)
        self._take(proceeding.with_user(self.manager), "close", reason="Credited in January")
        self.assertEqual(self._find_manual(proceeding).note, DISMISSED)

    def test_what_was_paid_or_not_dismissed_is_not_held(self):
        paid = self._dismiss("close")
        self._pay(paid.item_ids.move_id)
        other = self._sue()
        for key in ("file", "grant", "close"):
            self._take(other, key, TODAY, reason="Settled by phone")
        self._migrate()
        self.assertFalse(self._find_manual(paid) | self._find_manual(other))
        self.assertFalse((paid | other).activity_ids)

    def test_what_another_court_has_had_since_is_left_to_it(self):
        proceeding = self._dismiss("close")
        later = self.root["collection.proceeding"]._open(
            proceeding.case_id, proceeding.item_ids, self._procedure("summons")
        )
        later.without_handover_reason = "Taken over"
        self._take(
            later.with_user(self.manager), "serve", procedure="summons", reason="Another ground"
        )
        self._migrate()
        self.assertFalse(self._find_manual(proceeding))
        self.assertEqual(proceeding.item_ids.verdict, "handed_over")

    def test_a_new_installation_has_nothing_to_hold(self):
        proceeding = self._dismiss("close")
        path = f"{get_module_path('recouvrement_creances')}/migrations/19.0.1.1.0/"
        spec = spec_from_file_location("post_withheld", f"{path}post-withheld.py")
        script = module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, None)
        self.assertFalse(self._find_manual(proceeding))
