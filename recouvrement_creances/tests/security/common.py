from ..common import CollectionCommon

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
