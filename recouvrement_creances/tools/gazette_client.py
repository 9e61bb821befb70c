"""Reads the official gazette's open data: batches of companies, pages, patience, clear errors."""

import json
import time
from urllib.parse import urlsplit

import requests
import urllib3

# Companies in one question: its address stays below what servers accept.
BATCH = 40
PAGE = 100
TIMEOUT = 20
ATTEMPTS = 4
# Seconds before another attempt: 2, 4, 8; never longer than a minute, whatever a server asks for.
FIRST_PAUSE = 2
LONGEST_PAUSE = 60
MOST_BYTES = 20_000_000
# The service refuses to go further into one answer.
DEEPEST = 10_000
PASSING = (408, 425, 429, 500, 502, 503, 504)


class GazetteError(Exception):
    """The gazette could not be read: the text says why, and nothing was taken in."""


class GazetteClient:
    """A client of the explore API.

    :param str address: of the data set, without ``/records``
    :param timeout: seconds to wait for an answer
    :param sleep: how to wait between attempts; a test's own
    """

    def __init__(self, address, timeout=TIMEOUT, page=PAGE, attempts=ATTEMPTS, sleep=time.sleep):
        if urlsplit(address or "").scheme not in ("http", "https"):
            raise GazetteError(f"{address!r} is no address of a data set.")
        self._address = address.rstrip("/")
        self._timeout = timeout
        self._page = page
        self._attempts = attempts
        self._sleep = sleep

    def find(self, sirens, since):
        """Return the records about companies that were published since a day, the oldest first.

        :param sirens: at most BATCH numbers of nine figures
        :param date since: the first day
        :raises GazetteError: an answer is missing, broken or incomplete
        """
        if not sirens:
            return []
        if len(sirens) > BATCH:
            raise ValueError(f"Ask for {BATCH} companies at a time.")
        records, total = [], None
        while total is None or len(records) < total:
            answer = self._ask(sirens, since, len(records))
            total, results = answer["total_count"], answer["results"]
            if not results and len(records) < total:
                raise GazetteError(f"A page is missing: {len(records)} of {total} records came.")
            if len(records) + len(results) > DEEPEST:
                raise GazetteError(f"More than {DEEPEST} records: ask from a later day on.")
            records += results
        return records

    def _ask(self, sirens, since, offset):
        companies = " or ".join(f'registre="{siren}"' for siren in sirens)
        params = {
            "where": f"familleavis=\"collective\" and dateparution >= date'{since}' "
            f"and ({companies})",
            "order_by": "dateparution asc, id asc",
            "limit": self._page,
            "offset": offset,
        }
        problem = ""
        for attempt in range(self._attempts):
            if attempt:
                self._sleep(self._get_pause(attempt, problem))
            try:
                return self._read(params)
            except _Passing as error:
                problem = error
        raise GazetteError(str(problem))

    @staticmethod
    def _get_pause(attempt, problem):
        pause = max(FIRST_PAUSE**attempt, problem.wait)
        return min(pause, LONGEST_PAUSE)

    def _read(self, params):
        """Return one answer, checked.

        :raises _Passing: it may come if asked again
        :raises GazetteError: it will not
        """
        try:
            response = requests.get(
                f"{self._address}/records", params=params, timeout=self._timeout, stream=True
            )
            with response:
                self._check_status(response)
                content = response.raw.read(MOST_BYTES + 1, decode_content=True)
                expected = response.headers.get("Content-Length")
        # What is below requests has errors of its own for an answer that breaks off.
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise _Passing(f"No answer: {type(error).__name__}.") from error
        if len(content) > MOST_BYTES:
            raise GazetteError("The answer is too long.")
        if expected and "Content-Encoding" not in response.headers and len(content) < int(expected):
            raise _Passing("The answer broke off.")
        return self._parse(content)

    @staticmethod
    def _check_status(response):
        status = response.status_code
        if status in PASSING:
            wait = response.headers.get("Retry-After", "")
            raise _Passing(f"The service answers {status}.", int(wait) if wait.isdigit() else 0)
        if status != requests.codes.ok:
            raise GazetteError(f"The service answers {status}: check the address.")

    @staticmethod
    def _parse(content):
        try:
            answer = json.loads(content)
        except ValueError as error:
            raise _Passing("The answer is no JSON.") from error
        if (
            not isinstance(answer, dict)
            or not isinstance(answer.get("results"), list)
            or not isinstance(answer.get("total_count"), int)
        ):
            raise GazetteError("The answer has another shape than the gazette's.")
        return answer


class _Passing(GazetteError):
    """May be better next time."""

    def __init__(self, message, wait=0):
        super().__init__(message)
        self.wait = wait
