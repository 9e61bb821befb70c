"""The prototypes: made through the ORM, read back as rows, rolled back."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

from odoo.fields import Command

from . import bulk
from .settings import ARCHETYPES, FOREIGN_TERMS, LABELS, RATES, TERMS

RELATIONS = {
    "account_move_line_account_tax_rel": "account_tax_id",
    "account_account_tag_account_move_line_rel": "account_account_tag_id",
}
# Temporary tables that hold the rows of the prototypes.
TABLES = {
    "prototype_partner": "res_partner",
    "prototype_move": "account_move",
    "prototype_line": "account_move_line",
    "prototype_payment": "account_payment",
    "prototype_partial": "account_partial_reconcile",
    "prototype_full": "account_full_reconcile",
}


@dataclass
class Document:
    """An invoice or credit note; amounts of its receivable lines in cents, by due date."""

    id: int
    term: str
    cents: list
    company_cents: list


@dataclass
class Payment:
    """A payment with its entry; amounts in cents."""

    id: int
    move_id: int
    memo: str
    cents: int
    company_cents: int


@dataclass
class Prototypes:
    """What the generator multiplies."""

    partners: dict = field(default_factory=dict)  # {archetype: id}, and "contact"
    invoices: dict = field(default_factory=dict)  # {archetype: {(term, lines): Document}}
    refunds: dict = field(default_factory=dict)
    payments: dict = field(default_factory=dict)
    rows: dict = field(default_factory=lambda: defaultdict(list))  # {table: rows as dicts}
    relations: dict = field(default_factory=dict)  # {table: (column, pairs)}
    states: dict = field(default_factory=dict)  # what Odoo calls paid, partly paid ...


def configure_currencies(env, company, settings):
    """Activate the currencies with one constant rate each."""
    for code, rate in RATES.items():
        currency = env["res.currency"].with_context(active_test=False)
        currency = currency.search([("name", "=", code)], limit=1)
        currency.active = True
        if not currency.rate_ids.filtered(lambda known: known.company_id == company):
            env["res.currency.rate"].create(
                {
                    "currency_id": currency.id,
                    "company_id": company.id,
                    "name": settings.today - timedelta(settings.days + 400),
                    "company_rate": rate,
                }
            )
    env.cr.commit()


def store(cr, found):
    """Put the prototypes' rows into temporary tables."""
    for name, table in TABLES.items():
        bulk.store_rows(cr, name, table, found.rows[table])


class Maker:
    """Makes the prototypes in one transaction that it rolls back."""

    def __init__(self, env, company, settings):
        context = {
            **env.context,
            "allowed_company_ids": company.ids,
            "tracking_disable": True,
            "mail_notrack": True,
            "no_vat_validation": True,
        }
        self.env = env(context=context)
        self.company = company
        self.day = settings.today - timedelta(3)
        self.found = Prototypes()

    def make(self):
        """Return the prototypes; nothing of them stays in the database."""
        moves = self.env["account.move"]
        for key, archetype in ARCHETYPES.items():
            partner = self._make_partner(key, archetype)
            moves |= self._make_documents(key, archetype, partner)
        # The rows of the invoices are read before these are paid.
        self._read("account_move", moves.ids)
        self._read("account_move_line", moves.line_ids.ids)
        self._read("res_partner", list(self.found.partners.values()))
        for key in ARCHETYPES:
            self._pay(key)
        self._note_states()
        self._read_relations()
        self.env.cr.rollback()
        self.env.invalidate_all()
        return self.found

    # === PARTNERS AND DOCUMENTS === #

    def _make_partner(self, key, archetype):
        country = self.env["res.country"].search([("code", "=", archetype.country)])
        partner = self.env["res.partner"].create(
            {
                "name": f"Prototype {key}",
                "is_company": archetype.is_company,
                "country_id": country.id,
                "street": "x",
                "zip": "x",
                "city": "x",
                "vat": archetype.vat,
                "email": "prototype@example.com",
                "company_id": False,
            }
        )
        self.found.partners[key] = partner.id
        if key == "french_company":
            contact = {"name": "Prototype contact", "parent_id": partner.id, "type": "invoice"}
            contact = partner.create({**contact, "email": "contact@example.com"})
            self.found.partners["contact"] = contact.id
        return partner

    def _make_documents(self, key, archetype, partner):
        documents = {}
        moves = self.env["account.move"]
        for term in TERMS if archetype.is_domestic else FOREIGN_TERMS:
            for lines in (1, 2) if archetype.is_domestic else (1,):
                move = self._make_move("out_invoice", partner, archetype, term, lines)
                documents[term, lines] = self._describe(move, term)
                moves |= move
        refund = self._make_move("out_refund", partner, archetype, "immediate", 1)
        self.found.invoices[key] = documents
        self.found.refunds[key] = self._describe(refund, "immediate")
        return moves | refund

    def _make_move(self, move_type, partner, archetype, term, lines):
        # Without a product, create() does not apply the default sales tax: it is given.
        position = self.env["account.fiscal.position"]._get_fiscal_position(partner)
        taxes = position.map_tax(self.company.account_sale_tax_id)
        currency = self.env["res.currency"].search([("name", "=", archetype.currency)])
        move = self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": partner.id,
                "invoice_date": self.day,
                "date": self.day,
                "currency_id": currency.id,
                "invoice_payment_term_id": self.env.ref(TERMS[term][0]).id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": LABELS[number],
                            "quantity": 1,
                            "price_unit": archetype.unit * (number + 1) / 100.0,
                            "tax_ids": [Command.set(taxes.ids)],
                        }
                    )
                    for number in range(lines)
                ],
            }
        )
        move.action_post()
        rate = RATES.get(archetype.currency, 1)
        for line in move.line_ids.filtered("currency_id"):
            if abs(line.amount_currency / rate - line.balance) > 1e-9:
                raise ValueError(f"{archetype.currency}: is there another rate than {rate}?")
        return move

    def _describe(self, move, term):
        lines = self._receivable_lines(move)
        return Document(
            move.id,
            term,
            [round(abs(line.amount_currency) * 100) for line in lines],
            [round(abs(line.balance) * 100) for line in lines],
        )

    @staticmethod
    def _receivable_lines(move):
        lines = move.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        return lines.sorted("date_maturity")

    # === PAYMENTS === #

    def _register(self, document, amount=None):
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=[document.id]
        )
        values = {"payment_date": self.day, **({"amount": amount} if amount else {})}
        return wizard.create(values)._create_payments()

    def _pay(self, key):
        document = self.found.invoices[key]["30_days", 1]
        payment = self._register(document)
        move = self.env["account.move"].browse(document.id)
        if not payment.move_id or move.amount_residual:
            raise ValueError("Payments make no journal entry in this configuration.")
        self.found.payments[key] = Payment(
            payment.id,
            payment.move_id.id,
            payment.memo,
            document.cents[0],
            document.company_cents[0],
        )
        self._read("account_payment", payment.ids)
        self._read("account_move", payment.move_id.ids)
        self._read("account_move_line", payment.move_id.line_ids.ids)
        self.found.states |= {"paid": move.payment_state, "payment_paid": payment.state}
        if key == "french_company":
            partials = payment.move_id.line_ids.matched_debit_ids
            self._read("account_partial_reconcile", partials.ids)
            self._read("account_full_reconcile", partials.full_reconcile_id.ids)

    def _note_states(self):
        """Find out what Odoo calls a partly paid invoice and an applied credit note."""
        moves = self.env["account.move"]
        invoice = moves.browse(self.found.invoices["french_company"]["30_days", 2].id)
        refund = moves.browse(self.found.refunds["french_company"].id)
        (self._receivable_lines(invoice) + self._receivable_lines(refund)).reconcile()
        document = self.found.invoices["french_person"]["45_days", 1]
        half = moves.browse(document.id).amount_total / 2
        self.found.states |= {
            "partial": invoice.payment_state,
            "applied": refund.payment_state,
            "payment_partial": self._register(document, half).state,
        }

    # === READING === #

    def _read(self, table, ids):
        self.found.rows[table] += bulk.read_rows(self.env, table, ids)

    def _read_relations(self):
        line_ids = [row["id"] for row in self.found.rows["account_move_line"]]
        for table, column in RELATIONS.items():
            self.found.relations[table] = (
                column,
                bulk.read_pairs(self.env.cr, table, column, line_ids),
            )
