from odoo import api, fields, models

SENSITIVE = "recouvrement_creances.group_collector,recouvrement_creances.group_sensitive"


class CollectionCaseMeans(models.AbstractModel):
    """What is known of a debtor's means, as far as the present user may see it."""

    _name = "collection.case.means"
    _description = "Means of the debtor of a collection case"

    assessment_count = fields.Integer(
        string="Assessments", compute="_compute_assessment_count", groups=SENSITIVE
    )
    hardship_count = fields.Integer(
        string="Hardship reports", compute="_compute_assessment_count", groups=SENSITIVE
    )

    @api.depends_context("uid")
    def _compute_assessment_count(self):
        """Count what the present user sees: others' assessments are not even numbered."""
        for name, model in (
            ("assessment_count", "collection.assessment"),
            ("hardship_count", "collection.hardship"),
        ):
            domain = [("case_id", "in", self.ids)]
            # one query per model, of which there are two
            counts = dict(self.env[model]._read_group(domain, ["case_id"], ["__count"]))
            for case in self:
                case[name] = counts.get(case._origin, 0)

    # === ACTIONS === #

    def action_open_assessments(self):
        """Open the assessments of the case that the present user may see."""
        return self._open_means("recouvrement_creances.collection_assessment_action")

    def action_open_hardships(self):
        """Open the hardship reports on the case that the present user may see."""
        return self._open_means("recouvrement_creances.collection_hardship_action")

    def action_report_hardship(self):
        """Open the dialog that reports to a manager that the debtor cannot pay."""
        self.ensure_one()
        return self.env["collection.hardship"]._get_report_action(self)

    # === BUSINESS === #

    def _get_schedule_dialog(self, report):
        """Return the dialog that plans the schedule which a hardship report led to.

        :param report: the collection.hardship that was decided
        """
        self.ensure_one()
        context = {}
        if report.instalment_amount:
            context |= {"default_way": "amount", "default_amount": report.instalment_amount}
        elif report.instalment_count:
            context |= {"default_way": "count", "default_count": report.instalment_count}
        return self._open_dialog(
            "collection.schedule.plan", self.env._("Plan a schedule"), **context
        )

    def _open_means(self, name):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(name)
        return {
            **action,
            "domain": [("case_id", "=", self.id)],
            "context": {"default_case_id": self.id},
        }

    def _get_waiver_dialog(self, report):
        """Return the dialog that asks for the waiver which a hardship report led to.

        :param report: the collection.hardship that was decided
        """
        self.ensure_one()
        return self.action_add_waiver()

    def _hand_means_to(self, case):
        """Let what is known of the means follow the items of merged debtors to the case that stays.

        A report that waits while another one waits there is withdrawn: one decision is enough.
        """
        # In sudo mode to move what the present user may not see.
        reports_sudo = self.env["collection.hardship"].sudo()
        assessments_sudo = self.env["collection.assessment"].sudo()
        moved_sudo = reports_sudo.search([("case_id", "in", self.ids)])
        waiting_sudo = moved_sudo.filtered(lambda report: report.state == "asked")
        kept_sudo = reports_sudo.search([("case_id", "=", case.id), ("state", "=", "asked")])
        surplus_sudo = waiting_sudo if kept_sudo else waiting_sudo[1:]
        surplus_sudo._apply_event("withdraw")
        surplus_sudo.activity_ids.unlink()
        # Before the reports, which name assessments of their own case only.
        assessments_sudo.search([("case_id", "in", self.ids)])._with_door().case_id = case
        moved_sudo._with_door().case_id = case

    def _erase_means(self):
        """Delete what was assessed and reported of these cases, with its files: their period ended.

        In sudo mode, of the erasure of closed cases only.
        """
        for model in ("collection.hardship", "collection.assessment"):
            # one query per model, of which there are two
            self.env[model].search([("case_id", "in", self.ids)])._with_door().unlink()
