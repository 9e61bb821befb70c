import math
import random
from datetime import date, timedelta

from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from ...rules.verdicts import HOLD_VERDICTS, VERDICTS
from ..common import TODAY, CollectionCommon
from .naive_reading import NaiveReading

SEED = 20260316
DEBTORS = 60
DAYS = (0, 3, 6, 7, 17, 40)


@tagged("post_install", "-at_install")
class TestDecisionNaive(CollectionCommon):
    """The one query decides as a plain reading of the rules does, over a random ledger."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dice = random.Random(SEED)
        cls.policies = cls._make_policies()
        cls.company.collection_policy_id = cls.policies[0]
        debtors = [
            cls._debtor(f"Random {number}", is_company=cls.dice.random() < 0.7)
            for number in range(DEBTORS)
        ]
        for debtor in debtors:
            if cls.dice.random() < 0.5:
                debtor.with_company(cls.company).collection_policy_id = cls.dice.choice(
                    cls.policies
                )
        cls._make_ledger(debtors)
        cls._make_old_claims(debtors)
        cls.env.flush_all()

    # === A RANDOM LEDGER === #

    @classmethod
    def _make_policies(cls):
        ladders = (
            ([(-5, "email"), (4, "email"), (12, "call"), (25, "email")], {"weekly_cap": 2}),
            ([(3, "email"), (20, "email")], {"minimum_amount": 350, "monthly_cap": 1}),
            ([(0, "email"), (40, "email")], {"minimum_days_between": 0}),
            ([(2, "email")], {}),
            (
                [(2, "email"), (5, "registered_letter", {"mode": "confirm"}), (9, "email")],
                {"minimum_days_between": 0},
            ),
            ([(1, "registered_letter", {"mode": "confirm"})], {}),
        )
        policies = [cls._make_policy(levels, **values) for levels, values in ladders]
        for policy in policies:
            policy.level_ids.filtered(
                lambda level: level.step_ids.channel == "registered_letter"
            ).is_formal_notice = True
        draft = cls._make_policy([(5, "email")], confirm=False)
        archived = cls._make_policy([(1, "email")])
        archived.active = False
        return [*policies, draft, archived]

    @classmethod
    def _make_ledger(cls, debtors):
        """Post invoices, some of them part paid or excluded, and credit notes, in one go."""
        dice = cls.dice
        vals_list = []
        for debtor in debtors:
            for _index in range(dice.randint(1, 5)):
                due = TODAY - timedelta(days=dice.randint(-30, 60))
                amount = dice.choice((20, 75.5, 100, 333.33, 1000))
                vals_list.append(cls._move_vals("out_invoice", debtor, due, amount))
            if dice.random() < 0.35:
                amount = dice.choice((20, 175.5, 400))
                vals_list.append(cls._move_vals("out_refund", debtor, TODAY, amount))
        moves = cls.root["account.move"].with_company(cls.company).create(vals_list)
        moves.action_post()
        # Else core's own queries on each payment are planned for the tables of before.
        cls.env.flush_all()
        for table in ("account_move", "account_move_line", "account_partial_reconcile"):
            cls.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
        for move in moves.filtered(lambda move: move.move_type == "out_invoice"):
            chance = dice.random()
            if chance < 0.1:
                move.collection_policy_id = dice.choice(cls.policies)
            elif chance < 0.2:
                amount = round(move.amount_residual * dice.random(), 2) or 1
                cls._register_payment(move, amount=amount, currency_id=move.currency_id.id)
            elif chance < 0.25:
                move.no_followup = True

    @classmethod
    def _make_old_claims(cls, debtors):
        """Make some debtors consumers, and let some of their claims end about these days."""
        dice = random.Random(SEED + 1)
        for debtor in debtors:
            if dice.random() < 0.5:
                debtor.collection_debtor_kind = "consumer"
        moves = cls.root["account.move"].search(
            [("partner_id", "in", [debtor.id for debtor in debtors])], order="id"
        )
        for move in moves.filtered(lambda move: move.move_type == "out_invoice"):
            if dice.random() < 0.3:
                days = dice.randint(700, 760)
                move.collection_claim_start = TODAY - timedelta(days=days)

    def _make_acknowledgements(self):
        """Let debtors acknowledge some of the old claims in time; confirm half of them."""
        dice = random.Random(SEED + 2)
        items = self.root["collection.item"].search(
            [("company_id", "=", self.company.id), ("is_open", "=", True)], order="id"
        )
        old = items.filtered("move_id.collection_claim_start")
        for item in old.filtered(lambda item: dice.random() < 0.4):
            event = self.root["collection.limitation.event"]._note(
                item.case_id,
                item,
                "acknowledgement",
                item.move_id.collection_claim_start + timedelta(days=dice.randint(1, 100)),
                by_debtor=True,
                attachment_ids=self.root["ir.attachment"].create({"name": "scan", "raw": b"x"}),
            )
            if dice.random() < 0.5:
                event.action_confirm()

    @classmethod
    def _move_vals(cls, move_type, debtor, due, amount):
        return {
            "move_type": move_type,
            "partner_id": debtor.id,
            "invoice_date": min(due, TODAY) - timedelta(days=30),
            "invoice_date_due": due,
            "invoice_payment_term_id": False,
            "currency_id": cls.dice.choice((cls.company.currency_id, cls.other_currency)).id,
            "invoice_line_ids": [
                Command.create({"name": "Work", "price_unit": amount, "tax_ids": False})
            ],
        }

    def _make_holds(self):
        reason = self.root.ref("recouvrement_creances.collection_reason_hold_other")
        values_list = []
        for case in self.root["collection.case"].search([("company_id", "=", self.company.id)]):
            for _index in range(self.dice.choice((0, 0, 1, 1, 2))):
                values_list.append(self._random_hold(case, reason))
        holds = self.root["collection.hold"].create(values_list)
        for hold in holds:
            if self.dice.random() < 0.1:
                hold.action_release()

    def _random_hold(self, case, reason):
        dice = self.dice
        kind = dice.choice(list(HOLD_VERDICTS))
        start = TODAY + timedelta(days=dice.randint(-3, 8))
        # Often the last day of a hold is one on which the two are compared.
        end = TODAY + timedelta(days=dice.choice(DAYS) - dice.choice((0, 0, 1)))
        values = {
            "case_id": case.id,
            "kind": kind,
            "reason_id": reason.id,
            "date_start": start,
            # Insolvency has no end.
            "date_end": kind != "insolvency"
            and dice.choice((False, max(start, end), max(start, end))),
            "review_date": start + timedelta(days=30),
        }
        items = case.open_item_ids
        if kind != "insolvency" and dice.random() < 0.6:
            chosen = dice.sample(list(items), dice.randint(1, len(items)))
            values["line_ids"] = [
                Command.create(
                    {
                        "item_id": item.id,
                        "amount": min(
                            dice.choice((0, 20, 50, math.inf)), item.amount_residual_currency
                        )
                        if kind == "dispute"
                        else 0,
                    }
                )
                for item in chosen
            ]
        return values

    def _handle_notices(self, moment):
        """Post the letters that are proposed; the post presents some of the earlier ones."""
        letters = self.root["collection.action"].search([("channel", "=", "registered_letter")])
        proposed = letters.filtered(lambda letter: letter.state == "proposed")
        proposed._apply_event("confirm")
        proposed._apply_event("plan")
        for letter in letters.filtered(lambda letter: letter.state == "sent"):
            if not letter.presented_on and self.dice.random() < 0.6:
                days = self.dice.randint(0, (moment - letter.contact_date).days)
                self.root["collection.channel.registered_letter"]._note_proof(
                    letter, "presented", letter.contact_date + timedelta(days=days)
                )
        for letter in proposed:
            letter._deliver(moment)

    # === COMPARISON === #

    def _compare(self, as_of: date):
        cases = self.root["collection.case"].search([("company_id", "=", self.company.id)])
        naive = NaiveReading(self.root, as_of).decide(cases)
        different = [
            f"{item.display_name} of {item.case_id.name}: {item.verdict}, naively {verdict}"
            for item, verdict in naive.items()
            if item.verdict != verdict
        ]
        self.assertFalse(different, "\n".join(different))
        return {item.verdict for item in naive}

    def test_the_query_decides_as_a_plain_reading_does(self):
        self._decide()
        self._make_holds()
        self._make_acknowledgements()
        seen = set()
        with self._mail_server():
            for day in DAYS:
                moment = TODAY + timedelta(days=day)
                with self.subTest(day=day), freeze_time(moment.isoformat() + " 09:00:00"):
                    self._decide()
                    seen |= self._compare(moment)
                    self._run()
                    self._handle_notices(moment)
                    self._decide()
                    seen |= self._compare(moment)
        self.assertEqual(seen, set(VERDICTS) - {"paid"})
