from importlib.util import module_from_spec, spec_from_file_location

from odoo.modules.module import get_module_path
from odoo.tests import tagged

from .insolvency_common import InsolvencyCommon

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
