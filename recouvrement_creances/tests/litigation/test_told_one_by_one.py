from psycopg2.errors import SerializationFailure

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...tools.one_by_one import tell_one_by_one
from ..common import CollectionCommon


@tagged("post_install", "-at_install")
class TestToldOneByOne(CollectionCommon):
    """What breaks for one record stops no other, and is told where people look."""

    def _tell(self, *faults):
        """Tell of three partners, of whom each may have a fault; return them, and who was woken."""
        partners = self.root["res.partner"].create([{"name": name} for name in "ABC"])
        broken = dict(zip(partners, faults, strict=True))
        woken = []

        def tell(partner):
            partner.ref = "told"
            if broken[partner]:
                raise broken[partner]

        tell_one_by_one(partners, "News", tell, lambda: woken.append(True))
        self.env.invalidate_all()
        return partners, woken

    def test_the_others_are_told_and_the_reason_stands_on_the_one(self):
        partners, woken = self._tell(None, UserError("No address"), None)
        self.assertEqual(partners.mapped("ref"), ["told", False, "told"])
        self.assertIn("Could not be told: No address", partners[1].message_ids[:1].body)
        self.assertNotIn(
            "Could not", " ".join((partners[0] | partners[2]).message_ids.mapped("body"))
        )
        self.assertFalse(woken)

    def test_who_works_on_one_at_this_moment_lets_it_be_done_again(self):
        partners, woken = self._tell(SerializationFailure("could not serialize access"), None, None)
        self.assertEqual(partners.mapped("ref"), [False, "told", "told"])
        self.assertNotIn("Could not", " ".join(partners.message_ids.mapped("body")))
        self.assertEqual(woken, [True])
