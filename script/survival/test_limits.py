"""The scheduler's own limits: a worker that takes too long is killed, and the next goes on."""

from servers import until

DEBTORS = 45
LIMIT = 8  # seconds for a scheduled action; Odoo looks every four seconds


def test_killed_by_the_time_limit(site, sink, books, mails):
    """A mail server so slow that no chunk fits in the time: each life gets a part further."""
    books.only(1, DEBTORS)
    site.behave(delay=0.4)
    server = site.server("--limit-time-real-cron", LIMIT)
    doubted, lives, progress = set(), 0, []

    def tick():
        """Wake the scheduler up, and see which lives have ended."""
        nonlocal lives
        books.make_due("run", "send")
        books.wake()
        killed = server.text().count("timeout after")
        if killed > lives:
            lives = killed
            doubted.update(books.doubted())
            progress.append(mails.count())
            books.age_claims()
        return books.nothing_left()

    until(tick, "the run to end", patience=180, pause=0.1)
    print(f"{lives} lives, mails after each: {progress}, {books.states()}")
    assert lives >= 2, "the limit did not strike"
    assert progress == sorted(progress) and progress[-1] > progress[0], "the next life goes on"
    received = mails.by_address()
    assert set(received.values()) == {1}
    states = books.states()
    assert set(states) <= {"sent", "ambiguous"} and sum(states.values()) == DEBTORS
    assert {row["id"] for row in books.actions("ambiguous")} <= doubted
    assert states["ambiguous"] <= lives
    site.refuse_errors("timeout after", "timed out")
