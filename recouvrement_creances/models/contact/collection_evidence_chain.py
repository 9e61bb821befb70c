import hashlib

from odoo import api, fields, models
from odoo.tools import SQL


class CollectionEvidenceChain(models.Model):
    """The end of each company's chain of evidence.

    One row per company, locked while records are appended: of two transactions that append at
    the same time, the later one fails to serialize and is tried again by Odoo.
    """

    _name = "collection.evidence.chain"
    _description = "End of a chain of evidence"
    _log_access = False
    _rec_name = "company_id"

    company_id = fields.Many2one("res.company", required=True, ondelete="restrict", index=True)
    position = fields.Integer(required=True, default=0)
    last_hash = fields.Char(default="")

    _company_unique = models.UniqueIndex("(company_id)", "A company has one chain of evidence.")

    @api.model
    def _extend(self, company, payloads):
        """Return, for each payload, its position and hashes at the end of the chain."""
        position, previous = self._lock_end(company)
        links = []
        for payload in payloads:
            position += 1
            payload_hash = self._hash_payload(payload)
            content_hash = self._seal(previous, payload_hash)
            links.append(
                {
                    "position": position,
                    "previous_hash": previous,
                    "payload_hash": payload_hash,
                    "content_hash": content_hash,
                }
            )
            previous = content_hash
        self.env.cr.execute(
            SQL(
                "UPDATE collection_evidence_chain SET position = %s, last_hash = %s "
                "WHERE company_id = %s",
                position,
                previous,
                company.id,
            )
        )
        return links

    def _lock_end(self, company):
        """Return (position, hash) of the last record; others wait until this one is committed."""
        statements = (
            "INSERT INTO collection_evidence_chain (company_id, position, last_hash) "
            "VALUES (%s, 0, '') ON CONFLICT DO NOTHING",
            "SELECT position, last_hash FROM collection_evidence_chain "
            "WHERE company_id = %s FOR UPDATE",
        )
        for statement in statements:
            # one query per statement: two. A conflict is tried again: no error for the log.
            self.env.cr.execute(SQL(statement, company.id), log_exceptions=False)
        return self.env.cr.fetchone()

    @api.model
    def _hash_payload(self, payload):
        """Return the SHA-256 of what a record says."""
        return hashlib.sha256(payload.encode()).hexdigest()

    @api.model
    def _seal(self, previous, payload_hash):
        """Return the seal of a record: SHA-256 of the previous seal, a line break, its own hash."""
        return hashlib.sha256(f"{previous}\n{payload_hash}".encode()).hexdigest()
