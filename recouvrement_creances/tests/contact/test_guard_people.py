import json
from datetime import datetime

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..common import TODAY
from .test_guard_ways import GuardWaysCommon


@tagged("post_install", "-at_install")
class TestGuardPeople(GuardWaysCommon):
    """Who is contacted, who may be spoken to, and what is kept about it."""

    def _refuse(self, partner, reason, *names):
        partner.with_env(self.root).write(
            {
                "collection_no_contact_reason": reason,
                **{f"collection_no_{name}": True for name in names},
            }
        )

    def test_who_collects_notes_what_debtors_ask_for(self):
        vals = {"collection_no_call": True, "collection_no_contact_reason": "Asked for letters"}
        for name in ("collector", "accountant", "manager"):
            with self.subTest(role=name):
                debtor = self._debtor(f"Asks {name}").with_user(self.personas[name])
                debtor.write({**vals, "street": "2 rue Haute"})
                self.assertTrue(debtor.collection_no_call)
        for name in ("reader", "finance_director"):
            with self.subTest(role=name), self.assertRaises(AccessError):
                self.partner_a.with_user(self.personas[name]).write(vals)

    # === ASSISTED AND GUARANTEED === #

    def test_person_with_a_curator_is_contacted_himself(self):
        curator = self._debtor("Curator", email="curator@example.com")
        self.partner_a.write(
            {"collection_representative_id": curator, "collection_representative_kind": "curator"}
        )
        self._overdue_invoice(6)
        with self._mail_server() as sink:
            self._run()
            (message,) = sink.messages
        self.assertIn("a@debtor.example", message["To"])
        self.assertTrue(self.partner_a._may_be_contacted(curator))

    def test_curator_does_not_stand_in_for_a_missing_address(self):
        curator = self._debtor("Curator", email="curator@example.com")
        self.partner_a.write(
            {
                "email": False,
                "collection_representative_id": curator.id,
                "collection_representative_kind": "curator",
            }
        )
        self._overdue_invoice(6)
        with self._mail_server() as sink:
            self._run()
            self.assertFalse(sink.messages)

    def test_guarantor_may_be_spoken_to(self):
        guarantor, stranger = self._debtor("Guarantor"), self._debtor("Stranger")
        self.partner_a.collection_guarantor_ids = guarantor
        self.assertTrue(self.partner_a._may_be_contacted(guarantor))
        self.assertFalse(self.partner_a._may_be_contacted(stranger))
        self.assertNotIn(guarantor, self.partner_a._get_collection_recipients())
        self._overdue_invoice(6)
        self._decide()
        dialogs = self.root["collection.contact.outcome"].with_user(self.collector)
        self.assertIn("Guarantor", dialogs.create({"case_id": self._case().id}).reachable)

    def test_who_looks_after_vulnerable_persons_is_not_archived(self):
        senior = new_test_user(
            self.root,
            context={"no_reset_password": True},
            login="collection_senior",
            groups="recouvrement_creances.group_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.company.sudo().collection_senior_user_id = senior
        with self.assertRaisesRegex(ValidationError, "name somebody else"):
            senior.active = False
        self.company.sudo().collection_senior_user_id = self.manager
        senior.active = False
        self.assertFalse(senior.active)

    # === WHAT COUNTS === #

    def test_two_steps_of_a_level_are_one_contact(self):
        text = self.root.ref("recouvrement_creances.sms_template_reminder")
        policy = self._make_policy(
            [(5, "email"), (9, "email")], confirm=False, minimum_days_between=0, weekly_cap=2
        )
        policy.level_ids.sorted("number")[0].step_ids = [
            Command.create({"channel": "letter", "template_id": self.template.id, "mode": "manual"})
        ]
        policy.with_user(self.manager).action_confirm()
        self.company.sudo().collection_policy_id = policy
        self.assertTrue(text)
        self._overdue_invoice(6)
        with self._mail_server():
            self._run()
        email = self._case().action_ids.filtered(lambda action: action.channel == "email")
        letter = self._case().action_ids - email
        self.assertEqual((email.state, letter.state), ("sent", "proposed"))
        self.partner_a.write({"street": "1 rue Haute", "city": "Lyon"})
        letter.with_user(self.collector).action_confirm()
        self.root["collection.channel.letter"]._post(letter, TODAY)
        guard = self.root["collection.guard"]
        request = guard._request(self.root["collection.action"], self._case(), "email")
        facts = self.root["collection.contact.facts"]._describe([request], datetime(2026, 3, 18, 9))
        self.assertEqual(len(facts[request].history), 1)

    def test_message_of_which_nobody_knows_counts(self):
        self._overdue_invoice(6)
        self._run()
        action = self._case().action_ids
        action._with_door().write(
            {"state": "ambiguous", "contact_date": False, "claimed_at": datetime(2026, 3, 16, 9)}
        )
        guard = self.root["collection.guard"]
        request = guard._request(self.root["collection.action"], self._case(), "call")
        refusals = guard._find_refusals([request], datetime(2026, 3, 16, 10))
        self.assertIn("a day at most", refusals[request].text)

    # === THE LAST MOMENT === #

    def test_hour_that_passes_between_claim_and_sending_stops_the_message(self):
        self._overdue_invoice(6)
        run = self.root["collection.run"].create({"company_id": self.company.id, "origin": "daily"})
        run._propose()
        (actions,) = self.root["collection.executor"]._resolve_recipients(run.action_ids).values()
        email = self.root["collection.channel.email"]
        with self._mail_server() as sink:
            with self._at(18, 59):
                prepared = email._prepare(actions, TODAY)
            with self._at(19):
                email._hand_over(prepared, TODAY)
            self.assertFalse(sink.messages)
        self.assertEqual(actions.state, "confirmed")

    def test_letter_is_not_posted_after_a_wish(self):
        self._follow((5, "letter"))
        self.partner_a.write({"street": "1 rue Haute", "city": "Lyon"})
        self._overdue_invoice(6)
        self._run()
        letter = self._case().action_ids
        self._refuse(self.partner_a, "Wrote to us", "letter")
        service = self.root["collection.channel.letter"]
        with self.assertRaisesRegex(UserError, "Wrote to us"):
            service._post(letter, TODAY)
        with self.on(1):
            # What is in the post is written down, with what was against it.
            service._post(letter, TODAY)
        self.assertEqual(letter.state, "sent")
        facts = json.loads(self._pieces(letter, "posted").payload)["facts"]
        self.assertIn("Wrote to us", facts["overridden"])

    # === MERGED DEBTORS === #

    def _merge(self, source, destination, user=None):
        wizard = self.root["base.partner.merge.automatic.wizard"]
        wizard = wizard.with_user(user) if user else wizard
        wizard.create({})._merge((source | destination).ids, destination, extra_checks=False)

    def test_merged_debtors_keep_the_strictest_wishes(self):
        guardian = self._debtor("Guardian")
        self._refuse(self.partner_a, "Prefers letters", "call")
        self._refuse(self.partner_b, "Lawyer's letter", "email")
        self.partner_b.sudo().write(
            {
                "collection_is_vulnerable": True,
                "collection_representative_id": guardian.id,
                "collection_representative_kind": "guardian",
                "collection_no_contact_date": "2026-01-05",
            }
        )
        seller = new_test_user(
            self.root,
            context={"no_reset_password": True},
            login="collection_merger",
            groups="base.group_user,base.group_partner_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self._merge(self.partner_b, self.partner_a, seller)
        kept = self.partner_a
        self.assertTrue(kept.collection_no_call and kept.collection_no_email)
        self.assertTrue(kept.collection_is_vulnerable)
        self.assertEqual(kept.collection_representative_id, guardian)
        self.assertEqual(kept.collection_no_contact_reason, "Prefers letters / Lawyer's letter")
        self.assertEqual(str(kept.collection_no_contact_date), "2026-01-05")

    def test_debtor_merged_with_its_representative_represents_itself(self):
        self.partner_a.write(
            {
                "collection_representative_id": self.partner_b.id,
                "collection_representative_kind": "lawyer",
            }
        )
        self._merge(self.partner_b, self.partner_a)
        self.assertFalse(self.partner_a.collection_representative_id)

    # === PERSONAL DATA === #

    def test_answer_to_an_access_request_tells_the_wishes(self):
        guardian = self._debtor("Guardian")
        self._refuse(self.partner_a, "Asked for letters", "call")
        self.partner_a.write(
            {
                "collection_representative_id": guardian.id,
                "collection_representative_kind": "guardian",
            }
        )
        exports = self.root["collection.person.export"]
        person = exports._describe_person(self.partner_a)
        self.assertEqual(person["wants_no"], "No calls")
        self.assertEqual(person["reason_for_no_contact"], "Asked for letters")
        self.assertEqual(person["represented_by"], "Guardian")

    def test_reason_that_tells_of_health_is_looked_at(self):
        self._overdue_invoice(6)
        self._decide()
        self._refuse(self.partner_a, "en arrêt maladie", "call")
        flags = self.root["collection.note.flag"].search([("case_id", "=", self._case().id)])
        self.assertEqual((flags.place, flags.category), ("wish", "health"))
        self.partner_a.collection_no_contact_reason = "Asked for letters"
        self.assertFalse(flags.exists())

    def test_changed_wishes_stay_in_the_partners_history(self):
        # A record's first values are no change.
        self.env.flush_all()
        self.env.cr.flush()
        self._refuse(self.partner_a, "Asked for letters", "call")
        self.env.flush_all()
        self.env.cr.flush()
        tracked = self.partner_a.message_ids.sudo().tracking_value_ids.field_id
        self.assertIn("collection_no_call", tracked.mapped("name"))
