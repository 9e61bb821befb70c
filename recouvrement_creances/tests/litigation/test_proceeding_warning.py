from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..common import TODAY
from .common import LitigationCommon

SUMMONS = {"procedure": "summons"}


@tagged("post_install", "-at_install")
class TestProceedingWarning(LitigationCommon):
    """What is closed while due, enforced when paid, or opposed too late asks for a reason."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The company of the tests has its seat abroad, where deadlines are longer.
        cls.company.partner_id.sudo().write(
            {"country_id": cls.root.ref("base.fr").id, "zip": "75001"}
        )

    def _judge(self, **granted):
        proceeding = self._sue(procedure="summons")
        for key in ("serve", "file"):
            self._take(proceeding, key, **SUMMONS)
        self._take(proceeding, "judge", **SUMMONS, **{"amount_granted": 5000, **granted})
        return proceeding

    # === CLOSED === #

    def test_what_is_open_is_not_closed_without_a_word(self):
        judged, titled = self._judge(), self._judge()
        self._take(titled, "entitle", **SUMMONS)
        for proceeding in (judged, titled):
            with self.subTest(proceeding.state):
                state = proceeding.state
                with (
                    self.assertRaisesRegex(UserError, "(?s)still due.*say why"),
                    self.cr.savepoint(),
                ):
                    self._take(proceeding, "close", **SUMMONS)
                self.assertEqual(proceeding.state, state)
                event = self._take(proceeding, "close", **SUMMONS, reason="Written off by hand")
                self.assertEqual((proceeding.state, event.note), ("closed", "Written off by hand"))

    def test_a_refused_request_is_closed_with_a_reason(self):
        proceeding = self._sue()
        for key in ("file", "reject"):
            self._take(proceeding, key)
        with self.assertRaisesRegex(UserError, "still due"):
            self._take(proceeding, "close")
        self._take(proceeding, "close", reason="A summons instead")

    def test_what_was_paid_and_what_nobody_heard_of_is_closed_as_before(self):
        paid, draft = self._judge(), self._sue()
        self._pay(paid.item_ids.move_id)
        for proceeding, procedure in ((paid, "summons"), (draft, "order_commercial")):
            self._take(proceeding, "close", procedure=procedure)
            self.assertEqual(proceeding.state, "closed")

    def test_the_dialog_says_what_is_still_due(self):
        proceeding = self._judge()
        dialog = self.env["collection.proceeding.step"].with_user(self.accountant)
        form = Form(dialog.with_context(default_proceeding_id=proceeding.id))
        self.assertFalse(form.obstacles)
        form.step_id = self._step("close", "summons")
        self.assertIn("still due", form.obstacles)
        form.reason = "Written off by hand"
        form.save().action_apply()
        self.assertEqual(proceeding.state, "closed")

    # === ENFORCED === #

    def _entitle(self, **granted):
        proceeding = self._judge(**granted)
        self._take(proceeding, "entitle", **SUMMONS)
        return proceeding

    def test_what_was_paid_is_not_seized_for(self):
        proceeding = self._entitle()
        self._pay(proceeding.item_ids.move_id)
        with self.assertRaisesRegex(UserError, "Nothing of it was due any more"):
            self._take(proceeding, "enforce", **SUMMONS)
        self._take(proceeding, "enforce", **SUMMONS, reason="Interest is still due")
        self.assertEqual(proceeding.state, "enforcement")

    def test_costs_that_were_granted_are_seized_for(self):
        for granted in ({"costs_granted": 90}, {"irrecoverable_granted": 800}):
            proceeding = self._entitle(**granted)
            self._pay(proceeding.item_ids.move_id)
            with self.subTest(**granted):
                self._take(proceeding, "enforce", **SUMMONS)
                self.assertEqual(proceeding.state, "enforcement")

    def test_costs_that_came_in_are_not_seized_for_again(self):
        proceeding = self._entitle(costs_granted=90)
        self._pay(proceeding.item_ids.move_id)
        receipt = self.root["collection.proceeding.receipt"].create(
            {"proceeding_id": proceeding.id, "amount": 5000}
        )
        self._take(proceeding, "enforce", **SUMMONS)
        receipt.amount = 5090
        with self.assertRaisesRegex(UserError, "Nothing of it was due any more"):
            self._take(proceeding, "enforce", **SUMMONS)

    def test_costs_of_a_title_are_enforced_by_another_proceeding(self):
        for granted in (0, 90):
            first = self._entitle(costs_granted=granted)
            second = self.root["collection.proceeding"]._open(
                first.case_id, first.item_ids, self._procedure("enforcement")
            )
            second = second.with_user(self.accountant)
            self._pay(first.item_ids.move_id)
            with self.subTest(granted=granted):
                if not granted:
                    with self.assertRaisesRegex(UserError, "due any more"), self.cr.savepoint():
                        self._take(second, "enforce", procedure="enforcement")
                    continue
                self._take(second, "enforce", procedure="enforcement")
                self.assertEqual(second.state, "enforcement")

    # === OPPOSED === #

    def _serve(self, day):
        proceeding = self._sue()
        for key in ("file", "grant", "serve"):
            self._take(proceeding, key, day)
        return proceeding

    def test_who_opposes_an_order_too_late_is_named_so(self):
        for is_noticed in (False, True):
            proceeding = self._serve(TODAY - timedelta(days=2))
            opposition = self._deadline(proceeding, "order.opposition")
            with self.subTest(is_noticed=is_noticed), self.on(45) as day:
                if is_noticed:
                    self.root["collection.deadline"]._warn(self.company, day)
                with self.assertRaisesRegex(UserError, "ended on.*CPC 1416"), self.cr.savepoint():
                    self._take(proceeding, "oppose", day)
                self._take(proceeding, "oppose", day, reason="Not served in person")
                self.assertEqual((proceeding.state, opposition.state), ("opposed", "elapsed"))
                self.assertFalse(opposition.activity_ids)

    def test_who_opposes_a_judgement_too_late_is_named_so(self):
        proceeding = self._sue(procedure="summons")
        for key in ("serve", "file"):
            self._take(proceeding, key, **SUMMONS)
        self._take(proceeding, "default_last", **SUMMONS, amount_granted=5000)
        self._take(proceeding, "notify", **SUMMONS)
        opposition = self._deadline(proceeding, "judgement.opposition")
        with self.on(45) as day:
            with self.assertRaisesRegex(UserError, "ended on.*CPC 538"), self.cr.savepoint():
                self._take(proceeding, "oppose", day, **SUMMONS)
            self._take(proceeding, "oppose", day, **SUMMONS, reason="Relief was granted")
        self.assertEqual((proceeding.state, opposition.state), ("opposed", "elapsed"))

    def test_who_opposed_in_time_is_recorded_later(self):
        proceeding = self._serve(TODAY)
        opposition = self._deadline(proceeding, "order.opposition")
        with self.on(45) as day:
            self._take(proceeding, "oppose", day - timedelta(days=20))
        self.assertEqual((proceeding.state, opposition.state), ("opposed", "dropped"))
