"""The mail server's folder: each mail is taken up once, and read by who it is for."""

import email
import email.policy
import os
import re
from dataclasses import dataclass, field

from .journal import Mail

LINK = re.compile(r"https?://[^/\s\"'<>]+(/c/[A-Za-z0-9_\-]+)")


@dataclass
class Received:
    """A mail as a debtor reads it."""

    mail: Mail
    address: str
    subject: str
    sender: str
    message_id: str
    link: str
    headers: dict = field(default_factory=dict)


class Mailbox:
    """All mails that left; those of a day are handed to the auditor."""

    def __init__(self, folder):
        self.folder = folder
        self.known = set()
        self.today = []
        self.count = 0

    def begin_day(self):
        """Forget the mails of the day before."""
        self.today = []

    def collect(self, moment):
        """Take up what the mail server has kept since the last time.

        :param datetime moment: the simulated moment at which it was sent
        :return: the new mails, as their recipients read them
        """
        new = []
        names = {name for name in os.listdir(self.folder) if name.endswith(".eml")} - self.known
        self.known |= names
        self.count += len(names)
        for path in (self.folder / name for name in sorted(names)):
            content = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            recipients = [one.strip() for one in str(content["X-Caught-For"]).split(",")]
            mail = Mail(moment, recipients, path)
            self.today.append(mail)
            new += [self._read(mail, address, content) for address in recipients]
        return new

    @staticmethod
    def _read(mail, address, content):
        body = content.get_body(("html", "plain"))
        found = LINK.search(body.get_content()) if body else None
        return Received(
            mail,
            address,
            str(content["Subject"]),
            str(content["From"]),
            str(content["Message-Id"]),
            found[1] if found else "",
            {name: str(content[name]) for name in ("Reply-To", "References") if content[name]},
        )
