from odoo import api, models

# What a machine carries to the debtor; the others are made by a person, who is told at once.
WRITTEN = ("email", "sms", "letter", "registered_letter", "electronic_letter")
CONFIRM_NOTICE = "recouvrement_creances.mail_activity_type_confirm_notice"


class CollectionGuardSenior(models.AbstractModel):
    """Contacts with vulnerable persons are made by one person of the company's choice."""

    _name = "collection.guard.senior"
    _description = "Contacts with vulnerable persons"

    # === BY HAND === #

    def _find_senior_rule(self, request):
        """Return why somebody else makes this contact, not that the debtor is vulnerable.

        What the machine is about to carry out is not asked about: ``_hand_to_senior`` deals with
        messages, and conversations become his to make.
        """
        case = request.case
        # In sudo mode to read who is vulnerable, which few people see.
        if not case.partner_id.sudo().collection_is_vulnerable:
            return ""
        senior = case.company_id._find_inherited("collection_senior_user_id")
        is_planned_message = request.action and request.channel in WRITTEN
        is_machine = request.action.state in ("proposed", "confirmed")
        if is_planned_message or is_machine or (senior and senior == self.env.user):
            return ""
        if not senior:
            return self._word_no_senior()
        return self.env._("Contacts with this debtor are made by %s.", senior.name)

    def _word_no_senior(self):
        return self.env._("A person has to make this contact: a manager names in the settings who.")

    # === BY THE MACHINE === #

    @api.model
    def _hand_to_senior(self, actions, as_of):
        """Make what was to leave to vulnerable persons a task of who looks after them.

        A formal notice has no effect by word of mouth: it stays what it is and leaves when that
        person has confirmed it.

        :return: the other actions
        """
        # In sudo mode to read who is vulnerable, which few people see.
        vulnerable = actions.filtered(
            lambda action: (
                action.channel in WRITTEN
                and not action.override_reason_id
                and action.case_id.partner_id.sudo().collection_is_vulnerable
            )
        )
        handed = self.env["collection.action"]
        for company, selected in vulnerable.grouped("company_id").items():
            senior = company._find_inherited("collection_senior_user_id")
            notices = selected.filtered("level_id.is_formal_notice")
            agreed = notices.filtered(lambda action, who=senior: action.confirmed_by_id == who)
            if not senior:
                self._put_back(selected, self._word_no_senior())
                handed |= selected
                continue
            self._ask_to_confirm(notices - agreed, senior, as_of)
            agreed.case_id.activity_unlink([CONFIRM_NOTICE])
            self._make_tasks(selected - notices, as_of)
            handed |= selected - agreed
        return actions - handed

    def _put_back(self, actions, reason):
        """Put contacts back among the proposals; a person decides."""
        for action in actions:
            action._apply_event("defer", {"failure_reason": reason})

    def _ask_to_confirm(self, notices, senior, as_of):
        """Let formal notices wait for the person who looks after their debtors."""
        self._put_back(
            notices,
            self.env._(
                "A formal notice to this debtor leaves when %s has confirmed it.", senior.name
            ),
        )
        for case in notices.case_id:
            if not case.activity_search([CONFIRM_NOTICE], user_id=senior.id):
                case.with_context(mail_activity_quick_update=True).activity_schedule(
                    CONFIRM_NOTICE,
                    summary=self.env._("It is a person's decision: look at the case first"),
                    date_deadline=as_of,
                    user_id=senior.id,
                )

    def _make_tasks(self, actions, as_of):
        """Make written contacts tasks of the person who looks after their debtors."""
        if actions:
            actions.write({"channel": "task"})
            task = self.env["collection.channel.task"]
            self.env["collection.executor"]._prepare_safely(task, actions, as_of)
