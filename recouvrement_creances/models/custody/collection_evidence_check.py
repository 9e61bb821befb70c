import hashlib
import json
from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

BATCH = 500
CHUNK = 1 << 20
# A chain that was recomputed from the middle has as many breaks as records: the first tell enough.
BREAKS_NAMED = 50


class CollectionEvidenceCheck(models.AbstractModel):
    """Walks the chains of evidence and names what does not fit, in memory that does not grow."""

    _name = "collection.evidence.check"
    _description = "Check of the evidence"

    # === ENTRY POINTS === #

    @api.model
    def _cron_check(self):
        """Check every company's chain; a break leaves a task for a manager."""
        for log in self._check_all():
            if log.is_alarm:
                self._alert(log)

    @api.model
    def _check_all(self):
        """Check every chain that is there, or should be; return the lines of the log."""
        # In sudo mode to find every chain, also one whose records, or whose end, was taken away.
        found = self.env["collection.evidence"].sudo()._read_group([], ["company_id"])
        ends_sudo = self.env["collection.evidence.chain"].sudo().search([("position", ">", 0)])
        companies = ends_sudo.company_id.union(*(company for (company,) in found))
        logs = [self._check(company) for company in companies.sorted("id")]
        return self.env["collection.custody.log"].union(*logs)

    @api.model
    def _check_by_hand(self, company):
        """Check one company's chain for a manager and open the result."""
        if not self.env.user.has_group("recouvrement_creances.group_manager"):
            raise AccessError(self.env._("Only a collection manager checks the evidence."))
        if company not in self.env.companies:
            raise AccessError(self.env._("You do not work in %s.", company.name))
        return self._check(company)._get_form_action()

    @api.model
    def _check(self, company):
        """Walk a company's chain and log the result.

        :return: the line of the log; ``is_alarm`` when something does not fit
        """
        counts, breaks = Counter(), []
        for found in self._walk(company, counts):
            counts["breaks"] += 1
            if len(breaks) < BREAKS_NAMED:
                breaks.append(self._describe(found))
        if counts["breaks"]:
            result = self.env._(
                "%(breaks)s breaks in %(records)s records",
                breaks=counts["breaks"],
                records=counts["records"],
            )
        else:
            result = self.env._(
                "All is as it was written: %(records)s records, %(files)s files, %(erased)s "
                "erased by a purge",
                records=counts["records"],
                files=counts["files"],
                erased=counts["erased"],
            )
        return self.env["collection.custody.log"]._note(
            company,
            "check",
            result,
            about=company.name,
            is_alarm=bool(breaks),
            detail="\n".join(breaks),
        )

    # === WALK === #

    @api.model
    def _walk(self, company, counts=None):
        """Yield what does not fit in a company's chain, in its order.

        Each break is a dict of evidence_id, position, case, kind and detail; kind is one of gap,
        previous_hash, payload_hash, content_hash, shown, file, end. The walk goes on behind a break
        with the hash that stands there, so that one change is named once.

        :param Counter counts: receives the numbers of records, files and erased records
        """
        counts = Counter() if counts is None else counts
        end = {"position": 0, "hash": "", "evidence_id": False, "case": ""}
        # In sudo mode to see each record and file, whoever asks; nothing of them is shown but names
        for evidence in self._read_in_batches(company):
            counts["records"] += 1
            counts["erased"] += bool(evidence.erased_on)
            place = {
                "evidence_id": evidence.id,
                "position": evidence.position,
                "case": evidence.case_id.name,
            }
            problems = [*self._find_broken_links(evidence, end)]
            if not problems and not evidence.erased_on:
                problems += self._find_broken_content(evidence, counts)
            yield from ({**place, "kind": kind, "detail": detail} for kind, detail in problems)
            end = {**place, "hash": evidence.content_hash}
        chain_end = self._read_end(company)
        if chain_end != (end["position"], end["hash"]):
            place = {name: end[name] for name in ("evidence_id", "position", "case")}
            yield {**place, "kind": "end", "detail": str(chain_end[0])}

    def _read_in_batches(self, company):
        """Yield a company's evidence in the order of its chain; what was read is forgotten."""
        evidence_sudo, position = self.env["collection.evidence"].sudo(), 0
        while True:
            # one query per 500 records: the whole chain does not fit into memory
            batch_sudo = evidence_sudo.search(
                [("company_id", "=", company.id), ("position", ">", position)],
                order="position",
                limit=BATCH,
            )
            if not batch_sudo:
                return
            position = batch_sudo[-1].position
            yield from batch_sudo
            for records in (
                batch_sudo.attachment_ids,
                batch_sudo.action_id,
                batch_sudo.case_id,
                batch_sudo,
            ):
                records.invalidate_recordset()

    def _read_end(self, company):
        """Return the position and the hash at which the chain says that it ends."""
        rows = self.env.execute_query(
            SQL(
                "SELECT position, COALESCE(last_hash, '') FROM collection_evidence_chain "
                "WHERE company_id = %s",
                company.id,
            )
        )
        return rows[0] if rows else (0, "")

    def _find_broken_links(self, evidence, end):
        """Yield (kind, detail): is it the next record, and are its hashes those of its content?"""
        chain = self.env["collection.evidence.chain"]
        if evidence.position != end["position"] + 1:
            yield "gap", str(end["position"] + 1)
        elif (evidence.previous_hash or "") != end["hash"]:
            yield "previous_hash", end["hash"]
        if not evidence.erased_on and (
            chain._hash_payload(evidence.payload or "") != evidence.payload_hash
        ):
            yield "payload_hash", chain._hash_payload(evidence.payload or "")
        seal = chain._seal(evidence.previous_hash or "", evidence.payload_hash)
        if seal != evidence.content_hash:
            yield "content_hash", seal

    def _find_broken_content(self, evidence, counts):
        """Yield (kind, detail): does it show and carry what was sealed?"""
        difference = evidence._find_difference()
        if difference:
            yield "shown", difference
        sealed = Counter(
            (file["name"], file["sha256"]) for file in json.loads(evidence.payload)["attachments"]
        )
        present = Counter((file.name, self._hash_file(file)) for file in evidence.attachment_ids)
        counts["files"] += present.total()
        differing = (sealed - present) + (present - sealed)
        if differing:
            yield "file", next(iter(differing))[0]

    def _hash_file(self, attachment):
        """Return the SHA-256 of a file, read piece by piece; of nothing when it is missing."""
        digest = hashlib.sha256()
        if attachment.store_fname:
            try:
                with open(attachment._full_path(attachment.store_fname), "rb") as file:
                    while chunk := file.read(CHUNK):
                        digest.update(chunk)
            except OSError:
                return ""
        else:
            digest.update(attachment.raw or b"")
        return digest.hexdigest()

    # === WORDS === #

    def _describe(self, found):
        """Return one line on a break: which record of which case, and what does not fit."""
        texts = {
            "gap": self.env._("record %(detail)s is missing before it"),
            "previous_hash": self.env._("its previous hash is not the hash before it: %(detail)s"),
            "payload_hash": self.env._("its content has another hash than was noted: %(detail)s"),
            "content_hash": self.env._("its seal (content hash) should be %(detail)s"),
            "shown": self.env._("the field “%(detail)s” shows something else than was sealed"),
            "file": self.env._("the file “%(detail)s” is not the sealed one, or is missing"),
            "end": self.env._("the chain ends here, but %(detail)s records were written"),
        }
        place = self.env._(
            "Record %(position)s (id %(id)s, case %(case)s)",
            position=found["position"],
            id=found["evidence_id"] or "-",
            case=found["case"] or "-",
        )
        return f"{place}: " + texts[found["kind"]] % {"detail": found["detail"]}

    def _alert(self, log):
        """Leave one task for a manager of the company, unless the last one is still open."""
        activity_type = "recouvrement_creances.mail_activity_type_evidence"
        waiting = self.env["mail.activity"].search_count(
            [
                ("res_model", "=", log._name),
                ("activity_type_id", "=", self.env.ref(activity_type).id),
                ("res_id", "in", log.search([("company_id", "=", log.company_id.id)]).ids),
            ]
        )
        if waiting:
            return
        manager = self.env["res.users"]._find_collection_manager(log.company_id)
        log.activity_schedule(
            activity_type,
            date_deadline=fields.Date.context_today(self),
            summary=self.env._("The evidence of %s does not fit any more", log.company_id.name),
            note=log.result,
            user_id=manager.id or self.env.uid,
        )
