"""Mails and texts that come as files: what must not be kept is taken out of them.

A mail is opened part by part, as its texts are coded (base64, quoted-printable) and a search in its
bytes would find nothing. What has nothing to take out keeps each of its bytes.
"""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

MAIL_ENDING = ".eml"
# A mail in a mail in a mail: who goes deeper wants to keep somebody busy.
DEEPEST = 5


def clean_file(name, content, clean, depth=0):
    """Return the content of a file after ``clean`` has been asked about each of its texts.

    :param str name: of the file; a mail ends in .eml
    :param content: str, bytes or EmailMessage, as Python's email package reads attachments
    :param clean: a function of a text that returns the text to keep
    :return: the same kind as was given; binary files as they were

    >>> clean_file("a.txt", "see abc", lambda text: text.replace("abc", "…"))
    'see …'
    >>> clean_file("a.html", b"<a href='abc'>", lambda text: text.replace("abc", "-"))
    b"<a href='-'>"
    >>> clean_file("a.png", b"\\x89PNG\\x00abc", lambda text: text.replace("abc", "-"))
    b'\\x89PNG\\x00abc'
    """
    if isinstance(content, EmailMessage):
        _clean_mail(content, clean, depth)
        return content
    is_mail = (name or "").lower().endswith(MAIL_ENDING) and depth < DEEPEST
    if isinstance(content, str):
        if is_mail:
            coded = content.encode("utf-8", "surrogateescape")
            cleaned = _clean_coded_mail(coded, clean, depth)
            content = cleaned.decode("utf-8", "surrogateescape")
        return clean(content)
    return _clean_bytes(_clean_coded_mail(content, clean, depth) if is_mail else content, clean)


def _clean_coded_mail(content, clean, depth):
    try:
        message = message_from_bytes(content, policy=SMTP)
        return message.as_bytes() if _clean_mail(message, clean, depth) else content
    except (LookupError, ValueError, TypeError, AttributeError):
        # No mail that Python can read or write again: it is a text like others.
        return content


def _clean_bytes(content, clean):
    """Return bytes of a text in whatever code; all others stay as they are."""
    if b"\0" in content:
        return content
    # Each byte is a character and back: nothing but what is taken out changes.
    text = content.decode("latin-1")
    cleaned = clean(text)
    return content if cleaned == text else cleaned.encode("latin-1", "replace")


def _clean_mail(message, clean, depth):
    """Clean the parts of a mail; return whether one has changed."""
    has_changed = False
    for part in list(message.walk()):
        kind = part.get_content_maintype()
        if kind in ("multipart", "message"):
            continue
        content = _read_part(part)
        cleaned = (
            clean(content)
            if isinstance(content, str)
            else clean_file(part.get_filename(), content, clean, depth + 1)
        )
        if cleaned != content:
            _write_part(part, cleaned)
            has_changed = True
    return has_changed


def _read_part(part):
    """Return a text as it is read, else the bytes; a charset that nobody knows is no text."""
    try:
        return part.get_content()
    except (LookupError, ValueError):
        return part.get_payload(decode=True) or b""


def _write_part(part, content):
    """Put another content into a part, whose name and place stay."""
    kind, subtype = part.get_content_maintype(), part.get_content_subtype()
    kinds = {"subtype": subtype}
    if isinstance(content, bytes):
        kinds = {"maintype": kind, "subtype": subtype}
    part.set_content(
        content,
        **kinds,
        disposition=part.get_content_disposition(),
        filename=part.get_filename(),
        cid=part.get("content-id"),
    )
