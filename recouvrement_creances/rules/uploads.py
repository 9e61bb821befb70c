"""What files are documents: kinds by their content, never by their name; how large a debtor's are.

One list for what a debtor hands in and for what a court is shown.
"""

import re
import unicodedata

MEGABYTE = 1024 * 1024
LARGEST_FILE = 5 * MEGABYTE
MOST_FILES = 5
LONGEST_NAME = 80

# Pictures and documents that show something and run nothing. Office files carry macros, SVG and
# HTML carry scripts: they are not taken.
SIGNATURES = (
    (b"%PDF-", "application/pdf", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
)


def find_kind(content):
    """Return (media type, extension) of a file by its first bytes, or None for other kinds.

    >>> find_kind(b"%PDF-1.7 ...")
    ('application/pdf', 'pdf')
    >>> find_kind(b"<html><script>") is None
    True
    """
    for start, media_type, extension in SIGNATURES:
        if content.startswith(start):
            return media_type, extension
    return None


def is_readable(content):
    """Tell whether a file is a document that a court reads, by its first bytes.

    >>> is_readable(b"%PDF-1.7 ..."), is_readable(b"MZ\\x90\\x00")
    (True, False)
    """
    return find_kind(content) is not None


def clean_name(name, extension):
    """Return a plain name for a file: no folder, no sign of control, the extension of its kind.

    >>> clean_name("../../etc/passwd", "pdf")
    'passwd.pdf'
    >>> clean_name('<img src=x onerror="alert(1)">.png', "png")
    'img src=x onerror=alert(1).png'
    >>> clean_name("", "jpg")
    'document.jpg'
    """
    last = re.split(r"[\\/]", name or "")[-1]
    plain = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C")
    stem = re.sub(r"[<>:\"|?*&]", "", plain).rpartition(".")[0] or re.sub(
        r"[<>:\"|?*&.]", "", plain
    )
    return f"{stem.strip()[:LONGEST_NAME] or 'document'}.{extension}"
