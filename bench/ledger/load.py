"""The plan's moves, payments and reconciliations, inserted set by set."""

from . import bulk
from .staging import Staging

AMOUNTS = [
    "amount_untaxed",
    "amount_tax",
    "amount_total",
    "amount_untaxed_signed",
    "amount_untaxed_in_currency_signed",
    "amount_tax_signed",
    "amount_total_signed",
    "amount_total_in_currency_signed",
]
LINE_AMOUNTS = [
    "debit",
    "credit",
    "balance",
    "amount_currency",
    "tax_base_amount",
    "price_unit",
    "price_subtotal",
    "price_total",
]
PAYMENT_AMOUNTS = ("amount_total", "amount_total_signed", "amount_total_in_currency_signed")
PAYMENT_LINE_AMOUNTS = [
    "debit",
    "credit",
    "balance",
    "amount_currency",
    "price_subtotal",
    "price_total",
]
LOADED = (
    "account_move",
    "account_move_line",
    "account_payment",
    "account_partial_reconcile",
    "account_full_reconcile",
)
ANALYZED = ("res_partner", *LOADED)


def write(env, prototypes, plan):
    """Insert everything; return how many rows of each kind."""
    loader = Loader(env.cr, prototypes, plan)
    loader.copy_plan()
    with bulk.indexes_later(env.cr, *LOADED):
        loader.plan_lines()
        loader.insert_invoices()
        loader.insert_payments()
        loader.insert_invoice_lines()
        loader.insert_payment_lines()
        loader.insert_relations()
        loader.insert_reconciliations()
    env.cr.commit()
    env.invalidate_all()
    for table in ANALYZED:
        env.cr.execute(f"ANALYZE {table}")
    env.cr.commit()
    return loader.count()


class Loader(Staging):
    """Inserts what was planned, one statement a table."""

    # === MOVES === #

    def insert_invoices(self):
        """Invoices and credit notes."""
        states = self.prototypes.states
        own = {
            "id": f"{self.first_move} + g.i",
            "partner_id": "COALESCE(g.contact, g.partner)",
            "commercial_partner_id": "g.partner",
            "partner_shipping_id": "CASE WHEN p.partner_shipping_id IS NOT NULL THEN g.partner END",
            "invoice_partner_display_name": "cp.complete_name",
            "sequence_prefix": "g.prefix",
            "sequence_number": "g.number",
            "name": "g.name",
            "payment_reference": "CASE WHEN p.payment_reference IS NOT NULL THEN g.name END",
            "invoice_date_due": "g.due2",
            "amount_residual": "round(p.amount_residual * g.k, 2) - g.paid",
            "amount_residual_signed": "sign(p.amount_residual_signed) "
            "* (round(abs(p.amount_residual_signed) * g.k, 2) - g.paid_comp)",
            "payment_state": f"CASE g.state WHEN 'paid' THEN '{states['paid']}' "
            f"WHEN 'partial' THEN '{states['partial']}' "
            f"WHEN 'applied' THEN '{states['applied']}' ELSE p.payment_state END",
        }
        scaled = {name: f"round(p.{name} * g.k, 2)" for name in AMOUNTS}
        bulk.clone(
            self.cr,
            "account_move",
            {**scaled, **own, **_dates("date", "invoice_date")},
            "FROM new_move g JOIN prototype_move p ON p.id = g.proto "
            "JOIN res_partner cp ON cp.id = COALESCE(g.contact, g.partner) ORDER BY g.i",
        )

    def insert_payments(self):
        """Payments with their entries."""
        shared = {"partner_id": "g.partner", "name": "g.name"}
        self._insert_entries(shared)
        self._insert_payment_rows(shared)
        self.cr.execute(
            "INSERT INTO account_move__account_payment (invoice_id, payment_id) "
            "SELECT %s + i, %s + j FROM new_payment WHERE i IS NOT NULL",
            [self.first_move, self.first_payment],
        )

    def _insert_entries(self, shared):
        own = {
            "id": f"{self.first_entry} + g.j",
            "origin_payment_id": f"{self.first_payment} + g.j",
            "commercial_partner_id": "g.partner",
            "invoice_partner_display_name": "cp.complete_name",
            "sequence_prefix": "g.prefix",
            "sequence_number": "g.number",
            "ref": "g.memo",
        }
        bulk.clone(
            self.cr,
            "account_move",
            {
                **{name: _by_payment(name) for name in PAYMENT_AMOUNTS},
                **shared,
                **own,
                **_dates("date", "invoice_date_due"),
            },
            "FROM new_payment g JOIN prototype_move p ON p.id = g.proto_move "
            "JOIN res_partner cp ON cp.id = g.partner ORDER BY g.j",
        )

    def _insert_payment_rows(self, shared):
        states = self.prototypes.states
        own = {
            "id": f"{self.first_payment} + g.j",
            "move_id": f"{self.first_entry} + g.j",
            "memo": "g.memo",
            "amount": "g.cur",
            "amount_company_currency_signed": "g.comp",
            "is_reconciled": "g.i IS NOT NULL",
            "state": f"CASE WHEN g.full_paid THEN '{states['payment_paid']}' "
            f"ELSE '{states['payment_partial']}' END",
        }
        bulk.clone(
            self.cr,
            "account_payment",
            {**shared, **own, **_dates("date")},
            "FROM new_payment g JOIN prototype_payment p ON p.id = g.proto ORDER BY g.j",
        )

    # === JOURNAL ITEMS === #

    def insert_invoice_lines(self):
        """The lines of invoices and credit notes."""
        amounts = {name: f"round(p.{name} * g.k, 2)" for name in LINE_AMOUNTS}
        own = {
            "move_id": f"{self.first_move} + g.i",
            "name": "CASE WHEN l.rec_ord IS NULL THEN p.name "
            "ELSE replace(p.name, pm.name, g.name) END",
            "date_maturity": "CASE l.rec_ord WHEN 1 THEN g.due1 WHEN 2 THEN g.due2 END",
            **{
                name: f"CASE WHEN l.rec_ord IS NULL THEN p.{name} ELSE {_residual(name, amounts)} "
                "END"
                for name in ("amount_residual", "amount_residual_currency")
            },
        }
        bulk.clone(
            self.cr,
            "account_move_line",
            {
                **amounts,
                **self._line_columns(amounts["amount_currency"]),
                **own,
                **_dates("date", "invoice_date"),
            },
            "FROM new_line l JOIN new_move g ON g.i = l.n "
            "JOIN prototype_line p ON p.id = l.proto JOIN prototype_move pm ON pm.id = p.move_id "
            "LEFT JOIN new_settled r ON r.src = 0 AND r.n = l.n AND r.rec_ord = l.rec_ord "
            "WHERE l.src = 0 ORDER BY l.rn",
        )

    def insert_payment_lines(self):
        """The lines of the payments' entries."""
        amounts = {name: _by_payment(name) for name in PAYMENT_LINE_AMOUNTS}
        own = {
            "move_id": f"{self.first_entry} + g.j",
            "payment_id": f"{self.first_payment} + g.j",
            "ref": "g.memo",
            "name": "replace(p.name, g.pmemo, g.memo)",
            **{
                name: f"CASE WHEN l.rec_ord IS NULL THEN {_by_payment(name)} "
                f"ELSE {_residual(name, amounts)} END"
                for name in ("amount_residual", "amount_residual_currency")
            },
        }
        bulk.clone(
            self.cr,
            "account_move_line",
            {
                **amounts,
                **self._line_columns(amounts["amount_currency"]),
                **own,
                **_dates("date", "date_maturity"),
            },
            "FROM new_line l JOIN new_payment g ON g.j = l.n "
            "JOIN prototype_line p ON p.id = l.proto "
            "LEFT JOIN new_settled r ON r.src = 1 AND r.n = l.n AND r.rec_ord = l.rec_ord "
            "WHERE l.src = 1 ORDER BY l.rn",
        )

    def _line_columns(self, amount_currency):
        """Return what the lines of invoices and payments have in common."""
        return {
            "id": f"{self.first_line} + l.rn - 1",
            "move_name": "g.name",
            "partner_id": "g.partner",
            "reconciled": f"CASE WHEN l.rec_ord IS NULL THEN p.reconciled ELSE {amount_currency} "
            "- sign(p.amount_currency) * COALESCE(r.cur, 0) = 0 END",
            "full_reconcile_id": f"CASE WHEN r.grp IS NOT NULL THEN {self.first_full} + r.grp - 1 "
            "END",
            "matching_number": f"CASE WHEN r.grp IS NOT NULL THEN ({self.first_full} + r.grp - 1)"
            f"::text WHEN r.a IS NOT NULL THEN 'P' || ({self.first_partial} + r.a) END",
        }

    def insert_relations(self):
        """Taxes and tax tags of the lines."""
        for table, (column, pairs) in self.prototypes.relations.items():
            bulk.copy(self.cr, "new_relation", "proto int, other int", pairs)
            self.cr.execute(
                f"INSERT INTO {table} (account_move_line_id, {column}) "
                "SELECT %s + l.rn - 1, r.other "
                "FROM new_line l JOIN new_relation r ON r.proto = l.proto",
                [self.first_line],
            )

    def insert_reconciliations(self):
        """Full and partial reconciliations."""
        bulk.clone(
            self.cr,
            "account_full_reconcile",
            {"id": f"{self.first_full} + n - 1"},
            f"FROM generate_series(1, {self.plan.groups}) n, prototype_full p",
        )
        bulk.clone(
            self.cr,
            "account_partial_reconcile",
            {
                "id": f"{self.first_partial} + g.a",
                "debit_move_id": f"{self.first_line} + dl.rn - 1",
                "credit_move_id": f"{self.first_line} + cl.rn - 1",
                "full_reconcile_id": f"CASE WHEN g.grp IS NOT NULL "
                f"THEN {self.first_full} + g.grp - 1 END",
                "debit_currency_id": "dp.currency_id",
                "credit_currency_id": "cp.currency_id",
                "amount": "g.comp",
                "debit_amount_currency": "g.cur",
                "credit_amount_currency": "g.cur",
                "max_date": "GREATEST(gi.day, COALESCE(gp.day, gc.day))",
                "create_date": "gp.day",
                "write_date": "gp.day",
            },
            """
            FROM new_allocation g CROSS JOIN prototype_partial p
            JOIN new_move gi ON gi.i = g.i
            JOIN new_line dl ON dl.src = 0 AND dl.n = g.i AND dl.rec_ord = g.rec_ord
            JOIN prototype_line dp ON dp.id = dl.proto
            LEFT JOIN new_payment gp ON gp.j = g.j
            LEFT JOIN new_move gc ON gc.i = g.ci
            JOIN new_line cl ON cl.src = CASE WHEN g.ci IS NULL THEN 1 ELSE 0 END
             AND cl.n = COALESCE(g.ci, g.j) AND cl.rec_ord = 1
            JOIN prototype_line cp ON cp.id = cl.proto
            ORDER BY g.a
            """,
        )


# === EXPRESSIONS === #


def _dates(*names):
    return {name: "g.day" for name in (*names, "create_date", "write_date")}


def _by_payment(name):
    return f"round(p.{name} * g.cur / g.unit, 2)"


def _residual(name, amounts):
    """Return what is left of a receivable line once its allocations are taken off."""
    if name == "amount_residual":
        return f"{amounts['balance']} - sign(p.balance) * COALESCE(r.comp, 0)"
    return f"{amounts['amount_currency']} - sign(p.amount_currency) * COALESCE(r.cur, 0)"
