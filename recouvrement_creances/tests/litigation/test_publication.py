import base64
import json
from datetime import date, timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.litigation.collection_publication_watch import ADDRESS
from ..common import TODAY
from .gazette_server import GazetteServer, notice
from .publication_common import SIREN, PublicationCommon

OTHER_SIREN = "732829320"


@tagged("post_install", "-at_install")
class TestPublication(PublicationCommon):
    """The gazette is looked at once a day; what it says is proposed, and a person decides."""

    # === WATCH === #

    def test_watch_proposes_and_records_nothing(self):
        found = self._watch(notice())
        self.assertRecordValues(
            found,
            [
                {
                    "partner_id": self.debtor.id,
                    "state": "proposed",
                    "effect": "opening",
                    "kind": "reorganisation",
                    "published_on": date(2026, 3, 13),
                    "judgement_date": date(2026, 3, 6),
                    "siren": SIREN,
                }
            ],
        )
        self.assertEqual(found.activity_ids.user_id, self._case(self.debtor).user_id)
        self.assertFalse(self.root["collection.insolvency"].search([]))
        self.assertEqual(set(self._case(self.debtor).open_item_ids.mapped("verdict")), {"remind"})
        self.assertTrue(self.company.collection_gazette_success)
        self.assertEqual(self.company.collection_gazette_until, TODAY)

    def test_only_debtors_with_something_due_are_asked_for(self):
        paid = self._debtor("Paid Up", company_registry=OTHER_SIREN)
        self._pay(self._owe(partner=paid))
        self._decide()
        self._watch()
        self.assertIn(SIREN, self.questions[0]["where"])
        self.assertNotIn(OTHER_SIREN, self.questions[0]["where"])

    def test_notices_are_proposed_once(self):
        self.assertEqual(len(self._watch(notice())), 1)
        self.assertFalse(self._watch(notice()))
        # The last days are asked for again, no more.
        self.assertIn(str(TODAY - timedelta(days=7)), self.questions[0]["where"])

    def test_debtor_of_a_later_case_is_looked_up_in_the_past(self):
        self._watch()
        later = self._debtor("Later Debtor", company_registry=OTHER_SIREN)
        self._owe(20, partner=later)
        self._watch()
        asked = [(SIREN in one["where"], OTHER_SIREN in one["where"]) for one in self.questions]
        self.assertEqual(sorted(asked), [(False, True), (True, False)])
        past = next(one["where"] for one in self.questions if OTHER_SIREN in one["where"])
        self.assertIn(str(TODAY - timedelta(days=372)), past)
        known = next(one["where"] for one in self.questions if SIREN in one["where"])
        self.assertIn(str(TODAY - timedelta(days=7)), known)
        # Once: from then on, its last days as everybody's.
        self._watch()
        self.assertEqual(len(self.questions), 1)

    def test_debtor_whose_case_opens_again_is_looked_up_in_the_past(self):
        self._watch()
        case = self._case(self.debtor)
        for is_open in (False, True):
            case.sudo().write({"is_open": is_open})
            self.env.flush_all()
            with GazetteServer([]) as server:
                self.root["ir.config_parameter"].set_param(ADDRESS, server.address)
                self.publications._watch(self.company, TODAY)
        self.assertIn(str(TODAY - timedelta(days=372)), server.questions[0]["where"])

    def test_strangers_and_other_families_are_left_out(self):
        found = self._watch(
            notice(siren=OTHER_SIREN), notice("A2", familleavis="vente"), notice("A3")
        )
        self.assertEqual(found.reference, "A3")

    def test_a_failure_is_shown_and_takes_nothing_forward(self):
        found = self._watch(notice(), mishaps=[404])
        self.assertFalse(found)
        self.assertIn("404", self.company.collection_gazette_error)
        self.assertFalse(self.company.collection_gazette_until)
        health = self.root["collection.health"]
        self.assertIn("gazette_late", health._get_health(self.company)["problems"])
        self.assertEqual(len(self._watch(notice())), 1)
        self.assertFalse(self.company.collection_gazette_error)
        self.assertNotIn("gazette_late", health._get_health(self.company)["problems"])

    def test_a_broken_record_stops_no_other(self):
        found = self._watch(notice("A1", dateparution=None), {"id": 3}, notice("A3"))
        self.assertEqual(found.reference, "A3")

    def test_watch_is_off_by_default(self):
        self.assertFalse(self.root["res.company"].create({"name": "New"}).collection_gazette_watch)
        self.company.sudo().collection_gazette_watch = False
        self._owe()
        with GazetteServer([notice()]) as server:
            self.root["ir.config_parameter"].set_param(ADDRESS, server.address)
            with self.enter_registry_test_mode():
                self.root.ref(
                    "recouvrement_creances.ir_cron_watch_publications"
                ).method_direct_trigger()
        self.assertFalse(server.questions)

    def test_scheduled_action_watches(self):
        self._owe()
        with GazetteServer([notice()]) as server:
            self.root["ir.config_parameter"].set_param(ADDRESS, server.address)
            with self.enter_registry_test_mode():
                self.root.ref(
                    "recouvrement_creances.ir_cron_watch_publications"
                ).method_direct_trigger()
        self.assertEqual(self.publications.search([]).partner_id, self.debtor)

    def test_any_failure_stops_no_other_company(self):
        self._owe()
        broken = self.root["res.company"].create(
            {"name": "A first", "sequence": 0, "collection_gazette_watch": True}
        )
        watch, watched = type(self.publications)._watch, []

        def break_down(model, company, as_of):
            watched.append(company)
            if company == broken:
                raise ValueError("A number that is none")
            return watch(model, company, as_of)

        with (
            GazetteServer([notice()]) as server,
            patch.object(type(self.publications), "_watch", break_down),
            self.assertLogs("odoo.addons.recouvrement_creances", "ERROR") as logs,
            self.enter_registry_test_mode(),
        ):
            self.root["ir.config_parameter"].set_param(ADDRESS, server.address)
            self.root.ref(
                "recouvrement_creances.ir_cron_watch_publications"
            ).method_direct_trigger()
        self.assertEqual(set(watched), {broken, self.company})
        self.assertEqual(self.publications.search([]).partner_id, self.debtor)
        self.assertIn("A number that is none", "".join(logs.output))
        broken.invalidate_recordset()
        self.assertIn("A number that is none", broken.collection_gazette_error)

    # === TAKING IN === #

    def test_opening_is_recorded_by_who_takes_it_in(self):
        found = self._watch(notice())
        record = self._accept(found)
        self.assertEqual((found.state, record.state), ("accepted", "open"))
        self.assertEqual(record.publication_date, date(2026, 3, 13))
        self.assertIn("Maître Durand", record.note)
        self.assertEqual(self._state(record, "insolvency.declaration"), ["open"])
        self.assertFalse(found.activity_ids)

    def test_correction_overtakes_a_proposal_and_moves_what_was_taken_in(self):
        first = self._watch(notice("A1"))
        record = self._accept(first)
        former = {"numeroAnnonce": "1234", "dateParution": "2026-03-13"}
        corrected = self._watch(
            notice("A1"),
            notice(
                "A2",
                numeroannonce=99,
                typeavis="rectificatif",
                dateparution="2026-03-15",
                judgement={"date": "2026-03-05"},
                parutionavisprecedent=json.dumps(former),
            ),
        )
        self.assertEqual(corrected.former_id, first)
        self.assertEqual(self._accept(corrected), record)
        self.assertEqual(record.judgement_date, date(2026, 3, 5))
        # A correction gives no more time to declare.
        running = record.deadline_ids.filtered(lambda one: one.state == "open")
        self.assertEqual(set(running.mapped("event_date")), {date(2026, 3, 13)})

    def test_cancelled_proposal_is_not_looked_at_any_more(self):
        former = {"numeroAnnonce": "1234", "dateParution": "2026-03-13"}
        found = self._watch(
            notice("A1"),
            notice(
                "A2",
                numeroannonce=99,
                typeavis="annulation",
                dateparution="2026-03-14",
                parutionavisprecedent=former,
            ),
        )
        self.assertEqual(set(found.mapped("state")), {"dismissed"})
        self.assertFalse(found.activity_ids)

    def test_cancellation_of_what_was_taken_in_is_a_managers(self):
        first = self._watch(notice("A1"))
        record = self._accept(first)
        former = {"numeroAnnonce": "1234", "dateParution": "2026-03-13"}
        cancelled = self._watch(
            notice(
                "A2",
                numeroannonce=99,
                typeavis="annulation",
                dateparution="2026-03-14",
                parutionavisprecedent=former,
            )
        )
        self.assertEqual(cancelled.state, "proposed")
        self._accept(cancelled, self.manager)
        self.assertEqual(record.state, "cancelled")
        self.assertEqual(set(self._case(self.debtor).open_item_ids.mapped("verdict")), {"remind"})

    def test_what_changes_nothing_known_is_refused(self):
        found = self._watch(notice(judgement={"nature": "Jugement de clôture", "famille": ""}))
        with self.assertRaisesRegex(UserError, "nothing that this notice changes"):
            found.with_user(self.collector).action_accept()
        found.with_user(self.collector).action_dismiss()
        self.assertEqual(found.state, "dismissed")

    def test_later_notices_are_steps(self):
        record = self._accept(self._watch(notice("A1")))
        found = self._watch(
            notice(
                "A2",
                dateparution="2026-03-16",
                judgement={"nature": "Dépôt de l'état des créances", "famille": ""},
            )
        )
        self._accept(found)
        self.assertEqual(self._state(record, "insolvency.claim_state"), ["open"])

    def test_another_company_finds_its_own_earlier_notice(self):
        former = {"numeroAnnonce": "1234", "dateParution": "2026-03-13"}
        first = self._watch(notice("A1"))
        sister = self.root["res.company"].create({"name": "Sister"})
        theirs = first.sudo().copy({"company_id": sister.id})
        cancelled = self._watch(
            notice(
                "A2",
                numeroannonce=99,
                typeavis="annulation",
                dateparution="2026-03-14",
                parutionavisprecedent=former,
            )
        )
        self.assertEqual(cancelled.former_id, first)
        self.assertEqual((first.state, theirs.state), ("dismissed", "proposed"))
        # Nor does it change what another company recorded.
        theirs.insolvency_id = self._record(company_id=sister.id, user=self.root.user)
        cancelled.sudo().former_id = theirs
        self.assertFalse(cancelled._find_proceedings())

    # === FROM A FILE === #

    def test_file_is_taken_in_for_own_companies_only(self):
        elsewhere = self.root["res.company"].create({"name": "Elsewhere"})
        wizard = (
            self.root["collection.publication.import"]
            .with_user(self.accountant)
            .create({"company_id": elsewhere.id, "file": base64.b64encode(b"[]")})
        )
        with self.assertRaisesRegex(UserError, "do not work in"):
            wizard.action_apply()

    def _import(self, content):
        self._owe()
        wizard = (
            self.root["collection.publication.import"]
            .with_user(self.accountant)
            .create({"company_id": self.company.id, "file": base64.b64encode(content)})
        )
        wizard.action_apply()
        return self.publications.search([]), wizard.result

    def test_json_file_is_taken_in(self):
        answer = {"total_count": 2, "results": [notice(), notice("A2", dateparution=None)]}
        found, result = self._import(json.dumps(answer).encode())
        self.assertEqual(found.partner_id, self.debtor)
        self.assertIn("2", result)
        self.assertIn("dateparution", result)

    def test_csv_file_is_taken_in(self):
        rows = (
            "id;dateparution;registre;familleavis;jugement\n"
            f'A1;2026-03-13;552 100 554,{SIREN};collective;"{{""nature"": ""Jugement '
            'd\'ouverture de liquidation judiciaire"", ""date"": ""2026-03-06""}"\n'
        )
        found, _result = self._import(("\ufeff" + rows).encode())
        self.assertEqual((found.kind, found.judgement_date), ("liquidation", date(2026, 3, 6)))

    def test_an_empty_file_is_explained(self):
        for content in (False, base64.b64encode(b" ")):
            wizard = self.root["collection.publication.import"].new(
                {"company_id": self.company.id, "file": content}
            )
            with self.subTest(content=content), self.assertRaisesRegex(UserError, "is empty"):
                wizard.action_apply()

    def test_a_day_that_is_to_come_is_not_taken(self):
        later = notice("A2", dateparution="2026-03-17")
        found, result = self._import(json.dumps([notice(), later]).encode())
        self.assertEqual(len(found), 1)
        self.assertIn("A2: published on 03/17/2026, which is to come", result)

    def test_bad_files_are_explained(self):
        for content, words in (
            (b"{broken", "no valid JSON"),
            (b"[1", "no valid JSON"),
            (b'{"results": 3}', "no list"),
            (b"a;b\n1;2", "lacks columns"),
        ):
            with self.subTest(content=content), self.assertRaisesRegex(UserError, words):
                self.root["collection.publication.import"].new({})._read_records(content)
