import re
from html import unescape

from odoo.tests import Form, HttpCase, tagged
from odoo.tools import format_date, mute_logger

from .handover_common import HandoverCommon

CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')


@tagged("post_install", "-at_install")
class TestHandoverDecision(HandoverCommon, HttpCase):
    """The director answers from the message: on a page, with his own rights and a reason."""

    def setUp(self):
        super().setUp()
        self.handover = self._request()
        self.page = f"/recouvrement_creances/handover/{self.handover.id}/decision"
        self._log_in(self.director)

    def _log_in(self, user):
        user.sudo().password = "a long password"
        self.authenticate(user.login, "a long password")

    def _send(self, **data):
        token = CSRF.search(self.url_open(self.page).text)
        data = {"csrf_token": token[1] if token else "", **data}
        response = self.url_open(f"{self.page}/send", data=data)
        self.env.invalidate_all()
        return response

    def test_the_message_offers_the_three_answers(self):
        mails = self.root["mail.mail"].search([("model", "=", "collection.handover")])
        (mail,) = mails.filtered(lambda mail: self.director.partner_id in mail.recipient_ids)
        for verdict in ("approve", "refuse", "ask"):
            self.assertIn(f"{self.page}?decision={verdict}", unescape(mail.body_html))

    def test_other_tasks_offer_nothing(self):
        task = self.handover.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.director.id
        )
        self.assertFalse(task._get_answers())

    def test_a_link_decides_nothing(self):
        response = self.url_open(f"{self.page}?decision=approve")
        self.assertEqual(response.status_code, 200)
        self.assertRegex(response.text, r'value="approve"[^>]* checked')
        self.assertIn(self.debtor.name, response.text)
        self.assertIn("5,000.00", response.text)
        self.env.invalidate_all()
        self.assertEqual(self.handover.state, "requested")

    def test_each_answer_is_noted_with_its_reason(self):
        response = self._send(decision="ask", note="Did they receive the goods?")
        self.assertIn("goes on waiting", response.text)
        self.assertEqual(self.handover.state, "requested")
        response = self._send(decision="approve", note="They will not pay otherwise")
        self.assertIn("alert-success", response.text)
        self.assertEqual(self.handover.state, "approved")
        self.assertEqual(self.handover.decided_by_id, self.director)
        self.assertEqual(self.handover.decision_note, "They will not pay otherwise")
        self.assertNotIn("<form method", self.url_open(self.page).text)

    def test_a_refusal_needs_its_reason(self):
        response = self._send(decision="refuse", note=" \0")
        self.assertIn("Say why", response.text)
        self.assertEqual(self.handover.state, "requested")
        self._send(decision="refuse", note="Call them once more")
        self.assertEqual(self.handover.state, "refused")

    def test_what_was_said_so_far_is_shown(self):
        rule = self.root["collection.approval.rule"]
        first = {"company_id": self.company.id, "approver_id": self.second_director.id}
        rule.create(first)
        rule.create({"company_id": self.company.id, "level": 2})
        self._approve(self.handover, self.second_director, "They moved out")
        self._send(decision="ask", note="Did they receive the goods?")
        task = self.handover.activity_ids.filtered(lambda one: one.user_id == self.collector)
        task.with_user(self.collector).action_feedback("The delivery note is signed")
        self.env.flush_all()
        shown = self.url_open(self.page).text
        for told in (
            *(self.second_director.name, "Approved", "level", "They moved out"),
            *("Did they receive the goods?", self.collector.name, "The delivery note is signed"),
        ):
            self.assertIn(told, shown)

    def test_an_earlier_refusal_of_the_case_is_shown(self):
        self.assertNotIn("Refused before", self.url_open(self.page).text)
        self._send(decision="refuse", note="Call them once more")
        self.handover.action_request()
        shown = self.url_open(self.page).text
        for told in ("Refused before", self.director.name, "Call them once more", "03/16/2026"):
            self.assertIn(told, shown)
        # Of another request about the same case too.
        self.handover.action_revise()
        self.handover.action_cancel()
        other = self._request(self._prepare(self.handover.item_ids))
        self.assertEqual(len(other.former_refusal_ids), 1)
        with Form(other.with_user(self.director)) as form:
            shown = form.former_refusal_ids[:]
        self.assertEqual(shown.mapped("note"), ["Call them once more"])
        page = f"/recouvrement_creances/handover/{other.id}/decision"
        self.assertIn("Call them once more", self.url_open(page).text)

    def test_what_is_no_answer_is_named(self):
        self.assertIn("choose an answer", self._send(decision="cancel", note="x").text)
        self.assertEqual(self.handover.state, "requested")

    def test_who_may_not_decide_reads_why(self):
        self._log_in(self.personas["manager"])
        response = self.url_open(self.page)
        self.assertIn("This is decided by", response.text)
        self.assertNotIn("Your decision", response.text)
        token = self._get_token()
        response = self.url_open(
            f"{self.page}/send", data={"csrf_token": token, "decision": "approve", "note": "x"}
        )
        self.assertIn("This is decided by", response.text)
        self.env.invalidate_all()
        self.assertEqual(self.handover.state, "requested")

    def _get_token(self):
        return CSRF.search(self.url_open("/my/account").text)[1]

    def test_a_forged_form_is_refused(self):
        with mute_logger("odoo.http"):
            response = self.url_open(
                f"{self.page}/send", data={"decision": "approve", "note": "Forged"}
            )
        self.assertEqual(response.status_code, 400)
        self.env.invalidate_all()
        self.assertEqual(self.handover.state, "requested")

    def test_strangers_see_nothing(self):
        other = self.setup_other_company(name="Sister")["company"]
        stranger = self._make_user(
            "stranger", "recouvrement_creances.group_finance_director", other
        )
        self._log_in(stranger)
        unknown = self.page.replace(str(self.handover.id), str(self.handover.id + 1000))
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open(self.page).status_code, 403)
            self.assertEqual(self.url_open(unknown).status_code, 404)
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open(self.page).url)

    def test_what_is_decided_is_named(self):
        self.assertIn("Nobody is named yet", self.url_open(self.page).text)
        self.handover.sudo().write({"agent_id": self.lawyer.id, "agent_kind": "lawyer"})
        self.env.flush_all()
        shown = self.url_open(self.page).text
        self.assertNotIn("Nobody is named yet", shown)
        line = self.handover.sudo().item_ids.move_line_id
        days = [line.invoice_date, line.date_maturity]
        for told in (
            *(self.lawyer.name, "Lawyer", line.move_id.name),
            *(format_date(self.env, day) for day in days),
        ):
            self.assertIn(told, shown)
        # What is open of each, not only of all.
        self.assertGreaterEqual(shown.count("5,000.00"), 2)

    def test_what_is_settled_meanwhile_does_not_look_approvable(self):
        self.assertIn("Checklist", self.url_open(self.page).text)
        self._pay(self.handover.sudo().item_ids.move_line_id.move_id, 5000)
        self.env.flush_all()
        shown = self.url_open(f"{self.page}?decision=approve").text
        self.assertIn("Nothing of it is due any more", shown)
        for misleading in ("Checklist", "Expected, less costs", 'value="approve"'):
            self.assertNotIn(misleading, shown)
        self.assertIn("refuse it", self._send(decision="approve", note="Agreed").text)
        self.assertTrue(self.handover.with_user(self.director).is_settled)
        form = self.handover.get_view(view_type="form")["arch"]
        self.assertIn("Nothing of it is due any more", form)
        self._send(decision="refuse", note="Paid")
        self.assertEqual(self.handover.state, "refused")

    def test_a_colon_of_a_subject_is_as_the_language_writes_it(self):
        case = self.handover.case_id.display_name
        self.assertEqual(self.handover._word_subject("Asked for"), f"Asked for: {case}")
        french = self.handover.with_context(lang="fr_FR")
        self.assertEqual(french._word_subject("Demandé"), f"Demandé\N{NO-BREAK SPACE}: {case}")
        check = self.handover.case_id.debtor_check_ids[:1].with_context(lang="fr_FR")
        self.assertIn("16/03/2026", check.display_name)

    def test_an_amount_that_changed_is_asked_for_again(self):
        self._pay(self.handover.sudo().item_ids.move_line_id.move_id, 3000)
        response = self._send(decision="approve", note="Agreed")
        self.assertIn("The amount has changed", response.text)
        self.assertEqual((self.handover.state, self.handover.round), ("requested", 2))
        self._send(decision="approve", note="Agreed")
        self.assertEqual(self.handover.state, "approved")
