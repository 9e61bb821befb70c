from datetime import timedelta

from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..common import TODAY
from .insolvency_common import InsolvencyCommon

FIELDS = ("is_open", "can_work", "is_stopped", "is_barred", "may_record_insolvency")
# What asks for money, or puts it off: nothing of it may be done about earlier debts.
DEMANDS = {
    "action_propose",
    "action_add_promise",
    "action_add_hold",
    "collection_schedule_plan_action",
    "action_report_hardship",
}
# What stays possible: the debtor calls, the insurer gets the file, a claim is contested.
KEPT = {"action_log_contact", "action_open_dispute", "action_prepare_handover"}


@tagged("post_install", "-at_install")
class TestCaseStopped(InsolvencyCommon):
    """A case of which an insolvency holds all offers nothing that can do nothing."""

    def _offered(self, case, user=None):
        """Return the buttons of the case's form that a user is shown."""
        self.env.flush_all()
        case = case.with_user(user or self.accountant)
        case.invalidate_recordset()
        view = self.root.ref("recouvrement_creances.collection_case_view_form")
        form = etree.fromstring(case.get_view(view.id, "form")["arch"])
        values = {name: case[name] for name in FIELDS}
        names = {
            self.root.ref(f"recouvrement_creances.{name}").id: name
            for name in DEMANDS
            if not name.startswith("action_")
        }
        found = set()
        for button in form.iter("button"):
            name, hidden = button.get("name"), button.get("invisible") or "False"
            name = names.get(int(name), name) if name.isdigit() else name
            if name in DEMANDS | KEPT | {"action_add_waiver", "action_write_off_barred"}:
                found |= set() if safe_eval(hidden, values) else {name}
        return found

    def test_what_is_held_entirely_offers_no_demand(self):
        case = self._item(self._owe()).case_id
        self.assertFalse(case.is_stopped)
        self.assertLessEqual(DEMANDS | KEPT | {"action_add_waiver"}, self._offered(case))
        record = self._record()
        offered = self._offered(case)
        self.assertTrue(case.is_stopped)
        self.assertFalse(offered & DEMANDS)
        self.assertLessEqual(KEPT | {"action_add_waiver"}, offered)
        record.with_user(self.manager)._cancel("A namesake")
        self.assertLessEqual(DEMANDS, self._offered(case))

    def test_later_debts_are_collected_as_before(self):
        case = self._item(self._owe()).case_id
        self._record()
        later = self._owe_later()
        self.assertLessEqual(DEMANDS, self._offered(case))
        self.assertFalse(case.is_stopped)
        self._pay(later)
        self._decide()
        self.assertFalse(self._offered(case) & DEMANDS)

    def test_over_indebtedness_and_what_it_wiped_out(self):
        record = self._consumer(user=self.manager)
        case = record.case_id
        self.assertFalse(self._offered(case) & DEMANDS)
        self._step_of(record, "recovery")
        record._close("wiped_out", TODAY, reason="Measures")
        self._decide()
        offered = self._offered(case)
        self.assertTrue(case.is_barred)
        self.assertFalse(offered & DEMANDS)
        # What is wiped out is written off by its own button, which knows the reason.
        self.assertIn("action_write_off_barred", offered)
        self.assertNotIn("action_add_waiver", offered)
        self._owe(6, 500, partner=case.partner_id, invoice_date=TODAY)
        offered = self._offered(case)
        self.assertLessEqual(DEMANDS | {"action_add_waiver"}, offered)

    def test_what_has_only_been_asked_for_stops_nothing(self):
        case = self._item(self._owe()).case_id
        self._record(judgement_date=False, publication_date=False)
        self.assertLessEqual(DEMANDS, self._offered(case))

    def test_a_promise_is_refused_all_the_same(self):
        """A form that was open before the insolvency was recorded saves none."""
        item = self._item(self._owe())
        self._record()
        promises = self.env["collection.promise"].with_user(self.accountant)
        with self.assertRaisesRegex(UserError, "insolvent"):
            promises.create(
                {
                    "case_id": item.case_id.id,
                    "item_ids": item.ids,
                    "amount": 100,
                    "date": TODAY + timedelta(days=5),
                }
            )

    def test_a_list_of_cases_is_asked_about_at_once(self):
        partners = [self._debtor(f"Debtor {number}") for number in range(4)]
        for partner in partners:
            self._owe(partner=partner)
            self._record(partner)
        cases = self.root["collection.case"].search(
            [("partner_id", "in", [partner.id for partner in partners])]
        )
        counts = []
        for some in (cases[:1], cases):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertTrue(all(some.mapped("is_stopped")))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
