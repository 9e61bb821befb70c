"""A real SMTP server inside the test process: what the add-on sends is received and parsed."""

import email
import email.policy
import logging
import socket

from aiosmtpd.controller import Controller

# The server's own protocol log.
logging.getLogger("mail.log").setLevel(logging.WARNING)


class Listener(Controller):
    """Listens on a port that it got from the system and never gave back for another to take."""

    def __init__(self, handler, bound):
        host, port = bound.getsockname()
        super().__init__(handler, hostname=host, port=port)
        self._bound = bound

    def _create_server(self):
        """EXTENDS aiosmtpd: use the socket that has the port."""
        return self.loop.create_server(self._factory_invoker, sock=self._bound)


class MailSink:
    """Receives messages on a local port; can be told to refuse recipients.

    :ivar list messages: received ``email.message.EmailMessage`` objects, in order
    :ivar set refused: addresses answered with 550
    """

    def __init__(self):
        self.messages = []
        self.refused = set()
        bound = socket.socket()
        bound.bind(("127.0.0.1", 0))
        self.controller = Listener(self, bound)

    def start(self):
        """Listen on a free port; return it."""
        self.controller.start()
        return self.controller.port

    def stop(self):
        """Stop listening."""
        self.controller.stop()

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        """Refuse the addresses that the test named."""
        if address in self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        """Keep the message."""
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        message["X-Envelope-To"] = ",".join(envelope.rcpt_tos)
        self.messages.append(message)
        return "250 accepted"

    def to(self, address):
        """Return the messages that reached an address."""
        return [message for message in self.messages if message["X-Envelope-To"] == address]
