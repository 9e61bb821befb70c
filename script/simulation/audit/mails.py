"""What a mail says, read from the file that the mail server kept."""

import email
import hashlib
import html
import re
from dataclasses import dataclass
from datetime import datetime
from email import policy

ADDRESS = re.compile(r"(https?:)?//[^\s\"'<>]+|/c/[\w-]+")
MARKUP = re.compile(r"<(style|script|head|title)\b.*?</\1>|<!--.*?-->|<[^>]+>", re.S | re.I)
TOKEN = re.compile(r"[a-z0-9]{4}(-[a-z0-9]{4}){5}")


@dataclass(frozen=True)
class ReadMail:
    """One mail that was handed to the mail server."""

    message_id: str
    moment: datetime
    recipients: tuple
    subject: str
    text: str
    hashes: tuple


def read_mail(mail):
    """Return the content of a mail of the day.

    :param mail: moment (UTC), recipients, path of the .eml
    """
    content = email.message_from_bytes(mail.path.read_bytes(), policy=policy.default)
    body = content.get_body(("html", "plain"))
    return ReadMail(
        message_id=str(content["Message-Id"] or "").strip(),
        moment=mail.moment.replace(tzinfo=None),
        recipients=tuple(sorted(address.lower() for address in mail.recipients)),
        subject=" ".join(str(content["Subject"] or "").split()),
        text=words(body.get_content()) if body else "",
        hashes=tuple(
            sorted(
                hashlib.sha256(part.get_payload(decode=True) or b"").hexdigest()
                for part in content.iter_attachments()
            )
        ),
    )


def words(markup):
    """Return what a person reads of an HTML text, without its addresses of pages."""
    text = html.unescape(MARKUP.sub(" ", markup or ""))
    return " ".join(TOKEN.sub("", ADDRESS.sub("", text)).split())
