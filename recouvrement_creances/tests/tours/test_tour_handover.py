import io
import subprocess
import tempfile
import zipfile
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..litigation.handover_common import HandoverCommon
from .common import CollectionTourCommon


@tagged("post_install", "-at_install")
class TestTourHandover(HandoverCommon, CollectionTourCommon):
    """A collector asks, the director refuses, then approves; a lawyer takes it on."""

    def setUp(self):
        super().setUp()
        self.debtor.name = "Silent Debtor"
        item = self._overdue_item()
        self._give_notice(item)
        # What the checklist asks for is there already.
        draft = self._complete(
            self.env["collection.handover"]
            .with_user(self.collector)
            .create({"case_id": item.case_id.id, "item_ids": [(6, 0, item.ids)]})
        )
        draft.action_cancel()
        self.case = item.case_id

    def _walk(self, language):
        self._tour("collector", language, "handover_ask")
        handover = self.case.handover_ids[0]
        self.assertEqual((handover.state, handover.requested_by_id), ("requested", self.collector))
        self._tour("finance_director", language, "handover_refuse")
        self.assertEqual(
            (handover.state, handover.decision_note), ("refused", "Call them once more")
        )
        self._tour("collector", language, "handover_ask_again")
        self._tour("finance_director", language, "handover_approve")
        self.assertEqual((handover.state, handover.round), ("approved", 2))
        self.assertEqual(handover.case_id.stage_kind, "litigation")
        self._check_file(handover)
        self._hand_over(handover)

    def _check_file(self, handover):
        """Download the file as the director and check its sums as anybody does."""
        self.authenticate(self.director.login, self.director.login)
        action = handover.with_user(self.director).action_download_file()
        content = self.url_open(action["url"]).content
        with tempfile.TemporaryDirectory() as folder:
            zipfile.ZipFile(io.BytesIO(content)).extractall(folder)
            checked = subprocess.run(
                ["sha256sum", "-c", "SHA256SUMS"],
                cwd=folder,
                capture_output=True,
                text=True,
                check=False,
            )
        self.assertEqual(checked.returncode, 0, checked.stderr)
        self.assertGreater(checked.stdout.count(": OK"), 5)

    def _hand_over(self, handover):
        """Let the lawyer open the link and answer; then it expires, and another one is revoked."""
        handover = handover.with_user(self.collector)
        self._transmit(handover)
        link = handover.link_ids
        path = "/collection/file/" + link._get_url().rpartition("/")[2]
        self.authenticate(None, None)
        self.start_tour(path, "collection_tour_handover_lawyer", login=None)
        self.env.invalidate_all()
        self.assertEqual((handover.state, handover.answer_note), ("accepted", "On Monday"))
        link.sudo().expires_at = fields.Datetime.now() - timedelta(minutes=1)
        self.env.flush_all()
        self.assertEqual(self.url_open(path).status_code, 403)
        handover.action_send_link()
        newest = handover.link_ids.filtered(lambda one: one.state == "valid")
        self.env.flush_all()
        path = "/collection/file/" + newest._get_url().rpartition("/")[2]
        self.assertEqual(self.url_open(path).status_code, 200)
        newest.action_revoke()
        self.env.flush_all()
        self.assertEqual(self.url_open(path).status_code, 403)

    def test_from_the_request_to_the_lawyer(self):
        self._walk("en_US")

    def test_from_the_request_to_the_lawyer_in_french(self):
        self._walk("fr_FR")
