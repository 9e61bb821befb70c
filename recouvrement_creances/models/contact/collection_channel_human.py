from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL

# How a promise was made, by the channel of the contact; a task notes what was said on the phone.
PROMISED_BY = {"call": "call", "visit": "visit", "meeting": "meeting"}
CONVERSATIONS = ("call", "visit", "meeting", "task")


class CollectionChannelHuman(models.AbstractModel):
    """What a person does: the action becomes an activity of the case's collector."""

    _name = "collection.channel.human"
    _description = "Collection by a person"
    _inherit = "collection.channel"

    # The activity type that carries the task.
    _activity_type = None

    @api.model
    def _prepare(self, actions, as_of):
        self._give_tasks(actions, as_of)
        return super()._prepare(actions, as_of)

    def _give_tasks(self, actions, deadline):
        """Put the contacts on the to-do list of their cases' collectors."""
        activity_type = self.env.ref(self._activity_type)
        people = self._map_people(actions)
        model_id = self.env["ir.model"]._get_id("collection.case")
        activities = (
            self.env["mail.activity"]
            .with_context(mail_activity_quick_update=True)
            .create(
                [
                    {
                        "activity_type_id": activity_type.id,
                        "automated": True,
                        "res_model_id": model_id,
                        "res_id": action.case_id.id,
                        "date_deadline": deadline,
                        "user_id": people[action].id,
                        "summary": self._get_summary(action),
                        "note": self._get_instructions(action),
                    }
                    for action in actions
                ]
            )
        )
        for action, activity in zip(actions, activities, strict=True):
            action.activity_id = activity

    def _map_people(self, actions):
        """Return {action: who gets its task}."""
        responsible = actions.case_id._map_responsible()
        return {
            action: self._find_senior(action) or responsible[action.case_id] for action in actions
        }

    def _find_senior(self, action):
        """Return who looks after vulnerable persons, where the debtor is one; else nobody."""
        # In sudo mode to read who is vulnerable, which few people see.
        if action.case_id.partner_id.sudo().collection_is_vulnerable:
            return action.company_id._find_inherited("collection_senior_user_id")
        return self.env["res.users"]

    def _get_summary(self, action):
        """Return what the worklist shows: the level, whom to reach and in which language."""
        language = action.language if action.channel != "task" else ""
        parts = (action.level_id.name, action.partner_id.name, action.recipient, language)
        return " · ".join(filter(None, parts))

    def _get_instructions(self, action):
        """Return the step's instructions, and what was due where a person takes over."""
        step = action.step_id
        if not step or step.channel == action.channel:
            return step.instructions
        channels = dict(action._fields["channel"]._description_selection(self.env))
        text = step.sms_template_id.name if step.channel == "sms" else step.template_id.name
        due = self.env._(
            "Instead of: %s",
            " · ".join(filter(None, (channels[step.channel], text, action.recipient))),
        )
        return Markup("<br/>").join(filter(None, (due, step.instructions)))

    # === WHO FOLLOWS THE CASE BY NOW === #

    @api.model
    def _follow_collectors(self, company, as_of):
        """Let what waits belong to who follows its case by now, and give lost tasks anew.

        Odoo deletes the tasks of a user who is archived, and asks nobody.
        """
        former = self._assign_waiting(company)
        actions = self.env["collection.action"]
        planned = actions.browse(former).filtered(lambda action: action.state == "planned")
        self._move_tasks(planned, former, company)
        lost = actions.search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "planned"),
                ("channel", "in", CONVERSATIONS),
                ("activity_id", "=", False),
                ("case_id.is_open", "=", True),
            ]
        )
        # A day that was agreed on stays; what is late by now is for today.
        for (channel, day), selected in lost.grouped(
            lambda action: (action.channel, max(action.date_planned or as_of, as_of))
        ).items():
            self.env[f"collection.channel.{channel}"]._give_tasks(selected, day)

    def _assign_waiting(self, company):
        """Write the collectors of their cases on waiting contacts; return {id: the former one}."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE collection_action action
                   SET user_id = debt.user_id
                  FROM collection_action former
                  JOIN collection_case debt ON debt.id = former.case_id
                 WHERE former.id = action.id
                   AND former.company_id = %s
                   AND former.state IN ('proposed', 'confirmed', 'planned', 'failed', 'ambiguous')
                   AND former.user_id IS DISTINCT FROM debt.user_id
             RETURNING action.id, former.user_id
                """,
                company.id,
            )
        )
        self.env["collection.action"].invalidate_model(["user_id"])
        return dict(rows)

    def _move_tasks(self, actions, former, company):
        """Give tasks to who follows their cases now, unless somebody else was given them by hand.

        :param dict former: {id of an action: id of its former collector}
        """
        if not actions:
            return
        manager = self.env["res.users"]._find_collection_manager(company)
        people = self._map_people(actions)
        left = actions.filtered(
            lambda action: action.activity_id.user_id.id == (former[action.id] or manager.id)
        ).filtered("activity_id")
        for user, selected in left.grouped(lambda action: people[action]).items():
            selected.activity_id.with_context(mail_activity_quick_update=True).user_id = user

    # === OUTCOME === #

    @api.model
    def _log_outcome(self, action, outcome, as_of, values):
        """Write down what came of a conversation and do what it asks for.

        :param str outcome: one of ``collection_action.OUTCOMES``
        :param date as_of: today; also the day of the conversation, unless it took place earlier
        :param dict values: nonpayment_reason, hold_reason, override_reason (records), next_date,
            amount, note, overridden (the rule that was overridden), contacted_at (UTC, when it
            took place), is_incoming (the debtor called); dispute_category, dispute_items,
            dispute_amount of what is disputed; each may be empty
        """
        override_reason = values.get("override_reason") or self.env["collection.reason"]
        facts = self._describe_outcome(action, outcome, values)
        result = {
            "outcome": outcome,
            "nonpayment_reason_id": values["nonpayment_reason"].id,
            "note": values.get("note"),
            "override_reason_id": override_reason.id,
            "override_note": values.get("overridden"),
            "attempt_count": action.attempt_count + 1,
            "is_incoming": bool(values.get("is_incoming")),
        }
        self.env["collection.evidence"]._note(
            action, "outcome", facts, occurred_at=values.get("contacted_at")
        )
        self.env["collection.note.flag"]._flag("contact", [(action.case_id, action, facts["note"])])
        if values["nonpayment_reason"]:
            action.case_id._note_nonpayment_reason(
                values["nonpayment_reason"], action.channel, as_of
            )
        getattr(self, f"_after_{outcome}", self._after_conversation)(action, as_of, values, result)
        # The conversation counts at once: its level was reached, or a hold began.
        action.case_id._refresh_verdicts(as_of)

    def _describe_outcome(self, action, outcome, values):
        """Return what the evidence keeps of a conversation."""
        override_reason = values.get("override_reason") or self.env["collection.reason"]
        return {
            "recipient": action.recipient,
            "outcome": outcome,
            "note": values.get("note") or "",
            "next_date": str(values.get("next_date") or ""),
            "reason": values["nonpayment_reason"].name or "",
            "amount": values.get("amount") or 0.0,
            "overridden": values.get("overridden") or "",
            "override_reason": override_reason.name or "",
            "noted_at": fields.Datetime.to_string(fields.Datetime.now()),
            **({"from": "debtor"} if values.get("is_incoming") else {}),
        }

    def _after_conversation(self, action, as_of, values, result):
        """Reached, refuses: the contact counts; with a date, somebody calls again then."""
        self._complete(action, as_of, values, result)
        if values.get("next_date"):
            self._plan_again(action, values["next_date"])

    def _after_no_answer(self, action, as_of, values, result):
        """Nobody was reached: the task comes back until the policy's attempts are used up."""
        attempts = action.case_id.policy_id.call_attempts or 1
        if action.attempt_count + 1 >= attempts:
            self._complete(action, as_of, values, result)
            return
        next_date = values.get("next_date") or as_of + timedelta(days=1)
        action.write({**result, "date_planned": next_date})
        if action.activity_id:
            action.activity_id.sudo().date_deadline = next_date
        else:
            self._give_tasks(action, next_date)

    def _after_voicemail(self, action, as_of, values, result):
        self._after_no_answer(action, as_of, values, result)

    def _after_wrong_number(self, action, as_of, values, result):
        action.write(result)
        problem = (
            self.env._("Wrong number or address: %s", action.recipient)
            if action.recipient
            else self.env._("Wrong number or address.")
        )
        action._fail(problem)
        self._ask_for_address({action: problem})

    def _after_promised(self, action, as_of, values, result):
        self._complete(action, as_of, values, result)
        case = action.case_id
        self.env["collection.promise"]._make(
            case,
            values.get("items") or case._get_promisable_items(),
            values["amount"],
            values["next_date"],
            action.partner_id,
            PROMISED_BY.get(action.channel, "call"),
            values.get("note"),
            values.get("remind", False),
            as_of,
        )

    def _after_disputes(self, action, as_of, values, result):
        self._complete(action, as_of, values, result)
        disputes = self.env["collection.dispute"]
        chosen = values.get("dispute_items") or action.case_id.open_item_ids
        lines = list(disputes._get_undisputed(chosen).items())
        if len(lines) == 1 and values.get("dispute_amount"):
            lines = [(lines[0][0], values["dispute_amount"])]
        # Said again of what is disputed already: the dispute that runs goes on.
        if lines:
            disputes._open(
                action.case_id,
                lines,
                values.get("dispute_category")
                or self.env["collection.dispute.category"]._get_of_kind("other"),
                values.get("note") or "",
                opened_by=action.partner_id,
                how=action.channel if action.channel != "task" else "other",
                as_of=as_of,
                deadline=values["next_date"],
            )

    def _after_cannot_pay(self, action, as_of, values, result):
        self._complete(action, as_of, values, result)
        self._hold(action, "manual", as_of, values)

    def _after_already_paid(self, action, as_of, values, result):
        self._complete(action, as_of, values, result)
        case = action.case_id
        if self.env["collection.dispute"]._get_undisputed(case.open_item_ids):
            case._note_already_paid(
                case.open_item_ids,
                how=action.channel,
                until=values["next_date"],
                as_of=as_of,
                note=values.get("note"),
            )

    def _after_call_back(self, action, as_of, values, result):
        self._complete(action, as_of, values, result)
        self._plan_again(action, values["next_date"], is_agreed=True)

    # === HELPERS === #

    def _complete(self, action, as_of, values, result):
        """Count the conversation from the day on which it took place."""
        moment = values.get("contacted_at")
        day = action.company_id._get_collection_day(moment) if moment else as_of
        action._complete(day, result)

    def _hold(self, action, kind, as_of, values):
        """Hold the case until the date that was agreed on."""
        self.env["collection.hold"].create(
            {
                "case_id": action.case_id.id,
                "kind": kind,
                "reason_id": values["hold_reason"].id,
                "date_start": as_of,
                "date_end": values["next_date"],
                "note": values.get("note"),
            }
        )

    def _plan_again(self, action, date, is_agreed=False):
        """Give the collector the same task on another day, outside the ladder."""
        # In sudo mode to create the action: people log outcomes, the flow creates contacts.
        again_sudo = (
            action.sudo()
            ._with_door()
            .create(
                {
                    "company_id": action.company_id.id,
                    "case_id": action.case_id.id,
                    "channel": action.channel,
                    "mode": "manual",
                    "state": "confirmed",
                    "date_planned": date,
                    "is_agreed": is_agreed,
                    "user_id": action.case_id.user_id.id,
                    "partner_id": action.partner_id.id,
                    "recipient": action.recipient,
                }
            )
        )
        self.env[f"collection.channel.{action.channel}"].sudo()._prepare(again_sudo, date)
