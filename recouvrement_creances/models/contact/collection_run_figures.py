from odoo import api, fields, models
from odoo.tools import SQL


class CollectionRunFigures(models.AbstractModel):
    """What a run found, how far it is and what came of it."""

    _name = "collection.run.figures"
    _description = "Figures of a collection run"

    case_count = fields.Integer(string="Debtors", readonly=True)
    item_count = fields.Integer(string="Items", readonly=True)
    refresh_seconds = fields.Float(readonly=True)
    decide_seconds = fields.Float(readonly=True)
    execute_seconds = fields.Float(readonly=True)
    error = fields.Text(readonly=True)
    proposed_count = fields.Integer(compute="_compute_action_counts")
    sent_count = fields.Integer(compute="_compute_action_counts")
    planned_count = fields.Integer(compute="_compute_action_counts")
    failed_count = fields.Integer(compute="_compute_action_counts")
    remaining_count = fields.Integer(compute="_compute_action_counts")
    waiting_count = fields.Integer(
        string="Waiting for their hour",
        compute="_compute_waiting_count",
        help="They leave by themselves at the first moment that the contact rules allow.",
    )
    progress = fields.Float(
        compute="_compute_progress", help="How much of what was agreed to is carried out, in %."
    )
    send_preview = fields.Char(compute="_compute_send_preview")

    # === COMPUTE === #

    @api.depends("action_ids.state")
    def _compute_action_counts(self):
        groups = {
            "proposed_count": ("proposed",),
            "sent_count": ("sent", "done"),
            "planned_count": ("planned",),
            "failed_count": ("failed", "ambiguous"),
            "remaining_count": ("confirmed", "sending"),
        }
        counts = {
            (run, state): count
            for run, state, count in self.env["collection.action"]._read_group(
                [("run_id", "in", self.ids)], ["run_id", "state"], ["__count"]
            )
        }
        for run in self:
            for name, states in groups.items():
                run[name] = sum(counts.get((run._origin, state), 0) for state in states)

    @api.depends("action_ids.state", "action_ids.not_before")
    def _compute_waiting_count(self):
        groups = self.env["collection.action"]._read_group(
            [
                ("run_id", "in", self.ids),
                ("state", "=", "confirmed"),
                ("not_before", ">", fields.Datetime.now()),
            ],
            ["run_id"],
            ["__count"],
        )
        counts = dict(groups)
        for run in self:
            run.waiting_count = counts.get(run._origin, 0)

    @api.depends("remaining_count", "sent_count", "planned_count", "failed_count")
    def _compute_progress(self):
        for run in self:
            handled = run.sent_count + run.planned_count + run.failed_count
            agreed = handled + run.remaining_count
            run.progress = 100 * handled / agreed if agreed else 0

    @api.depends("action_ids.state")
    def _compute_send_preview(self):
        self.env["collection.explanation"]._fill_send_preview(self)

    # === BUSINESS === #

    def _count_verdicts(self, lines):
        """Keep the number of items and the amount per verdict with the run.

        :param SQL lines: the open lines that the run has read (``collection.ledger``)
        """
        scope = SQL("debt.id IN %s", tuple(self.case_ids.ids)) if self.case_ids else SQL("TRUE")
        groups = self.env.execute_query(
            SQL(
                """
                SELECT item.verdict, COUNT(*), SUM(line.amount_residual)
                  FROM collection_item item
                  JOIN collection_case debt ON debt.id = item.case_id
             LEFT JOIN %(lines)s line ON line.id = item.move_line_id
                 WHERE item.is_open IS TRUE
                   AND debt.company_id = %(company_id)s
                   AND %(scope)s
              GROUP BY item.verdict
                """,
                company_id=self.company_id.id,
                lines=lines,
                scope=scope,
            )
        )
        self.count_ids.unlink()
        self.env["collection.run.count"].create(
            [
                {"run_id": self.id, "verdict": verdict, "item_count": count, "amount": amount}
                for verdict, count, amount in groups
            ]
        )
        # Open cases are those that have an open item: the refresh has just made it so.
        scope = [("id", "in", self.case_ids.ids)] if self.case_ids else []
        cases = self.env["collection.case"].search_count(
            [("is_open", "=", True), ("company_id", "=", self.company_id.id), *scope]
        )
        self.write({"item_count": sum(group[1] for group in groups), "case_count": cases})

    def _get_summary(self):
        """Return what the run did, ready to be printed or served as JSON."""
        self.ensure_one()
        channels = self.env["collection.action"]._read_group(
            [("run_id", "=", self.id), ("state", "in", ("sent", "planned", "done", "proposed"))],
            ["channel", "state"],
            ["__count"],
        )
        labels = dict(
            self.env["collection.item"]._fields["verdict"]._description_selection(self.env)
        )
        summed = {}
        for channel, state, count in channels:
            if state != "proposed":
                summed[channel] = summed.get(channel, 0) + count
        return {
            "cases": self.case_count,
            "items": self.item_count,
            "channels": summed,
            "proposed": sum(count for _c, state, count in channels if state == "proposed"),
            "verdicts": {labels[line.verdict]: line.item_count for line in self.count_ids},
            "failures": self.failed_count,
            "waiting": self.waiting_count,
            "seconds": {
                "refresh": round(self.refresh_seconds, 2),
                "decide": round(self.decide_seconds, 2),
                "execute": round(self.execute_seconds, 2),
            },
        }
