import base64

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import LitigationCommon

# How a workbook begins: it is a ZIP.
WORKBOOK = b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00b\xee\rh^\x01;\r\n\x90\x04"


@tagged("post_install", "-at_install")
class TestTableFiles(LitigationCommon):
    """Whoever hands in a table of another program is told what to save it as."""

    def _take_in(self, model, content):
        dialog = self.root[model].create({"file": base64.b64encode(content)})
        dialog.action_apply()
        return dialog

    def test_a_workbook_is_to_be_saved_as_csv(self):
        for model in ("collection.court.import", "collection.publication.import"):
            with (
                self.subTest(model=model),
                self.assertRaisesRegex(UserError, "save the table as CSV"),
            ):
                self._take_in(model, WORKBOOK)

    def test_lines_may_end_as_on_an_old_macintosh(self):
        dialog = self._take_in("collection.court.import", b"Code postal;Greffe\r69170;LYON\r")
        self.assertIn("Postcodes of 1 courts", dialog.result)
        dialog = self._take_in(
            "collection.publication.import", b"id;dateparution;registre\rA1;2026-03-13;None\r"
        )
        self.assertIn("1 records read", dialog.result)
