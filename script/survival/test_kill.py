"""`kill -9` at twenty random moments: nothing is lost, nothing leaves twice."""

import random
import time
from collections import Counter

from servers import until

KILLS = 20
SEED = 20
STARTED = "starting"  # what Odoo logs when a scheduled action begins
LONGEST_START = 2.5  # seconds: a kill of every second round comes so long after the beginning
LONGEST_SENDING = 1.0  # seconds: the others come so long after the first mail of the round
DELAY = 0.08  # seconds that the mail server takes for a mail


def test_twenty_kills(site, sink, books, mails):
    """Every fourth kill takes the whole server, the others the process that is at work.

    Every second one hits a sending, the others whatever happens soon after a beginning.
    """
    site.behave(delay=DELAY)
    chance = random.Random(SEED)
    server, doubted, during = None, set(), Counter()
    for number in range(KILLS):
        if server is None or not server.is_alive():
            server = site.server()
        _start_job(books, server)
        if number % 2:
            before = mails.count()
            until(lambda b=before: mails.count() > b, "a mail", pause=0.01)
            time.sleep(chance.uniform(0, LONGEST_SENDING))
        else:
            time.sleep(chance.uniform(0, LONGEST_START))
        if number % 4:
            server.kill_workers()
        else:
            server.kill()
        until(lambda: _is_alone(books), "the killed processes' transactions to end")
        found = books.doubted()
        during["sending" if found else "otherwise"] += 1
        doubted |= found
        books.age_claims()
    site.behave(delay=0)
    server = server if server.is_alive() else site.server()
    _finish(books, server)
    print(f"{during}, {len(doubted)} doubted, {books.states()}")

    _check_one_contact_each(books, mails, doubted)
    assert during["sending"] >= KILLS / 2, "too few kills hit a sending"
    site.refuse_errors("timed out")


def _start_job(books, server):
    """Have one of our scheduled actions begin, at once and not at the next tick."""
    before = server.text().count(STARTED)

    def begun():
        books.make_due("run", "send")
        books.wake()
        return server.text().count(STARTED) > before or not server.is_alive()

    until(begun, "a scheduled action to begin", pause=0.1)
    assert server.is_alive(), server.text()[-3000:]


def _is_alone(books):
    """Tell whether no process works in the database but the test's own."""
    return not books.value(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND state <> 'idle' AND pid <> pg_backend_pid()"
    )


def _finish(books, server):
    """Let the server go on until nothing is left to send."""

    def done():
        books.wake()
        return books.nothing_left()

    books.make_due("run", "send")
    for _turn in range(5):
        books.age_claims()
        try:
            until(done, "the run to end", patience=20, pause=0.2)
            return
        except AssertionError:
            books.make_due("run", "send")
    raise AssertionError(f"not finished: {books.states()}, {books.runs()}")


def _check_one_contact_each(books, mails, doubted):
    """One mail for each debtor, from the files and from the evidence; doubts stay doubts."""
    received = mails.by_address()
    assert max(received.values()) == 1, [a for a, count in received.items() if count > 1]
    states = books.states()
    assert set(states) <= {"sent", "ambiguous"}, states
    # Exactly those whose mail was being handed over when a process died wait for a person.
    assert {row["id"] for row in books.actions("ambiguous")} == doubted
    assert len(doubted) <= KILLS
    # What Odoo calls sent has arrived, and has its piece of evidence; nothing else has.
    sent = books.addresses("sent")
    assert all(received[address] == 1 for address in sent)
    unknown = set(received) - set(sent)
    assert unknown <= set(books.addresses("ambiguous")), unknown
    assert books.evidence("sent") == Counter(row["id"] for row in books.actions("sent"))
    assert len(books.actions()) == 160, "one action for each debtor"
