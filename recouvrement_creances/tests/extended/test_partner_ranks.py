from odoo.tests import tagged

from ..common import CollectionCommon


@tagged("post_install", "-at_install")
class TestPartnerRanks(CollectionCommon):
    """Posting invoices counts them on their partners: that reads nothing of collection."""

    def test_counting_documents_reads_no_field_of_collection(self):
        # As Odoo does it, once for all partners that have as many.
        partner = self.partner_a.sudo().with_context(prefetch_fields=False)
        self.env.flush_all()
        self.env.invalidate_all()
        partner.write({"customer_rank": partner.customer_rank + 1})
        tracked = [
            field
            for name, field in partner._fields.items()
            if name.startswith("collection_") and name in partner._track_get_fields()
        ]
        self.assertTrue(tracked)
        read = [field.name for field in tracked if partner.id in field._get_cache(partner.env)]
        self.assertEqual(read, [])
