"""The plan, handed over to the database: temporary tables, reserved ids, planned lines."""

from . import bulk
from .numbering import number_documents


class Staging:
    """Keeps the plan and the first ids of the blocks of rows that are inserted."""

    def __init__(self, cr, prototypes, plan):
        self.cr = cr
        self.prototypes = prototypes
        self.plan = plan
        self.lines = 0

    def count(self):
        """Return how many rows of each kind were inserted."""
        return {
            "moves": len(self.plan.moves) + len(self.plan.payments),
            "journal items": self.lines,
            "payments": len(self.plan.payments),
            "reconciliations": len(self.plan.allocations),
        }

    # === THE PLAN === #

    def copy_plan(self):
        """Hand the plan over to the database, and reserve ids."""
        plan, cr = self.plan, self.cr
        self.first_move = bulk.reserve(cr, "account_move", len(plan.moves) + len(plan.payments))
        self.first_entry = self.first_move + len(plan.moves)
        self.first_payment = bulk.reserve(cr, "account_payment", len(plan.payments))
        self.first_partial = bulk.reserve(cr, "account_partial_reconcile", len(plan.allocations))
        self.first_full = bulk.reserve(cr, "account_full_reconcile", plan.groups)
        by_id = {row["id"]: row for row in self.prototypes.rows["account_move"]}
        names = number_documents(cr, plan.moves, lambda move: by_id[move.prototype])
        self._copy_moves(names)
        self._copy_payments(names, by_id)
        bulk.copy(
            cr,
            "new_allocation",
            "a int, i int, rec_ord int, j int, ci int, cur numeric, comp numeric, grp int",
            (
                (index, *one[:4], one.cents / 100, one.company_cents / 100, one.group)
                for index, one in enumerate(plan.allocations)
            ),
        )
        cr.execute("CREATE UNIQUE INDEX ON new_move (i)")
        cr.execute("CREATE UNIQUE INDEX ON new_payment (j)")

    def _copy_moves(self, names):
        bulk.copy(
            self.cr,
            "new_move",
            "i int, proto int, partner int, contact int, k int, day date, due1 date, due2 date, "
            "state text, paid numeric, paid_comp numeric, prefix text, number int, name text",
            (
                (*move[:9], move.paid / 100, move.company_paid / 100, *name)
                for move, name in zip(self.plan.moves, names, strict=True)
            ),
        )

    def _copy_payments(self, move_names, by_id):
        units = self.prototypes.payments
        payments = self.plan.payments
        names = number_documents(
            self.cr, payments, lambda payment: by_id[units[payment.archetype].move_id]
        )
        bulk.copy(
            self.cr,
            "new_payment",
            "j int, proto int, proto_move int, unit numeric, partner int, day date, cur numeric, "
            "comp numeric, i int, full_paid bool, prefix text, number int, name text, memo text, "
            "pmemo text",
            (
                (
                    payment.number,
                    units[payment.archetype].id,
                    units[payment.archetype].move_id,
                    units[payment.archetype].cents / 100,
                    payment.partner,
                    payment.day,
                    payment.cents / 100,
                    payment.company_cents / 100,
                    payment.invoice,
                    payment.settles,
                    *name,
                    "Acompte" if payment.invoice is None else move_names[payment.invoice][2],
                    units[payment.archetype].memo,
                )
                for payment, name in zip(payments, names, strict=True)
            ),
        )

    def plan_lines(self):
        """List the lines of every new move; rec_ord numbers its receivable lines by due date."""
        self.cr.execute("DROP TABLE IF EXISTS new_line")
        self.cr.execute(
            """
            CREATE TEMP TABLE new_line AS
            WITH rec AS (
                SELECT l.id,
                       row_number() OVER (PARTITION BY l.move_id ORDER BY l.date_maturity, l.id)
                           AS rec_ord
                  FROM prototype_line l
                  JOIN account_account a ON a.id = l.account_id
                   AND a.account_type = 'asset_receivable')
            SELECT row_number() OVER (ORDER BY s.src, s.n, s.proto) AS rn, s.*
              FROM (SELECT 0 AS src, g.i AS n, l.id AS proto, rec.rec_ord
                      FROM new_move g
                      JOIN prototype_line l ON l.move_id = g.proto
                 LEFT JOIN rec ON rec.id = l.id
                     UNION ALL
                    SELECT 1, g.j, l.id, rec.rec_ord
                      FROM new_payment g
                      JOIN prototype_line l ON l.move_id = g.proto_move
                 LEFT JOIN rec ON rec.id = l.id) s
            """
        )
        self.lines = self.cr.rowcount
        self.cr.execute("CREATE INDEX ON new_line (src, n)")
        self.cr.execute("ANALYZE new_line")
        self.first_line = bulk.reserve(self.cr, "account_move_line", self.lines)
        self._sum_settled()

    def _sum_settled(self):
        """Sum what is reconciled of each receivable line."""
        self.cr.execute(
            """
            CREATE TEMP TABLE new_settled ON COMMIT DROP AS
            SELECT 0 AS src, i AS n, rec_ord, sum(cur) AS cur, sum(comp) AS comp, min(a) AS a,
                   max(grp) AS grp
              FROM new_allocation GROUP BY i, rec_ord
             UNION ALL
            SELECT CASE WHEN ci IS NULL THEN 1 ELSE 0 END, COALESCE(ci, j), 1, sum(cur), sum(comp),
                   min(a), max(grp)
              FROM new_allocation GROUP BY 1, 2
            """
        )
        self.cr.execute("CREATE UNIQUE INDEX ON new_settled (src, n, rec_ord)")
        self.cr.execute("ANALYZE new_settled")
