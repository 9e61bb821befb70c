from ..common import TODAY, CollectionCommon


class LimitationCommon(CollectionCommon):
    """Builders of claims, old enough, and of what interrupts them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.personas["manager"]
        cls.events = cls.root["collection.limitation.event"]
        cls.business = cls._debtor("Old Business")
        cls.consumer = cls._debtor("Old Consumer", is_company=False)
        cls.public = cls._debtor("Old Town", collection_debtor_kind="public")

    def _claim(self, due, partner=None, **vals):
        """Return the item of an invoice due on a day, read from the ledger."""
        invoice = self._overdue_invoice((TODAY - due).days, partner=partner, **vals)
        self._decide()
        return self._item(invoice)

    def _scan(self, user=None):
        files = self.env["ir.attachment"].with_user(user or self.manager)
        return files.create({"name": "acknowledgement.pdf", "raw": b"%PDF-1.4 signed"})

    def _note(self, items, kind="acknowledgement", day=TODAY, user=None, **values):
        """Note an event with a scan, as a manager unless told otherwise."""
        user = user or self.manager
        values.setdefault("attachment_ids", self._scan(user))
        return self.events.with_user(user)._note(
            items.case_id.with_user(user),
            items.with_user(user),
            kind,
            day,
            **{"by_debtor": True, **values},
        )

    def assertDates(self, item, legal, possible=None, confirmed=None):
        """Check the three dates of an item; without more, nothing has moved."""
        item.invalidate_recordset()
        found = (
            item.limitation_date,
            item.limitation_possible_date,
            item.limitation_confirmed_date,
        )
        self.assertEqual(found, (legal, possible or legal, confirmed or legal))
