"""A mail server that is down, slow, refuses or hangs up: nothing is lost, nothing doubled."""

DEBTORS = 20


def _address(number):
    return f"debtor-{number:03d}@debtor.example"


def test_down_then_up(site, books, mails):
    """Every action says why it failed; "Retry" sends it once the server is back."""
    books.only(1, DEBTORS)
    site.work("crons", names=["run"])
    failed = books.actions("failed")
    assert len(failed) == DEBTORS
    assert all("refused" in row["failure_reason"].lower() for row in failed), failed[0]
    assert [run["state"] for run in books.runs()] == ["done"]
    assert set(books.evidence("failed").values()) == {1}
    site.work("crons", names=["run", "send"])
    assert len(books.actions("failed")) == DEBTORS, "nothing is tried again by itself"

    site.start_sink()
    assert not site.work("retry")
    assert books.states() == {"sent": DEBTORS}
    assert set(mails.by_address().values()) == {1}
    assert len(mails.by_address()) == DEBTORS


def test_slow(site, sink, books, mails):
    """While one process waits for the mail server, another takes nothing from it."""
    books.only(1, DEBTORS)
    site.behave(delay=0.3)
    with site.at_once(("crons", {"names": ["run"]}), ("crons", {"names": ["send"] * 3})) as workers:
        for worker in workers:
            site.answer(worker)
    assert books.states() == {"sent": DEBTORS}
    assert set(mails.by_address().values()) == {1}
    site.refuse_errors()


def test_refuses_one(site, sink, books, mails):
    """The one whose mailbox does not exist is named; the others go out."""
    books.only(1, DEBTORS)
    site.behave(refuse=[_address(7)])
    site.work("crons", names=["run"])
    (failed,) = books.actions("failed")
    assert failed["address"] == _address(7)
    assert "550" in failed["failure_reason"] and "mailbox" in failed["failure_reason"], failed
    assert books.states() == {"sent": DEBTORS - 1, "failed": 1}
    assert _address(7) not in mails.by_address()
    assert set(mails.by_address().values()) == {1}
    site.refuse_errors("failed sending mail")

    site.behave()
    assert not site.work("retry")
    assert books.states() == {"sent": DEBTORS}
    assert mails.by_address()[_address(7)] == 1


def test_hangs_up_after_data(site, sink, books, mails):
    """A mail that may have arrived waits for a person; the others go out by themselves."""
    books.only(1, DEBTORS)
    site.behave(cut={_address(4): True, _address(11): False})
    site.work("crons", names=["run", "send", "send"])
    assert books.states() == {"sent": DEBTORS - 2, "ambiguous": 2}
    assert books.addresses("ambiguous") == [_address(4), _address(11)]
    assert all(row["failure_reason"] for row in books.actions("ambiguous"))
    received = mails.by_address()
    assert received[_address(4)] == 1 and _address(11) not in received
    assert set(received.values()) == {1}

    site.behave()
    books.age_claims()
    site.work("crons", names=["run", "send"])
    refused = site.work("retry", states=["ambiguous"])
    assert len(refused) == 2, "an unknown result is not sent again by a button either"
    assert mails.by_address() == received
    assert len(books.actions("ambiguous")) == 2
    site.refuse_errors("Exception while processing mail")


def test_never_answers(site, sink, books, mails):
    """A mail server that takes a mail and then says nothing may have kept it."""
    books.only(1, 6)
    site.behave(slow={_address(3): 30})
    site.work("crons", names=["run", "send", "send"], smtp_timeout=2)
    assert books.addresses("ambiguous") == [_address(3)]
    assert books.states() == {"sent": 5, "ambiguous": 1}
    assert max(mails.by_address().values()) == 1
