"""A mail server of a process of its own that behaves as badly as its control file tells it.

Usage: sink.py FOLDER PORT CONTROL

CONTROL is a JSON file, read again for each mail:

- delay: seconds that taking a mail lasts; of two mails one is kept before, one after the wait
- slow: {address: seconds} instead of the delay
- refuse: addresses that do not exist (550)
- cut: addresses after whose mail the connection is cut without an answer: {address: kept or not}
"""

import asyncio
import json
import signal
import sys
import time
from pathlib import Path

from aiosmtpd.controller import Controller


class Sink:
    """Keep each mail in a .eml file with its recipients and the moment its sending began."""

    def __init__(self, folder, control):
        self.folder = folder
        self.control = control
        self.count = 0

    def _behaviour(self):
        return json.loads(self.control.read_text())

    async def handle_MAIL(self, _server, _session, envelope, address, options):
        """Note the moment at which the sending begins."""
        envelope.began = time.time()
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        """Refuse the addresses that are to be refused."""
        if address in self._behaviour().get("refuse", ()):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, _session, envelope):
        """Keep the mail, before or after a wait, and answer, or do not."""
        behaviour = self._behaviour()
        address = envelope.rcpt_tos[0]
        self.count += 1
        if address in behaviour.get("cut", {}):
            if behaviour["cut"][address]:
                self._keep(envelope, address)
            server.transport.abort()
            return "421 cut"
        delay = behaviour.get("slow", {}).get(address, behaviour.get("delay", 0))
        before = self.count % 2
        if before:
            self._keep(envelope, address)
        await asyncio.sleep(delay)
        if not before:
            self._keep(envelope, address)
        return "250 kept"

    def _keep(self, envelope, address):
        """Write the file under another name first: whoever lists the folder sees whole mails."""
        path = self.folder / f"{self.count:05d}-{address}.eml"
        recipients = ", ".join(envelope.rcpt_tos)
        head = f"X-Caught-For: {recipients}\r\nX-Caught-At: {envelope.began:.6f}\r\n".encode()
        draft = path.with_suffix(".part")
        draft.write_bytes(head + envelope.content)
        draft.rename(path)


def main(folder, port, control):
    """Serve until a signal ends it."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    sink = Sink(folder, Path(control))
    sink.count = len(list(folder.glob("*.eml")))
    controller = Controller(sink, hostname="127.0.0.1", port=int(port))
    controller.start()
    signal.sigwait({signal.SIGINT, signal.SIGTERM})
    controller.stop()


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    main(*sys.argv[1:])
