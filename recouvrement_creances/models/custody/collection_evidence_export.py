import hashlib
import json
import tempfile

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ...rules.sealed_archive import SealedArchive, file_name, undated_pdf
from .evidence_readme import README, VERIFY

CHUNK = 1 << 20
SEALS_AT_ONCE = 5000


class CollectionEvidenceExport(models.AbstractModel):
    """One ZIP file with the evidence of a case: pieces, their list, sums, and the chain.

    Written piece by piece to a file on disk. It is not kept: the same evidence gives the same file
    again, and its SHA-256 stays in the log.
    """

    _name = "collection.evidence.export"
    _description = "Export of a case's evidence"

    @api.model
    def _check_allowed(self, case):
        """Raise an AccessError unless the present user may hand the case's evidence out."""
        if not self.env.user.has_group("recouvrement_creances.group_accountant"):
            raise AccessError(
                self.env._("Accountants and managers of collection export the evidence of a case.")
            )
        case.check_access("read")

    @api.model
    def _export(self, case):
        """Write the evidence of a case to a temporary file and log it.

        :return: (open file at its beginning, its name)
        """
        self._check_allowed(case)
        # Its records are read with the user's rights; what the user may not see is not in it.
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller reads and closes it
        archive = SealedArchive(file)
        pieces = self._add_pieces(archive, case)
        self._add_list(archive, case, pieces)
        self._add_chain(archive, case)
        archive.add("README.txt", self._get_readme(case).encode())
        archive.add("verify.sh", VERIFY.encode())
        archive.close()
        digest = self._hash_stream(file)
        self.env["collection.custody.log"]._note(
            case.company_id,
            "export",
            self.env._("%s pieces", len(pieces)),
            about=case.name,
            case_id=case.id,
            file_hash=digest,
        )
        # In sudo mode to write on the timeline of a case that the user may only read.
        case.sudo()._log_export(digest)
        return file, file_name(self.env._("%s evidence.zip", case.name))

    def _hash_stream(self, file):
        digest = hashlib.sha256()
        file.seek(0)
        while chunk := file.read(CHUNK):
            digest.update(chunk)
        file.seek(0)
        return digest.hexdigest()

    # === PIECES === #

    def _add_pieces(self, archive, case):
        """Write the pieces, numbered in the order of their list; return what the list shows."""
        shown = []
        pieces = self.env["collection.evidence.pieces"]._iterate(case)
        for number, piece in enumerate(pieces, 1):
            day = f"{piece['date']:%Y-%m-%d}"
            name = f"{number:02d}-{day}-{piece['name']}"
            digest = archive.add(name, piece["content"])
            shown.append(
                {
                    "number": number,
                    "title": piece["title"],
                    "date": piece["date"],
                    "name": name,
                    "sha256": digest,
                }
            )
        return shown

    def _add_list(self, archive, case, pieces):
        reports = self.env["ir.actions.report"].with_company(case.company_id)
        printed = reports._render_separately(
            "recouvrement_creances.collection_evidence_list_report", case.ids, {"pieces": pieces}
        )
        name = file_name(self.env._("List of pieces"))
        archive.add(f"00-{name}.pdf", undated_pdf(printed[case.id]))

    # === CHAIN === #

    def _add_chain(self, archive, case):
        """Write the records of the case word for word, and the seals between the first and last."""
        sums, bounds = [], []
        with tempfile.TemporaryFile() as lines:
            for evidence in self.env["collection.evidence.pieces"]._read_in_batches(case):
                bounds = [*bounds[:1], evidence.position]
                lines.write(self._prepare_line(evidence))
                if not evidence.erased_on:
                    name = f"records/{evidence.position:08d}.json"
                    archive.add(name, evidence.payload.encode())
                    sums.append(f"{evidence.payload_hash}  {name}\n")
            lines.seek(0)
            archive.add("chain.jsonl", iter(lambda: lines.read(CHUNK), b""))
        archive.add("records.sha256", "".join(sums).encode())
        if bounds:
            archive.add("seals.txt", self._iterate_seals(case.company_id, bounds[0], bounds[-1]))

    def _prepare_line(self, evidence):
        line = {
            "position": evidence.position,
            "previous_hash": evidence.previous_hash or "",
            "payload_hash": evidence.payload_hash,
            "content_hash": evidence.content_hash,
            "payload": evidence.payload,
            "erased_on": str(evidence.erased_on or ""),
        }
        return (json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n").encode()

    def _iterate_seals(self, company, first, last):
        """Yield "position payload-hash seal" of the company's records, other debtors' too.

        Nothing can be told from a seal: every record holds a random salt. They let everybody follow
        the chain from the case's first record to its last one. The first line names the seal from
        which it goes on.
        """
        is_start = True
        while first <= last:
            # one query per 5000 seals: a chain may be longer than what fits into memory
            rows = self.env.execute_query(
                SQL(
                    "SELECT position, previous_hash, payload_hash, content_hash "
                    "FROM collection_evidence WHERE company_id = %s "
                    "AND position BETWEEN %s AND %s ORDER BY position LIMIT %s",
                    company.id,
                    first,
                    last,
                    SEALS_AT_ONCE,
                )
            )
            if not rows:
                return
            if is_start:
                yield self._prepare_start(rows[0])
                is_start = False
            lines = [f"{position} {own} {seal}\n" for position, _before, own, seal in rows]
            yield "".join(lines).encode()
            first = rows[-1][0] + 1

    def _prepare_start(self, row):
        position, before, _own, _seal = row
        return f"{position - 1} - {before or '-'}\n".encode()

    # === README === #

    def _get_readme(self, case):
        language = (self.env.lang or "en")[:2]
        return README.get(language, README["en"]).format(
            case=case.name, company=case.company_id.name
        )
