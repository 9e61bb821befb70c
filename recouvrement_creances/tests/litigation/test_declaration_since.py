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

    def test_representative_named_since_gets_the_declaration(self):
        self._owe(60, 1000)
        record = self._record()
        person = record.representative_id or self.partner_b
        record.representative_id = False
        declaration = self._declare(record)
        self.assertFalse(declaration.recipient_id)
        record.representative_id = person
        self.assertEqual(self._declare(record).recipient_id, person)
