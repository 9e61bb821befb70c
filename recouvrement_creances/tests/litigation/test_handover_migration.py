from importlib.util import module_from_spec, spec_from_file_location

from odoo.modules.module import get_module_path
from odoo.tests import tagged

from .handover_common import HandoverCommon

ASKING = "The file can be read and downloaded on this page, where you also tell us whether you"


@tagged("post_install", "-at_install")
class TestHandoverMigration(HandoverCommon):
    """The message of 19.0.1.0.0 asks who took the file on nothing any more."""

    def _migrate(self):
        self.env.flush_all()
        path = f"{get_module_path('recouvrement_creances')}/migrations/19.0.1.1.0/"
        spec = spec_from_file_location("post_handovers", f"{path}post-handovers.py")
        script = module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def test_a_new_link_after_he_took_it_on_asks_nothing(self):
        template = self.root.ref("recouvrement_creances.mail_template_handover_file")
        former = f"<p>Changed by us</p><p>{ASKING} take it on:</p>"
        template.with_context(lang="en_US").body_html = former
        self._migrate()
        handover = self._transmit()
        ours = [("recipient_ids", "in", self.lawyer.ids)]
        first = self.root["mail.mail"].search(ours)
        self.assertIn(ASKING, first.body_html)
        handover.sudo()._answer("accept", "On Monday")
        handover.action_send_link()
        second = self.root["mail.mail"].search(ours) - first
        self.assertIn("Changed by us", second.body_html)
        self.assertNotIn(ASKING, second.body_html)
