"""What happens on a simulated day, hour by hour."""

import threading
from contextlib import contextmanager

from freezegun import api as freezegun_api

from odoo.addons.base.models.ir_cron import IrCron

from . import accountant, collectors, courts, letters, office


class Programme:
    """Takes a world through its days; the seconds of each part are counted."""

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

    def live(self, day):
        """Live through one day."""
        world = self.world
        self.mailbox.begin_day()
        self._at(day, 7, 30)
        courts.judge(world)
        self._run_jobs()
        if world.is_working():
            self._work_in_the_morning(day)
        self._at(day, 10, 15)
        self._run_jobs()
        if world.is_working():
            self._work_with_debtors(day)
        self._at(day, 14)
        with self.part("debtors"):
            self.debtors.do_planned()
        if world.is_working():
            self._work_in_the_afternoon(day)
        self._at(day, 17)
        self._run_jobs()

    def _at(self, day, hour, minute=0):
        self._collect()
        self.world.clock.set(day, hour, minute)

    def _collect(self):
        """Take up what was sent since the clock moved, and let debtors read it."""
        received = self.mailbox.collect(self.world.clock.moment)
        self.debtors.read_mails(received)

    def _work_in_the_morning(self, day):
        self._at(day, 8, 30)
        with self.part("letters"):
            letters.deliver(self.world, self.debtors)
        with self.part("accountant"):
            accountant.morning(self.world, self.debtors)
        with self.part("courts"):
            courts.follow(self.world)

    def _work_with_debtors(self, day):
        self._at(day, 11)
        with self.part("collectors"):
            collectors.work(self.world)
        with self.part("letters"):
            letters.agree(self.world)

    def _work_in_the_afternoon(self, day):
        self._at(day, 15)
        with self.part("collectors"):
            # Where it was night or lunchtime in the morning.
            collectors.call(self.world)
        with self.part("office"):
            office.decide(self.world)
            office.charge(self.world)
        with self.part("letters"):
            letters.post(self.world)

    def _run_jobs(self):
        """Run the scheduled actions that are due, as Odoo's own scheduler does."""
        with self.part("jobs"):
            IrCron._process_jobs(self.world.database)
        self._collect()
