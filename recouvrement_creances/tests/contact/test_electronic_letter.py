import base64
import hashlib
import json
import shutil
import tempfile
from datetime import date, timedelta
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..common import TODAY, CollectionCommon

PROOF = b"%PDF-1.4 the provider's proof"


@tagged("post_install", "-at_install")
class TestElectronicLetter(CollectionCommon):
    """A registered letter by e-mail: with consent, deposited as files, proven by files."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.root["ir.config_parameter"].set_param("report.url", "http://127.0.0.1:9")
        step = {"mode": "confirm", "fallback_channel": "registered_letter"}
        cls.ladder = cls._make_policy(
            [(5, "electronic_letter", step), (6, "email")], minimum_days_between=0
        )
        cls.ladder.level_ids[0].is_formal_notice = True
        cls.debtor = cls._debtor("Modern", street="1 rue Haute", city="Lyon", zip="69001")
        cls.debtor.with_company(cls.company).sudo().collection_policy_id = cls.ladder
        cls.invoice = cls._overdue_invoice(10, partner=cls.debtor)
        cls.channel = cls.root["collection.channel.electronic_letter"]

    def setUp(self):
        super().setUp()
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        provider = self.registry["collection.registered.provider"]
        self.startPatcher(patch.object(provider, "_get_root", lambda _self: self.folder))

    # === BUILDERS === #

    def _prepare(self):
        """Confirm the proposed notice with its real PDF; return it."""
        with self.allow_pdf_render():
            self._run()
            letter = self._case(self.debtor).action_ids
            letter.with_user(self.collector).action_confirm()
        return letter

    def _deposit(self):
        letter = self._prepare()
        self.channel._exchange(self.company, TODAY)
        return letter

    def _files(self, name):
        folder = self.folder / str(self.company.id) / name
        return sorted(path.name for path in folder.iterdir()) if folder.exists() else []

    def _report(self, letter, event, day, name="a", proof=PROOF, changes=None):
        """Put an acknowledgement of the provider into the folder."""
        folder = self.folder / str(self.company.id) / "in"
        folder.mkdir(parents=True, exist_ok=True)
        message = {
            "format": "recouvrement-lre/1",
            "reference": letter.tracking_number,
            "event": event,
            "date": (TODAY + timedelta(days=day)).isoformat(),
        }
        if proof:
            message |= {"proof": f"{name}.pdf", "sha256": hashlib.sha256(proof).hexdigest()}
            (folder / f"{name}.pdf").write_bytes(proof)
        (folder / f"{name}.json").write_text(json.dumps({**message, **(changes or {})}))

    def _take_in(self, days):
        with self.on(days) as today:
            self.channel._exchange(self.company, today)

    # === CONSENT === #

    def test_professional_needs_no_consent(self):
        letter = self._prepare()
        self.assertEqual((letter.channel, letter.state), ("electronic_letter", "planned"))

    def test_consumer_without_consent_gets_paper(self):
        self.debtor.collection_debtor_kind = "consumer"
        letter = self._prepare()
        self.assertEqual((letter.channel, letter.state), ("registered_letter", "planned"))

    def test_consumer_without_consent_nor_address_is_not_reached(self):
        self.debtor.write({"collection_debtor_kind": "consumer", "street": False})
        self.ladder.level_ids[0].step_ids.fallback_channel = False
        letter = self._prepare()
        self.assertEqual(letter.state, "failed")
        self.assertIn("CPCE-postes L100", letter.failure_reason)

    def test_consumer_with_consent_is_written_to(self):
        self.debtor.write(
            {
                "collection_debtor_kind": "consumer",
                "collection_electronic_consent_on": TODAY,
                "collection_electronic_consent_proof": base64.b64encode(b"signed"),
            }
        )
        letter = self._deposit()
        self.assertEqual(letter.channel, "electronic_letter")
        message = self._read_message(letter)
        self.assertEqual(message["recipient"]["consent_on"], TODAY.isoformat())

    def test_consent_has_its_proof(self):
        with self.assertRaisesRegex(ValidationError, "Keep the proof"):
            self.debtor.collection_electronic_consent_on = TODAY

    def test_reader_records_no_consent(self):
        reader = self.personas["reader"]
        reader.sudo().group_ids += self.root.ref("base.group_partner_manager")
        with self.assertRaisesRegex(AccessError, "Only collectors"):
            self.debtor.with_user(reader).collection_electronic_consent_on = TODAY

    # === DEPOSIT === #

    def _read_message(self, letter):
        folder = self.folder / str(self.company.id) / "out"
        return json.loads((folder / f"{letter.tracking_number}.json").read_text())

    def test_deposit_writes_the_letter_and_what_it_is(self):
        letter = self._deposit()
        self.assertEqual((letter.state, letter.contact_date), ("sent", TODAY))
        self.assertEqual(
            self._files("out"),
            [f"{letter.tracking_number}.json", f"{letter.tracking_number}.pdf"],
        )
        message = self._read_message(letter)
        out = self.folder / str(self.company.id) / "out"
        content = (out / message["document"]["name"]).read_bytes()
        self.assertEqual(content, letter.attachment_id.raw)
        self.assertEqual(message["document"]["sha256"], hashlib.sha256(content).hexdigest())
        self.assertEqual(message["recipient"]["email"], "modern@debtor.example")
        self.assertEqual(letter.evidence_ids.mapped("kind"), ["posted", "prepared"])

    def test_what_was_paid_meanwhile_is_not_deposited(self):
        letter = self._prepare()
        self._pay(self.invoice)
        self.channel._exchange(self.company, TODAY)
        self.assertEqual((letter.state, self._files("out")), ("cancelled", []))

    def test_folder_that_cannot_be_written_fails_the_letter_alone(self):
        letter = self._prepare()
        (self.folder / str(self.company.id)).mkdir()
        (self.folder / str(self.company.id) / "out").write_text("in the way")
        self.channel._exchange(self.company, TODAY)
        self.assertEqual(letter.state, "failed")

    # === PROOF === #

    def test_period_runs_from_the_acceptance(self):
        letter = self._deposit()
        self._report(letter, "informed", 1, "a", proof=None)
        self._report(letter, "accepted", 2, "b")
        self._take_in(3)
        self.assertEqual(
            (letter.informed_on, letter.accepted_on),
            (TODAY + timedelta(days=1), TODAY + timedelta(days=2)),
        )
        # Accepted on Wednesday 18 March: eight days end on Thursday 26.
        self.assertEqual(letter.next_level_from, date(2026, 3, 27))
        self.assertEqual(self._files("done"), ["a.json", "b.json", "b.pdf"])
        self.assertEqual(self._files("in"), [])
        kept = letter.evidence_ids.filtered(lambda record: record.kind == "acknowledged")
        self.assertEqual(kept.attachment_ids.raw, PROOF)

    def test_notice_waits_for_the_acceptance(self):
        letter = self._deposit()
        self._report(letter, "informed", 1, proof=None)
        self._take_in(2)
        with self.on(12):
            self._decide()
        self.assertEqual(self._item(self.invoice).verdict, "notice_running")

    def test_letter_not_accepted_in_fifteen_days_goes_out_on_paper(self):
        letter = self._deposit()
        self._report(letter, "informed", 1, proof=None)
        self._take_in(1)
        # Informed on 17 March: the last day is 1 April; the provider has three days to say so.
        self._take_in(19)
        self.assertEqual(letter.state, "sent")
        self._take_in(20)
        self.assertEqual((letter.state, letter.channel), ("failed", "registered_letter"))
        self.assertFalse(self._item(self.invoice).level_id)
        with self.on(21), self.allow_pdf_render():
            letter.with_user(self.collector).action_retry()
        self.assertEqual((letter.state, letter.channel), ("planned", "registered_letter"))
        self.assertFalse(letter.informed_on or letter.tracking_number)

    def test_refused_letter_is_no_notice(self):
        letter = self._deposit()
        self._report(letter, "refused", 1)
        self._take_in(1)
        self.assertEqual(letter.state, "failed")
        self.assertIn("send it on paper", letter.failure_reason)

    def test_accepted_letter_stays_a_notice_whatever_comes_later(self):
        letter = self._deposit()
        self._report(letter, "accepted", 1, "a")
        self._report(letter, "not_collected", 2, "b")
        self._report(letter, "failed", 2, "c", proof=None)
        self._take_in(3)
        self.assertEqual((letter.state, letter.channel), ("sent", "electronic_letter"))
        self.assertEqual(letter.letter_outcome, "received")
        self.assertEqual(letter.notice_runs_from, TODAY + timedelta(days=1))
        self.assertEqual(self._files("done"), ["a.json", "a.pdf"])
        reason = self.folder / str(self.company.id) / "refused" / "b.json.reason.txt"
        self.assertIn("was accepted on 03/17/2026", reason.read_text())

    def test_acknowledgement_that_comes_twice_is_noted_once(self):
        letter = self._deposit()
        for name in ("a", "b"):
            self._report(letter, "accepted", 1, name)
        self._take_in(2)
        kinds = letter.evidence_ids.mapped("kind")
        self.assertEqual(kinds.count("acknowledged"), 1)
        self.assertEqual(len(self._files("done")), 4)

    def test_bad_files_are_moved_aside_with_their_reason(self):
        letter = self._deposit()
        bad = {
            "date": {"date": "someday"},
            "early": {"date": (TODAY - timedelta(days=1)).isoformat()},
            "event": {"event": "eaten"},
            "format": {"format": "other/1"},
            "future": {"date": (TODAY + timedelta(days=9)).isoformat()},
            "outside": {"proof": "../out/secret.pdf"},
            "reference": {"reference": "LRE-0"},
            "sum": {"sha256": "0" * 64},
            "unproven": {"proof": None},
        }
        for name, changes in bad.items():
            self._report(letter, "accepted", 1, name, changes=changes)
        incoming = self.folder / str(self.company.id) / "in"
        (incoming / "text.json").write_text("no JSON")
        (incoming / "deep.json").write_text("[" * 60000)
        self._report(letter, "accepted", 1, "zz_good")
        self._take_in(2)
        refused = self._files("refused")
        self.assertEqual(
            [name for name in refused if name.endswith(".json")],
            sorted(f"{name}.json" for name in [*bad, "deep", "text"]),
        )
        for name in bad:
            reason = self.folder / str(self.company.id) / "refused" / f"{name}.json.reason.txt"
            self.assertTrue(reason.read_text().strip(), name)
        # A proof goes with its message, unless the message did not name it.
        self.assertIn("date.pdf", refused)
        self.assertEqual(self._files("in"), ["outside.pdf", "unproven.pdf"])
        self.assertEqual(letter.accepted_on, TODAY + timedelta(days=1))

    def test_what_was_refused_before_is_not_written_over(self):
        letter = self._deposit()
        for day in (9, 8):
            self._report(letter, "accepted", day, "same")
            self._take_in(2)
        refused = self._files("refused")
        for ending in (".json", ".pdf", ".reason.txt"):
            self.assertEqual(len([name for name in refused if name.endswith(ending)]), 2, ending)

    def test_provider_that_reports_nothing_is_asked_after(self):
        letter = self._deposit()
        letter.is_notice = True
        registered = self.root["collection.channel.registered_letter"]
        today = TODAY + timedelta(days=10)
        self.assertEqual(registered._ask_for_presentation(self.company, today), letter)
        case = self._case(self.debtor)
        track = "recouvrement_creances.mail_activity_type_track_letter"
        self.assertIn(letter.tracking_number, case.activity_search([track]).summary)
        self._report(letter, "informed", 10, proof=None)
        self._take_in(10)
        self.assertFalse(case.activity_search([track]))

    def test_letter_of_another_company_is_not_touched(self):
        letter = self._deposit()
        other = self.root["res.company"].create({"name": "Other"})
        self._report(letter, "accepted", 1)
        (self.folder / str(other.id)).mkdir()
        shutil.move(self.folder / str(self.company.id) / "in", self.folder / str(other.id) / "in")
        with self.on(2) as today:
            self.channel._exchange(other, today)
        self.assertFalse(letter.accepted_on)

    def test_company_with_a_bad_folder_stops_no_other(self):
        broken = self.root["res.company"].create({"name": "Broken folder"})
        # A file where its folder should be.
        (self.folder / str(broken.id)).write_bytes(b"")
        letter = self._prepare()
        for sequence in (0, 99):
            broken.sequence = sequence
            with self.assertLogs("odoo", "ERROR") as logs:
                self.channel._cron_exchange()
            self.assertEqual(len(logs.records), 1)
            self.assertIn(f"company={broken.id} phase=letters failed", logs.output[0])
            self.assertEqual(self._problems(broken), ["letters_failed"])
            self.assertEqual(self._problems(self.company), [])
            if sequence:
                self.assertEqual(letter.informed_on, TODAY)
            else:
                self.assertEqual(letter.state, "sent")
                self._report(letter, "informed", 0, proof=None)

    # === HEALTH === #

    def _problems(self, company):
        """Return what the health of a company says of its letters."""
        problems = self.root["collection.health"]._get_health(company)["problems"]
        return [problem for problem in problems if problem.startswith("letters")]

    def test_failing_exchange_is_a_problem_until_the_next_good_one(self):
        folder = self.folder / str(self.company.id)
        folder.write_bytes(b"")
        with self.assertLogs("odoo", "ERROR"):
            self.channel._cron_exchange()
        self.assertEqual(self._problems(self.company), ["letters_failed"])
        self.assertIn("cannot be exchanged", self.root["collection.health"]._get_line(self.company))
        since = self.company.collection_letters_failed_on
        with self.on(1), self.assertLogs("odoo", "ERROR"):
            self.channel._cron_exchange()
        self.assertEqual(self.company.collection_letters_failed_on, since)
        folder.unlink()
        self.channel._cron_exchange()
        self.assertEqual(self._problems(self.company), [])
