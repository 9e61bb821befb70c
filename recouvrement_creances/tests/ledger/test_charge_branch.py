from datetime import date
from decimal import Decimal

from odoo.fields import Command
from odoo.tests import tagged

from .common import NOW, ChargeCommon


@tagged("post_install", "-at_install")
class TestChargeBranch(ChargeCommon):
    """A branch charges by the terms of its company and signs with that company's mentions."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sudo().write(
            {
                "name": "Maison Test",
                "country_id": cls.root.ref("base.fr").id,
                "street": "3 quai Neuf",
                "street2": False,
                "zip": "69002",
                "city": "Lyon",
                "vat": False,
                "company_registry": "732 829 320 00074",
                "collection_legal_form": "SARL",
                "collection_capital": 7500.0,
                "collection_rcs_city": "Lyon",
            }
        )
        cls.branch = cls._make_branch("Branch")
        cls.root = cls.root(context={"allowed_company_ids": [cls.company.id, cls.branch.id]})

    @classmethod
    def _make_branch(cls, name, **vals):
        """Return a branch of the company, with the ledger of its parent, that people work in."""
        france = cls.root.ref("base.fr")
        cls.company.sudo().write(
            {
                "child_ids": [
                    Command.create(
                        {"name": name, "country_id": france.id, "city": "Nantes", **vals}
                    )
                ]
            }
        )
        branch = cls.company.child_ids[-1]
        cls.cr.precommit.run()  # account gives the branch its parent's ledger then
        for user in cls.personas.values():
            user.sudo().company_ids += branch
        return branch

    def _invoice_of(self, branch, amount, due):
        invoice = self._create_invoice_one_line(
            price_unit=amount,
            tax_ids=[],
            partner_id=self.debtor,
            invoice_date=due,
            invoice_date_due=due,
            invoice_payment_term_id=False,
            company_id=branch.id,
            post=True,
        )
        self.root["collection.refresh"]._refresh(branch, NOW)
        return invoice

    def _claim_of(self, branch):
        case = self._case(self.debtor).with_user(self.accountant).with_company(branch)
        charges = case.env["collection.charge"].with_context(
            allowed_company_ids=[branch.id, self.company.id]
        )
        return charges._claim(case, case._get_charged_items(), NOW, NOW)

    def _mentions(self, company):
        text = " · ".join(self.root["collection.correspondence"]._get_mentions(company))
        return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")

    # === TERMS === #

    def test_branch_claims_at_the_rate_of_its_company(self):
        self.company.sudo().collection_late_rate = 15
        invoice = self._invoice_of(self.branch, 1000, date(2026, 9, 30))
        self.assertEqual(invoice.company_id, self.branch)
        charge = self._claim_of(self.branch)
        self.assertEqual(charge.company_id, self.branch)
        # 62 days on 1,000 at 15 %.
        self.assertEqual(charge.amount_interest, 25.48)
        self.branch.sudo().collection_late_rate = 18
        (entry,) = (
            self.root["collection.interest"]
            ._compute_items(charge.line_ids.item_id, date(2026, 12, 11))
            .values()
        )
        self.assertEqual(entry.charges.interest.segments[0].rate, Decimal("18"))

    def test_branch_books_as_its_company_does_unless_it_says_otherwise(self):
        self.assertFalse(self.branch.collection_charge_booking)
        self.assertEqual(self.company.collection_charge_booking, "payment")
        self.company.sudo().write(
            {
                "collection_charge_booking": "claim",
                "collection_interest_account_id": self.interest_account.id,
                "collection_indemnity_account_id": self.indemnity_account.id,
            }
        )
        self._invoice_of(self.branch, 1000, date(2026, 9, 30))
        charge = self._claim_of(self.branch)
        self.assertTrue(charge.move_id)
        self.assertEqual(charge.move_id.company_id, self.branch)
        self.assertIn(self.interest_account, charge.move_id.line_ids.account_id)
        other = self._make_branch("Other branch", collection_charge_booking="payment")
        self.assertEqual(other._find_inherited("collection_charge_booking"), "payment")

    def test_branch_waives_up_to_the_limit_of_its_company(self):
        self.company.sudo().collection_waiver_limit = 100
        self._invoice_of(self.branch, 1000, date(2026, 9, 30))
        charge = self._claim_of(self.branch)
        waiver = charge.env["collection.waiver"].create(
            {
                "charge_id": charge.id,
                "reason_id": self.root.ref(
                    "recouvrement_creances.collection_reason_waiver_gesture"
                ).id,
                "note": "First delay",
            }
        )
        self.assertEqual((waiver.state, charge.state), ("done", "waived"))

    def test_branch_writes_off_on_the_account_of_its_company(self):
        loss = self.company_data["default_account_expense"]
        self.company.sudo().write(
            {"collection_waiver_limit": 100, "collection_waiver_account_id": loss.id}
        )
        self.branch.sudo().collection_waiver_means = "write_off"
        item = self._item(self._invoice_of(self.branch, 100, date(2026, 9, 30)))
        waivers = self.env["collection.waiver"].with_user(self.accountant)
        reason = self.root.ref("recouvrement_creances.collection_reason_waiver_gesture")
        waiver = waivers.with_context(allowed_company_ids=[self.branch.id, self.company.id]).create(
            {
                "case_id": item.case_id.id,
                "item_ids": [Command.set(item.ids)],
                "reason_id": reason.id,
                "note": "First delay",
            }
        )
        self.assertEqual(waiver.state, "done")
        self.assertIn(loss, waiver.sudo().move_ids.line_ids.account_id)

    def test_vulnerable_debtor_of_a_branch_is_the_seniors_of_its_company(self):
        self.company.sudo().collection_senior_user_id = self.personas["manager"]
        self.debtor.collection_is_vulnerable = True
        self._invoice_of(self.branch, 1000, date(2026, 9, 30))
        guard = self.root["collection.guard"]
        request = guard._request(self.root["collection.action"], self._case(self.debtor), "call")
        self.assertIn(self.personas["manager"].name, guard._find_senior_rule(request))

    # === MENTIONS === #

    def test_branch_bears_the_mentions_of_the_company_that_it_belongs_to(self):
        self.assertEqual(self._mentions(self.branch), self._mentions(self.company))
        self.assertIn("Maison Test, SARL with a capital of 7,500", self._mentions(self.branch))
        self.assertIn("3 quai Neuf, 69002 Lyon", self._mentions(self.branch))

    def test_siret_of_the_same_company_is_one_of_its_places(self):
        self.branch.sudo().company_registry = "732 829 320 00082"
        self.assertEqual(self.branch._get_legal_company(), self.company)
        self.branch.sudo().collection_legal_mention = "Succursale de Nantes"
        self.assertIn("Succursale de Nantes", self._mentions(self.branch))

    def test_subsidiary_with_a_siren_of_its_own_speaks_for_itself(self):
        self.branch.sudo().company_registry = "404 833 048 00022"
        self.assertEqual(self.branch._get_legal_company(), self.branch)
        self.assertIn("SIREN 404 833 048", self._mentions(self.branch))
        self.assertNotIn("Maison Test", self._mentions(self.branch))

    def test_place_below_a_subsidiary_bears_the_subsidiarys_mentions(self):
        self.branch.sudo().write({"company_registry": "404 833 048 00022"})
        self.branch.sudo().write({"child_ids": [Command.create({"name": "Shop"})]})
        shop = self.branch.child_ids
        self.assertEqual(shop._get_legal_company(), self.branch)

    def test_letter_of_a_branch_names_its_company_as_keeper_of_the_data(self):
        self._invoice_of(self.branch, 1000, date(2026, 9, 30))
        charge = self._claim_of(self.branch)
        frame = self.root["collection.correspondence"]._get_parties(
            charge.case_id.sudo(), self.branch
        )
        self.assertIn("Maison Test processes the personal data", frame["privacy_notice"])
        self.assertTrue(any("Maison Test, SARL" in line for line in frame["mentions"]))
