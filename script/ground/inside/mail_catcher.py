"""An SMTP server on this machine that keeps every mail as a file and passes none on."""

import re
import signal
import sys
from datetime import datetime
from email import policy
from email.parser import BytesParser
from pathlib import Path

from aiosmtpd.controller import Controller

LONGEST_SUBJECT = 60


class Catcher:
    """Write each mail to a .eml file that any mail program opens."""

    def __init__(self, folder):
        self.folder = folder
        self.count = 0

    async def handle_DATA(self, _server, _session, envelope):
        """Keep the mail; who it was for is added, as the headers may not say so."""
        self.count += 1
        content = BytesParser(policy=policy.default).parsebytes(envelope.content)
        subject = re.sub(r"\W+", "-", str(content["subject"] or ""))[:LONGEST_SUBJECT].strip("-")
        name = f"{datetime.now():%Y%m%d-%H%M%S}-{self.count:05d}-{subject}.eml"
        recipients = ", ".join(envelope.rcpt_tos)
        received = f"X-Caught-For: {recipients}\r\n".encode()
        (self.folder / name).write_bytes(received + envelope.content)
        return "250 Kept in a file"


def main(folder, port):
    """Serve until a signal ends it."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    limit = 64 * 1024 * 1024
    controller = Controller(
        Catcher(folder), hostname="127.0.0.1", port=int(port), data_size_limit=limit
    )
    controller.start()
    print("catching mails", flush=True)
    signal.sigwait({signal.SIGINT, signal.SIGTERM})
    controller.stop()


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    main(*sys.argv[1:])
