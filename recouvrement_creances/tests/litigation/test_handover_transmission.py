import base64
import re
from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import TODAY
from .handover_common import HandoverCommon

TOKEN = re.compile(r"/collection/file/((?:[a-z2-7]{4}-){5}[a-z2-7]{4})")


@tagged("post_install", "-at_install")
class TestHandoverTransmission(HandoverCommon):
    """The partner is told, answers, hears of payments; it is taken back while nothing began."""

    def _tell(self):
        with self.enter_registry_test_mode():
            self.root.ref(
                "recouvrement_creances.ir_cron_tell_handover_payments"
            ).method_direct_trigger()

    def _step(self, handover, event=None, note="Because", **kwargs):
        if event is None or not hasattr(handover, "action_recall"):
            return super()._step(handover, event or "order_commercial")
        dialog = handover.env["collection.handover.step"].create(
            {"handover_id": handover.id, "event": event, "note": note, **kwargs}
        )
        return dialog.action_apply()

    def test_the_partner_gets_a_link_whose_token_is_kept_nowhere(self):
        with self._mail_server() as sink:
            handover = self._transmit()
        mails = [mail for mail in sink.messages if "avocat@barreau.example" in mail["To"]]
        self.assertEqual(len(mails), 1)
        html = mails[0].get_body(("html",)).get_content()
        token = TOKEN.search(html)[1]
        link = handover.link_ids
        self.assertEqual(self.root["collection.handover.link"]._find(token), link)
        self.assertEqual(link.expires_at.date(), TODAY + timedelta(days=30))
        compact = token.replace("-", "")
        self.env.flush_all()
        for table, column in (("mail_mail", "body_html"), ("mail_message", "body")):
            self.env.cr.execute(f"SELECT {column}::text FROM {table}")
            kept = " ".join(row[0] or "" for row in self.env.cr.fetchall())
            self.assertNotIn(token, kept)
            self.assertNotIn(compact, kept)
        self.assertNotIn(self.debtor.name, mails[0]["Subject"])
        # Its heading is for a lawyer, not the name of one of our models.
        self.assertIn("A case that was given to you", html)
        self.assertIn(handover.case_id.name, html)
        for ours in ("Your Handover", "Handover of"):
            self.assertNotIn(ours, html)

    def test_only_an_approved_one_is_handed_over_to_somebody_with_an_address(self):
        handover = self._request()
        with self.assertRaises(UserError):
            handover.action_transmit()
        self._approve(handover)
        with self.assertRaisesRegex(UserError, "Handed to"):
            handover.action_transmit()
        self.lawyer.email = False
        with self.assertRaisesRegex(UserError, "no e-mail"):
            self._transmit(handover)

    def test_an_answer_is_noted(self):
        handover = self._transmit()
        self._step(handover, "accept", "On Monday")
        self.assertEqual((handover.state, handover.answer_note), ("accepted", "On Monday"))
        self.assertEqual(handover.answered_on, TODAY)

    def test_who_declines_has_no_link_any_more_and_another_one_is_told(self):
        handover = self._transmit()
        with self.assertRaisesRegex(UserError, "Say why"):
            self._step(handover, "decline", "")
        self._step(handover, "decline", "Conflict of interest")
        self.assertEqual(handover.link_ids.mapped("state"), ["revoked"])
        other = self.lawyer.copy({"name": "Other", "email": "other@barreau.example"})
        handover.write({"agent_id": other.id})
        handover.action_transmit()
        self._let_messages_leave()
        self.assertEqual(handover.state, "transmitted")
        self.assertEqual(set(handover.link_ids.mapped("state")), {"valid", "revoked"})

    def test_what_leaves_later_is_of_the_day_on_which_it_leaves(self):
        handover = self._approve(self._request())
        first = handover.file_hash
        with self.on(3) as day:
            self._transmit(handover)
            self.assertEqual(handover.file_as_of, day)
            self.assertNotEqual(handover.file_hash, first)

    def test_taken_back_while_nothing_was_started(self):
        handover = self._transmit()
        self._step(handover, "recall", "Paid by cheque")
        self.assertEqual((handover.state, handover.end_note), ("recalled", "Paid by cheque"))
        self.assertEqual(handover.hold_id.state, "released")
        self.assertEqual(handover.case_id.stage_kind, "prelitigation")
        self.assertEqual(handover.link_ids.state, "revoked")
        self.assertIn(
            "taken back",
            " ".join(self.root["mail.mail"].search([]).mapped("subject")),
        )
        mail = self.root["mail.mail"].search([("subject", "ilike", "taken back")])
        self.assertIn("A case that was taken back", mail.body_html)
        self.assertNotIn("given to you", mail.body_html)

    def test_not_taken_back_once_a_proceeding_has_begun(self):
        handover = self._transmit()
        handover.action_start_proceeding()
        proceeding = handover.proceeding_ids.with_user(self.accountant)
        self.assertEqual(proceeding.counsel_id, self.lawyer)
        route = handover.route_ids.filtered("is_chosen")
        self.assertGreater(route.cost, 0)
        self.assertEqual(proceeding.cost_foreseen, route.cost)
        self._take(proceeding, "file")
        with self.assertRaisesRegex(UserError, "proceeding was started"):
            self._step(handover, "recall", "Changed our mind")
        with self.assertRaisesRegex(UserError, "proceeding is running"):
            self._step(handover, "close", "Enough")
        self._take(proceeding, "withdraw")
        self.assertEqual(handover.state, "closed")
        self.assertEqual(handover.hold_id.state, "released")
        self.assertNotEqual(handover.item_ids.verdict, "handed_over")

    def _withdraw(self, handover):
        """Bring a handover to court and withdraw; return the step that ends both."""
        handover.action_start_proceeding()
        proceeding = handover.proceeding_ids.with_user(self.accountant)
        self._take(proceeding, "file")
        return self._take(proceeding, "withdraw").with_user(self.personas["manager"])

    def test_it_goes_on_when_the_step_that_closed_it_is_taken_back(self):
        handover = self._transmit()
        event = self._withdraw(handover)
        self.assertEqual((handover.state, handover.ended_on), ("closed", TODAY))
        event.proceeding_id._undo_step(event, "Of another debtor")
        self.assertRecordValues(
            handover, [{"state": "transmitted", "ended_on": False, "end_note": False}]
        )
        self.assertEqual(handover.hold_id.state, "open")
        self.assertEqual(handover.item_ids.verdict, "handed_over")
        self.assertEqual(handover.case_id.stage_kind, "litigation")
        held = handover.case_id.hold_ids.filtered(lambda hold: hold.state == "open")
        self.assertEqual(held, handover.hold_id, "held twice")
        # The link was revoked with the end; a new one is sent when it is wanted.
        self.assertEqual(handover.link_ids.state, "revoked")
        handover.action_send_link()
        self.assertIn("valid", handover.link_ids.mapped("state"))
        # It ends again with its proceeding.
        proceeding = event.proceeding_id.with_user(self.accountant)
        self._take(proceeding, "close", reason="Given up")
        self.assertEqual(handover.state, "closed")

    def test_it_stays_closed_when_its_items_were_handed_over_anew(self):
        handover = self._transmit()
        event = self._withdraw(handover)
        item = handover.item_ids
        anew = handover.create({"case_id": item.case_id.id, "item_ids": [(6, 0, item.ids)]})
        event.proceeding_id._undo_step(event, "Of another debtor")
        self.assertEqual((handover.state, anew.state), ("closed", "draft"))
        self.assertEqual(event.proceeding_id.hold_id.state, "open")

    def test_its_hold_ends_with_it_alone(self):
        handover = self._approve(self._request())
        with self.assertRaises(UserError):
            handover.hold_id.with_user(self.personas["manager"]).action_release()
        self._step(handover, "close", "Written off")
        self.assertEqual(handover.hold_id.state, "released")

    def test_nothing_goes_on_once_the_debtor_is_insolvent(self):
        handover = self._approve(self._request())
        self._hold(handover.case_id, "insolvency", review_date=TODAY + timedelta(days=30))
        with self.assertRaisesRegex(UserError, "insolvent"):
            self._transmit(handover)
        with self.assertRaisesRegex(UserError, "insolvent"):
            handover.action_start_proceeding()

    def test_who_keeps_to_what_was_agreed_since_is_not_sued(self):
        handover = self._approve(self._request())
        hold = self._hold(handover.case_id, "schedule")
        with self.assertRaisesRegex(UserError, "agreement is running"):
            self._transmit(handover)
        with self.assertRaisesRegex(UserError, "agreement is running"):
            handover.action_start_proceeding()
        hold._release("test")
        self._transmit(handover)
        self.assertEqual(handover.state, "transmitted")

    def test_who_it_was_approved_for_stays_so_whoever_it_goes_to(self):
        handover = self._prepare()
        handover.write({"agent_id": self.lawyer.id, "agent_kind": "lawyer"})
        self._approve(self._request(handover))
        other = self.lawyer.copy({"name": "Maître Autre"})

        def change(agent):
            before = handover.message_ids
            handover.agent_id = agent
            return str((handover.message_ids - before).mapped("body"))

        self.assertIn("Maître Autre now; approved for Maître Avocat", change(other))
        back = change(self.lawyer)
        self.assertIn("Maître Avocat now, as it was approved", back)
        self.assertNotIn("approved for", back)

    def test_a_new_link_after_he_took_it_on_asks_nothing(self):
        handover = self._transmit()
        ours = [("recipient_ids", "in", self.lawyer.ids)]
        first = self.root["mail.mail"].search(ours)
        self.assertIn("whether you take it on", first.body_html)
        self._step(handover, "accept", "On Monday")
        handover.action_send_link()
        second = self.root["mail.mail"].search(ours) - first
        self.assertIn("/collection/file/", second.body_html)
        self.assertNotIn("whether you take it on", second.body_html)

    def test_what_was_not_asked_for_is_not_said_to_be_decided(self):
        handover = self._prepare()
        with self.assertRaisesRegex(UserError, "not asked for yet"):
            handover.with_user(self.director)._decide("refuse", "No")

    # === PAYMENTS MEANWHILE === #

    def test_who_works_on_it_meanwhile_keeps_the_news_for_the_next_run(self):
        handover = self._transmit()
        self._pay(handover.item_ids.move_id, 2000)
        before = handover.message_ids
        triggers = self.root["ir.cron.trigger"]
        known = triggers.search([])
        conflict = SerializationFailure("could not serialize access")
        with patch.object(type(handover), "_tell_colleagues", side_effect=conflict):
            self._tell()
        handover.invalidate_recordset()
        self.assertEqual(handover.message_ids, before)
        self.assertEqual(handover.amount_told, 5000)
        self.assertTrue(triggers.search([]) - known)
        self._tell()
        self.assertEqual(handover.amount_told, 3000)

    def test_everybody_is_told_of_a_payment(self):
        handover = self._transmit()
        before = self.root["mail.mail"].search([])
        self._pay(handover.item_ids.move_id, 2000)
        self._tell()
        told = self.root["mail.mail"].search([]) - before
        partner = told.filtered(lambda mail: self.lawyer in mail.recipient_ids)
        self.assertEqual(len(partner), 1)
        self.assertIn("3,000.00", partner.body_html)
        people = told.recipient_ids | told.mail_message_id.notified_partner_ids
        self.assertLessEqual(
            self.lawyer | self.collector.partner_id | self.director.partner_id, people
        )
        self._tell()
        self.assertEqual(self.root["mail.mail"].search([]) - before, told)
        handover.sudo().item_ids.move_line_id.remove_move_reconcile()
        self._tell()
        again = self.root["mail.mail"].search([]) - before - told
        self.assertIn("Due again", " ".join(again.mapped("body_html")))

    def test_news_reach_a_partner_in_its_own_language(self):
        self.root["res.lang"]._activate_lang("fr_FR")
        self.lawyer.lang = "fr_FR"
        handover = self._transmit()
        self._pay(handover.item_ids.move_id, 2000)
        self._tell()
        told = self.root["mail.mail"].search([("recipient_ids", "in", self.lawyer.ids)], limit=1)
        self.assertIn("Reste dû", told.body_html)
        self.assertNotIn("Paid meanwhile", told.body_html)
        self.assertIn("Still due", str(handover.message_ids.mapped("body")))

    def test_a_payment_before_the_decision_is_told_and_asked_for_again(self):
        handover = self._request()
        self._pay(handover.item_ids.move_id, 2000)
        self._tell()
        handover.invalidate_recordset()
        self.assertEqual((handover.state, handover.round), ("requested", 2))
        self.assertEqual(handover.amount_requested, 3000)

    def test_a_payment_after_the_approval_lets_the_hold_go_until_it_is_decided_again(self):
        handover = self._approve(self._request())
        self._pay(handover.item_ids.move_id, 2000)
        self._tell()
        handover.invalidate_recordset()
        self.assertEqual((handover.state, handover.round), ("requested", 2))
        self.assertFalse(handover.case_id.hold_ids.filtered(lambda hold: hold.state == "open"))
        self._approve(handover)
        self.assertEqual(handover.hold_id.state, "open")

    def test_a_payment_while_it_is_in_court_is_told_and_lets_nothing_go(self):
        handover = self._approve(self._request())
        handover.action_start_proceeding()
        self._take(handover.proceeding_ids.with_user(self.accountant), "file")
        before = self.root["mail.message"].search([])
        self._pay(handover.item_ids.move_id, 2000)
        self._tell()
        handover.invalidate_recordset()
        told = self.root["mail.message"].search([]) - before
        self.assertIn("Still due", " ".join(told.mapped("body")))
        self.assertEqual((handover.state, handover.round), ("approved", 1))
        self.assertEqual(handover.hold_id.state, "open")
        self._decide()
        self.assertEqual(handover.item_ids.verdict, "handed_over")
        # Handed to counsel later, it goes on all the same.
        self._transmit(handover)
        self.assertEqual((handover.state, handover.hold_id.state), ("transmitted", "open"))

    def test_a_small_payment_leaves_a_file_that_says_it_is_outdated(self):
        handover = self._transmit()
        first, told = handover.file_id, handover.file_hash
        self.assertFalse(handover.is_file_outdated)
        self._pay(handover.item_ids.move_id, 100)
        self._tell()
        handover.invalidate_recordset()
        self.assertEqual((handover.state, handover.round), ("transmitted", 1))
        self.assertEqual((handover.file_amount, handover.amount), (5000, 4900))
        self.assertTrue(handover.is_file_outdated)
        self.assertEqual(handover.file_id, first, "who has it has this one")
        handover.action_build_file()
        self.assertFalse(handover.is_file_outdated)
        self.assertNotEqual(handover.file_hash, told)
        self.assertEqual(handover.former_file_ids, first)
        with self.assertRaisesRegex(UserError, "part of the evidence"):
            first.with_user(self.manager).unlink()
        # As a purge does, of a closed case.
        handover.sudo().former_file_ids = False
        first.sudo().unlink()
        self.assertFalse(first.exists())

    def test_what_is_paid_on_the_same_day_is_in_the_file_that_leaves(self):
        handover = self._approve(self._request())
        self._pay(handover.item_ids.move_id, 100)
        handover.invalidate_recordset()
        self._transmit(handover)
        self.assertEqual((handover.file_amount, handover.is_file_outdated), (4900, False))

    def test_pieces_of_a_file_that_was_handed_over_stay(self):
        handover = self._approve(self._request())
        piece = handover.document_ids[:1]
        piece.write({"content": base64.b64encode(b"%PDF-1.4 corrected")})
        self._transmit(handover)
        for user in (self.collector, self.manager, self.root.user):
            for change in (
                lambda own: own.write({"content": base64.b64encode(b"%PDF-1.4 other")}),
                lambda own: own.unlink(),
                lambda own: own._get_files().with_user(own.env.user).write({"raw": b"Other"}),
            ):
                with (
                    self.subTest(user=user.login),
                    self.assertRaisesRegex(UserError, "part of the evidence"),
                    self.env.cr.savepoint(),
                ):
                    change(piece.with_user(user))
        self.assertEqual(base64.b64decode(piece.content), b"%PDF-1.4 corrected")
        # As a purge does, of a closed case.
        handover.sudo().file_id = False
        piece.sudo().unlink()
        self.assertFalse(piece.exists())

    def test_one_payment_wakes_nobody_else(self):
        handover = self._transmit()
        other = self._overdue_invoice(40, 100, partner=self.partner_b)
        before = self.root["mail.mail"].search_count([])
        self._pay(other)
        self._tell()
        self.assertEqual(self.root["mail.mail"].search_count([]), before)
        self.assertEqual(handover.amount_told, 5000)

    def test_the_file_is_replaced_by_another_file_only(self):
        handover = self._approve(self._request())
        first = handover.file_id
        for user in (self.collector, self.manager, self.root.user):
            for vals in ({"raw": b"Other"}, {"name": "other.zip"}, {"res_id": 0}):
                with self.subTest(user=user.login, vals=vals), self.assertRaises(UserError):
                    first.with_user(user).write(vals)
            with self.subTest(user=user.login), self.assertRaises(UserError):
                first.with_user(user).unlink()
        handover.action_build_file()
        self.assertFalse(first.exists())
        self.assertTrue(handover.file_id.raw)
        self._transmit(handover)
        with self.assertRaises(UserError):
            handover.file_id.with_user(self.collector).write({"raw": b"Other"})
        self._step(handover, "decline", "Conflict of interest")
        with self.on(3):
            self._transmit(handover)
        self.assertEqual(handover.file_as_of, TODAY + timedelta(days=3))
