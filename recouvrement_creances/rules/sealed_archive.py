"""A ZIP file that is the same to the byte whenever its content is, with the sums of its files."""

import hashlib
import re
import unicodedata
import zipfile

# The earliest moment that the format knows: when a file was written says nothing here.
FIXED_DATE = (1980, 1, 1, 0, 0, 0)
REGULAR_FILE = 0o100644 << 16
SUMS = "SHA256SUMS"
# wkhtmltopdf writes the moment of printing into every document.
PRINTED_AT = re.compile(rb"/(CreationDate|ModDate) \(D:[^)]*\)")


class SealedArchive:
    """Writes files into a ZIP one after the other and keeps their SHA-256.

    :param stream: a binary file open for writing, able to seek
    """

    def __init__(self, stream):
        self._zip = zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED)
        self._sums = []

    def add(self, name, chunks):
        """Write one file and return its SHA-256.

        :param str name: unique in the archive
        :param chunks: bytes, or what yields pieces of bytes
        """
        digest = hashlib.sha256()
        try:
            with self._zip.open(self._describe(name), "w") as target:
                for chunk in (chunks,) if isinstance(chunks, bytes) else chunks:
                    digest.update(chunk)
                    target.write(chunk)
        except Exception:
            # Nothing more comes; by the time Python would close it, its stream is closed.
            self._zip.close()
            raise
        self._sums.append(f"{digest.hexdigest()}  {name}\n")
        return digest.hexdigest()

    def close(self):
        """Write SHA256SUMS, which ``sha256sum -c`` reads, and end the archive."""
        with self._zip.open(self._describe(SUMS), "w") as target:
            target.write("".join(self._sums).encode())
        self._zip.close()

    @staticmethod
    def _describe(name):
        info = zipfile.ZipInfo(name, FIXED_DATE)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = REGULAR_FILE
        info.create_system = 3
        return info


def file_name(text, longest=60):
    """Return a text as the name of a file that every system takes.

    >>> file_name("Relevé n° 12/2026.pdf")
    'releve-n-12-2026.pdf'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    stem, dot, extension = plain.rpartition(".")
    if not stem or not re.fullmatch(r"[a-z0-9]{1,5}", extension):
        stem, dot, extension = plain, "", ""
    stem = re.sub(r"[^a-z0-9]+", "-", stem).strip("-")[:longest].strip("-")
    return f"{stem or 'file'}{dot}{extension}"


def undated_pdf(content):
    """Return a PDF without the moment at which it was printed; no place in it moves.

    >>> undated_pdf(b"/CreationDate (D:20260316090000Z)")
    b'/CreationDate (D:00000000000000 )'
    """

    def _without(match):
        room = len(match.group(0)) - len(match.group(1)) - len(b"/ (D:)")
        return b"/%s (D:%s)" % (match.group(1), b"0" * min(room, 14) + b" " * max(room - 14, 0))

    return PRINTED_AT.sub(_without, content)
