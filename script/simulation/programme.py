"""What happens on a simulated day, hour by hour."""

import threading
from contextlib import contextmanager

from freezegun import api as freezegun_api

from odoo.addons.base.models.ir_cron import IrCron

from . import accountant, collectors, courts, handovers, letters, office
from .days import is_working_day

# (hour, minute, what is done, whether the office has to be open)
HOURS = (
    (7, 30, "wake", False),
    (7, 30, "run_jobs", False),
    (8, 30, "keep_the_books", True),
    (10, 15, "run_jobs", True),
    (11, 0, "work_with_debtors", True),
    (14, 0, "let_debtors_act", False),
    (15, 0, "decide_and_post", True),
    (17, 0, "run_jobs", False),
)


class Programme:
    """Takes the offices of some companies through their days; the seconds of each part count."""

    def __init__(self, world, debtors, mailbox):
        self.world = world
        self.debtors = debtors
        self.mailbox = mailbox
        self.seconds = {}
        threading.current_thread().dbname = world.database

    @contextmanager
    def part(self, name):
        """Count the seconds of a part of the day."""
        began = freezegun_api.real_perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = (
                self.seconds.get(name, 0.0) + freezegun_api.real_perf_counter() - began
            )

    # === PARTS OF A DAY === #

    def collect(self):
        """Take up the mails that were sent since the clock moved, and let debtors read them."""
        with self.part("mails"):
            self.debtors.read_mails(self.mailbox.collect(self.world.clock.moment))

    def wake(self):
        """Begin a day: courts have decided."""
        courts.judge(self.world)

    def run_jobs(self):
        """Run the scheduled actions that are due, as Odoo's own scheduler does.

        Where there are two processes both take jobs that the other has not: Odoo too has two of
        these workers unless it is told otherwise.
        """
        with self.part("jobs"):
            IrCron._process_jobs(self.world.database)

    def keep_the_books(self):
        """Let the accountant take in the post, invoice, book, and follow courts."""
        with self.part("letters"):
            letters.deliver(self.world, self.debtors)
        with self.part("accountant"):
            accountant.morning(self.world, self.debtors)
        with self.part("courts"):
            courts.follow(self.world)
            handovers.follow(self.world)

    def work_with_debtors(self):
        """Let collectors go through their worklists, and the manager through the letters."""
        with self.part("collectors"):
            collectors.work(self.world)
        with self.part("letters"):
            letters.agree(self.world)

    def let_debtors_act(self):
        """Let debtors do what they have planned."""
        with self.part("debtors"):
            self.debtors.do_planned()

    def decide_and_post(self):
        """Call again, decide on what waits, print and post."""
        with self.part("collectors"):
            # Where it was night or lunchtime in the morning.
            collectors.call(self.world)
        with self.part("office"):
            office.decide(self.world)
            office.charge(self.world)
        with self.part("letters"):
            letters.post(self.world)


def hours_of(day):
    """Return [(hour, minute, what is done)] of a day."""
    is_open = is_working_day(day)
    return [(hour, minute, what) for hour, minute, what, needs in HOURS if is_open or not needs]
