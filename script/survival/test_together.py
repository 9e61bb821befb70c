"""Several processes at the same moment, on one database: they share the work."""

from collections import Counter

from servers import CONFLICT, until

EVERYBODY = 160
A_FEW = 60  # more than a chunk


def _check_one_each(books, mails, debtors=EVERYBODY):
    received = mails.by_address()
    assert set(received.values()) == {1}, received
    assert len(received) == debtors
    assert books.states() == {"sent": debtors}
    assert books.evidence("sent") == Counter(row["id"] for row in books.actions("sent"))


def _settle_what_is_left(site, books):
    """Let the sender finish what a conflict between two processes left to it."""
    left = len(books.actions("sending"))
    books.age_claims()
    site.work("crons", names=["send"])
    return left


def test_two_people_start_the_scheduled_action(site, sink, books, mails):
    """Of two who press "Run manually" at once, the scheduler lets one through."""
    books.only(1, A_FEW)
    with site.at_once(*[("crons", {"names": ["run"]})] * 2) as workers:
        refused = [site.answer(worker) for worker in workers]
    assert sorted(map(len, refused)) == [0, 1], refused
    _settle_what_is_left(site, books)
    _check_one_each(books, mails, A_FEW)
    assert [run["state"] for run in books.runs()] == ["done"]
    site.refuse_errors()


def test_two_processes_past_the_scheduler(site, sink, books, mails):
    """Nothing but the add-on's own locks keeps these two apart: one contact each."""
    site.behave(delay=0.01)
    with site.at_once(("day", {}), ("day", {})) as workers:
        for worker in workers:
            site.answer(worker)
    left = _settle_what_is_left(site, books)
    print(f"{left} left to the sender, runs {[run['state'] for run in books.runs()]}")
    _check_one_each(books, mails)
    assert [run["state"] for run in books.runs()] == ["done"], "one run a day and company"


def test_two_servers_share_the_work(site, sink, books, mails):
    """The daily action in one server, the sender in the other, on the same run."""
    site.behave(delay=0.06)
    servers = [site.server(), site.server()]
    until(lambda: all("alive" in server.text() for server in servers), "two servers")

    def all_left():
        books.make_due("run", "send")
        books.wake()
        return mails.count() == EVERYBODY and not books.actions("confirmed")

    until(all_left, "every mail to leave", pause=0.3)
    until(books.nothing_left, "what has left to be noted at once", patience=10, pause=0.3)
    sent = [server.text().count("successfully sent") for server in servers]
    print(f"sent by each server: {sent}")
    assert min(sent) >= 10, "both servers have worked"
    assert sum(sent) == EVERYBODY
    _check_one_each(books, mails)
    site.refuse_errors(CONFLICT)


def test_two_servers_die_at_once(site, sink, books, mails):
    """Each had a mail under way, claimed in the same second: neither is sent again."""
    site.behave(delay=0.3)
    servers = [site.server(), site.server()]
    until(lambda: all("alive" in server.text() for server in servers), "two servers")

    def both_send():
        books.make_due("run", "send")
        books.wake()
        return all(server.text().count("successfully sent") >= 2 for server in servers)

    until(both_send, "both to send", pause=0.3)
    for server in servers:
        server.kill()
    under_way = books.doubted()
    assert len(under_way) == 2, under_way
    # What chance does once in a while: both claimed in the same second.
    books.rows(
        "UPDATE collection_action SET claimed_at = "
        "       date_trunc('hour', now() AT TIME ZONE 'UTC') - interval '1 hour' "
        " WHERE state = 'sending'"
    )
    site.behave(delay=0)
    site.work("crons", names=["send", "send"])
    received = mails.by_address()
    assert max(received.values()) == 1, [a for a, count in received.items() if count > 1]
    assert {row["id"] for row in books.actions("ambiguous")} == under_way
