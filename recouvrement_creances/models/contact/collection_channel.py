from dataclasses import dataclass

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..policy.collection_level_step import SPOKEN_OF

# What one sending leaves on its action; the next one leaves its own.
MADE_BY_SENDING = (
    "failure_reason",
    "partner_id",
    "recipient",
    "override_reason_id",
    "override_note",
    "not_before",
    "wait_rule",
    "contact_date",
    "outcome",
    "mail_id",
    "sms_id",
    "attachment_id",
    "tracking_number",
    "presented_on",
    "acknowledged_on",
    "acknowledgement_id",
    "is_notice",
    "notice_days",
    "letter_outcome",
    "informed_on",
    "accepted_on",
    "notice_runs_from",
    "notice_ends_on",
    "next_level_from",
    "presentation_asked_on",
)
# The task of finding out where a debtor can be reached.
FIND_DEBTOR = "recouvrement_creances.mail_activity_type_find_debtor"


@dataclass(frozen=True)
class Way:
    """How a contact would reach the debtor.

    :ivar problem: in words, why it does not; empty when it does
    :ivar wish: in words, that the debtor does not want this channel; empty when it may be used
    """

    channel: str
    partner: object
    address: str
    problem: str
    wish: str


class CollectionChannel(models.AbstractModel):
    """What every channel has in common; each way to reach a debtor extends it.

    A channel prepares actions (render, freeze as evidence, give to a person) inside a savepoint,
    then hands them over (send) outside, once the preparation is committed.
    """

    _name = "collection.channel"
    _description = "Collection channel"

    # The kind of address the channel needs; see ``res.partner._find_collection_contact``.
    _address_kind = None

    # === RECIPIENTS === #

    @api.model
    def _find_recipients(self, actions):
        """Give each action its recipient, by its channel or its step's other one.

        Where the debtor wants neither, the action keeps its channel: the guard says so.

        :return: (actions with a recipient or a wish against them, {action: what is missing})
        """
        found, missing = self.env["collection.action"], {}
        for action in actions:
            way = self._find_way(action)
            if way.problem and not (way.wish and not action.override_reason_id):
                missing[action] = way.problem
                continue
            action.write(
                {"channel": way.channel, "partner_id": way.partner.id, "recipient": way.address}
            )
            found |= action
        return found, missing

    @api.model
    def _find_way(self, action):
        """Return the first Way that has an address and that the debtor does not refuse.

        A refused one comes after it, for who overrides the wish; where nobody may be reached no
        address is looked for.
        """
        debtor, ways = action.case_id.partner_id, []
        for channel in filter(None, (action.channel, action.step_id.fallback_channel)):
            service = self.env[f"collection.channel.{channel}"]
            partner, address, problem = service._find_recipient(action)
            wish = debtor._find_contact_refusal(channel)
            if not action.override_reason_id:
                problem = wish or problem
            way = Way(channel, partner, address, problem, wish)
            if not (problem or wish):
                return way
            ways.append(way)
        # What is missing last is what is said: the other way was tried as well.
        ways.reverse()
        return min(ways, key=lambda way: (bool(way.problem), bool(way.wish)))

    @api.model
    def _find_recipient(self, action):
        """Return (partner, address, problem): who is reached where, or why nobody is."""
        debtor = action.case_id.partner_id
        if not self._address_kind:
            return debtor._get_collection_recipients()[0], "", ""
        return debtor._find_collection_contact(self._address_kind)

    @api.model
    def _ask_for_address(self, problems):
        """Give collectors the task to find debtors, once a case, without a mail for each.

        :param dict problems: {action: what is wrong with the address}
        """
        cases = self.env["collection.case"].union(*(action.case_id for action in problems))
        asked = set(cases.activity_search([FIND_DEBTOR], only_automated=False).mapped("res_id"))
        responsible = cases._map_responsible()
        for action, problem in problems.items():
            user = responsible[action.case_id]
            case = action.case_id.with_context(mail_activity_quick_update=True)
            if case.id not in asked:
                asked.add(case.id)
                case.activity_schedule(FIND_DEBTOR, summary=problem, user_id=user.id)

    # === CONTRACT === #

    @api.model
    def _prepare(self, actions, as_of):
        """Render and freeze; return the actions to hand over afterwards.

        By default a person does it: nothing is handed over.
        """
        actions._apply_event("plan", {"date_planned": as_of})
        return self.env["collection.action"]

    @api.model
    def _hand_over(self, actions, as_of):
        """Send what was prepared. Channels that people carry out have nothing to do here."""

    @api.model
    def _settle(self, actions, as_of, interrupted):
        """Find out what became of actions that were handed over: by default a person decides.

        :param interrupted: those of the actions whose handing over broke off
        """
        actions._apply_event("lose")

    # === RENDERING === #

    @api.model
    def _render(self, actions, field):
        """Return {action id: a field of the step's template, in the debtor's language}."""
        rendered = {}
        for template, selected in actions.grouped(lambda action: action._get_template()).items():
            self._check_template(template, selected)
            rendered.update(template._render_field(field, selected.ids, compute_lang=True))
        return rendered

    @api.model
    def _check_template(self, template, actions):
        """Refuse a text that is missing, that another kind of record would fill in, or that asks
        a consumer for costs: a policy for professionals may be named on a consumer by hand.
        """
        if not template:
            raise UserError(self.env._("The step has no text."))
        if template.model != SPOKEN_OF:
            # In sudo mode to name the kind of record, which administrators alone may read.
            raise UserError(
                self.env._(
                    "The template “%(template)s” is not written for collection contacts, but for "
                    "“%(model)s”: choose another one.",
                    template=template.name,
                    model=template.sudo().model_id.name or "",
                )
            )
        # In sudo mode to read the kind of debtor, which only internal users see.
        kinds = actions.sudo().debtor_id.mapped("collection_debtor_kind")
        if "consumer" in kinds:
            template._check_collection_words(for_consumers=True)

    @api.model
    def _get_facts(self, action, statement=None, **facts):
        """Return what the evidence of a contact keeps beside its text: the amounts it told.

        :param dict statement: of ``_get_statement``, when the text was written from it
        """
        statement = statement or action._get_statement()
        template = action._get_template()
        return {
            "recipient": action.recipient,
            "partner": action.partner_id.display_name,
            "items": [{**row, "currency": row["currency"].name} for row in statement["rows"]],
            "totals": {currency.name: total for currency, total in statement["totals"].items()},
            "template": f"{template.name} ({fields.Datetime.to_string(template.write_date)})"
            if template
            else "",
            **facts,
        }
