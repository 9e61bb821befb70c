from odoo import fields

from ..common import CollectionCommon


class LitigationCommon(CollectionCommon):
    """Builders of proceedings and of what proves their steps."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls.personas["accountant"]
        cls.manager = cls.personas["manager"]
        cls.debtor = cls._debtor("Sued Debtor", zip="75002", city="Paris")
        cls.procedures = cls.root["collection.procedure"]

    def _sue(self, invoice=None, procedure="order_commercial", user=None, **values):
        """Return a proceeding about an invoice of 5,000, opened by the accountant."""
        if procedure == "european_order" and not invoice:
            # It is open against who lives in another state of the Union alone.
            self.debtor.country_id = self.root.ref("base.de")
        invoice = invoice or self._overdue_invoice(90, 5000, partner=self.debtor)
        self._decide()
        item = self._item(invoice)
        proceeding = self.root["collection.proceeding"]._open(
            item.case_id, item, self._procedure(procedure), **values
        )
        # As if a manager had let it begin.
        proceeding.without_handover_reason = "Taken over"
        return proceeding.with_user(user or self.accountant)

    def _procedure(self, key):
        return self.root.ref(f"recouvrement_creances.collection_procedure_{key}")

    def _step(self, key, procedure="order_commercial"):
        return self.root.ref(f"recouvrement_creances.collection_procedure_step_{procedure}_{key}")

    def _paper(self, name="paper.pdf", user=None):
        files = self.env["ir.attachment"].with_user(user or self.accountant)
        return files.create({"name": name, "raw": b"%PDF-1.4 paper"})

    def _take(self, proceeding, key, day=None, procedure="order_commercial", **values):
        """Record a step with a document, of today unless told otherwise."""
        return proceeding._record_step(
            self._step(key, procedure),
            day or fields.Date.today(),
            self._paper(f"{key}.pdf", proceeding.env.user),
            **values,
        )

    def _deadline(self, proceeding, code):
        """Return the only deadline of a proceeding for a rule."""
        found = self.root["collection.deadline"].search(
            [
                ("source_model", "=", proceeding._name),
                ("source_id", "=", proceeding.id),
                ("rule_code", "=", code),
            ]
        )
        self.assertLessEqual(len(found), 1)
        return found
