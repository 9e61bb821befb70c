from datetime import date

from odoo import api, fields, models
from odoo.tools import SQL

from ...rules.formal_notice import ELECTRONIC, NoticeProof, notice_state

# What the post reports of a letter that nobody signed for; the event of "unknown address" makes
# the contact a failed one.
LETTER_OUTCOMES = [
    ("received", "Received"),
    ("not_collected", "Not collected"),
    ("refused", "Refused"),
    ("unknown_address", "Unknown at this address"),
]


class CollectionActionNotice(models.AbstractModel):
    """A formal notice after it left: from when its period runs, and what waits for its end."""

    _name = "collection.action.notice"
    _description = "Formal notice of a collection action"

    is_notice = fields.Boolean(
        string="Formal notice", readonly=True, help="It left as a formal notice (C. civ. 1344)."
    )
    notice_days = fields.Integer(
        string="Days given",
        readonly=True,
        help="What its text gives for payment; it stays when the policy is revised afterwards.",
    )
    letter_outcome = fields.Selection(
        selection=LETTER_OUTCOMES, string="What became of the letter", readonly=True
    )
    informed_on = fields.Date(
        string="Debtor informed on",
        readonly=True,
        help="The provider's e-mail told him that an electronic letter waits; he has 15 days.",
    )
    accepted_on = fields.Date(readonly=True)
    notice_runs_from = fields.Date(
        string="Notice took effect on",
        readonly=True,
        help="First presentation of a registered letter, acceptance of an electronic one, else the "
        "day it left: its period counts from it, and the interest that a consumer owes "
        "(C. civ. 1344, 1231-6). Empty: no notice yet.",
    )
    notice_ends_on = fields.Date(
        string="Period ends on",
        readonly=True,
        help="Last day that the formal notice gives, counted from its first presentation.",
    )
    next_level_from = fields.Date(
        string="Next level from",
        readonly=True,
        help="First day on which what follows the formal notice may come.",
    )
    presentation_asked_on = fields.Date(readonly=True)

    _notice_index = models.Index("(case_id) WHERE is_notice IS TRUE")
    # What the post or a provider may still report: looked for every hour.
    _letter_index = models.Index(
        "(company_id) WHERE channel IN ('registered_letter', 'electronic_letter') "
        "AND state IN ('planned', 'sent') AND accepted_on IS NULL"
    )

    # === BUSINESS === #

    def _start_notice(self):
        """These contacts left as formal notices; an internal task reaches nobody."""
        notices = self.filtered(lambda action: action.channel != "task")
        # In sudo mode as everywhere: contacts are written by the flow only.
        notices_sudo = notices.sudo()
        notices_sudo.is_notice = True
        notices_sudo.filtered(lambda action: not action.notice_days)._keep_given_days()
        notices_sudo._follow_notice()

    def _keep_given_days(self):
        """Keep the days that the text gives, once it is written: they are counted as promised."""
        for action in self._filter_notices():
            action.notice_days = action._get_given_days()

    def _follow_notice(self):
        """Count the period anew of those of the contacts that left as formal notices.

        It runs from the first presentation of a registered letter, from the acceptance of an
        electronic one; any other contact has neither, and its period runs from the day it left.
        """
        for action in self.filtered("is_notice"):
            state = notice_state(
                action._get_notice_proof(),
                action.case_id.partner_id.collection_debtor_kind or "professional",
                date.max,
                action._get_holidays(),
            )
            action.write(
                {
                    "notice_runs_from": state.runs_from,
                    "notice_ends_on": state.ends_on,
                    "next_level_from": state.next_level_from,
                }
            )

    def _get_notice_proof(self):
        self.ensure_one()
        if self.channel == "electronic_letter":
            return NoticeProof(
                form=ELECTRONIC,
                sent_on=self.contact_date,
                informed_on=self.informed_on or None,
                accepted_on=self.accepted_on or None,
                outcome=self.letter_outcome or None,
                days=self.notice_days or self.level_id.notice_days or None,
            )
        registered = self.channel == "registered_letter"
        return NoticeProof(
            sent_on=self.contact_date,
            presented_on=(self.presented_on if registered else self.contact_date) or None,
            outcome=self.letter_outcome or None,
            days=self.notice_days or self.level_id.notice_days or None,
        )

    def _get_holidays(self):
        """Return the test of public holidays where the debtor is, its department included."""
        self.ensure_one()
        return self.env["collection.contact.facts"]._find_place(self.case_id).is_holiday

    def _arrive(self):
        """A letter thought to have come back did arrive: it counts from the day it left."""
        self._apply_event("arrive", {"failure_reason": False})
        for day, actions in self.grouped("contact_date").items():
            actions._register_contact(day)

    def _gives_notice_of(self, item):
        """Tell whether it left as the formal notice of an item, which it does not only list."""
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: line.item_id == item)
        return self.is_notice and self.level_id in lines.level_id

    # === FOR OTHERS === #

    @api.model
    def _read_notices(self, item_ids):
        """Return {item id: (day its first notice took effect, first day after its period)}.

        What left as a formal notice counts, whatever its level says today; one that was neither
        presented nor accepted has no days yet. What the notice only lists at a lower level was
        not given notice of.
        """
        self.flush_model()
        self.env["collection.action.item"].flush_model()
        return {
            item_id: days
            for item_id, *days in self.env.execute_query(
                SQL(
                    """
                    SELECT line.item_id, MIN(action.notice_runs_from), MIN(action.next_level_from)
                      FROM collection_action_item line
                      JOIN collection_action action ON action.id = line.action_id
                     WHERE line.item_id IN %s
                       AND action.is_notice IS TRUE
                       AND line.level_id = action.level_id
                       AND action.state IN ('sent', 'done')
                  GROUP BY line.item_id
                    """,
                    tuple(item_ids) or (0,),
                )
            )
        }

    @api.model
    def _select_running_notices(self, parts):
        """Return the items that a formal notice brought to its level and whose period is not over.

        :param dict parts: company_id, as_of and scope of the decision
        :return: SQL of (id, open_on); no open_on while a notice waits for its first presentation
        """
        return SQL(
            """
            SELECT line.item_id AS id,
                   CASE WHEN BOOL_AND(action.next_level_from IS NOT NULL)
                        THEN MAX(action.next_level_from) END AS open_on
              FROM collection_action action
              JOIN collection_action_item line ON line.action_id = action.id
               AND line.level_id = action.level_id
              JOIN collection_case debt ON debt.id = action.case_id
             WHERE action.is_notice IS TRUE
               AND action.state IN ('sent', 'done')
               AND (action.next_level_from IS NULL OR action.next_level_from > %(as_of)s)
               AND debt.company_id = %(company_id)s
               AND %(scope)s
          GROUP BY line.item_id
            """,
            **{key: parts[key] for key in ("company_id", "as_of", "scope")},
        )
