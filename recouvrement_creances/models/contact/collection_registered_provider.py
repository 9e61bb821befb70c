import hashlib
import json
import os
from datetime import date
from pathlib import Path

from psycopg2 import OperationalError

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import config

FORMAT = "recouvrement-lre/1"
LARGEST_MESSAGE = 64 * 1024
LARGEST_PROOF = 20 * 1024 * 1024
OUT, IN, DONE, REFUSED = "out", "in", "done", "refused"


class CollectionRegisteredProvider(models.AbstractModel):
    """Electronic registered letters as files, for providers that exchange folders (SFTP).

    ``<data_dir>/collection_letters/<database>/<company id>/`` holds four folders: ``out`` (a PDF
    and a JSON of the same name for each letter), ``in`` (acknowledgements), ``done`` and
    ``refused`` (those that were read; a refused one with its reason beside it). The messages are
    described in docs/operations.md.

    Another way to a provider extends this model: ``_deposit`` hands a letter over and raises
    OSError or UserError when it was not, ``_import_events`` calls
    ``collection.channel.electronic_letter._note_event`` for what it learns.
    """

    _name = "collection.registered.provider"
    _description = "Electronic registered letters by exchange of files"

    # === FOLDERS === #

    @api.model
    def _get_root(self):
        """Return the folder of this database; nobody chooses another from a screen."""
        return Path(config["data_dir"]) / "collection_letters" / self.env.cr.dbname

    def _get_folder(self, company, name):
        folder = self._get_root() / str(company.id) / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @staticmethod
    def _write(path, content):
        """Write a file that nobody sees half written."""
        partial = path.with_name(f".{path.name}.part")
        partial.write_bytes(content)
        partial.replace(path)

    # === OUT === #

    @api.model
    def _deposit(self, letter, reference):
        """Write the PDF, then the message that tells of it."""
        folder = self._get_folder(letter.company_id, OUT)
        content = letter.attachment_id.raw
        message = self._describe(letter, reference, content)
        self._write(folder / f"{reference}.pdf", content)
        self._write(
            folder / f"{reference}.json",
            json.dumps(message, ensure_ascii=False, indent=2).encode(),
        )

    def _describe(self, letter, reference, content):
        debtor = letter.case_id.partner_id
        consent = debtor.collection_electronic_consent_on
        return {
            "format": FORMAT,
            "reference": reference,
            "sender": {"name": letter.company_id.name, "case": letter.case_id.name},
            "recipient": {
                "name": letter.partner_id.name or debtor.name,
                "email": letter.recipient,
                "kind": debtor.collection_debtor_kind or "consumer",
                "consent_on": consent.isoformat() if consent else None,
            },
            "document": {
                "name": f"{reference}.pdf",
                "sha256": hashlib.sha256(content).hexdigest(),
            },
        }

    # === IN === #

    @api.model
    def _import_events(self, company):
        """Read the acknowledgements in the order of their names; bad ones are moved aside."""
        folder = self._get_folder(company, IN)
        for path in sorted(folder.glob("*.json")):
            target, reason, files = DONE, "", [path]
            try:
                with self.env.cr.savepoint():
                    self._import_one(company, path, files)
            except OperationalError:
                # Another transaction was in the way: the next exchange reads the file again.
                raise
            except Exception as error:
                # Whatever a file holds, the others are read: nobody here wrote it.
                target, reason = REFUSED, str(error) or type(error).__name__
                self.env.invalidate_all()
            # The files go once what they tell is kept: a crash in between reads them again, and
            # what was noted before is not noted twice.
            self.env["collection.executor"]._checkpoint()
            self._move(company, files, target, reason)

    def _import_one(self, company, path, files):
        """Note one acknowledgement.

        :param list files: gets the proof too, once found: it goes where its message goes
        """
        if path.stat().st_size > LARGEST_MESSAGE:
            raise UserError(self.env._("The message is too long."))
        message = json.loads(path.read_text(encoding="utf-8"))
        file = self._find_proof(path, message)
        if file:
            files.append(file)
        if message["format"] != FORMAT:
            raise UserError(self.env._("Unknown format “%s”.", message["format"]))
        letter = self._find_letter(company, message["reference"])
        day = date.fromisoformat(message["date"])
        proof = self._read_proof(file, message, letter)
        service = self.env["collection.channel.electronic_letter"]
        reason = str(message.get("reason") or "")
        if not service._note_event(letter, message["event"], day, proof, reason):
            # It was noted before: one copy of the proof is enough.
            proof.unlink()

    def _find_letter(self, company, reference):
        letter = self.env["collection.action"].search(
            [("company_id", "=", company.id), ("tracking_number", "=", str(reference))], limit=1
        )
        if not letter:
            raise UserError(self.env._("No letter has the reference “%s”.", reference))
        return letter

    def _find_proof(self, path, message):
        """Return the file that a message names as its proof, None when it names none."""
        name = message.get("proof")
        if not name:
            return None
        # A name alone: a message chooses no file outside its folder.
        if Path(name).name != name or name.startswith("."):
            raise UserError(self.env._("“%s” is no name of a file.", name))
        file = path.with_name(name)
        if not file.is_file() or file.is_symlink():
            raise UserError(self.env._("The proof “%s” is not there.", name))
        return file

    def _read_proof(self, file, message, letter):
        """Return the provider's proof as attachment, checked against its sum."""
        attachments = self.env["ir.attachment"]
        if not file:
            if message["event"] in ("accepted", "refused", "not_collected"):
                raise UserError(self.env._("The provider's proof is missing."))
            return attachments
        name = file.name
        if file.stat().st_size > LARGEST_PROOF:
            raise UserError(self.env._("The proof “%s” is too large.", name))
        content = file.read_bytes()
        if not content.startswith(b"%PDF"):
            raise UserError(self.env._("The proof “%s” is no PDF.", name))
        if hashlib.sha256(content).hexdigest() != message["sha256"]:
            raise UserError(self.env._("The sum of the proof “%s” is another one.", name))
        values = {
            "name": name,
            "raw": content,
            "mimetype": "application/pdf",
            "res_model": "collection.action",
            "res_id": letter.id,
        }
        return attachments.create(values)

    def _move(self, company, files, target, reason):
        folder = self._get_folder(company, target)
        # Nothing that lies there already is written over.
        used = any((folder / path.name).exists() for path in files)
        prefix = f"{self.env.cr.now():%Y%m%d%H%M%S%f}-" if used else ""
        for path in files:
            os.replace(path, folder / f"{prefix}{path.name}")
        if reason:
            name = f"{prefix}{files[0].name}.reason.txt"
            self._write(folder / name, reason.encode())
