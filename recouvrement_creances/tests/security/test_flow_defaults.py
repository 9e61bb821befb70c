from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import TODAY
from ..litigation.insolvency_common import InsolvencyCommon


@tagged("post_install", "-at_install")
class TestFlowDefaults(InsolvencyCommon):
    """What a creation refuses as a value does not come as a default of the caller's context."""

    def _model(self, name, persona, **defaults):
        context = {f"default_{field}": value for field, value in defaults.items()}
        return self.root[name].with_user(self.personas[persona]).with_context(**context)

    def test_proceeding_takes_nothing_that_steps_write(self):
        item = self._item(self._owe())
        forged = {
            "without_handover_reason": "Nobody asked",
            "title_date": TODAY,
            "amount_granted": 1000,
            "settled_state": "enforceable",
        }
        values = {
            "case_id": item.case_id.id,
            "item_ids": [Command.set(item.ids)],
            "procedure_id": self._procedure("order_commercial").id,
        }
        proceedings = self._model("collection.proceeding", "accountant", **forged)
        by_hand = proceedings.create(values)
        given = proceedings.create({**values, **forged})
        by_the_flow = proceedings._open(item.case_id, item, self._procedure("order_commercial"))
        self.assertRecordValues(
            by_hand | given | by_the_flow,
            [dict.fromkeys(forged, False) | {"amount_granted": 0}] * 3,
        )
        with self.assertRaisesRegex(UserError, "handover"):
            self._take(by_hand, "file")

    def test_dividend_comes_with_a_plan_that_runs(self):
        self._owe()
        record = self._record()
        dividends = self._model(
            "collection.insolvency.dividend", "accountant", insolvency_id=record.id
        )
        with self.assertRaisesRegex(UserError, "No plan runs"):
            dividends.create({"due_date": TODAY, "amount": 100})

    def test_purge_names_what_it_found_itself(self):
        case = self._item(self._owe()).case_id
        line = Command.create({"case_id": case.id, "has_notes": True})
        purges = self._model(
            "collection.purge", "manager", line_ids=[line], executed_on=TODAY, held_count=7
        )
        purge = purges.create({"company_id": self.company.id})
        self.assertEqual((purge.line_ids.ids, purge.executed_on, purge.held_count), ([], False, 0))
