"""The debtors' days: what reaches them, what they plan to do about it, and that they do it."""

import traceback

import requests

from . import money, pages, replies
from .behaviours import DUE, LETTER, MAIL, SIGNED, find_reaction

MODULES = (money, pages, replies)


def find_act(does):
    """Return the function that carries an act out."""
    for module in MODULES:
        act = getattr(module, f"do_{does}", None)
        if act:
            return act
    raise LookupError(f"nobody knows how to {does}")


class Debtors:
    """Lets all debtors of a world react."""

    def __init__(self, world):
        self.world = world
        world.react = self.react

    # === WHAT REACHES THEM === #

    def read_mails(self, received):
        """Let each debtor read the mails that are for him."""
        for mail in received:
            debtor = self.world.by_email.get(mail.address)
            if not debtor:
                continue
            company = self._company_of(mail)
            if company not in self.world.companies:
                continue
            if mail.link:
                debtor.links[company] = mail.link
            if debtor.has("refused_mail") and mail.address.endswith("@refused.example"):
                replies.bounce(self.world, debtor, mail)
            elif mail.link:
                debtor.letterbox[company] = mail
                self.hear(debtor, MAIL, company)

    def _company_of(self, mail):
        return next(
            (company for company, sender in self.world.senders.items() if sender in mail.sender),
            None,
        )

    def receive_letter(self, debtor, company):
        """Let a debtor read a letter."""
        self.hear(debtor, LETTER, company)

    def hear(self, debtor, what, company, number=None):
        """Count what has reached a debtor about something overdue, and plan his reaction."""
        if not money.overdue(self.world, debtor, company):
            # A reminder before the day, or one that crossed his payment.
            return
        self.forget_settled(debtor, company)
        key = (what, company)
        debtor.heard[key] = debtor.heard.get(key, 0) + 1
        self.react(debtor, what, company, number=debtor.heard[key])

    def forget_settled(self, debtor, company):
        """Count anew when what a debtor was reminded of has been settled since."""
        oldest = money.overdue(self.world, debtor, company)[0][0]
        if debtor.oldest.get(company) != oldest:
            for key in [key for key in debtor.heard if key[1] == company]:
                del debtor.heard[key]
            debtor.oldest[company] = oldest

    def react(self, debtor, what, company, number=1, **detail):
        """Plan what a debtor does about something that reached him."""
        if debtor.is_silenced:
            return
        reaction = find_reaction(debtor.behaviour, what, number)
        if not reaction:
            return
        if reaction.part != (1.0, 1.0):
            detail["part"] = debtor.part(reaction)
        days = 0 if what == SIGNED else debtor.days(reaction)
        self.world.plan(days, debtor, reaction.does, company=company, **detail)

    def notice_invoice(self, debtor, move, due, company):
        """Let a debtor who pays by the due date put it into his diary."""
        reaction = find_reaction(debtor.behaviour, DUE, 1)
        if reaction:
            days = (due - self.world.day).days + debtor.days(reaction)
            self.world.plan(days, debtor, reaction.does, company=company, move=move)

    # === WHAT THEY DO === #

    def do_planned(self):
        """Let debtors do what they have planned up to today, and what follows from it at once."""
        agenda = self.world.agenda
        while due := sorted(day for day in agenda if day <= self.world.day):
            for debtor, does, detail in agenda.pop(due[0]):
                if not debtor.is_silenced:
                    self._do(debtor, does, detail)

    def _do(self, debtor, does, detail):
        self.world.reactions[debtor.behaviour.name, does] += 1
        try:
            find_act(does)(self.world, debtor, **detail)
        except (requests.RequestException, LookupError, ValueError, TypeError):
            self.world.fail(f"debtor: {does}", traceback.format_exc())
