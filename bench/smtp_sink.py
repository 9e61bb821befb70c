"""An SMTP server that accepts every mail and keeps none: smtp_sink.py PORT COUNT_FILE

Plain and quick, so that what hands mails over is measured, not what takes them.
"""

import asyncio
import sys
from pathlib import Path

EXTENSIONS = b"250-sink\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n"


class Sink:
    """Counts the mails it is given."""

    def __init__(self, count_file):
        self.count_file = Path(count_file)
        self.count = 0

    async def serve(self, reader, writer):
        """Speak just enough SMTP with one client."""
        await _say(writer, b"220 sink\r\n")
        while line := await reader.readline():
            command = line[:4].upper().strip()
            if command == b"QUIT":
                await _say(writer, b"221 bye\r\n")
                break
            if command == b"DATA":
                await _say(writer, b"354 go on\r\n")
                await self._take(reader)
            await _say(writer, EXTENSIONS if command == b"EHLO" else b"250 ok\r\n")
        writer.close()

    async def _take(self, reader):
        while await reader.readline() not in (b".\r\n", b""):
            pass
        self.count += 1
        self.count_file.write_text(str(self.count))


async def _say(writer, answer):
    writer.write(answer)
    await writer.drain()


async def main(port, count_file):
    """Serve until the process is ended."""
    sink = Sink(count_file)
    server = await asyncio.start_server(sink.serve, "127.0.0.1", int(port), limit=2**24)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
