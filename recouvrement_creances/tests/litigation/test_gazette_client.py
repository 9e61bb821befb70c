from datetime import date
from unittest.mock import patch

import requests

from odoo.tests import BaseCase, tagged
from odoo.tests.common import _super_send

from ...tools.gazette_client import BATCH, GazetteClient, GazetteError
from .gazette_server import GazetteServer, notice

SINCE = date(2026, 1, 1)


@tagged("post_install", "-at_install")
class TestGazetteClient(BaseCase):
    """The client against a server that answers well and badly: all of it, or a clear error."""

    def setUp(self):
        super().setUp()
        self.pauses = []

    def _client(self, server, **options):
        values = {"timeout": 5, "sleep": self.pauses.append, **options}
        return GazetteClient(server.address, **values)

    def _records(self, count):
        return [notice(f"A2026001{number:05}") for number in range(count)]

    def test_all_pages_are_read(self):
        with GazetteServer(self._records(25)) as server:
            found = self._client(server, page=10).find(["552100554"], SINCE)
        self.assertEqual([record["id"] for record in found], [r["id"] for r in server.records])
        self.assertEqual([int(question["offset"]) for question in server.questions], [0, 10, 20])
        where = server.questions[0]["where"]
        self.assertIn('registre="552100554"', where)
        self.assertIn("2026-01-01", where)

    def test_nobody_to_ask_about_asks_nothing(self):
        with GazetteServer() as server:
            self.assertEqual(self._client(server).find([], SINCE), [])
            self.assertFalse(server.questions)
            with self.assertRaises(ValueError):
                self._client(server).find(["552100554"] * (BATCH + 1), SINCE)

    def test_passing_failures_are_tried_again(self):
        for mishap in (500, 503, 429, "bad json", "truncated"):
            self.pauses.clear()
            with self.subTest(mishap=mishap), GazetteServer(self._records(1), [mishap]) as server:
                found = self._client(server).find(["552100554"], SINCE)
                self.assertEqual(len(found), 1)
                self.assertEqual(len(server.questions), 2)
                # Who says how long to wait is believed.
                self.assertEqual(self.pauses, [7 if isinstance(mishap, int) else 2])

    def test_lasting_failures_are_told(self):
        for mishaps, words in (
            ([500] * 9, "answers 500"),
            ([429] * 9, "answers 429"),
            (["bad json"] * 9, "no JSON"),
            (["truncated"] * 9, "No answer|broke off"),
            ([404], "check the address"),
            (["shape"], "another shape"),
            ([None, "empty page"], "page is missing"),
        ):
            with (
                self.subTest(mishaps=mishaps[0] or mishaps),
                GazetteServer(self._records(15), mishaps) as server,
                self.assertRaisesRegex(GazetteError, words),
            ):
                self._client(server, page=10).find(["552100554"], SINCE)

    def test_pauses_grow_and_end(self):
        with GazetteServer(mishaps=["bad json"] * 9) as server, self.assertRaises(GazetteError):
            self._client(server).find(["552100554"], SINCE)
        self.assertEqual(self.pauses, [2, 4, 8])
        self.assertEqual(len(server.questions), 4)

    def test_a_slow_service_is_not_waited_for(self):
        # Odoo lengthens the time that tests wait: without it here.
        with (
            patch.object(requests.Session, "send", _super_send),
            GazetteServer(self._records(1), ["slow"] * 2, slow=0.6) as server,
            self.assertRaisesRegex(GazetteError, "No answer"),
        ):
            self._client(server, timeout=0.2, attempts=2).find(["552100554"], SINCE)

    def test_nobody_answers(self):
        with GazetteServer() as server:
            address = server.address
        client = GazetteClient(address, timeout=1, attempts=2, sleep=self.pauses.append)
        with self.assertRaisesRegex(GazetteError, "No answer"):
            client.find(["552100554"], SINCE)

    def test_an_address_is_one_of_the_web(self):
        for address in ("", None, "file:///etc/passwd", "bodacc"):
            with self.subTest(address=address), self.assertRaisesRegex(GazetteError, "no address"):
                GazetteClient(address)
