"""Wall time, processor time, queries and peak memory of a piece of work inside Odoo."""

import gc
import os
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

from odoo.tools import SQL

KILOBYTES = 1024


class Recorder:
    """Collects the figures of one part of the measurement."""

    def __init__(self, tool):
        self.tool = tool
        self.rows = []

    def note(self, name, **figures):
        """Add figures that were not measured here."""
        self.rows.append({"tool": self.tool, "name": name, **figures})

    def add_up(self):
        """Return one row for each name: the sum of its measurements, and the largest memory."""
        totals = {}
        for row in self.rows:
            total = totals.setdefault(row["name"], dict.fromkeys(row, 0) | {"name": row["name"]})
            total["tool"] = row["tool"]
            for key in row.keys() - {"tool", "name", "memory"}:
                total[key] += row[key]
            total["memory"] = max(total["memory"], row["memory"])
        return [*totals.values()]

    @contextmanager
    def measure(self, env, name, commit=True):
        """Measure the block; what it adds to the dict that it gets stands in the result.

        Memory is that of the process, compared with what it held before; PostgreSQL's own is
        not counted.
        """
        gc.collect()
        env.invalidate_all()
        _forget_peak()
        thread = threading.current_thread()
        thread.query_count = thread.query_time = 0
        idle, backend = _memory("VmRSS"), backend_seconds(env)
        processor, started = time.process_time(), time.monotonic()
        figures = {}
        yield figures
        env.flush_all()
        if commit:
            env.cr.commit()
        self.rows.append(
            {
                "tool": self.tool,
                "name": name,
                "wall": time.monotonic() - started,
                "python": time.process_time() - processor,
                "postgres": backend_seconds(env) - backend,
                "queries": thread.query_count,
                "memory": max(_memory("VmHWM") - idle, 0),
                **figures,
            }
        )


def tidy(env, tables):
    """Do to tables what the server's autovacuum does within a minute of a large change.

    Otherwise it would do so in the middle of what is measured next.
    """
    connection = env.cr._cnx
    env.cr.commit()
    connection.autocommit = True
    try:
        for table in tables:
            env.cr.execute(SQL("VACUUM (ANALYZE) %s", SQL.identifier(table)))
    finally:
        connection.autocommit = False


def _forget_peak():
    """Let the kernel count the peak from here on."""
    # Where this is refused, the peak is that of the whole process: never too small.
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def _memory(key):
    """Return a figure of the process's memory in megabytes."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{key}:"):
            return int(line.split()[1]) / KILOBYTES
    return 0.0


def backend_seconds(env):
    """Return the processor seconds of the cursor's PostgreSQL process, if it runs here."""
    number = env.cr._cnx.info.backend_pid
    try:
        parts = Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")
