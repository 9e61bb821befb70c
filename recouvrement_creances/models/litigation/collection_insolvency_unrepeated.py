from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ...rules.insolvency import KINDS, RUNNING


class CollectionInsolvencyUnrepeated(models.AbstractModel):
    """One record of what runs per debtor and creditor company, and one conciliation beside it."""

    _name = "collection.insolvency.unrepeated"
    _description = "Insolvency that is recorded once"
    _inherit = ["collection.unrepeated"]

    _told_by = ("company_id", "partner_id", "kind", "state")

    # === BUSINESS === #

    @api.model
    def _get_key(self, values):
        """OVERRIDES collection.unrepeated: of those that run, whatever the kind."""
        if values.get("state") not in RUNNING or values.get("kind") not in KINDS:
            return None
        return values.get("company_id"), values.get("partner_id"), KINDS[values["kind"]].stays

    @api.model
    def _get_told_domain(self, keys):
        """OVERRIDES collection.unrepeated: the same."""
        companies, partners, _stays = map(set, zip(*keys, strict=True))
        return (
            Domain("partner_id", "in", list(partners))
            & Domain("company_id", "in", list(companies))
            & Domain("state", "in", RUNNING)
        )

    def _say_repeated(self):
        """IMPLEMENTS collection.unrepeated."""
        running, day = self.display_name, self.judgement_date
        if not day:
            return self.env._(
                "Proceedings of this debtor are recorded already: %s, which were asked for. Open "
                "that record and note there what has taken place since; if it came to nothing, a "
                "manager closes it first.",
                running,
            )
        return self.env._(
            "Proceedings of this debtor run already: %(running)s, opened on %(day)s. Open that "
            "record and note there what has taken place since; if it has ended, a manager closes "
            "it first.",
            running=running,
            day=format_date(self.env, day),
        )

    # === BUSINESS - MERGING === #

    @api.model
    def _join_debtors(self, partners, destination):
        """Let one record of what runs stay of debtors that are about to become one, per company.

        Odoo would delete all records of a debtor of whom the index refuses one. What stands on an
        open case stays, else what is of the contact that stays.
        """
        # In sudo mode to end what the present user may not work on.
        running_sudo = self.sudo().search(
            [("partner_id", "in", partners.ids), ("state", "in", RUNNING)]
        )
        groups = running_sudo.grouped(lambda one: (one.company_id, KINDS[one.kind].stays))
        for same in groups.values():
            kept = max(same, key=lambda one: (one.case_id.is_open, one.partner_id == destination))
            for double in same - kept:
                double._end_merged()

    def _end_merged(self):
        """End a record beside that of the same debtor that stays. In sudo mode."""
        self.ensure_one()
        self._end(
            "cancel",
            {"closed_on": fields.Date.context_today(self)},
            True,
            self.env._("The debtor was merged with another one."),
        )
