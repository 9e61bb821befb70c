from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ...rules.handover_checklist import (
    CODES,
    DELIVERY,
    IDENTITY,
    INSOLVENCY,
    INVOICES,
    MISSING,
    ORDER,
    PASSED,
    PROMISE,
    SOLVENCY,
    STATED,
    Facts,
    check_handover,
)

DAY = date(2026, 3, 16)
READY = Facts(
    amount=Decimal("5000"),
    least=Decimal("150"),
    is_notified=True,
    notice_over_from=DAY,
    limitation=date(2030, 1, 1),
    checked={IDENTITY: DAY - timedelta(days=90), SOLVENCY: DAY, INSOLVENCY: DAY},
    documents=frozenset({INVOICES, ORDER, DELIVERY}),
)


@tagged("post_install", "-at_install")
class TestRulesHandover(BaseCase):
    """The checklist of a handover: each line alone, at its limits."""

    def _check(self, code, **changes):
        """Return (result, why) of one line, and see that no other line changed."""
        found = {check.code: check for check in check_handover(replace(READY, **changes), DAY)}
        self.assertEqual({name for name in CODES if found[name].result != PASSED} - {code}, set())
        return found[code].result, found[code].because

    def test_what_is_ready_may_be_asked_for(self):
        checks = check_handover(READY, DAY)
        self.assertEqual([check.code for check in checks], list(CODES))
        self.assertEqual({check.result for check in checks}, {PASSED})

    def test_each_line_says_what_is_missing(self):
        yesterday = DAY - timedelta(days=1)
        expected = [
            ("notice_piece", {"notice_gap": "letter"}, (MISSING, "letter")),
            ("notice_piece", {"notice_gap": "proof"}, (MISSING, "proof")),
            (
                "notice_piece",
                {"notice_gap": "proof", "states_documents": True},
                (STATED, "proof"),
            ),
            ("notice", {"notice_over_from": None}, (MISSING, "running")),
            ("notice", {"notice_over_from": DAY + timedelta(days=1)}, (MISSING, "running")),
            ("dispute", {"is_disputed": True}, (MISSING, "running")),
            ("dispute", {"is_disputed": True, "states_dispute": True}, (STATED, "running")),
            ("agreement", {"agreements": (PROMISE,)}, (MISSING, "promise")),
            ("limitation", {"limitation": None}, (MISSING, "none")),
            ("limitation", {"limitation": yesterday}, (MISSING, "expired")),
            ("limitation", {"limitation": DAY}, (PASSED, "near")),
            ("limitation", {"limitation": date(2026, 6, 16)}, (PASSED, "near")),
            ("limitation", {"limitation": date(2026, 6, 17)}, (PASSED, "")),
            ("amount", {"amount": Decimal("149.99")}, (MISSING, "below")),
            ("amount", {"amount": Decimal("150")}, (PASSED, "")),
            ("insolvency", {"is_insolvent": True}, (MISSING, "opened")),
            (
                "insolvency",
                {"is_insolvent": True, "is_demanded": False},
                (STATED, "stopped"),
            ),
            ("insolvency", {"barred": "insufficient"}, (MISSING, "insufficient")),
            (
                "insolvency",
                {"barred": "wiped_out", "is_demanded": False},
                (STATED, "wiped_out"),
            ),
            ("limitation", {"limitation": None, "is_demanded": False}, (STATED, "none")),
            ("limitation", {"limitation": yesterday, "is_demanded": False}, (STATED, "expired")),
        ]
        for code, changes, found in expected:
            with self.subTest(code=code, changes=changes):
                self.assertEqual(self._check(code, **changes), found)

    def test_without_a_notice_there_is_no_piece_of_it_either(self):
        checks = check_handover(replace(READY, is_notified=False), DAY)
        found = {check.code: check.because for check in checks if check.result == MISSING}
        self.assertEqual(found, {"notice": "none", "notice_piece": "none"})

    def test_what_is_missing_of_documents_is_named(self):
        kept = READY.documents - {INVOICES}
        missing = {"documents": kept, "without_document": ("F1", "F2")}
        (check,) = self._find(INVOICES, **missing)
        self.assertEqual((check.because, check.names), ("none", ("F1", "F2")))
        (check,) = self._find(INVOICES, **missing, unreadable={INVOICES: ("x.exe",)})
        self.assertEqual((check.because, check.names), ("unreadable", ("x.exe",)))

    def _find(self, code, **changes):
        checks = check_handover(replace(READY, **changes), DAY)
        return [check for check in checks if check.code == code]

    def test_nothing_is_no_amount(self):
        nothing = {"amount": Decimal("0"), "least": Decimal("0")}
        self.assertEqual(self._check("amount", **nothing), (MISSING, "below"))

    def test_checks_grow_old(self):
        for code, days in ((IDENTITY, 90), (SOLVENCY, 0), (INSOLVENCY, 0)):
            for age, result in ((days, PASSED), (days + 1, MISSING)):
                with self.subTest(code=code, age=age):
                    known = {**READY.checked, code: DAY - timedelta(days=age)}
                    self.assertEqual(self._check(code, checked=known)[0], result)
            known = {name: day for name, day in READY.checked.items() if name != code}
            self.assertEqual(self._check(code, checked=known), (MISSING, "none"))

    def test_documents_may_be_done_without_but_never_the_invoices(self):
        for code, result in ((INVOICES, MISSING), (ORDER, STATED), (DELIVERY, STATED)):
            kept = READY.documents - {code}
            with self.subTest(code=code):
                self.assertEqual(self._check(code, documents=kept)[0], MISSING)
                stated = self._check(code, documents=kept, states_documents=True)
                self.assertEqual(stated[0], result)
