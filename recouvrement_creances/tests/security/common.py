from odoo.fields import Command

from ..common import TODAY, CollectionCommon

ROLES = (
    "reader",
    "collector",
    "accountant",
    "manager",
    "finance_director",
    "invoicing",
    "portal",
)
OPERATIONS = {"create": "c", "read": "r", "write": "w", "unlink": "d"}


class MatrixCommon(CollectionCommon):
    """Compares tables of rights with what Odoo grants."""

    # === BUILDERS === #

    @classmethod
    def _make_case(cls, company, name, user):
        return cls.root["collection.case"].create(
            {
                "name": name,
                "company_id": company.id,
                "partner_id": cls._debtor(name).id,
                "user_id": user and user.id,
                "stage_id": cls.root["collection.stage"]._first_of_kind("amicable").id,
            }
        )

    @classmethod
    def _make_item(cls, case):
        invoice = (
            cls.root["account.move"]
            .with_company(case.company_id)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": case.partner_id.id,
                    "invoice_date": TODAY,
                    "company_id": case.company_id.id,
                    "invoice_line_ids": [
                        Command.create({"name": "Work", "price_unit": 100, "tax_ids": False})
                    ],
                }
            )
        )
        line = invoice.line_ids.filtered(lambda line: line.display_type == "payment_term")
        return cls.root["collection.item"].create({"move_line_id": line.id, "case_id": case.id})

    @classmethod
    def _make_hold(cls, case, item):
        return cls.root["collection.hold"].create(
            {
                "case_id": case.id,
                "reason_id": cls.root.ref("recouvrement_creances.collection_reason_hold_other").id,
                "date_end": TODAY,
                "line_ids": [Command.create({"item_id": item.id})],
            }
        )

    @classmethod
    def _make_charge(cls, case, item):
        return cls.root["collection.charge"].create(
            {
                "name": case.name,
                "case_id": case.id,
                "company_id": case.company_id.id,
                "currency_id": case.currency_id.id,
                "date": TODAY,
                "date_until": TODAY,
                "line_ids": [
                    Command.create(
                        {"kind": "indemnity", "invoice_id": item.move_id.id, "amount": 40}
                    )
                ],
            }
        )

    @classmethod
    def _make_waiver(cls, charge):
        charge._apply_event("claim")
        return cls.root["collection.waiver"].create(
            {
                "charge_id": charge.id,
                "reason_id": cls.root.ref(
                    "recouvrement_creances.collection_reason_waiver_gesture"
                ).id,
                "note": "An example",
            }
        )

    # === TABLE === #

    def _granted(self, role, record):
        record = record.with_user(self.roles[role]).with_context(
            allowed_company_ids=self.company.ids
        )
        return "".join(letter for name, letter in OPERATIONS.items() if record.has_access(name))

    def _check_table(self, table, columns, records):
        """Compare a table with what each role is granted on each column's record."""
        for model, rows in table.items():
            for role in ROLES:
                expected = rows.get(role, " ".join("." for _column in columns)).split()
                granted = [self._granted(role, records[column][model]) for column in columns]
                with self.subTest(model=model, role=role):
                    self.assertEqual([right or "." for right in granted], expected)
