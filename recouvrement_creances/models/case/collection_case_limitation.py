from odoo import api, fields, models


class CollectionCaseLimitation(models.AbstractModel):
    """What limitation threatens of a case: its first date, what has passed, what was noted."""

    _name = "collection.case.limitation"
    _description = "Limitation of a collection case"

    limitation_item_ids = fields.One2many(
        "collection.item", "case_id", domain=[("is_open", "=", True)], readonly=True
    )
    limitation_event_ids = fields.Many2many(
        "collection.limitation.event", compute="_compute_limitation_event_ids"
    )
    limitation_date = fields.Date(
        string="First limitation date",
        compute="_compute_limitation",
        compute_sudo=True,
        help="The earliest legal date among the open items that is still to come.",
    )
    limitation_near_count = fields.Integer(compute="_compute_limitation", compute_sudo=True)
    limitation_barred_count = fields.Integer(compute="_compute_limitation", compute_sudo=True)
    limitation_passed_count = fields.Integer(compute="_compute_limitation", compute_sudo=True)
    limitation_payment_count = fields.Integer(
        compute="_compute_limitation_payment_count",
        compute_sudo=True,
        help="Part payments that nobody has looked at as an acknowledgement of the debt.",
    )
    is_public_debtor = fields.Boolean(compute="_compute_limitation", compute_sudo=True)

    # === COMPUTE === #

    @api.depends("item_ids.is_open", "item_ids.verdict")
    @api.depends_context("uid", "tz")
    def _compute_limitation(self):
        today = fields.Date.context_today(self)
        items = self.env["collection.item"].search(
            [("case_id", "in", self._origin.ids), ("is_open", "=", True)]
        )
        by_case = items.grouped("case_id")
        for case in self:
            own = by_case.get(case._origin, items.browse())
            to_come = [
                item.limitation_date
                for item in own
                if item.limitation_date and item.limitation_date >= today
            ]
            case.limitation_date = min(to_come, default=False)
            case.limitation_near_count = len(own.filtered(lambda i: i.limitation_state == "near"))
            barred = own.filtered(lambda item: item.verdict == "time_barred")
            passed = own.filtered(lambda item: item.limitation_state in ("uncertain", "expired"))
            case.limitation_barred_count = len(barred)
            case.limitation_passed_count = len(passed - barred)
            case.is_public_debtor = case.partner_id.collection_debtor_kind == "public"

    @api.depends("item_ids")
    def _compute_limitation_event_ids(self):
        """Events follow their items, to another case too when debtors are merged."""
        events = self.env["collection.limitation.event"].search(
            [("record_kind", "=", "event"), ("item_ids.case_id", "in", self._origin.ids)]
        )
        for case in self:
            case.limitation_event_ids = events.filtered(
                lambda event, case=case: case._origin in event.item_ids.case_id
            )

    @api.depends("item_ids")
    def _compute_limitation_payment_count(self):
        counts = {}
        for row in self.env["collection.limitation.query"]._find_payments(self):
            counts[row["case_id"]] = counts.get(row["case_id"], 0) + 1
        for case in self:
            case.limitation_payment_count = counts.get(case._origin.id, 0)

    # === ACTIONS === #

    def action_note_limitation(self):
        """Open the dialog that notes what interrupted or suspended limitation."""
        return self._open_dialog(
            "collection.limitation.note",
            self.env._("Note an event on limitation"),
            **self.env.context.get("collection_limitation_defaults", {}),
        )

    def action_note_limitation_payment(self):
        """Open the same dialog on the part payments that nobody has looked at."""
        return self.with_context(
            collection_limitation_defaults={"default_kind": "partial_payment"}
        ).action_note_limitation()
