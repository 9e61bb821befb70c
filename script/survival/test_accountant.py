"""An accountant works while a run sends: neither gets in the other's way."""

from servers import CONFLICT, until

DEBTORS = 100
DELAY = 0.15  # seconds a mail: many payments fall between a chunk's preparation and its last mail
# Between the last look at the ledger and the first word to the mail server lies a moment.
MOMENT = 0.5


def test_payments_during_a_run(site, sink, books, mails):
    """Payments, credit notes and reconciliations all over the portfolio while it is sent to."""
    books.only(1, DEBTORS)
    site.behave(delay=DELAY)
    site.server()
    finished = site.folder / "finished"
    with site.at_once(("accountant", {"seed": 3, "finished": str(finished)})) as (worker,):

        def done():
            if not books.runs():
                books.make_due("run")
            books.make_due("send")
            books.wake()
            return books.nothing_left()

        until(done, "the run to end", pause=0.3)
        finished.touch()
        accountant = site.answer(worker)
    booked = {row["address"]: row for row in accountant["done"]}
    began = mails.began()
    wrongly = sorted(
        (round(moment - booked[address]["committed"], 2), address)
        for address, moment in began.items()
        if address in booked and moment > booked[address]["committed"] + MOMENT
    )
    spared = [address for address in booked if address not in began]
    kinds = {
        kind: sum(row["kind"] == kind for row in booked.values())
        for kind in ("payment", "credit", "reconcile")
    }
    print(
        f"{len(booked)} requests {kinds}, {accountant['retries']} tried again by Odoo, "
        f"{len(began)} contacted, {len(spared)} spared, {len(wrongly)} wrongly: {wrongly}"
    )
    assert not accountant["errors"], accountant["errors"]
    assert all(row["paid"] for row in booked.values())
    assert all(kinds.values()) and len(booked) >= 15, "the accountant had time to work"
    assert spared, "some paid before their turn"
    assert set(mails.by_address().values()) == {1}
    assert set(books.states()) <= {"sent", "cancelled"}, books.states()
    assert not wrongly, "contacted though the payment was booked before the mail left"
    site.refuse_errors(CONFLICT)
