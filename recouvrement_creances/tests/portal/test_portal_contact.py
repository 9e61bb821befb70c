from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PortalCommon

NEW = {
    "street": "2 New Street",
    "street2": "",
    "zip": "69002",
    "city": "Lyon",
    "email": "new@debtor.example",
    "phone": "+33 4 00 00 00 01",
}


@tagged("post_install", "-at_install")
class TestPortalContact(PortalCommon):
    """A new address is a proposal until a collector accepts it."""

    def setUp(self):
        super().setUp()
        self._open()

    def _propose(self, **changed):
        country = self.partner_a.country_id
        self._post("/contact", {**NEW, "country_id": country.id, **changed})
        self.env.invalidate_all()
        return self.case.contact_change_ids

    def test_new_address_waits_for_a_collector(self):
        change = self._propose()
        self.assertRecordValues(
            change,
            [
                {
                    "state": "proposed",
                    "street": "2 New Street",
                    "email": "new@debtor.example",
                    # Nothing new.
                    "phone": False,
                    "given_by": f"link {self._access(self.case).id}",
                    "ip": "127.0.0.1",
                }
            ],
        )
        self.assertEqual(change.former["street"], "1 Old Street")
        self.assertEqual(self.partner_a.street, "1 Old Street")
        self.assertEqual(change.activity_ids.user_id, self.collector)
        self.assertIn("2 New Street", self._get("/contact").text)

    def test_collector_accepts_it(self):
        change = self._propose()
        change.with_user(self.collector).action_accept()
        self.assertRecordValues(
            self.partner_a,
            [{"street": "2 New Street", "zip": "69002", "email": "new@debtor.example"}],
        )
        self.assertEqual((change.state, change.decided_by_id), ("accepted", self.collector))
        self.assertFalse(change.activity_ids)
        with self.assertRaises(UserError):
            change.with_user(self.collector).action_refuse()

    def test_collector_refuses_it(self):
        change = self._propose()
        change.with_user(self.collector).action_refuse()
        self.assertEqual(self.partner_a.street, "1 Old Street")

    def test_who_may_not_work_on_the_case_decides_nothing(self):
        change = self._propose()
        for persona in ("reader", "other_collector"):
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
                change.with_user(self.personas[persona]).action_accept()
        self.assertEqual(self.partner_a.street, "1 Old Street")

    def test_what_was_given_stays_as_it_was(self):
        change = self._propose()
        with self.assertRaises(AccessError):
            change.with_user(self.personas["manager"]).write({"street": "Elsewhere"})
        with self.assertRaises(UserError):
            change.unlink()

    def test_what_is_wrong_is_explained_and_kept_in_the_form(self):
        for changed, message in (
            ({"email": "nobody"}, "This e-mail address is not complete"),
            ({"phone": "12"}, "This phone number is too short"),
            ({"street": "x" * 200}, "120 characters at most"),
        ):
            with self.subTest(changed=changed):
                response = self._post("/contact", {**NEW, **changed})
                self.assertIn(message, response.text)
                self.assertIn("69002", response.text)
        self.env.invalidate_all()
        self.assertFalse(self.case.contact_change_ids)

    def test_what_stands_on_the_record_keeps_nobody_from_handing_in_the_rest(self):
        two = "a@debtor.example, Accounts <b@debtor.example>"
        old = {"street": "1 Old Street", "zip": "", "city": "Lyon"}
        self.partner_a.write({"email": two, "street": "x" * 150})
        page = self._get("/contact").text
        self.assertRegex(page, '<input type="email" multiple="multiple"[^>]*a@debtor')
        self.assertIn('value="a@debtor.example, b@debtor.example"', page)
        for email in (
            two,
            "a@debtor.example, b@debtor.example",
            # As browsers send it.
            "a@debtor.example,b@debtor.example",
        ):
            with self.subTest(email=email):
                phone = f"+33 4 00 00 00 {10 + len(email)}"
                change = self._propose(
                    **{**old, "street": "x" * 150, "email": email, "phone": phone}
                )
                self.assertRecordValues(
                    change[:1], [{"email": False, "phone": phone, "street": False}]
                )
        self.partner_a.phone = "12"
        change = self._propose(**{**old, "street": "x" * 150, "phone": "12"})[:1]
        self.assertRecordValues(change, [{"email": "new@debtor.example", "phone": False}])

    def test_several_addresses_are_each_complete(self):
        change = self._propose(email="new@debtor.example,other@debtor.example")
        self.assertEqual(change.email, "new@debtor.example,other@debtor.example")
        for email in ("new@debtor.example, other", "new@debtor.example,,other@debtor.example"):
            response = self._post("/contact", {**NEW, "email": email})
            self.assertIn("This e-mail address is not complete", response.text)

    def test_former_state_does_not_outlive_its_address(self):
        state = self.root["res.country.state"].create(
            {"name": "Rhône", "code": "T69", "country_id": self.partner_a.country_id.id}
        )
        self.partner_a.state_id = state
        # Another street of the same place.
        change = self._propose(street="3 New Street", zip="", city="Lyon")
        self.assertEqual(change.former["state_id"], state.name)
        change.with_user(self.collector).action_accept()
        self.assertEqual((self.partner_a.street, self.partner_a.state_id), ("3 New Street", state))
        elsewhere = self.root.ref("base.de").id
        for values in ({"zip": "44000", "city": "Nantes"}, {"country_id": elsewhere}):
            with self.subTest(values=values):
                self.partner_a.write({"state_id": state.id, "zip": False, "city": "Lyon"})
                change = self._propose(**{**NEW, "zip": "", "city": "Lyon", **values})[:1]
                change.with_user(self.collector).action_accept()
                self.assertFalse(self.partner_a.state_id)
                self.assertEqual(self.partner_a.street, "2 New Street")

    def test_nothing_new_is_no_proposal(self):
        change = self._propose(
            street="1 Old Street", zip="", email=self.partner_a.email, city="Lyon"
        )
        self.assertFalse(change)

    def test_form_that_is_sent_twice_is_one_proposal(self):
        change = self._propose()
        self.assertEqual(self._propose(), change)
        self.assertEqual(len(change.activity_ids), 1)
        self.assertEqual(len(self._propose(city="Villeurbanne")), 2)

    def test_task_is_in_the_language_of_who_does_it(self):
        self.root["res.lang"]._activate_lang("fr_FR")
        self.collector.lang = "fr_FR"
        change = self._propose()
        self.assertIn("nouvelle adresse", change.activity_ids.summary)

    def test_language_counts_at_once(self):
        self.root["res.lang"]._activate_lang("fr_FR")
        self._post("/contact", {"lang": "fr_FR"})
        self.env.invalidate_all()
        self.assertEqual(self.partner_a.lang, "fr_FR")
        self._post("/contact", {"lang": "xx_XX'; DROP TABLE res_lang"})
        self.env.invalidate_all()
        self.assertEqual(self.partner_a.lang, "fr_FR")
