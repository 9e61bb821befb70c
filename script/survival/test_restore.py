"""A backup made while a run sends, put into another database after a disaster."""

import shutil
import subprocess

from books import Books
from servers import until

from ground import paths

ENOUGH = 65  # mails at the moment of the backup: the second chunk is under way


def _program(site, name, *arguments):
    command = [str(site.ground.server.programs / name), *map(str, arguments)]
    done = subprocess.run(command, env=site.ground.variables(), capture_output=True, text=True)
    assert not done.returncode, done.stderr[-2000:]


def _restore(site, dump, name):
    """Put the dump and a copy of the files into a new database."""
    site.ground.databases.drop(name)
    _program(site, "createdb", "-T", "template0", "-E", "UTF8", "--lc-collate=C", name)
    _program(site, "pg_restore", "-d", name, "--no-owner", dump)
    files = paths.DATA / "filestore"
    if (files / site.database).is_dir():
        shutil.copytree(files / site.database, files / name)


def test_backup_during_a_run(site, sink, books, mails):
    """What the backup knows of is not sent again; what left after it is all that is at risk."""
    site.behave(delay=0.08)
    server = site.server()

    def under_way():
        if not books.runs():
            books.make_due("run")
            books.wake()
        return mails.count() >= ENOUGH

    until(under_way, "mails", pause=0.1)
    dump = site.folder / "backup.dump"
    _program(site, "pg_dump", "-Fc", "-f", dump, site.database)
    after_dump = mails.count()
    until(lambda: mails.count() >= after_dump + 8, "mails after the backup")
    server.kill()
    before = mails.by_address()
    assert max(before.values()) == 1

    name = f"{site.database}_restored"
    _restore(site, dump, name)
    restored = Books(site, name)
    try:
        known = {row["address"]: row["state"] for row in restored.actions()}
        mail_states = {row["address"]: row["mail_state"] for row in restored.actions("sending")}
        restored.age_claims()
        site.behave(delay=0)
        again = site.server(database=name)

        def done():
            restored.make_due("run", "send")
            restored.wake()
            return restored.nothing_left()

        until(done, "the restored run to end", pause=0.3)
        again.end()
        received = mails.by_address()
        twice = {address for address, count in received.items() if count > 1}
        print(
            f"in the backup: sent {sum(s == 'sent' for s in known.values())}, claimed "
            f"{len(mail_states)} (of them noted as sent "
            f"{sum(s == 'sent' for s in mail_states.values())}), waiting "
            f"{sum(s == 'confirmed' for s in known.values())}; mails before the disaster "
            f"{sum(before.values())}; twice: {sorted(twice)}; now {restored.states()}"
        )
        assert not {a for a in twice if known[a] == "sent" or mail_states.get(a) == "sent"}
        # Claims of the backup may have left after it: a person decides, nothing leaves twice.
        assert not {address for address in twice if known[address] == "sending"}
        # The backup cannot know of later claims: those alone can be contacted again.
        assert all(known[address] == "confirmed" for address in twice)
        site.refuse_errors()
        assert len(received) + len(restored.actions("ambiguous")) >= len(known)
    finally:
        restored.close()
        site.ground.databases.drop(name)
