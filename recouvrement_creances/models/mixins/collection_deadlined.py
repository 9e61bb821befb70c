from odoo import api, fields, models

from ...rules.deadline_rules import DEADLINES
from ...rules.distances import find_distance
from ...rules.transitions_litigation import DEADLINE_UNDONE


class CollectionDeadlined(models.AbstractModel):
    """A record whose legal deadlines are kept by ``collection.deadline``, of a case it names.

    The inheriting model has ``case_id``, ``partner_id`` (the debtor) and ``company_id``.
    """

    _name = "collection.deadlined"
    _description = "Record with legal deadlines"

    deadline_ids = fields.One2many(
        "collection.deadline",
        "source_id",
        string="Legal deadlines",
        domain=lambda self: [("source_model", "=", self._name)],
        readonly=True,
    )
    next_deadline_date = fields.Date(
        string="Act by", compute="_compute_next_deadline", compute_sudo=True
    )

    # === COMPUTE === #

    @api.depends("deadline_ids.state", "deadline_ids.alarm_date")
    def _compute_next_deadline(self):
        for record in self:
            running = record.deadline_ids.filtered(
                lambda deadline: deadline.state == "open" and deadline.purpose == "act"
            )
            record.next_deadline_date = min(running.mapped("alarm_date"), default=False)

    # === ACTIONS === #

    def action_open_deadlines(self):
        """Open the deadlines of the record."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "recouvrement_creances.collection_deadline_action"
        )
        domain = [("source_model", "=", self._name), ("source_id", "=", self.id)]
        return {**action, "domain": domain, "context": {}}

    # === BUSINESS === #

    def _open_deadlines(self, codes, event_date, regime_date=None):
        """Open deadlines that count from an event; return them.

        :param codes: keys of ``rules.deadline_rules.DEADLINES``
        :param date event_date: where they count from
        :param date regime_date: the day by which the version of the law is chosen
        """
        deadlines = self.env["collection.deadline"]
        for code in codes:
            deadlines |= deadlines._open_for(self, code, event_date, regime_date)
        return deadlines

    def _close_deadlines(self, codes, day, attachments=None, reason=""):
        """Close the open or missed deadlines of some codes, with a document or a reason."""
        deadlines = self.deadline_ids.filtered(
            lambda deadline: deadline.rule_code in codes and deadline.state in DEADLINE_UNDONE
        )
        deadlines._close(day, attachments, reason)
        return deadlines

    def _find_first_day(self, deadline):
        """Return from when on what a deadline asks for can have been done; None: at any time.

        What counts back from a hearing is done before it.
        """
        self.ensure_one()
        is_before = DEADLINES[deadline.rule_code][-1].value.before
        return None if is_before else deadline.event_date

    def _drop_deadlines(self, reason, codes=None, keep=()):
        """Let open deadlines bind nobody any more: those of some codes, or all but some."""
        self.deadline_ids.filtered(
            lambda deadline: (
                deadline.state == "open"
                and deadline.rule_code not in keep
                and (codes is None or deadline.rule_code in codes)
            )
        )._drop(reason)

    def _get_deadline_user(self):
        """Return who follows the deadlines: the collector of the case, or of the company.

        Who has left sees no task: then a manager of collection follows them.
        """
        self.ensure_one()
        company = self.company_id
        # In sudo mode to read the settings of companies.
        general = company.sudo().collection_user_id.with_env(self.env)
        return (
            self.case_id.user_id.filtered("active")
            or general.filtered("active")
            or self.env["res.users"]._find_collection_manager(company)
        )

    def _get_deadline_postcode(self):
        """Return the French postcode by whose public holidays deadlines are extended."""
        self.ensure_one()
        # In sudo mode to read addresses as the letters do.
        for partner_sudo in (self.partner_id.sudo(), self.company_id.sudo().partner_id):
            if partner_sudo.country_id.code in (False, "FR") and partner_sudo.zip:
                return partner_sudo.zip
        return ""

    def _find_distance(self, purpose):
        """Return how far from the court lives whom a deadline binds (``rules.distances``).

        :param str purpose: of the deadline: the creditor acts, for all others it is the debtor
        """
        return self._measure_distance(purpose)

    def _measure_distance(self, purpose):
        """Return the same from the addresses.

        The court is in the debtor's place where nobody has said which one it is.
        """
        self.ensure_one()
        # In sudo mode to read addresses as the letters do.
        company_sudo, debtor_sudo = self.company_id.sudo(), self.partner_id.sudo()
        bound_sudo = company_sudo.partner_id if purpose == "act" else debtor_sudo
        court = self._get_deadline_postcode()
        return find_distance(court, bound_sudo.country_id.code, bound_sudo.zip)
