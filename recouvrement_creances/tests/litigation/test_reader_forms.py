from odoo.tests import Form, tagged

from .handover_common import HandoverCommon
from .insolvency_common import InsolvencyCommon


@tagged("post_install", "-at_install")
class TestReaderForms(HandoverCommon, InsolvencyCommon):
    """Who may not work on a record reads its form: nothing looks as if it could be changed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = cls._make_persona("colleague", "recouvrement_creances.group_collector")

    def _find_writable(self, record, user):
        """Return the names of the fields that the form of a record lets somebody write."""
        form = Form(record.with_user(user))
        return {
            name
            for name in form._view["fields"]
            if not form._get_modifier(name, "readonly")
            and not form._get_modifier(name, "invisible")
            and not record._fields[name].name.startswith(("message_", "activity_", "website_"))
        }

    def _assert_read(self, record, *written):
        """Check what who works on a record writes, and that a colleague writes none of it."""
        self.assertLessEqual(set(written), self._find_writable(record, record.env.user))
        self.assertFalse(record.with_user(self.colleague).can_work)
        self.assertFalse(self._find_writable(record, self.colleague))

    def test_a_handover(self):
        handover = self._prepare()
        handover.case_id.sudo().user_id = self.collector
        self._assert_read(handover, "item_ids", "route_code", "agent_id", "agent_kind", "note")

    def test_a_proceeding_and_a_piece(self):
        proceeding = self._sue(user=self.collector)
        proceeding.case_id.sudo().user_id = self.collector
        names = ("court_id", "number", "counsel_id", "opposing_counsel_id", "note")
        self._assert_read(proceeding, "amount_claimed", "cost_ids", "receipt_ids", *names)
        self._take(proceeding, "file")
        self._assert_read(proceeding, *names)
        piece = self._add_document(proceeding, "order")
        self._assert_read(piece, "kind", "name", "content", "date", "item_ids")

    def test_insolvency_proceedings_with_debts_and_declaration(self):
        invoice = self._owe()
        self._item(invoice).case_id.sudo().user_id = self.collector
        record = self._record(user=self.collector)
        self._assert_read(record, "kind", "publication_number", "security", "note")
        record.action_prepare_declaration()
        self._assert_read(record.declaration_ids, "recipient_id", "signatory_name", "security")
        record._list_claims()
        claim = record.claim_ids
        arch = self.env.ref("recouvrement_creances.collection_insolvency_claim_view_list").arch
        self.assertTrue(claim.can_work)
        self.assertFalse(claim.with_user(self.colleague).can_work)
        self.assertIn('<field name="side" readonly="not can_work"/>', arch)
