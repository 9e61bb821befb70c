"""Processes of a test: Odoo servers, workers and a mail server, none of which outlives it."""

import ctypes
import json
import os
import signal
import subprocess
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from ground import environment, logcheck, ports, survival
from ground.console import tail
from ground.services import listens

HERE = Path(__file__).parent
WORKER = HERE / "inside" / "worker.py"
SINK = HERE / "sink.py"
PR_SET_PDEATHSIG = 1  # of <linux/prctl.h>
# What Odoo logs when two processes meet, before it lets one of them try again.
CONFLICT = "could not serialize"
PATIENCE = 120  # seconds; nothing takes so long unless it hangs


def until(condition, what, patience=PATIENCE, pause=0.05):
    """Wait until a condition holds and return what it returned; fail when it never does."""
    limit = time.monotonic() + patience
    while not (found := condition()):
        if time.monotonic() > limit:
            raise AssertionError(f"waited {patience} s in vain: {what}")
        time.sleep(pause)
    return found


def _die_with_parent():
    """Ask the system to kill this process when the test's ends, however that may happen."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Process:
    """A program in a process group of its own, which dies as a whole."""

    def __init__(self, command, log, variables):
        self.log = log
        with open(log, "ab") as output:
            self.popen = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=variables,
                start_new_session=True,
                preexec_fn=_die_with_parent,
            )

    def is_alive(self):
        """Tell whether it runs."""
        return self.popen.poll() is None

    def kill(self):
        """Kill it and all that it started: `kill -9`."""
        with suppress(ProcessLookupError):
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait()

    def end(self):
        """Ask it to end; kill what is left of it."""
        if self.is_alive():
            self.popen.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.popen.wait(10)
        self.kill()

    def kill_workers(self):
        """Kill the processes that a server made for its scheduled actions; it makes new ones."""
        for child in psutil.Process(self.popen.pid).children():
            child.kill()

    def text(self):
        """Return the log so far."""
        return self.log.read_text(errors="replace")

    def complaints(self):
        """Return the ERROR and CRITICAL lines of the log."""
        return [
            text
            for text in logcheck.complaints(self.log)
            if logcheck.LINE.match(text)["level"] in ("ERROR", "CRITICAL")
        ]


class Site:
    """What one test works with: a database, a mail server, and the processes it starts."""

    def __init__(self, ground, database, folder):
        self.ground = ground
        self.database = database
        self.folder = folder
        self.mails = folder / "mails"
        self.mails.mkdir()
        self.control = folder / "sink.json"
        self.processes = []
        self.number = 0
        self.behave()
        # Tests run side by side: each looks for its ports in another part of the range.
        self.mail_port = ports.free(20000 + os.getpid() % 20000)

    # === MAIL SERVER === #

    def behave(self, **behaviour):
        """Tell the mail server how to behave from the next mail on (see sink.py)."""
        draft = self.control.with_suffix(".new")
        draft.write_text(json.dumps(behaviour))
        draft.replace(self.control)

    def start_sink(self):
        """Start the mail server on its port."""
        sink = self._start([environment.python(), SINK, self.mails, self.mail_port, self.control])
        until(lambda: listens(self.mail_port), "the mail server")
        return sink

    # === ODOO === #

    def options(self):
        """Return Odoo's options for this site."""
        return self._options(self.database)

    def _options(self, database):
        return ["-d", database, "--addons-path", survival.addons_path(self.ground)]

    def server(self, *options, database=None, **variables):
        """Start a server that does nothing but scheduled actions, in processes of their own."""
        command = self.ground.odoo_command(
            self._options(database or self.database)
            + ["--no-http", "--workers", 1, "--max-cron-threads", 1, *options]
        )
        return self._start(command, **variables)

    def worker(self, command, database=None, variables=None, **parameters):
        """Start a process that carries one command of worker.py out."""
        self.number += 1
        result = self.folder / f"result-{self.number}.json"
        line = [environment.python(), WORKER, command, result, json.dumps(parameters, default=str)]
        options = self._options(database or self.database)
        process = self._start([*line, *options], **(variables or {}))
        process.result = result
        return process

    def work(self, command, **parameters):
        """Carry a command out and return its answer."""
        return self.answer(self.worker(command, **parameters))

    def answer(self, process, patience=PATIENCE):
        """Wait for a worker and return its answer."""
        until(lambda: not process.is_alive(), "a worker's end", patience)
        assert process.popen.returncode == 0, tail(process.log, 60)
        return json.loads(process.result.read_text())

    @contextmanager
    def at_once(self, *workers):
        """Start workers that wait for each other: [(command, parameters)]; yield them running."""
        opened = self.folder / f"gate-{self.number}"
        started = []
        for command, parameters in workers:
            ready = self.folder / f"ready-{self.number}"
            gate = {"ready": str(ready), "open": str(opened)}
            process = self.worker(command, gate=gate, **parameters)
            process.ready = ready
            started.append(process)
        for process in started:
            until(lambda p=process: p.ready.exists() or not p.is_alive(), "a worker's start")
            assert process.is_alive(), tail(process.log, 60)
        opened.touch()
        yield started

    # === HOUSEKEEPING === #

    def _start(self, command, **variables):
        log = self.folder / f"process-{len(self.processes):02d}.log"
        process = Process(command, log, self.ground.variables(PYTHONUNBUFFERED="1", **variables))
        self.processes.append(process)
        return process

    def refuse_errors(self, *expected):
        """Fail when a process has logged an error that holds none of the expected words."""
        found = [text for process in self.processes for text in process.complaints()]
        found = [text for text in found if not any(words in text for words in expected)]
        assert not found, "\n".join(found)

    def close(self):
        """Kill whatever still runs."""
        for process in self.processes:
            process.kill()
