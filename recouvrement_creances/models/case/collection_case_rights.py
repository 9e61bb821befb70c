from odoo import api, models
from odoo.exceptions import AccessError, UserError


class CollectionCaseRights(models.AbstractModel):
    """What people may change of a case by hand, beside the rules of access: stage, collector."""

    _name = "collection.case.rights"
    _description = "Rights on collection cases"

    # === CONSTRAINTS === #

    @api.constrains("user_id")
    def _check_user_id(self):
        for (user, company), _cases in self.grouped(
            lambda case: (case.user_id, case.company_id)
        ).items():
            user._check_collector_of(company)

    # === BUSINESS === #

    def _map_responsible(self):
        """Return {case: who gets its tasks}: its collector, a manager where it has none.

        Odoo keeps a task of nobody, where nobody sees it. One look for a manager per company.
        """
        users = self.env["res.users"]
        managers = {
            company: users._find_collection_manager(company)
            for company in self.filtered(lambda case: not case.user_id).company_id
        }
        return {case: case.user_id or managers[case.company_id] for case in self}

    def _check_by_hand(self, vals):
        """Refuse what only the flow, or only a manager, does."""
        if self.env.su:
            return
        if "stage_id" in vals:
            self._check_stage_by_hand(self.env["collection.stage"].browse(vals["stage_id"]))
        if "user_id" in vals:
            self._check_collector_by_hand(vals["user_id"])

    def _check_stage_by_hand(self, stage):
        """A case closes, and opens again, with its items: never by a person's word."""
        if not stage.exists():
            raise UserError(self.env._("A case always stands at a stage."))
        if stage.kind == "closed" and any(self.mapped("is_open")):
            raise UserError(
                self.env._("A case closes by itself, once nothing of it is open any more.")
            )
        if stage.kind != "closed" and not all(self.mapped("is_open")):
            raise UserError(self.env._("A closed case opens again by itself, with its items."))

    def _check_collector_by_hand(self, user_id):
        """Collectors take cases of nobody for themselves; managers give them to somebody."""
        if self.env.user.has_group("recouvrement_creances.group_manager"):
            return
        for case in self:
            if user_id != self.env.uid or (case.user_id and case.user_id != self.env.user):
                raise AccessError(
                    self.env._(
                        "%(case)s: only a manager gives a case to somebody else; collectors take "
                        "those of nobody for themselves.",
                        case=case.display_name,
                    )
                )
