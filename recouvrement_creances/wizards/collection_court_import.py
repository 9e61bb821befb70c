import base64
import re

from odoo import fields, models
from odoo.exceptions import UserError

from ..models.litigation.collection_court import COURT_KINDS
from ..rules.competence import COMMERCIAL
from ..rules.courts import find_named, spread
from ..tools.tables import read_table

MOST_BYTES = 20_000_000
# What tables of postcodes call their columns: of the clerks' open data, of others.
POSTCODE_COLUMNS = ("code postal", "code_postal", "codepostal", "cp", "postcode")
COURT_COLUMNS = ("greffe", "tribunal", "juridiction", "court")
POSTCODE = re.compile(r"\d{5}")


class CollectionCourtImport(models.TransientModel):
    """Take in which court judges which postcode, from an open table."""

    _name = "collection.court.import"
    _description = "Postcodes of courts from a file"

    kind = fields.Selection(selection=COURT_KINDS, required=True, default=COMMERCIAL)
    file = fields.Binary(
        required=True,
        help="CSV with a column of postcodes and one of courts, as the table of communes and "
        "clerks of the open data of Infogreffe has them (Code postal; Greffe).",
    )
    file_name = fields.Char()
    result = fields.Text(readonly=True)

    # === ACTIONS === #

    def action_apply(self):
        """Give the courts of the file their postcodes, and tell which ones are not in the list."""
        self.ensure_one()
        courts = self.env["collection.court"].search([("kind", "=", self.kind)])
        courts.check_access("write")
        found, unknown = self._match(self._read_codes(base64.b64decode(self.file)), courts)
        for court, prefixes in spread(found).items():
            court.postcodes = ", ".join(prefixes)
        self.result = "\n".join(
            [
                self.env._("Postcodes of %s courts were taken in.", len(found)),
                *(
                    self.env._("Not in the list, add it first: %s", name)
                    for name in sorted(unknown)
                ),
            ]
        )
        return {
            "name": self.env._("Postcodes of courts from a file"),
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    # === BUSINESS === #

    def _match(self, codes, courts):
        """Return ({court: postcodes}, the names that no court of the list has)."""
        names = {court: court.name for court in courts}
        found, unknown = {}, set()
        for name, own in codes.items():
            court = find_named(name, names)
            if court:
                found.setdefault(court, set()).update(own)
            else:
                unknown.add(name)
        return found, unknown

    def _read_codes(self, content):
        """Return {name of a court: its postcodes}.

        :raises UserError: says what is wrong with the file
        """
        if len(content) > MOST_BYTES:
            raise UserError(self.env._("The file is too long."))
        try:
            names, rows = read_table(content)
        except ValueError as error:
            raise UserError(
                self.env._("The file is no CSV table: save the table as CSV first.")
            ) from error
        columns = {(name or "").strip().lower(): name for name in names}
        postcode = next((columns[name] for name in POSTCODE_COLUMNS if name in columns), None)
        court = next((columns[name] for name in COURT_COLUMNS if name in columns), None)
        if not (postcode and court):
            raise UserError(
                self.env._("The file lacks a column of postcodes (Code postal) or courts (Greffe).")
            )
        codes = {}
        for row in rows:
            name, code = (row[court] or "").strip(), (row[postcode] or "").strip().zfill(5)
            if name and POSTCODE.fullmatch(code):
                codes.setdefault(name, set()).add(code)
        return codes
