from datetime import date, datetime, time, timedelta, timezone
from random import Random
from zoneinfo import ZoneInfo

from odoo.tests import freeze_time, tagged

from ..common import CollectionCommon

COMBINATIONS = 10_000
LETTERS = ("letter", "registered_letter", "electronic_letter")
SPOKEN = ("call", "visit", "meeting", "task")
CHANNELS = ("sms", "email", *LETTERS, *SPOKEN)
FRANCE = ["01-01", "04-06", "05-01", "05-08", "05-14", "05-25", "07-14", "08-15"]
FRANCE += ["11-01", "11-11", "12-25"]

# (country, postcode, zone that was typed in, its clock, its public holidays of 2026): written out
# by hand, so that a mistake of the calendar or of the map shows.
PLACES = [
    ("fr", "75011", "Europe/Paris", "Europe/Paris", FRANCE),
    ("fr", "67000", "Europe/Paris", "Europe/Paris", [*FRANCE, "04-03", "12-26"]),
    ("fr", "57000", False, "Europe/Paris", [*FRANCE, "04-03", "12-26"]),
    ("fr", "97400", "Europe/Paris", "Indian/Reunion", [*FRANCE, "12-20"]),
    ("fr", "98800", False, "Pacific/Noumea", [*FRANCE, "09-24"]),
    (
        "de",
        "10115",
        False,
        "Europe/Berlin",
        ["01-01", "04-03", "04-06", "05-01", "05-14", "05-25", "10-03", "12-25", "12-26"],
    ),
]
# (the policy's cap in 7 days, in 30 days, days between two contacts); 0 is none.
POLICIES = [(0, 0, 0), (2, 3, 0), (0, 0, 7)]
KINDS = ("professional", "consumer", "public")
ROUND = 7


def naive_answer(moment, channel, debtor, how):
    """Say whether a contact is lawful: the rules read once more, in the plainest way."""
    verdict = naive_standing(channel, debtor, how)
    if verdict is not None:
        return verdict
    there = moment.replace(tzinfo=timezone.utc).astimezone(ZoneInfo(debtor["clock"]))
    if channel not in LETTERS:
        if there.strftime("%A") in ("Saturday", "Sunday"):
            return False
        if there.strftime("%m-%d") in debtor["holidays"]:
            return False
        hours = (
            (10, 11, 12, 14, 15, 16, 17, 18, 19) if debtor["kind"] == "consumer" else range(8, 20)
        )
        if there.hour not in hours:
            return False
    return naive_caps(there, channel, debtor, None if how == "unplanned" else ROUND)


def naive_standing(channel, debtor, how):
    """Say what holds at any hour; None where the hour and the past decide."""
    if debtor["is_held"] or debtor["is_closed"] or debtor["is_barred"]:
        return False
    # A message that a run planned is handed to the senior later; all else is the senior's alone.
    if debtor["is_vulnerable"] and (channel in SPOKEN or how == "unplanned"):
        return False
    if channel == "task":
        return True
    if how == "third party":
        return False
    if debtor["refuses"] == "all" or channel in debtor["refuses"].split():
        return False
    return None


def naive_caps(there, channel, debtor, cycle):
    """Say whether the caps leave room for one more contact: the post comes once a day."""
    contacts, attempts, posts = [], [], []
    for past in debtor["past"]:
        past_day = past["moment"].replace(tzinfo=timezone.utc)
        back = (there.date() - past_day.astimezone(ZoneInfo(debtor["clock"])).date()).days
        if back < 0 or (not past["is_attempt"] and past["cycle"] == cycle):
            continue
        if past["is_letter"]:
            posts.append(back)
            if posts.count(back) > 1 or (back == 0 and channel in ("letter", "registered_letter")):
                continue
        (attempts if past["is_attempt"] else contacts).append(back)
    both = contacts + attempts
    if both.count(0) >= 1 or len([back for back in both if back < 7]) >= 3:
        return False
    if debtor["kind"] == "consumer" and len([back for back in both if back < 30]) >= 4:
        return False
    week, month, between = debtor["limits"]
    if week and len([back for back in contacts if back < 7]) >= week:
        return False
    if month and len([back for back in contacts if back < 30]) >= month:
        return False
    return not [back for back in contacts if back < between]


@tagged("post_install", "-at_install")
class TestGuardRandom(CollectionCommon):
    """Ten thousand contacts through the real guard, against a naive reading of the rules."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.random = Random(20260316)
        cls.company.partner_id.sudo().tz = "Europe/Paris"
        cls.policies = [
            cls._make_policy(
                [(5, "email")],
                confirm=False,
                weekly_cap=week,
                monthly_cap=month,
                minimum_days_between=between,
            )
            for week, month, between in POLICIES
        ]
        cls.stranger = cls._debtor("Neighbour")
        cls.debtors = [cls._make_debtor(number) for number in range(54)]

    # === BUILDERS === #

    @classmethod
    def _make_debtor(cls, number):
        """Return a debtor as the naive reading takes it, with the records that say the same."""
        clock, holidays = PLACES[number % len(PLACES)][3:]
        kind, chance = KINDS[number // 6 % 3], cls.random
        letters = " ".join(LETTERS)
        refuses = chance.choice(
            ["", "", "", "", "call", "email", "sms", letters, "visit meeting", "all"]
        )
        wish = {"all": "contact", "visit meeting": "visit", letters: "letter"}.get(refuses, refuses)
        partner = cls._make_partner(number, kind, wish)
        limits = chance.randrange(len(POLICIES))
        case = cls.root["collection.case"].create(
            {
                "company_id": cls.company.id,
                "partner_id": partner.id,
                "policy_id": cls.policies[limits].id,
            }
        )
        debtor = {
            "case": case,
            "kind": kind,
            "clock": clock,
            "holidays": holidays,
            "refuses": refuses,
            "is_held": number % 13 == 5,
            "is_closed": number % 17 == 9,
            "is_barred": kind == "consumer" and number % 7 == 1,
            "is_vulnerable": number % 11 == 4,
            "limits": POLICIES[limits],
            "past": [],
        }
        cls._give_traits(debtor)
        for _contact in range(chance.choice([0, 1, 2, 5, 12])):
            debtor["past"] += cls._make_contact(case, cls._draw_moment())
        debtor["planned"] = cls._make_action(case, "call", "planned", ROUND)
        debtor["third party"] = cls._make_action(case, "call", "planned", ROUND)
        debtor["third party"].partner_id = cls.stranger
        return debtor

    @classmethod
    def _make_partner(cls, number, kind, wish):
        """Return the debtor's record; every ninth is in Tahiti, with a guardian at the place."""
        country, postcode, zone = PLACES[number % len(PLACES)][:3]
        address = {
            "country_id": cls.root.ref(f"base.{country}").id,
            "zip": postcode,
            "tz": zone,
        }
        represented = number % 9 == 0
        partner = cls._debtor(
            f"Debtor {number}",
            **{**address, **({"country_id": cls.root.ref("base.pf").id} if represented else {})},
            collection_debtor_kind=kind,
            collection_is_vulnerable=number % 11 == 4,
            **(
                {f"collection_no_{wish}": True, "collection_no_contact_reason": "?"} if wish else {}
            ),
        )
        if represented:
            # The guardian's clock counts.
            guardian = cls._debtor(f"Guardian {number}", is_company=False, **address)
            partner.collection_representative_id = guardian
        return partner

    @classmethod
    def _give_traits(cls, debtor):
        """Make the records say what the naive reading takes for granted."""
        if debtor["is_held"]:
            cls._hold_for_long(debtor["case"])
        if debtor["is_barred"]:
            cls._make_barred_item(debtor["case"])
        if debtor["is_closed"]:
            debtor["case"].is_open = False

    @classmethod
    def _make_barred_item(cls, case):
        """Give the case one open item, past its limitation."""
        invoice = cls._overdue_invoice(1200, partner=case.partner_id)
        line = invoice.line_ids.filtered(lambda line: line.display_type == "payment_term")
        cls.root["collection.item"].create(
            {"move_line_id": line.id, "case_id": case.id, "verdict": "time_barred"}
        )

    @classmethod
    def _hold_for_long(cls, case):
        reason = cls.root["collection.reason"].search([("usage", "=", "hold")], limit=1)
        cls.root["collection.hold"].create(
            {
                "case_id": case.id,
                "kind": "manual",
                "reason_id": reason.id,
                "date_start": "2025-12-01",
                "date_end": "2027-02-01",
            }
        )

    @classmethod
    def _make_action(cls, case, channel, state, cycle, day=False):
        return (
            cls.root["collection.action"]
            ._with_door()
            .create(
                {
                    "company_id": case.company_id.id,
                    "case_id": case.id,
                    "channel": channel,
                    "mode": "manual",
                    "state": state,
                    "cycle": cycle,
                    "contact_date": day,
                }
            )
        )

    @classmethod
    def _make_contact(cls, case, moment):
        """Return what took place: an e-mail, a letter noted later, a call and its attempts."""
        kind, cycle = (
            cls.random.choice(("email", "letter", "call", "attempt")),
            cls.random.choice((3, ROUND)),
        )
        day = cls.company._get_collection_day(moment)
        evidence = cls.root["collection.evidence"]
        if kind == "letter":
            cls._make_action(case, "letter", "sent", cycle, day)
            noon = datetime.combine(day, time(12), tzinfo=ZoneInfo("Europe/Paris"))
            moment = noon.astimezone(timezone.utc).replace(tzinfo=None)
            return [cls._past(moment, cycle, is_letter=True)]
        state = {"email": "sent", "call": "done", "attempt": "planned"}[kind]
        channel = "email" if kind == "email" else "call"
        action = cls._make_action(case, channel, state, cycle, day if kind != "attempt" else False)
        past = []
        if kind != "email":
            with freeze_time(moment - timedelta(days=2)):
                evidence._note(action, "outcome", {"outcome": "no_answer"})
            past.append(cls._past(moment - timedelta(days=2), cycle, is_attempt=True))
        with freeze_time(moment):
            if kind == "email":
                evidence._note(action, "sent", {})
            else:
                evidence._note(action, "outcome", {"outcome": "reached"})
        past.append(cls._past(moment, cycle, is_attempt=kind == "attempt"))
        return past

    @staticmethod
    def _past(moment, cycle, is_attempt=False, is_letter=False):
        """Return a contact as the naive reading takes it."""
        return {
            "moment": moment,
            "cycle": cycle,
            "is_attempt": is_attempt,
            "is_letter": is_letter,
        }

    @classmethod
    def _draw_moment(cls):
        """Return a moment of 2026 (UTC); every second one in the busy weeks of April and May."""
        first = cls.random.choice([date(2026, 2, 10), date(2026, 4, 1)])
        days = cls.random.randrange(40 if first.month == 4 else 300)
        seconds = cls.random.randrange(24 * 3600)
        return datetime.combine(first, time()) + timedelta(days=days, seconds=seconds)

    def _ask(self, moment):
        """Return [(request, debtor, channel, how)] for every debtor, some within a round."""
        guard, asked = self.root["collection.guard"], []
        for debtor in self.debtors:
            for channel in self.random.sample(CHANNELS, 4):
                how = self.random.choices(("unplanned", "planned", "third party"), (60, 30, 10))[0]
                action = debtor.get(how, self.root["collection.action"])
                request = guard._request(action, debtor["case"], channel)
                asked.append((request, debtor, channel, how))
        return asked

    # === TESTS === #

    def test_ten_thousand_combinations(self):
        guard = self.root["collection.guard"]
        count = lawful = 0
        while count < COMBINATIONS:
            moment = self._draw_moment()
            asked = self._ask(moment)
            refusals = guard._find_refusals([entry[0] for entry in asked], moment)
            for request, debtor, channel, how in asked:
                expected = naive_answer(moment, channel, debtor, how)
                self.assertEqual(
                    request not in refusals,
                    expected,
                    f"{channel} at {moment} to {debtor}, {how}: {refusals.get(request)}",
                )
                lawful += expected
            count += len(asked)
        self.assertGreaterEqual(count, COMBINATIONS)
        # A guard that always says the same would not pass for a good one.
        self.assertGreater(lawful, COMBINATIONS / 5)
        self.assertGreater(count - lawful, COMBINATIONS / 5)
        # Every kind of debtor that the rules know was drawn.
        for trait in ("is_held", "is_closed", "is_barred", "is_vulnerable"):
            self.assertTrue(any(debtor[trait] for debtor in self.debtors), trait)

    def test_what_waits_leaves_at_the_first_lawful_moment(self):
        """Nothing starves: the moment is lawful, and no quarter of an hour before it is."""
        guard, checked = self.root["collection.guard"], 0
        for _round in range(4):
            moment = self._draw_moment().replace(minute=0, second=0)
            asked = self._ask(moment)
            refusals = guard._find_refusals([entry[0] for entry in asked], moment)
            for request, debtor, channel, how in asked:
                refusal = refusals.get(request)
                if not refusal or not refusal.until:
                    continue
                self.assertTrue(naive_answer(refusal.until, channel, debtor, how), refusal)
                earlier = moment
                while earlier < min(refusal.until, moment + timedelta(days=9)):
                    self.assertFalse(naive_answer(earlier, channel, debtor, how), earlier)
                    earlier += timedelta(minutes=15)
                checked += 1
        self.assertGreater(checked, 100)

    def test_many_contacts_cost_as_many_statements_as_few(self):
        guard, moment = self.root["collection.guard"], datetime(2026, 5, 6, 9)
        requests = [entry[0] for entry in self._ask(moment)]
        counts = []
        for selected in (requests[:8], requests):
            self.env.flush_all()
            guard._find_refusals(selected, moment)
            before = self.env.cr.sql_log_count
            guard._find_refusals(selected, moment)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
        self.assertLessEqual(counts[0], 4)
