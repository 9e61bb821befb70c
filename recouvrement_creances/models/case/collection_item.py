from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ...rules.ladder import rung_for_age

FARTHEST_DAYS = 365 * 1000
VERDICT_LABELS = [
    ("paid", "Nothing due"),
    ("not_collectible", "Excluded from follow-up"),
    ("insolvency", "Insolvency proceedings"),
    ("handed_over", "Handed over"),
    ("time_barred", "Time-barred"),
    ("disputed", "Disputed"),
    ("schedule", "Schedule running"),
    ("promise", "Promise pending"),
    ("held", "On hold"),
    ("no_policy", "No confirmed policy"),
    ("not_due", "Not due"),
    ("covered", "Covered by unallocated credits"),
    ("below_minimum", "Below the minimum amount"),
    ("notice_running", "Formal notice running"),
    ("too_soon", "Too soon"),
    ("ladder_done", "Ladder done"),
    ("remind", "To remind"),
]


class CollectionItem(models.Model):
    """One receivable journal item that is followed: its level and its verdict of the day.

    Written by the hundred thousand, in SQL, by the refresh and the decision: no chatter, no
    tracking, three foreign keys. Amounts and dates are read from the journal item.
    """

    _name = "collection.item"
    _description = "Collection item"
    _inherit = ["collection.item.limitation"]
    _order = "due_date, id"
    _rec_name = "move_line_id"
    _log_access = False

    move_line_id = fields.Many2one(
        "account.move.line", required=True, readonly=True, ondelete="cascade"
    )
    case_id = fields.Many2one(
        "collection.case", required=True, readonly=True, index=True, ondelete="restrict"
    )
    is_open = fields.Boolean(
        readonly=True, default=True, help="The journal item is posted and not settled."
    )
    level_id = fields.Many2one(
        "collection.level", string="Level reached", readonly=True, ondelete="restrict"
    )
    last_contact_date = fields.Date(
        string="Level reached on",
        readonly=True,
        help="The day of the sending that brought the item to its level.",
    )
    verdict = fields.Selection(selection=VERDICT_LABELS, readonly=True, default="not_due")
    verdict_date = fields.Date(readonly=True, help="Since when the verdict has been the same.")
    next_level_id = fields.Many2one("collection.level", readonly=True, ondelete="set null")
    next_date = fields.Date(
        string="Next on", readonly=True, help="The first day on which the verdict can change."
    )

    # === FROM THE LEDGER === #
    company_id = fields.Many2one(related="case_id.company_id")
    partner_id = fields.Many2one(related="case_id.partner_id")
    user_id = fields.Many2one(related="case_id.user_id")
    move_id = fields.Many2one(related="move_line_id.move_id")
    due_date = fields.Date(related="move_line_id.date_maturity", string="Due date")
    invoice_date = fields.Date(related="move_line_id.invoice_date")
    company_currency_id = fields.Many2one(related="move_line_id.company_currency_id")
    currency_id = fields.Many2one(related="move_line_id.currency_id")
    amount = fields.Monetary(
        related="move_line_id.amount_currency", string="Amount", aggregator=None
    )
    amount_residual_currency = fields.Monetary(
        related="move_line_id.amount_residual_currency", string="Still due", aggregator=None
    )
    amount_residual = fields.Monetary(
        related="move_line_id.amount_residual",
        string="Still due (company currency)",
        currency_field="company_currency_id",
    )
    days_overdue = fields.Integer(compute="_compute_days_overdue", search="_search_days_overdue")
    hold_line_ids = fields.One2many("collection.hold.line", "item_id")

    _move_line_unique = models.UniqueIndex(
        "(move_line_id)", "This journal item is already followed."
    )

    def init(self):
        """Leave room on each page for the verdicts that a day rewrites.

        With it PostgreSQL writes them without touching the indexes; so no column that the daily
        run writes may stand in one.
        """
        self.env.cr.execute(SQL("ALTER TABLE collection_item SET (fillfactor = 45)"))

    # === COMPUTE === #

    @api.depends("move_line_id.date_maturity", "move_line_id.date")
    @api.depends_context("uid")
    def _compute_days_overdue(self):
        today = fields.Date.context_today(self)
        for item in self:
            due_date = item._get_due_date()
            item.days_overdue = max((today - due_date).days, 0) if due_date else 0

    def _search_days_overdue(self, operator, value):
        if operator not in (">", ">=", "<", "<="):
            return NotImplemented
        flipped = {">": "<", ">=": "<=", "<": ">", "<=": ">="}[operator]
        # Within the calendar, whatever number is typed.
        days = min(max(int(value), -FARTHEST_DAYS), FARTHEST_DAYS)
        limit = fields.Date.subtract(fields.Date.context_today(self), days=days)
        return [("due_date", flipped, limit)]

    @api.depends("move_line_id")
    def _compute_display_name(self):
        # In sudo mode to name the invoice: collectors need no accounting right to see its number.
        for item_sudo in self.sudo():
            line_sudo = item_sudo.move_line_id
            name = line_sudo.move_id.name or line_sudo.name or ""
            item_sudo.display_name = name

    @api.model
    def _search_display_name(self, operator, value):
        # "any!" to find items by the number of their invoice without any accounting right.
        by_number = [("move_id", "any!", [("name", operator, value)])]
        return [("move_line_id", "any!", by_number)]

    # === ACTIONS === #

    def action_open_move(self):
        """Open the invoice or entry that the item comes from."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "view_mode": "form",
        }

    def action_open_case(self):
        """Open the case that the item belongs to."""
        return self.case_id.get_formview_action()

    def action_include(self):
        """Follow up items that Odoo leaves out (opening balances, miscellaneous entries)."""
        if not self.env.user.has_group("recouvrement_creances.group_accountant"):
            raise AccessError(
                self.env._("Only an accountant of collection includes items in the follow-up.")
            )
        # In sudo mode to change the follow-up mark of journal items, which is no accounting data.
        self.sudo().move_line_id.no_followup = False
        self.case_id._refresh_verdicts(fields.Date.context_today(self))

    # === BUSINESS === #

    def _get_due_date(self):
        """Return when it is due: an entry by hand without a due date is on its own date."""
        self.ensure_one()
        return self.due_date or self.move_line_id.date

    def _filter_due(self):
        """Return the items of which something is due, as the ledger says now."""
        return self.filtered(
            lambda item: (
                # An invoice back in draft is being corrected: what is held of it stays so.
                item.move_line_id.parent_state == "draft"
                or (
                    item.move_line_id.parent_state == "posted"
                    and (item.amount_residual > 0 or item.amount_residual_currency > 0)
                )
            )
        )

    def _get_statement_row(self, as_of):
        """Return one line of a statement of account, as it stands in the ledger now.

        :param date as_of: the day on which days overdue are counted
        """
        self.ensure_one()
        line = self.move_line_id
        move = line.move_id
        due_date = line.date_maturity or line.date
        held = self.hold_line_ids.filtered(
            lambda line: line.hold_id.kind == "dispute" and line.hold_id._is_running(as_of)
        )
        # An empty amount holds the whole item.
        is_whole = held and not all(held.mapped("amount"))
        disputed = line.amount_residual_currency if is_whole else sum(held.mapped("amount"))
        claimed = line.currency_id.round(max(line.amount_residual_currency - disputed, 0.0))
        return {
            "number": move.name if move.name != "/" else line.name or "",
            "reference": move.ref or "",
            "date": move.invoice_date or line.date,
            "due_date": due_date,
            "total": line.amount_currency,
            "paid": line.currency_id.round(line.amount_currency - line.amount_residual_currency),
            "residual": line.amount_residual_currency,
            "disputed": disputed,
            "claimed": claimed,
            "currency": line.currency_id,
            "days_overdue": max((as_of - due_date).days, 0) if as_of else 0,
            "move_id": move.id,
            "move_line_id": line.id,
        }

    def _get_policy(self):
        """Return the policy that counts: the invoice's own, else the case's."""
        self.ensure_one()
        own = self.move_id.collection_policy_id
        return own if own.active else self.case_id.policy_id

    def _place_by_age(self, as_of, below_formal_notice=True):
        """Return {level: items}: where the items' age puts them on their policies' ladders."""
        placed = {}
        for policy, items in self.grouped(lambda item: item._get_policy()).items():
            levels = policy.level_ids.sorted("number")
            notice = levels.filtered("is_formal_notice")[:1]
            highest = notice.number - 1 if notice and below_formal_notice else None
            delays = levels.mapped("delay_days")
            for item in items:
                rung = rung_for_age((as_of - item._get_due_date()).days, delays, highest)
                if rung:
                    level = levels[rung - 1]
                    placed[level] = placed.get(level, self.browse()) | item
        return placed

    @api.model
    def _reach_level(self, action_ids, contact_date):
        """Raise the items of real contacts to the levels of their actions.

        The wait before the next level counts from ``contact_date``. An item that is at a higher
        level already (a late answer to an older letter) keeps it, and a later contact of a lower
        level stays the last one when an older letter turns out to have arrived.

        :param list action_ids: ids of actions that left or took place
        :param date contact_date: the day of the contact
        """
        if not action_ids:
            return
        self.env["collection.action.item"].flush_model()
        self.flush_model(["level_id", "last_contact_date"])
        self._remember_standing(action_ids)
        self.env.execute_query(
            SQL(
                """
                UPDATE collection_item item
                   SET level_id = reached.level_id,
                       last_contact_date = GREATEST(item.last_contact_date, %(contact_date)s)
                  FROM (SELECT DISTINCT ON (line.item_id) line.item_id, line.level_id, level.number
                          FROM collection_action_item line
                          JOIN collection_level level ON level.id = line.level_id
                         WHERE line.action_id IN %(action_ids)s
                      ORDER BY line.item_id, level.number DESC) reached
             LEFT JOIN collection_item former ON former.id = reached.item_id
             LEFT JOIN collection_level former_level ON former_level.id = former.level_id
                 WHERE item.id = reached.item_id
                   AND COALESCE(former_level.number, 0) < reached.number
                """,
                contact_date=contact_date,
                action_ids=tuple(action_ids),
            )
        )
        self.invalidate_model(["level_id", "last_contact_date"])

    def _remember_standing(self, action_ids):
        """Keep where items stood before contacts, in case these come back."""
        self.env.execute_query(
            SQL(
                """
                UPDATE collection_action_item line
                   SET former_level_id = item.level_id,
                       former_contact_date = item.last_contact_date
                  FROM collection_item item
                 WHERE item.id = line.item_id
                   AND line.action_id IN %s
                   AND line.level_id IS NOT NULL
                """,
                tuple(action_ids),
            )
        )
        self.env["collection.action.item"].invalidate_model(
            ["former_level_id", "former_contact_date"]
        )

    @api.model
    def _fall_back(self, action_ids):
        """Put items back to where they stood before contacts that came back.

        Items that another contact brought to the same level, or to a higher one since, stay.

        :param list action_ids: ids of actions that were believed to have arrived
        """
        if not action_ids:
            return
        self.env["collection.action.item"].flush_model()
        self.flush_model(["level_id", "last_contact_date"])
        self.env.execute_query(
            SQL(
                """
                UPDATE collection_item item
                   SET level_id = line.former_level_id,
                       last_contact_date = line.former_contact_date
                  FROM collection_action_item line
                 WHERE line.item_id = item.id
                   AND line.level_id = item.level_id
                   AND line.action_id IN %(action_ids)s
                   AND NOT EXISTS (SELECT FROM collection_action_item other
                                     JOIN collection_action action
                                       ON action.id = other.action_id
                                    WHERE other.item_id = line.item_id
                                      AND other.level_id = line.level_id
                                      AND action.id NOT IN %(action_ids)s
                                      AND action.state IN ('sent', 'done'))
                """,
                action_ids=tuple(action_ids),
            )
        )
        self.invalidate_model(["level_id", "last_contact_date"])
