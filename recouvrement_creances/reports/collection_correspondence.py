from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from ..models.extended.ir_actions_report import QR_MOST_VERSION, TRANSFER_MOST_VERSION
from ..rules.words import UNITS, amount_in_words
from ..tools.days import write_day

# A transfer carries 140 characters; a reference that people copy by hand is shorter.
NUMBERS_IN_REFERENCE = 3
# Figures of a SIREN, the number of a company; a SIRET adds those of its establishment.
SIREN_LENGTH = 9


class CollectionCorrespondence(models.AbstractModel):
    """What stands around the words of a message: parties, sums, ways to pay, what the law wants.

    Letters, statements and e-mails take it from here, so that no text can forget it.
    """

    _name = "collection.correspondence"
    _description = "Frame of the messages to a debtor"

    @api.model
    def _get_frame(self, action, statement=None):
        """Return the values that layouts show, in the debtor's language.

        :param action: the collection.action that speaks to the debtor
        :param dict statement: of ``_get_statement``, when the caller has read it
        :return: dict of texts and records; ``blocks`` holds one entry per currency
        """
        # In sudo mode to read bank accounts and invoices: what a debtor is told does not depend
        # on who prints it. Callers have checked the access to the action.
        action_sudo = action.sudo().with_company(action.company_id).with_context(lang=action.lang)
        statement = statement or action_sudo._get_statement()
        return self.with_env(action_sudo.env)._collect(action_sudo, statement)

    def _collect(self, action, statement):
        company = action.company_id
        parties = self._get_parties(action.case_id, company, action.partner_id)
        urls, is_paid_online = self._get_payment_urls(action, statement)
        is_one_page = is_paid_online and len(set(urls.values())) == 1
        contact = parties["contact"]
        return {
            **parties,
            "action": action,
            "record": action,
            "lang": action.lang,
            "is_formal_notice": action.level_id.is_formal_notice,
            "is_registered": action.channel in ("registered_letter", "electronic_letter"),
            "is_electronic": action.channel == "electronic_letter",
            "statement": statement,
            "debtor_number": self._get_debtor_number(action),
            "payment_url": next(iter(urls.values())) if is_one_page else "",
            "payment_urls": {} if is_one_page else urls,
            "blocks": self._get_blocks(action, statement, is_paid_online),
            "help_paragraph": self._get_help_paragraph(action),
            "dispute_sentence": self._get_dispute_sentence(contact),
            # Without its token: an e-mail gets it when it leaves, paper when it is printed.
            "portal_url": self._get_portal_url(action.case_id),
        }

    def _get_portal_url(self, case):
        access = case._get_portal_access()
        return access._get_unsigned_url() if access else ""

    def _get_help_paragraph(self, action):
        """Return the bodies that help, in few lines, where the step mentions them."""
        if not action.step_id.mention_bodies:
            return ""
        return action._get_help_bodies()._render_paragraph(is_short=True)

    # === PARTIES === #

    @api.model
    def _get_parties(self, case, company, partner=None, debtor=None):
        """Return what stands around any document: who writes to whom, where and when.

        :param case: the debtor's case, or an empty record
        :param partner: whom it is sent to; None takes the debtor's address for collection
        :param debtor: for a debtor without a case
        """
        contact = self._get_contact(case, company)
        return {
            "case": case,
            "company": company,
            "sender_lines": self._get_address_lines(company.partner_id, company),
            "recipient_lines": self._get_recipient_lines(
                case.partner_id or debtor, partner, company
            ),
            "place_and_date": self._get_place_and_date(company),
            "contact": contact,
            "mentions": self._get_mentions(company),
            "privacy_notice": self._get_privacy_notice(company, contact),
        }

    def _get_recipient_lines(self, debtor, partner, company):
        """Return the name and address lines of the envelope's window."""
        partner = partner or debtor._find_collection_contact("address")[0] or debtor
        return [
            *self._get_recipient_names(debtor, partner),
            *self._get_address_lines(partner, company),
        ]

    def _get_recipient_names(self, debtor, partner):
        """Return whom a letter names: the organisation first, or the person whose address it is.

        An address of a person need not have a name; whoever stands for him is written to instead.
        """
        organisation = partner.commercial_company_name
        if not organisation:
            is_own = partner.commercial_partner_id == debtor.commercial_partner_id
            is_proxy = partner == debtor._get_collection_proxy()
            owner = debtor.commercial_partner_id if is_own and not is_proxy else partner
            return list(dict.fromkeys(filter(None, (owner.name, partner.name))))
        if partner.name and partner.name != organisation:
            return [organisation, self.env._("For the attention of %s", partner.name)]
        return [organisation]

    def _get_address_lines(self, partner, company):
        """Return the lines of an address, without the country when it is the sender's own."""
        lines = partner._display_address(without_company=True).splitlines()
        lines = [line.strip() for line in lines if line.strip()]
        if lines and partner.country_id == company.country_id and len(lines) > 1:
            lines = [line for line in lines if line != partner.country_id.name]
        return lines

    def _get_debtor_number(self, action):
        """Return the debtor's number in its register: a formal notice leaves no doubt of whom."""
        if not action.level_id.is_formal_notice:
            return ""
        return self._name_registration(action.debtor_id)

    @api.model
    def _name_registration(self, debtor):
        """Return the debtor's number with the name of its register, empty without one."""
        number = debtor.company_registry
        if not number:
            return ""
        label = debtor.company_registry_label
        if debtor.country_code == "FR":
            label = "SIREN" if len(number.replace(" ", "")) == SIREN_LENGTH else "SIRET"
        return f"{label} {number}"

    def _get_contact(self, case, company):
        """Return whom the debtor talks to: the collector, else the company."""
        user = case.user_id
        return {
            "name": user.name or company.name,
            "phone": user.phone or company.phone or "",
            "email": company.collection_email or user.email or company.email or "",
        }

    def _get_place_and_date(self, company):
        date = write_day(self.env, company._collection_today())
        if not company.city:
            return date
        return self.env._("%(city)s, %(date)s", city=company.city, date=date)

    def _get_mentions(self, company):
        """Return what the law wants on a company's letters (C. com. R123-237, R123-238).

        A branch bears the mentions of the company that it belongs to.
        """
        own_mention = company.collection_legal_mention
        company = company._get_legal_company()
        seat = ", ".join(self._get_address_lines(company.partner_id, company))
        return list(
            filter(
                None,
                [
                    self._get_legal_form(company),
                    seat and self.env._("Registered office: %s", seat),
                    self._get_registration(company),
                    company.vat and self.env._("VAT number: %s", company.vat),
                    own_mention or company.collection_legal_mention,
                ],
            )
        )

    def _get_legal_form(self, company):
        """Return the company's name with its form, its capital and that it is being wound up."""
        words = [company.name]
        form, capital = company.collection_legal_form, company.collection_capital
        if form and company.name.upper().split()[-1:] != [form.upper()]:
            words[0] = f"{company.name}, {form}"
        if capital:
            # A round capital is written without cents, as on every letterhead.
            digits = 0 if capital == round(capital) else company.currency_id.decimal_places
            amount = f"{formatLang(self.env, capital, digits)}\N{NO-BREAK SPACE}"
            words.append(
                self.env._("with a capital of %s", f"{amount}{company.currency_id.symbol}")
            )
        if company.collection_in_liquidation:
            words.append(self.env._("(in liquidation)"))
        return " ".join(words) if len(words) > 1 or form else ""

    def _get_registration(self, company):
        """Return the SIREN with the register's city, as the law has it, or the foreign number."""
        siren = company._get_collection_siren()
        if siren:
            spaced = "\N{NO-BREAK SPACE}".join(siren[start : start + 3] for start in (0, 3, 6))
            city = company.collection_rcs_city
            return f"SIREN {spaced}" + (f" RCS {city}" if city else "")
        return company.company_registry and self.env._(
            "%(label)s: %(number)s",
            label=company.partner_id.company_registry_label,
            number=company.company_registry,
        )

    # === SUMS AND WAYS TO PAY === #

    def _split_by_currency(self, statement):
        """Return [(currency, rows)]: sums of two currencies are never added up."""
        return [
            (currency, [row for row in statement["rows"] if row["currency"] == currency])
            for currency in statement["totals"]
        ]

    def _get_payment_urls(self, action, statement):
        """Return ({invoice id: address to pay it online}, whether every document can be)."""
        if self._get_portal_url(action.case_id):
            # The debtor's page, which the letter names, takes payments of all documents.
            return {}, action.can_pay_online
        moves = self.env["account.move"].browse(
            dict.fromkeys(row["move_id"] for row in statement["rows"])
        )
        urls = {move.id: action._get_payment_url(move) for move in moves}
        return {move_id: url for move_id, url in urls.items() if url}, all(urls.values())

    def _get_blocks(self, action, statement, is_paid_online=False):
        """Return, per currency, the lines, the sum to pay and how to pay it.

        :raise UserError: for a sum that nothing tells how to pay
        """
        banks = self._get_case_banks(action.case_id, statement)
        credits = action.case_id._get_free_credits(action.company_id._collection_today())
        blocks = []
        for currency, rows in self._split_by_currency(statement):
            due = statement["totals"][currency]["due"]
            # What was received counts even before somebody matches it with invoices.
            credit = currency.round(min(credits.get(str(currency.id), 0.0), due))
            net = currency.round(due - credit)
            if net > 0 and not is_paid_online:
                self._check_bank(action.company_id, currency, banks[currency])
            blocks.append(
                {
                    "currency": currency,
                    "rows": rows,
                    "due": due,
                    "credit": credit,
                    "net": net,
                    "overdue": statement["totals"][currency]["overdue"],
                    "paid": sum(row["paid"] for row in rows),
                    "disputed": sum(row["disputed"] for row in rows),
                    "in_words": self._get_words(currency, net),
                    "bank": banks[currency],
                    "reference": self._get_reference(action, rows),
                }
            )
        return blocks

    def _get_words(self, currency, amount):
        """Return a sum in words: the law's own French, else as Odoo writes it."""
        if (self.env.lang or "").startswith("fr") and currency.name in UNITS:
            return amount_in_words(Decimal(str(amount)), currency.name)
        # Odoo writes every word with a capital letter, which no letter does; and in the language of
        # the currency's record.
        return currency.with_env(self.env).amount_to_text(amount).lower()

    @api.model
    def _get_case_banks(self, case, statement):
        """Return {currency: account to pay to}: the one printed on the invoices when it is live."""
        own_banks = case.company_id._get_payment_banks()
        moves = self.env["account.move"].browse(row["move_id"] for row in statement["rows"])
        printed = {move.id: move.partner_bank_id for move in moves}
        banks = {}
        for currency, rows in self._split_by_currency(statement):
            candidates = self.env["res.partner.bank"].union(
                *(printed[row["move_id"]] & own_banks for row in reversed(rows)), own_banks
            )
            banks[currency] = self._choose_bank(candidates, currency)
        return banks

    @api.model
    def _choose_bank(self, banks, currency):
        """Return the account to pay to: in the currency, else one of none."""
        exact = banks.filtered(lambda bank: bank.currency_id == currency)
        return (exact or banks.filtered(lambda bank: not bank.currency_id))[:1]

    @api.model
    def _check_bank(self, company, currency, bank):
        """Refuse to ask for money without a way to pay it, naming the setting that is missing."""
        if not bank:
            raise UserError(
                self.env._(
                    "%(company)s has no bank account that receives %(currency)s: enter one, in "
                    "this currency or without a currency, under Accounting > Configuration > "
                    "Bank Accounts, so that the debtor is told how to pay. Then try again.",
                    company=company.name,
                    currency=currency.name,
                )
            )

    def _get_reference(self, action, rows):
        """Return what to write on the transfer, so that the payment finds its invoices."""
        numbers = [row["number"] for row in rows if row["number"]]
        if len(numbers) > NUMBERS_IN_REFERENCE:
            numbers = []
        return " ".join([action.case_id.name, *numbers])

    def _get_qr_code(self, debtor, block):
        """Return the picture that banking apps read, or None where no method fits."""
        bank = block["bank"]
        if not bank or block["net"] <= 0:
            return None
        values = bank._build_qr_code_vals(
            block["net"], block["reference"], "", block["currency"], debtor
        )
        parameters = values and bank._get_qr_code_generation_params(**values)
        if not parameters:
            return None
        if parameters["barcode_type"] == "QR" and not parameters.get("mask"):
            is_transfer = values["qr_method"] == "sct_qr"
            return self.env["ir.actions.report"]._draw_qr_code(
                parameters["value"], TRANSFER_MOST_VERSION if is_transfer else QR_MOST_VERSION
            )
        # A method with a picture of its own, such as the Swiss cross.
        return bank._get_qr_code_base64(**values)

    def _get_payment_block(self, case, currency, amount, reference=""):
        """Return how to pay a sum that no invoice's own account is printed for.

        :raise UserError: when nothing tells how to pay it
        """
        banks = case.company_id._get_payment_banks()
        block = {
            "currency": currency,
            "net": amount,
            "bank": self._choose_bank(banks, currency),
            "reference": reference or case.name,
        }
        self._check_bank(case.company_id, currency, block["bank"])
        return {**block, "qr_code": self._get_qr_code(case.partner_id, block)}

    # === SENTENCES === #

    def _get_dispute_sentence(self, contact):
        if contact["email"]:
            return self.env._(
                "If you dispute all or part of these sums, write to %s and give your reasons: "
                "we will examine them and answer you.",
                contact["email"],
            )
        return self.env._(
            "If you dispute all or part of these sums, write to us and give your reasons: "
            "we will examine them and answer you."
        )

    def _get_privacy_notice(self, company, contact):
        """Return what GDPR article 14 wants told with the first message, and with each one."""
        return self.env._(
            "%(company)s processes the personal data used for this message in order to follow up "
            "and collect its invoices, on the basis of the contract and of its legitimate "
            "interest in being paid. The data is kept until payment, then archived for as long "
            "as the law requires. You may ask for access, correction, deletion or restriction, "
            "or object, by writing to %(contact)s; you may also complain to the data protection "
            "authority (in France, the CNIL).",
            company=company._get_legal_company().name,
            contact=contact["email"] or company.name,
        )
