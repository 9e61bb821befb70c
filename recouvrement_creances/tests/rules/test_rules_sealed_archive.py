import hashlib
import io
import zipfile

from odoo.tests import BaseCase, tagged

from ...rules.sealed_archive import SealedArchive, file_name, undated_pdf


@tagged("post_install", "-at_install")
class TestRulesSealedArchive(BaseCase):
    """The same content gives the same bytes, and its sums are right."""

    def _make(self):
        stream = io.BytesIO()
        archive = SealedArchive(stream)
        digest = archive.add("a.txt", b"one")
        archive.add("b/c.bin", (b"two", b"three"))
        archive.close()
        self.assertEqual(digest, hashlib.sha256(b"one").hexdigest())
        return stream.getvalue()

    def test_same_content_same_bytes(self):
        self.assertEqual(self._make(), self._make())

    def test_sums_are_those_of_the_files(self):
        archive = zipfile.ZipFile(io.BytesIO(self._make()))
        self.assertIsNone(archive.testzip())
        lines = archive.read("SHA256SUMS").decode().splitlines()
        self.assertEqual(len(lines), 2)
        for line in lines:
            digest, name = line.split("  ")
            self.assertEqual(hashlib.sha256(archive.read(name)).hexdigest(), digest)

    def test_names_of_files_are_plain(self):
        for text, expected in (
            ("Accusé de réception.PDF", "accuse-de-reception.pdf"),
            ("../../etc/passwd", "etc-passwd"),
            ("INV/2026/0001.pdf", "inv-2026-0001.pdf"),
            ("???", "file"),
            ("x" * 100 + ".pdf", "x" * 60 + ".pdf"),
            (".pdf", "pdf"),
        ):
            with self.subTest(text=text):
                self.assertEqual(file_name(text), expected)

    def test_moment_of_printing_is_taken_out_without_moving_anything(self):
        first = b"<< /Title (x) /CreationDate (D:20260316090000+01'00') /Producer (y) >>"
        second = first.replace(b"20260316", b"20270101")
        self.assertEqual(undated_pdf(first), undated_pdf(second))
        self.assertEqual(len(undated_pdf(first)), len(first))
        self.assertIn(b"/Producer (y)", undated_pdf(first))
