from datetime import timedelta

from odoo.tests import tagged

from ..common import TODAY
from .insolvency_common import InsolvencyCommon

TASK = "recouvrement_creances.mail_activity_type_task"


@tagged("post_install", "-at_install")
class TestInsolvencyGroup(InsolvencyCommon):
    """What an opening or an end leaves to people: deliveries, and the group's other records."""

    def _tasks(self, case):
        return case.sudo().activity_ids.filtered(
            lambda task: task.activity_type_id == self.root.ref(TASK)
        )

    # === DELIVERIES === #

    def test_deliveries_stopped_for_earlier_debts_go_on(self):
        self._owe()
        self.debtor.with_company(self.company).collection_stop_reason = "Late since January"
        record = self._record()
        self.assertFalse(self.debtor.with_company(self.company).collection_stop_reason)
        task = self._tasks(record.case_id)
        self.assertEqual(task.user_id, self.manager)
        self.assertIn("L622-13", task.summary)
        self.assertIn("Late since January", task.summary)
        # What is decided anew stays, whatever is corrected.
        self.debtor.with_company(self.company).collection_stop_reason = "Cash only"
        record.judgement_date -= timedelta(days=1)
        self.assertEqual(self.debtor.with_company(self.company).collection_stop_reason, "Cash only")

    def test_what_binds_no_supplier_stops_deliveries_as_before(self):
        consumer = self._debtor("Household", is_company=False)
        for debtor, kind in ((self.debtor, "conciliation"), (consumer, "overindebtedness")):
            self._owe(partner=debtor)
            debtor.with_company(self.company).collection_stop_reason = "Late"
            self._record(debtor, kind=kind, publication_date=False)
            with self.subTest(kind=kind):
                self.assertEqual(debtor.with_company(self.company).collection_stop_reason, "Late")

    def test_conciliation_beside_hides_no_earlier_debt(self):
        self._owe()
        record = self._record()
        self._record(
            kind="conciliation", judgement_date=TODAY - timedelta(days=1), publication_date=False
        )
        self.assertEqual(
            self.root["collection.insolvency"]._get_earlier_open(self.debtor, self.company),
            record.amount_earlier,
        )
        self.assertEqual(record.amount_earlier, 1000)

    # === THE GROUP === #

    def _share(self):
        """Return proceedings and the record of a sister company, which has a case too."""
        sister = self.setup_other_company(name="Sister company")["company"]
        (self.company | sister).sudo().collection_shares_insolvency = True
        self._owe()
        record = self._record()
        shared = record.sudo().shared_ids
        self.manager.sudo().company_ids |= sister
        case = self.root["collection.case"].create(
            {"partner_id": self.debtor.id, "company_id": sister.id, "user_id": self.manager.id}
        )
        shared._find_cases()
        self.assertEqual(shared.case_id, case)
        return record, shared

    def test_a_mistake_is_told_to_the_group(self):
        record, shared = self._share()
        record.with_user(self.manager)._cancel("A namesake")
        self.assertEqual((record.state, shared.state), ("cancelled", "open"))
        task = self._tasks(shared.case_id)
        self.assertEqual(task.user_id, self.manager)
        self.assertIn("by mistake", task.summary)
        self.assertNotIn("namesake", task.summary)
        self.assertNotIn(self.company.name, task.summary)

    def test_the_end_is_told_to_the_group_by_whichever_comes_first(self):
        record, shared = self._share()
        shared.with_company(shared.company_id)._close("paid", TODAY, reason="Plan carried out")
        self.assertEqual((record.state, shared.state), ("open", "closed"))
        self.assertIn("closed", self._tasks(record.case_id).summary)
