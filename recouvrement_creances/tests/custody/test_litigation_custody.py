from odoo.tests import tagged

from ..common import TODAY
from ..ledger.common import NOW, ChargeCommon
from ..litigation.insolvency_common import InsolvencyCommon
from .common import LONG_AGO

WORDS = "Mr Smith drinks since his divorce"


def _purge(test, case):
    """Let the period of a closed case be over, and purge it as a manager does."""
    test.assertFalse(case.is_open)
    case.closed_on = LONG_AGO
    purges = test.root["collection.purge"].with_user(test.personas["manager"])
    purges = purges.with_context(allowed_company_ids=test.company.ids)
    purges.browse(purges.action_propose_new()["res_id"]).action_execute()
    test.env.invalidate_all()


def _find_said(test, *records):
    """Return what stands on some records in messages, tasks and files, found in the tables."""
    test.env.flush_all()
    said = []
    for one in records:
        test.env.cr.execute(
            """
            SELECT body FROM mail_message WHERE model = %(model)s AND res_id IN %(ids)s
             UNION ALL
            SELECT concat(summary, note, feedback) FROM mail_activity
             WHERE res_model = %(model)s AND res_id IN %(ids)s
             UNION ALL
            SELECT name FROM ir_attachment
             WHERE res_model = %(model)s AND res_id IN %(ids)s AND res_field IS NULL
            """,
            {"model": one._name, "ids": tuple(one.ids)},
        )
        said += [row[0] or "" for row in test.env.cr.fetchall()]
    return said


@tagged("post_install", "-at_install")
class TestInsolvencyCustody(InsolvencyCommon):
    """What was said on proceedings, declarations and deadlines goes with the case."""

    def test_purge_erases_what_was_said_about_an_insolvency(self):
        invoice = self._owe()
        record = self._record(user=self.manager)
        declaration = self._declare(record.with_user(self.accountant)).sudo()
        self._step_of(record, "contest")
        total = declaration.amount_total
        record = record.sudo()
        deadlines, claims = record.deadline_ids, record.claim_ids
        self.assertTrue(deadlines and claims)
        dropped = deadlines.filtered(lambda one: one.state == "open")[:1]
        dropped._drop(WORDS)
        for one in (record, declaration, *deadlines, *claims):
            one.message_post(body=WORDS)
        record.message_post(attachments=[(f"{WORDS}.txt", b"He said so")])
        record.activity_schedule("mail.mail_activity_data_todo", summary=WORDS)
        deadlines[:1].activity_schedule(
            "mail.mail_activity_data_todo", summary=WORDS
        ).action_feedback(WORDS)
        record.with_user(self.manager)._close("paid", TODAY, reason="BODACC")
        self._pay(invoice)
        self._decide()
        self.assertTrue(any(WORDS in text for text in _find_said(self, record)))
        case = record.case_id
        _purge(self, case)
        self.assertEqual(case.purged_on, TODAY)
        self.assertEqual(_find_said(self, record, declaration, deadlines, claims), [])
        self.assertEqual(dropped.closing_reason, "…")
        # What took place stays.
        self.assertEqual((record.state, record.closing_ground), ("closed", "paid"))
        self.assertEqual((declaration.state, dropped.state), ("sent", "dropped"))
        self.assertEqual(declaration.amount_total, total)


@tagged("post_install", "-at_install")
class TestChargeCustody(ChargeCommon):
    """What was said on a statement of charges goes, what it claims stays in the books."""

    def test_purge_erases_what_was_said_about_charges(self):
        invoice = self._invoice(1000, NOW.replace(month=6))
        charge = self._claim().sudo()
        charge.message_post(body=WORDS)
        total = charge.amount_total
        self._pay(invoice)
        self._decide()
        _purge(self, charge.case_id)
        self.assertEqual(charge.case_id.purged_on, NOW)
        self.assertEqual(_find_said(self, charge), [])
        self.assertEqual(charge.amount_total, total)
        self.assertGreater(total, 0)
