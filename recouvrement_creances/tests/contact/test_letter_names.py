from odoo.tests import tagged

from ..common import CollectionCommon

ADDRESS = {"street": "1 rue du Port", "zip": "44000", "city": "Nantes"}


@tagged("post_install", "-at_install")
class TestLetterNames(CollectionCommon):
    """The window of the envelope names whom the letter is for, whatever the address is called."""

    def _names(self, debtor, contact=None):
        """Return the lines above the street."""
        self._overdue_invoice(6, partner=debtor)
        self._decide()
        parties = self.root["collection.correspondence"]._get_parties(
            self._case(debtor), self.company, contact
        )
        lines = parties["recipient_lines"]
        return lines[: lines.index("1 rue du Port")]

    def _contact(self, debtor, name, **values):
        return self.root["res.partner"].create(
            {"parent_id": debtor.id, "type": "invoice", "name": name, **ADDRESS, **values}
        )

    def _person(self, **values):
        return self._debtor("Jean Dupont", is_company=False, **values)

    def test_nameless_address_of_a_person_bears_his_name(self):
        person = self._person()
        self._contact(person, False)
        self.assertEqual(self._names(person), ["Jean Dupont"])

    def test_name_of_a_persons_address_stands_below_his_own(self):
        person = self._person()
        contact = self._contact(person, "Chez Marie")
        self.assertEqual(self._names(person, contact), ["Jean Dupont", "Chez Marie"])
        contact.name = "Jean Dupont"
        self.assertEqual(self._names(person, contact), ["Jean Dupont"])

    def test_person_without_another_address_is_named_once(self):
        self.assertEqual(self._names(self._person(**ADDRESS)), ["Jean Dupont"])

    def test_who_stands_for_a_person_is_named_alone(self):
        person = self._person(**ADDRESS)
        guardian = self._contact(person, "Marie Martin", type="other")
        person.write(
            {"collection_representative_id": guardian, "collection_representative_kind": "guardian"}
        )
        self.assertEqual(self._names(person), ["Marie Martin"])

    def test_stranger_is_not_given_the_debtors_name(self):
        stranger = self._debtor("Trustee", is_company=False, **ADDRESS)
        self.assertEqual(self._names(self._person(), stranger), ["Trustee"])

    def test_organisation_comes_first(self):
        company = self._debtor("Port SA", **ADDRESS)
        self.assertEqual(self._names(company), ["Port SA"])
        self._contact(company, False)
        self.assertEqual(self._names(company), ["Port SA"])
        accounts = self._contact(company, "Accounts")
        self.assertEqual(
            self._names(company, accounts), ["Port SA", "For the attention of Accounts"]
        )
