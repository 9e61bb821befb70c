from datetime import timedelta

from odoo.tests import tagged

from ..common import TODAY
from .insolvency_common import OPENED, InsolvencyCommon


@tagged("post_install", "-at_install")
class TestDeclarationSince(InsolvencyCommon):
    """What took place between the judgement and the declaration takes nothing away from it."""

    def _declare(self, record):
        declarations = self.root["collection.insolvency.declaration"].with_user(self.accountant)
        return declarations._prepare_for(record.with_user(self.accountant))

    def test_charges_claimed_before_anybody_knew_are_declared_up_to_the_judgement(self):
        self.debtor.collection_debtor_kind = "professional"
        item = self._item(self._owe(60, 1000))
        untold = self.root["collection.interest"]._compute_items(item, OPENED - timedelta(days=1))
        case = self._case(self.debtor).with_user(self.accountant)
        charges = self.root["collection.charge"].with_user(self.accountant)
        claimed = charges._claim(case, item, TODAY, TODAY)
        self.assertGreater(min(claimed.sudo().mapped("date")), OPENED)
        line = self._declare(self._record()).line_ids
        self.assertAlmostEqual(line.interest, float(untold[item.id].charges.interest.total))
        self.assertAlmostEqual(line.indemnity, float(untold[item.id].charges.indemnity))

    def _claim_since(self):
        """Return what was claimed of a debt, after a judgement that nobody knew of yet."""
        self.debtor.collection_debtor_kind = "professional"
        item = self._item(self._owe(60, 1000))
        case = self._case(self.debtor).with_user(self.accountant)
        charges = self.root["collection.charge"].with_user(self.accountant)
        return charges._claim(case, item, TODAY, TODAY).sudo()

    def test_what_was_given_up_of_charges_is_not_declared(self):
        charges = self._claim_since()
        # Interest is claimed in the currency of the debt, the indemnity in euros.
        late = charges.filtered("amount_interest")
        fixed = charges.filtered("amount_indemnity")
        declaration = self._declare(self._record())
        line = declaration.line_ids
        interest, indemnity, total = line.interest, line.indemnity, line.amount_total
        self.assertGreater(interest, 3)
        late._waive(3)
        fixed._waive(10)
        declaration.action_compute()
        line = declaration.line_ids
        self.assertAlmostEqual(line.interest, interest - 3)
        self.assertAlmostEqual(line.indemnity, indemnity * 30 / 40, places=2)
        self.assertAlmostEqual(line.amount_total, total - 3 - indemnity / 4, places=2)
        # More than there was on the eve: the rest is of days after the judgement.
        late._waive(late.amount_interest - 3 - 0.01)
        declaration.action_compute()
        self.assertEqual(declaration.line_ids.interest, 0)
        self.assertAlmostEqual(declaration.amount_total, 1000 + indemnity * 30 / 40, places=2)

    def test_representative_named_since_gets_the_declaration(self):
        self._owe(60, 1000)
        record = self._record()
        person = record.representative_id or self.partner_b
        record.representative_id = False
        declaration = self._declare(record)
        self.assertFalse(declaration.recipient_id)
        record.representative_id = person
        self.assertEqual(self._declare(record).recipient_id, person)

    def test_a_recipient_who_was_replaced_is_followed(self):
        self._owe(60, 1000)
        record = self._record()
        self.assertEqual(self._declare(record).recipient_id, self.representative)
        record.representative_id = self.partner_b
        self.assertEqual(self._declare(record).recipient_id, self.partner_b)

    def test_a_recipient_who_was_chosen_stays(self):
        self._owe(60, 1000)
        record = self._record()
        declaration = self._declare(record)
        declaration.recipient_id = self.partner_a
        record.representative_id = self.partner_b
        self.assertEqual(self._declare(record).recipient_id, self.partner_a)
