from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..case.collection_item import VERDICT_LABELS
from ..case.collection_item_limitation import NATURE_LABELS, STANDING_LABELS
from ..law.collection_limitation_query import UNUSUAL
from ..mixins.collection_undefaulted import add_own_defaults

# Who sees it: a debtor reads its invoices on the portal, but not what is thought of them.
# The most usual first: Odoo asks for each value that a list shows.
INTERNAL_GROUPS = (
    "account.group_account_invoice,account.group_account_readonly,"
    "recouvrement_creances.group_reader"
)
# What decides when an invoice becomes time-barred; and all that collectors choose on it.
CLAIM = {"collection_claim_nature", "collection_claim_start"}
CHOSEN = CLAIM | {"collection_is_insurance", "collection_policy_id"}
# Where the collection of an invoice stands, read from one of its items.
SITUATION = {
    "collection_verdict": SQL("item.verdict"),
    "collection_stage_id": SQL("debt.stage_id"),
    "collection_level_id": SQL("item.level_id"),
    "collection_next_date": SQL("item.next_date"),
    "collection_last_date": SQL("item.last_contact_date"),
}
# When an invoice becomes time-barred, worked out by one query.
LIMITATION = (
    "collection_limitation_date",
    "collection_possible_date",
    "collection_limitation_state",
)
# Asked for once in a list, as everybody who sees one sees all.
SHOWN = {*SITUATION, *LIMITATION}
# The item that an invoice shows: the oldest one that is open, else the oldest one.
FIRST_ITEM = SQL("item.is_open DESC, line.date_maturity, item.id")


class AccountMove(models.Model):
    """Invoices show where their collection stands; the run never writes on them."""

    _inherit = "account.move"

    collection_policy_id = fields.Many2one(
        "collection.policy",
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        domain="[('company_id', 'in', (False, company_id))]",
        help="Only when this invoice is to be collected otherwise than its debtor's.",
        groups=INTERNAL_GROUPS,
    )
    collection_case_id = fields.Many2one(
        "collection.case",
        compute="_compute_collection_situation",
        compute_sudo=True,
        groups=INTERNAL_GROUPS,
    )
    collection_stage_id = fields.Many2one(
        "collection.stage",
        compute="_compute_collection_situation",
        compute_sudo=True,
        search="_search_collection_stage_id",
        groups=INTERNAL_GROUPS,
    )
    collection_level_id = fields.Many2one(
        "collection.level",
        compute="_compute_collection_situation",
        compute_sudo=True,
        search="_search_collection_level_id",
        groups=INTERNAL_GROUPS,
    )
    collection_verdict = fields.Selection(
        selection=VERDICT_LABELS,
        compute="_compute_collection_situation",
        compute_sudo=True,
        search="_search_collection_verdict",
        groups=INTERNAL_GROUPS,
    )
    collection_next_date = fields.Date(
        string="Next reminder on",
        compute="_compute_collection_situation",
        compute_sudo=True,
        groups=INTERNAL_GROUPS,
    )
    collection_last_date = fields.Date(
        string="Last reminder on",
        compute="_compute_collection_situation",
        compute_sudo=True,
        groups=INTERNAL_GROUPS,
    )
    collection_explanation = fields.Char(
        compute="_compute_collection_explanation",
        compute_sudo=True,
        groups=INTERNAL_GROUPS,
    )
    collection_hold_count = fields.Integer(
        compute="_compute_collection_explanation",
        compute_sudo=True,
        groups=INTERNAL_GROUPS,
    )

    collection_claim_nature = fields.Selection(
        selection=NATURE_LABELS,
        string="Nature of the claim",
        copy=False,
        tracking=True,
        help="Only when this invoice becomes time-barred otherwise than its debtor's others.",
        groups=INTERNAL_GROUPS,
    )
    collection_claim_start = fields.Date(
        string="Limitation counts from",
        copy=False,
        tracking=True,
        help="Only when it is neither the due date nor the delivery: the day of a title.",
        groups=INTERNAL_GROUPS,
    )
    collection_is_insurance = fields.Boolean(
        string="Insurance indemnity",
        copy=False,
        tracking=True,
        help="The invoice claims an insurance indemnity: late payment costs no fixed indemnity "
        "(Cass. 2e civ. 17/09/2026).",
        groups=INTERNAL_GROUPS,
    )
    collection_limitation_date = fields.Date(
        string="Legal limitation date",
        compute="_compute_collection_limitation",
        compute_sudo=True,
        search="_search_collection_limitation_date",
        groups=INTERNAL_GROUPS,
    )
    collection_possible_date = fields.Date(
        string="Possible date",
        compute="_compute_collection_limitation",
        compute_sudo=True,
        groups=INTERNAL_GROUPS,
    )
    collection_limitation_state = fields.Selection(
        selection=STANDING_LABELS,
        string="Limitation",
        compute="_compute_collection_limitation",
        compute_sudo=True,
        groups=INTERNAL_GROUPS,
    )

    _collection_unusual_index = models.Index(f"(id) WHERE {UNUSUAL.code}")

    # === COMPUTE === #

    # Depends on nothing of the ledger: items change by the run alone, see ``_forget_collection``.
    # Odoo asks for each field below a journal item's amounts whenever an entry is written.
    def _compute_collection_situation(self):
        self._show_rows(self._read_collection_situation(), ("collection_case_id", *SITUATION))

    @api.model
    def _forget_collection(self):
        self.invalidate_model(["collection_case_id", *SHOWN])

    def _show_rows(self, rows, names):
        """Give fields the values of {move id: row}."""
        # Put into the cache as what Odoo fetches: assigning each value of a list takes longer than
        # reading it.
        # An entry that is being typed has an origin at most; ``_origin`` leaves out those without.
        found = [rows.get(move_id or move_id.origin) or {} for move_id in self._ids]
        for name in names:
            convert = self._fields[name].convert_to_cache
            values = [convert(row.get(name) or False, self, validate=False) for row in found]
            self._fields[name]._insert_cache(self, values)

    @api.depends("collection_verdict", "collection_next_date", "collection_case_id")
    def _compute_collection_explanation(self):
        # In sudo mode to explain: accountants see why an invoice is not reminded of, whether
        # or not they work on collection.
        moves_sudo = self.sudo()
        items_sudo = moves_sudo.env["collection.item"].search(
            [("move_line_id.move_id", "in", self._origin.ids), ("is_open", "=", True)]
        )
        by_move = items_sudo.grouped("move_id")
        for move_sudo in moves_sudo:
            first_item = by_move.get(move_sudo._origin, items_sudo.browse())[:1]
            move_sudo.collection_hold_count = move_sudo.collection_case_id.hold_count
            move_sudo.collection_explanation = self.env["collection.explanation"]._explain(
                move_sudo.collection_verdict,
                move_sudo.collection_next_date,
                first_item.next_level_id,
            )

    @api.depends("collection_claim_nature", "collection_claim_start")
    @api.depends_context("uid", "tz")
    def _compute_collection_limitation(self):
        """Show the limitation of the open item that ends first."""
        as_of = fields.Date.context_today(self)
        rows = self.env["collection.limitation.page"]._read_moves(self, as_of)
        self._show_rows(rows, LIMITATION)

    # === SEARCH === #

    def _search_collection_limitation_date(self, operator, value):
        """Find the invoices of which an open item has such a legal date."""
        # Odoo checks it for the fields that it searches by itself only.
        self._check_field_access(self._fields["collection_limitation_date"], "read")
        if operator not in ("<", "<=", ">", ">="):
            return NotImplemented
        # In sudo mode to find invoices by their limitation without any collection right.
        items_sudo = self.env["collection.item"].sudo()
        found = items_sudo._search([("is_open", "=", True), ("limitation_date", operator, value)])
        lines_sudo = self.env["account.move.line"].sudo()
        lines = lines_sudo._search([("id", "in", found.subselect("move_line_id"))])
        return Domain("id", "in", lines.subselect("move_id"))

    def _search_collection_stage_id(self, operator, value):
        return self._search_collection_situation("collection_stage_id", operator, value)

    def _search_collection_level_id(self, operator, value):
        return self._search_collection_situation("collection_level_id", operator, value)

    def _search_collection_verdict(self, operator, value):
        return self._search_collection_situation("collection_verdict", operator, value)

    def _search_collection_situation(self, name, operator, value):
        """Find the invoices that show a value: what a group of the list counts, it opens."""
        # Odoo checks it for the fields that it searches by itself only.
        self._check_field_access(self._fields[name], "read")
        if operator == "any":
            # In sudo mode to find invoices by their collection without any collection right.
            found = self.env[self._fields[name].comodel_name].sudo()._search(value)
            return self._show_collection(name, found.subselect())
        if operator != "in":
            return NotImplemented
        values = tuple(item for item in value if item)
        domain = self._show_collection(name, values) if values else Domain.FALSE
        if False in value:
            domain |= Domain.custom(
                to_sql=lambda model, alias, query: SQL(
                    "%s IS NULL", model._field_to_sql(alias, name)
                )
            )
        return domain

    def _show_collection(self, name, values):
        """Return the domain of the invoices that show one of some values.

        The items that have it narrow the invoices down; of those, the one shown is compared.
        """
        candidates = SQL(
            "SELECT line.move_id %s WHERE %s IN %s",
            self._collection_from(),
            SITUATION[name],
            values,
        )
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "(%s IN (%s) AND %s IN %s)",
                SQL.identifier(alias, "id"),
                candidates,
                model._field_to_sql(alias, name),
                values,
            )
        )

    # === SQL === #

    def _field_to_sql(self, alias, field_expr, query=None):
        """EXTENDS account: let lists of invoices be grouped by their collection."""
        if field_expr in SITUATION:
            self._check_field_access(self._fields[field_expr], "read")
            self._flush_collection()
            return SQL(
                "(SELECT %s %s WHERE line.move_id = %s ORDER BY %s LIMIT 1)",
                SITUATION[field_expr],
                self._collection_from(),
                SQL.identifier(alias, "id"),
                FIRST_ITEM,
            )
        return super()._field_to_sql(alias, field_expr, query)

    @api.model
    def _collection_from(self):
        return SQL(
            """
              FROM account_move_line line
              JOIN collection_item item ON item.move_line_id = line.id
              JOIN collection_case debt ON debt.id = item.case_id
            """
        )

    @api.model
    def _flush_collection(self):
        self.env["collection.item"].flush_model()
        self.env["collection.case"].flush_model(["stage_id"])

    def _read_collection_situation(self):
        """Return {move id: the case and the situation} in one query."""
        self._flush_collection()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT DISTINCT ON (line.move_id) line.move_id, debt.id AS collection_case_id, %s
                %s
                 WHERE line.move_id IN %s
              ORDER BY line.move_id, %s
                """,
                SQL(", ").join(
                    SQL("%s AS %s", expression, SQL.identifier(name))
                    for name, expression in SITUATION.items()
                ),
                self._collection_from(),
                tuple(self._origin.ids) or (0,),
                FIRST_ITEM,
            )
        )
        return {row["move_id"]: row for row in rows}

    # === CONSTRAINTS === #

    @api.constrains("collection_claim_nature", "collection_claim_start")
    def _check_collection_claim_start(self):
        # In sudo mode to read fields that only internal users of accounting see.
        for move_sudo in self.sudo():
            if move_sudo.collection_claim_nature == "title" and not (
                move_sudo.collection_claim_start
            ):
                raise ValidationError(
                    self.env._("Limitation of a title counts from its own day: fill it in.")
                )

    # === CRUD === #

    def _read_format(self, fnames, load="_classic_read"):
        """EXTENDS base: lists ask once whether the situation may be seen, not for each value."""
        situation = [name for name in fnames if name in SHOWN]
        if self.env.su or not situation:
            return super()._read_format(fnames, load)
        for name in situation:
            self._check_field_access(self._fields[name], "read")
        others = [name for name in fnames if name not in SHOWN]
        rows = super()._read_format(others, load)
        # In sudo mode to read values whose access was checked above.
        moves_sudo = self.sudo()
        shown = super(AccountMove, moves_sudo)._read_format(situation, load)
        by_id = {row["id"]: row for row in shown}
        return [{**row, **by_id.get(row["id"], {})} for row in rows]

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS account: see ``_check_collection_right``."""
        given = add_own_defaults(self, CHOSEN, vals_list)
        if any(vals.get(name) for vals in given for name in CHOSEN):
            self._check_collection_right()
        return super().create(vals_list)

    def write(self, vals):
        """EXTENDS account: see ``_check_collection_right``."""
        if CHOSEN & vals.keys():
            self._check_collection_right()
        result = super().write(vals)
        if CLAIM & vals.keys():
            # In sudo mode to keep dates that the flow alone writes.
            self.env["collection.limitation"].sudo()._follow(
                [("move_line_id.move_id", "in", self.ids)]
            )
        return result

    def _check_collection_right(self):
        """How an invoice is collected is for collectors to choose, not for who writes it."""
        if self.env.su or self.env.user.has_group("recouvrement_creances.group_collector"):
            return
        raise AccessError(self.env._("Only collectors choose how an invoice is collected."))

    # === ACTIONS === #

    def action_open_collection_case(self):
        """Open the case of the invoice's debtor."""
        return self.collection_case_id.get_formview_action()

    def _build_credit_warning_message(
        self, record, current_amount=0.0, exclude_current=False, exclude_amount=0.0
    ):
        """EXTENDS account: what an insolvent customer owes from before is no reason to stop.

        A supplier goes on with running contracts despite it (C. com. L622-13).
        """
        earlier = self.env["collection.insolvency"]._get_earlier_open(
            record.partner_id.commercial_partner_id, record.company_id
        )
        warning = super()._build_credit_warning_message(
            record, current_amount, exclude_current, exclude_amount + earlier
        )
        partner = record.partner_id.commercial_partner_id.with_company(record.company_id)
        return "\n".join(filter(None, (partner.collection_stop_reason, warning)))
