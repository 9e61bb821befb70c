from odoo.tests import tagged

from ..common import CollectionCommon


@tagged("post_install", "-at_install")
class TestPartnerMerge(CollectionCommon):
    """Two debtors that turn out to be one keep one case."""

    def _merge(self, source, destination):
        wizard = self.root["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((source | destination).ids, destination, extra_checks=False)

    def test_merged_debtors_have_one_case_with_all_items_and_holds(self):
        first = self._overdue_invoice(6)
        second = self._overdue_invoice(8, partner=self.partner_b)
        self._decide()
        kept, ended = self._case(), self._case(self.partner_b)
        hold = self._hold(ended)
        self._merge(self.partner_b, self.partner_a)
        self._decide()
        self.assertEqual((self._item(first) | self._item(second)).case_id, kept)
        self.assertFalse(ended.is_open)
        self.assertEqual(hold.case_id, kept)
        self.assertVerdict(first, "held")

    def test_what_was_sent_before_the_merge_stays_with_its_evidence(self):
        self._overdue_invoice(6, partner=self.partner_b)
        self._overdue_invoice(6)
        with self._mail_server():
            self._run()
        ended = self._case(self.partner_b)
        evidence = ended.evidence_ids
        self.assertTrue(evidence)
        self._merge(self.partner_b, self.partner_a)
        self.assertEqual(evidence.case_id, ended)
        self.assertEqual(ended.partner_id, self.partner_a)
        self.assertFalse(self.root["collection.evidence"]._find_break(self.company))

    def test_debtor_without_a_case_takes_over_the_others(self):
        invoice = self._overdue_invoice(6, partner=self.partner_b)
        self._decide()
        case = self._case(self.partner_b)
        self._merge(self.partner_b, self.partner_a)
        self._decide()
        self.assertEqual(case.partner_id, self.partner_a)
        self.assertTrue(case.is_open)
        self.assertEqual(self._item(invoice).case_id, case)
