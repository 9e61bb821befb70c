from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.dialogs import open_dialog

FINANCE_DIRECTOR = "recouvrement_creances.group_finance_director"
MANAGER = "recouvrement_creances.group_manager"
# What a decision leaves; nobody writes it but the decision, and it stays.
DECISION_FIELDS = {"requested_by_id", "decided_by_id", "decided_on", "decision_note"}


class CollectionApprovable(models.AbstractModel):
    """A request that somebody else decides on: the only way anything is approved.

    The model's own table of transitions has the state named by ``_waiting_state``, and out of it
    the events ``approve`` and ``refuse``. A finance director decides; a manager may as well where
    ``_is_within_manager_limit`` says so; nobody decides on his own request. A decision is history.
    """

    _name = "collection.approvable"
    _description = "Request that somebody else approves"
    _inherit = ["mail.thread", "mail.activity.mixin", "collection.stateful"]

    # The state in which a request waits.
    _waiting_state = "requested"

    requested_by_id = fields.Many2one("res.users", string="Asked by", readonly=True, copy=False)
    decided_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    decided_on = fields.Date(readonly=True, copy=False)
    decision_note = fields.Text(readonly=True, copy=False)
    can_decide = fields.Boolean(compute="_compute_can_decide")

    # === COMPUTE === #

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        """The present user may approve or refuse."""
        for record in self:
            # What is being typed was not asked for yet.
            waits = record._origin and record.state == self._waiting_state
            record.can_decide = waits and not record._find_obstacle()

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Start undecided, whatever the caller says."""
        undecided, vals_list = self._drop_given(DECISION_FIELDS, vals_list)
        return super(CollectionApprovable, undecided).create(vals_list).with_env(self.env)

    def write(self, vals):
        """Keep who asked, who decided, when and why what they were."""
        if DECISION_FIELDS & vals.keys() and not self._through_door():
            raise UserError(self.env._("A decision is made by its buttons, and stays."))
        return super().write(vals)

    # === ACTIONS === #

    def action_decide(self):
        """Open the dialog that asks for the decision and its reason."""
        self.ensure_one()
        return open_dialog(
            "collection.approval",
            self.env._("Approve or refuse"),
            default_res_model=self._name,
            default_res_id=self.id,
        )

    # === HOOKS === #

    def _is_within_manager_limit(self):
        """Tell whether a manager may decide as well as a finance director."""
        self.ensure_one()
        return False

    def _get_approval_summary(self):
        """Return what the approver's task says."""
        self.ensure_one()
        return self.env._("Approve or refuse: %s", self.display_name)

    def _needs_reason(self, event):
        """Tell whether a decision is not taken without saying why."""
        return event == "refuse"

    def _after_decision(self, event):
        """Do what was decided; called in sudo mode, in the state after the event."""
        if event == "approve":
            self._after_approval()

    def _after_approval(self):
        """Do what was approved; called in sudo mode, in the state after ``approve``."""

    # === BUSINESS === #

    def _find_obstacle(self):
        """Return why the present user cannot decide on the request, empty if he can."""
        self.ensure_one()
        user = self.env.user
        is_managers = self._is_within_manager_limit()
        if not user.has_group(FINANCE_DIRECTOR) and not (is_managers and user.has_group(MANAGER)):
            return (
                self.env._("Only a collection manager decides on this, or a finance director.")
                if is_managers
                else self.env._("Only a finance director approves or refuses this.")
            )
        if user in self._get_askers():
            return self.env._("Nobody decides on his own request.")
        return ""

    def _get_askers(self):
        """Return who wants it: who asked, and who made what a colleague asked for."""
        return self.requested_by_id | self.create_uid

    def _decide(self, event, note=None, values=None):
        """Decide as the present user, after asking whether he may.

        :param str event: ``approve``, ``refuse`` or another one out of the waiting state
        :param str note: why
        :param dict values: what else is decided, written together with the state
        :raise AccessError: it is not this user's to decide
        :raise UserError: it was decided already, or nothing says why
        """
        self.check_access("read")
        for record in self:
            obstacle = record._find_obstacle()
            if obstacle:
                raise AccessError(obstacle)
        note = (note or "").strip()
        if not note and self._needs_reason(event):
            raise UserError(self.env._("Say why: the reason is kept, and who asked reads it."))
        # In sudo mode to write what only the decision writes, after the check above.
        self.sudo()._write_decision(event, note, values)

    def _approve_without_asking(self):
        """Approve what its rules let pass by itself; it shows who asked as who decided."""
        # In sudo mode to write what only the decision writes; the caller checked the limits.
        self.sudo()._write_decision("approve")

    def _write_decision(self, event, note="", values=None):
        today = fields.Date.context_today(self)
        decision = {
            "decided_by_id": self.env.uid,
            "decided_on": today,
            "decision_note": note or False,
        }
        self._apply_event(event, {**(values or {}), **decision})
        if note:
            # What was turned down may be asked for again: the reasons of both decisions stay.
            self._message_log_batch(bodies=dict.fromkeys(self.ids, note))
        self._end_approval_tasks()
        self._after_decision(event)

    def _end_approval_tasks(self):
        task = self.env.ref("recouvrement_creances.mail_activity_type_approval")
        self.activity_ids.filtered(lambda activity: activity.activity_type_id == task).unlink()

    def _ask_for_approval(self):
        """Note who asks, and give the task to somebody who may decide, never to who asks.

        The records are in their waiting state already, or are brought there by the caller.
        """
        # In sudo mode to note who asks, and to give a colleague a task.
        for record_sudo in self.sudo():
            record_sudo._with_door().write({"requested_by_id": self.env.uid})
            record_sudo._assign_approval()

    def _assign_approval(self, approver=None, note=""):
        """Give the task to who may decide now; called in sudo mode.

        :param approver: a user who may decide, where it is not anybody's turn
        :param str note: what he has to know
        """
        self.ensure_one()
        approver = approver or self._find_approver()
        if approver:
            self.activity_schedule(
                "recouvrement_creances.mail_activity_type_approval",
                summary=self._get_approval_summary(),
                note=note,
                user_id=approver.id,
            )

    def _find_approver(self):
        """Return who gets the task: a manager within his limit, else a finance director.

        Who administers the system has every group; the task is for whose work it is, if there is
        somebody else.
        """
        self.ensure_one()
        groups = [FINANCE_DIRECTOR]
        if self._is_within_manager_limit():
            groups.insert(0, MANAGER)
        askers = self.env.user | self._get_askers()
        for group in groups:
            users = self.env.ref(group).all_user_ids.filtered(
                lambda user: (
                    user.active
                    and not user.share
                    and user not in askers
                    and self.company_id in user.company_ids
                )
            )
            if users:
                return users.sorted(lambda user: (user._is_system(), user.id))[0]
        return self.env["res.users"]
