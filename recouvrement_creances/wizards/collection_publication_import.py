import base64
import json

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.tables import decode, read_table

MOST_BYTES = 20_000_000


class CollectionPublicationImport(models.TransientModel):
    """Take in notices of the gazette from a file, as the service would give them."""

    _name = "collection.publication.import"
    _description = "Take in notices of the gazette from a file"
    _inherit = ["collection.sourced"]

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    file = fields.Binary(required=True, help="JSON or CSV of the gazette's open data.")
    file_name = fields.Char()
    result = fields.Text(readonly=True)

    # === ACTIONS === #

    def action_apply(self):
        """Propose what the file says of the company's debtors, and tell what came of it."""
        self.ensure_one()
        self.env["collection.case"].check_access("write")
        if self.company_id not in self.env.companies:
            raise UserError(
                self.env._(
                    "You do not work in %s: choose a company of yours.", self.company_id.sudo().name
                )
            )
        content = base64.b64decode(self.file or b"")
        if not content.strip():
            raise UserError(self.env._("Choose a file that holds notices: this one is empty."))
        records = self._read_records(content)
        found, problems = self.env["collection.publication"]._take_records(self.company_id, records)
        self.result = "\n".join(
            [
                self.env._(
                    "%(records)s records read, %(found)s notices are new.",
                    records=len(records),
                    found=len(found),
                ),
                *(self.env._("Not read: %s", problem) for problem in problems),
            ]
        )
        return {
            "name": self.env._("Notices from a file"),
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    # === BUSINESS === #

    def _read_records(self, content):
        """Return the records of a file.

        :raises UserError: says what is wrong with it
        """
        if len(content) > MOST_BYTES:
            raise UserError(self.env._("The file is too long: take in shorter periods."))
        text = decode(content)
        if text.lstrip()[:1] in ("{", "["):
            return self._read_json(text)
        return self._read_csv(content)

    def _read_json(self, text):
        try:
            records = json.loads(text)
        except ValueError as error:
            raise UserError(self.env._("The file is no valid JSON: %s", error)) from error
        if isinstance(records, dict):
            records = records.get("results", [records])
        if not isinstance(records, list):
            raise UserError(self.env._("The file holds no list of notices."))
        return records

    def _read_csv(self, content):
        try:
            names, rows = read_table(content)
        except ValueError as error:
            raise UserError(
                self.env._("The file is no CSV table: save the table as CSV first.")
            ) from error
        missing = {"id", "dateparution", "registre"} - set(names)
        if missing:
            raise UserError(self.env._("The file lacks columns: %s.", ", ".join(sorted(missing))))
        return [{name: value for name, value in row.items() if name} for row in rows]
