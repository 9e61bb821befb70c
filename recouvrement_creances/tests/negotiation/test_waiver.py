from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..ledger.common import NOW, ChargeCommon


@tagged("post_install", "-at_install")
class TestWaiver(ChargeCommon):
    """Charges are given up with a reason; above a limit somebody else has to agree."""

    def setUp(self):
        super().setUp()
        self._invoice(1000, date(2026, 9, 30))
        self.charge = self._claim()
        self.reason = self.root.ref("recouvrement_creances.collection_reason_waiver_gesture")
        self.director = self.personas["finance_director"]

    def _ask(self, persona="accountant", **vals):
        return (
            self.env["collection.waiver"]
            .with_user(self.personas[persona])
            .create(
                {
                    "charge_id": self.charge.id,
                    "reason_id": self.reason.id,
                    "note": "A customer of thirty years",
                    **vals,
                }
            )
        )

    def test_accountants_waive_within_the_limit_by_themselves(self):
        self.company.sudo().collection_waiver_limit = 61.06
        waiver = self._ask()
        self.assertEqual((waiver.state, self.charge.state), ("done", "waived"))
        self.assertEqual((waiver.decided_by_id, waiver.decided_on), (self.accountant, NOW))

    def test_above_the_limit_the_finance_director_approves(self):
        self.company.sudo().collection_waiver_limit = 61.05
        waiver = self._ask()
        self.assertEqual((waiver.state, self.charge.state), ("requested", "claimed"))
        self.assertTrue(
            waiver.activity_ids.user_id.has_group("recouvrement_creances.group_finance_director")
        )
        waiver.with_user(self.director)._decide("approve")
        self.assertEqual((waiver.state, self.charge.state), ("done", "waived"))
        self.assertFalse(waiver.activity_ids)

    def test_claims_in_small_parts_are_no_way_round_the_limit(self):
        self.company.sudo().collection_waiver_limit = 100
        self.assertEqual(self._ask().state, "done")
        self._invoice(1000, date(2026, 9, 30))
        second = self._claim()
        self.assertEqual(self._ask(charge_id=second.id).state, "requested")
        self.assertEqual(second.state, "claimed")

    def test_what_was_waived_is_not_claimed_again(self):
        self.company.sudo().collection_waiver_limit = 100
        self._ask()
        with self.assertRaisesRegex(UserError, "Nothing can be claimed"):
            self._claim()

    def test_refused_waiver_leaves_the_charges_claimed(self):
        waiver = self._ask()
        waiver.with_user(self.director)._decide("refuse", "He can pay")
        self.assertEqual((waiver.state, self.charge.state), ("refused", "claimed"))

    def test_nobody_approves_his_own_request(self):
        self.director.group_ids += self.root.ref("recouvrement_creances.group_accountant")
        waiver = self._ask("finance_director")
        self.assertFalse(waiver.can_decide)
        with self.assertRaisesRegex(AccessError, "own request"):
            waiver._decide("approve")

    def test_accountants_and_managers_approve_nothing(self):
        waiver = self._ask()
        for persona in ("accountant", "manager", "collector"):
            with self.subTest(persona=persona), self.assertRaises(AccessError):
                waiver.with_user(self.personas[persona])._decide("approve")

    def test_waiver_of_booked_charges_reverses_their_entry(self):
        self.charge.action_cancel()
        self.company.sudo().write(
            {"collection_charge_booking": "claim", "collection_waiver_limit": 100}
        )
        self.charge = self._claim()
        entry = self.charge.sudo().move_id
        self._ask()
        self.assertEqual(self.charge.state, "waived")
        self.assertEqual(entry.reversal_move_ids.state, "posted")
        self.assertTrue(self.charge.sudo()._get_receivable_line().reconciled)

    def test_charges_that_are_paid_are_not_waived(self):
        self.charge._register_payment(self.company_data["default_journal_bank"], NOW)
        with self.assertRaisesRegex(UserError, "not claimed"):
            self._ask()

    # === OF WHAT IS PAID IN PART === #

    def _pay_a_part(self):
        """Let 40 of the 61.06 that were claimed be paid; return the payment."""
        payment = self.root["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.debtor.id,
                "amount": 40,
                "date": NOW,
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        )
        payment.action_post()
        line = payment.move_id.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        self.charge.with_user(self.accountant)._settle_with(line, NOW)
        self.assertEqual(self.charge.state, "claimed")
        return payment

    def test_rest_of_what_is_paid_in_part_is_waived(self):
        self.company.sudo().collection_waiver_limit = 21.06
        payment = self._pay_a_part()
        waiver = self._ask()
        self.assertEqual((waiver.amount, waiver.state), (21.06, "done"))
        charge = self.charge.sudo()
        self.assertRecordValues(charge, [{"state": "paid", "amount_waived": 21.06}])
        self.assertTrue(charge._get_receivable_line().reconciled)
        self.assertFalse(self._open_credits())
        # What comes back is claimed again, what was given up is not.
        payment.action_cancel()
        self.assertEqual((charge.state, charge._get_amount_open()), ("claimed", 40))

    def test_rest_is_waived_on_the_account_that_it_stands_on(self):
        self.company.sudo().collection_waiver_limit = 21.06
        self._pay_a_part()
        debtor = self.debtor.with_company(self.company).sudo()
        account = debtor.property_account_receivable_id
        debtor.property_account_receivable_id = account.copy({"code": "411999", "name": "Others"})
        self._ask()
        charge = self.charge.sudo()
        self.assertRecordValues(charge, [{"state": "paid", "amount_waived": 21.06}])
        self.assertEqual(charge._get_receivable_line().account_id, account)
        self.assertFalse(self._open_credits())

    def _open_credits(self):
        return self.root["account.move.line"].search(
            [
                ("partner_id", "=", self.debtor.id),
                ("account_type", "=", "asset_receivable"),
                ("amount_residual", "<", 0),
            ]
        )

    def test_no_more_is_waived_than_what_is_open(self):
        self._pay_a_part()
        with self.assertRaisesRegex(UserError, "no more than that"), self.env.cr.savepoint():
            self._ask(share="amount", amount=50)
        self.assertEqual(self._ask(share="percentage", percentage=50).amount, 10.53)

    def test_what_was_paid_since_it_was_asked_for_is_not_waived(self):
        self.company.sudo().collection_waiver_limit = 10
        waiver = self._ask(share="amount", amount=50)
        self._pay_a_part()
        waiver.with_user(self.director)._decide("approve")
        self.assertEqual((waiver.state, self.charge.state), ("done", "paid"))
        self.assertEqual(self.charge.amount_waived, 21.06)
        self.assertFalse(self._open_credits())

    # === MERGED DEBTORS === #

    def _merge(self):
        """Let the debtor become one with another; return the case that stays."""
        twin = self._debtor("Late Payer twin")
        self._invoice(100, date(2026, 9, 30), twin)
        self.root["collection.case"]._join_debtors(self.debtor, twin)
        return self._case(twin)

    def test_waivers_of_charges_stay_where_their_statement_is(self):
        self.company.sudo().collection_waiver_limit = 30
        former = self.charge.case_id
        refused = self._ask()
        refused.with_user(self.director)._decide("refuse", "He can pay")
        done = self._ask(share="amount", amount=20)
        # The database refuses a second one as long as the first waits there.
        self.env.flush_all()
        waiting = self._ask()
        self._merge()
        self.assertEqual((refused | done | waiting).case_id | self.charge.case_id, former)
        self.assertFalse(former.is_open)
        waiting.with_user(self.director)._decide("approve")
        self.assertEqual((waiting.state, self.charge.state), ("done", "waived"))

    def test_waivers_of_invoices_follow_them(self):
        item = self.charge.case_id.open_item_ids
        self.company.sudo().collection_waiver_limit = 100
        waiver = self._ask(
            charge_id=False,
            case_id=item.case_id.id,
            item_ids=item.ids,
            share="amount",
            amount=50,
        )
        kept = self._merge()
        self.assertEqual((item.case_id, waiver.case_id), (kept, kept))

    def test_reason_is_one_for_waivers(self):
        other = self.root["collection.reason"].search([("usage", "=", "hold")], limit=1)
        with self.assertRaises(ValidationError):
            self._ask(reason_id=other.id)

    def test_state_is_not_written_by_hand(self):
        waiver = self._ask(state="approved")
        self.assertEqual(waiver.state, "requested")
        with self.assertRaises(AccessError):
            waiver.with_user(self.director).note = "Something else"
