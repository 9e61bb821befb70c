from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...rules.parameters import value_on

MOST_MONTHS = 120
MOST_DAYS = 365


class CollectionPolicySchedule(models.AbstractModel):
    """What a policy allows of payment schedules, and how they are followed."""

    _name = "collection.policy.schedule"
    _description = "Schedules of a collection policy"

    schedule_longest_months = fields.Integer(
        string="Longest schedule (months)",
        default=lambda self: value_on("schedule.longest", fields.Date.today()),
        tracking=True,
        help="Beyond it an approval is needed. 0: no limit.",
    )
    schedule_manager_months = fields.Integer(
        string="Managers approve up to (months)",
        default=36,
        tracking=True,
        help="Longer schedules are approved by a finance director.",
    )
    schedule_wait_months = fields.Integer(
        string="Longest wait for a payment (months)",
        default=3,
        tracking=True,
        help="Until the first payment and from one to the next; beyond it an approval is needed: "
        "a single payment in a year is no schedule. 0: no limit.",
    )
    schedule_cure_days = fields.Integer(
        string="Days to catch up",
        default=0,
        tracking=True,
        help="From the notice until the whole becomes due. 0: 15 for professionals, 30 for "
        "consumers; a period that is too short makes the clause void (1re civ. 22/03/2023).",
    )
    schedule_reminder_before = fields.Integer(
        string="Reminder before an instalment (days)", default=3, tracking=True, help="0: none."
    )
    schedule_reminder_after = fields.Integer(
        string="Reminder after a missed instalment (days)",
        default=4,
        tracking=True,
        help="0: none.",
    )
    schedule_notice_after = fields.Integer(
        string="Notice after a missed instalment (days)",
        default=10,
        tracking=True,
        help="A registered letter that a person confirms. 0: given by hand only.",
    )
    schedule_discount_rate = fields.Float(
        string="Discount rate (% a year)",
        digits=(6, 2),
        default=5.0,
        tracking=True,
        help="What money costs the company: shows what a plan is worth today.",
    )

    # === CONSTRAINTS === #

    @api.constrains(
        "schedule_longest_months",
        "schedule_manager_months",
        "schedule_wait_months",
        "schedule_cure_days",
        "schedule_reminder_before",
        "schedule_reminder_after",
        "schedule_notice_after",
        "schedule_discount_rate",
    )
    def _check_schedule_limits(self):
        for policy in self:
            months = (
                policy.schedule_longest_months,
                policy.schedule_manager_months,
                policy.schedule_wait_months,
            )
            days = (
                policy.schedule_cure_days,
                policy.schedule_reminder_before,
                policy.schedule_reminder_after,
                policy.schedule_notice_after,
            )
            if not (
                all(0 <= value <= MOST_MONTHS for value in months)
                and all(0 <= value <= MOST_DAYS for value in days)
                and 0 <= policy.schedule_discount_rate < 100
            ):
                raise ValidationError(
                    self.env._(
                        "“%(policy)s”: schedules last %(months)s months at most, their days are "
                        "%(days)s at most, the rate is below 100 percent, and nothing is negative.",
                        policy=policy.name,
                        months=MOST_MONTHS,
                        days=MOST_DAYS,
                    )
                )
