"""A local server that answers like the gazette's open data, or badly."""

import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit


class GazetteServer:
    """Answers what it was told to, in order; then pages of ``records``.

    :ivar list records: what the data set holds
    :ivar list mishaps: what goes wrong next: a status, "bad json", "shape", "slow", "truncated",
        "empty page" or None for a good answer
    :ivar list questions: the parameters that were asked
    """

    def __init__(self, records=(), mishaps=(), slow=0.0):
        self.records = list(records)
        self.mishaps = list(mishaps)
        self.slow = slow
        self.questions = []

    def __enter__(self):
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                server._answer(self)

            def log_message(self, *args):
                """Say nothing: the tests' log stays clean."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._http.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *exc):
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def address(self):
        """Where it listens."""
        return f"http://127.0.0.1:{self._http.server_port}/datasets/annonces-commerciales"

    def _answer(self, handler):
        query = {name: values[0] for name, values in parse_qs(urlsplit(handler.path).query).items()}
        self.questions.append(query)
        mishap = self.mishaps.pop(0) if self.mishaps else None
        if isinstance(mishap, int):
            handler.send_response(mishap)
            handler.send_header("Retry-After", "7")
            handler.end_headers()
            return
        offset, limit = int(query.get("offset", 0)), int(query.get("limit", 10))
        page = [] if mishap == "empty page" else self.records[offset : offset + limit]
        body = json.dumps({"total_count": len(self.records), "results": page}).encode()
        if mishap == "bad json":
            body = b"<html>Maintenance</html>"
        if mishap == "shape":
            body = b'{"nhits": 3}'
        if mishap == "slow":
            time.sleep(self.slow)
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body[: len(body) // 2] if mishap == "truncated" else body)


def notice(reference="A202600100001", siren="552100554", **values):
    """Return a record of the open data, as the service gives it."""
    judgement = {
        "famille": "Jugement d'ouverture",
        "nature": "Jugement d'ouverture d'une procédure de redressement judiciaire",
        "date": "2026-03-06",
        "complementJugement": "Mandataire judiciaire : Maître Durand, 1 rue de la Paix.",
        **values.pop("judgement", {}),
    }
    return {
        "id": reference,
        "publicationavis": "A",
        "dateparution": "2026-03-13",
        "numeroannonce": 1234,
        "familleavis": "collective",
        "typeavis": "annonce",
        "typeavis_lib": "Avis initial",
        "tribunal": "Tribunal de commerce de Paris",
        "commercant": "SUED DEBTOR",
        "registre": [siren, f"{siren[:3]} {siren[3:6]} {siren[6:]}"],
        "jugement": json.dumps(judgement),
        "parutionavisprecedent": None,
        "url_complete": f"https://www.bodacc.fr/{reference}",
        **values,
    }
