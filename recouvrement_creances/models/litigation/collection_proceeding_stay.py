from odoo import api, fields, models
from odoo.tools import format_date

# Nothing goes on of it any more.
ENDED = ("rejected", "withdrawn", "closed")


class CollectionProceedingStay(models.AbstractModel):
    """What an insolvency of the debtor stops in court (C. com. L622-21, L622-22)."""

    _name = "collection.proceeding.stay"
    _description = "Stay of court proceedings"

    is_stayed = fields.Boolean(
        string="Stayed by insolvency", compute="_compute_is_stayed", compute_sudo=True
    )

    # === COMPUTE === #

    @api.depends("state", "item_ids.verdict")
    def _compute_is_stayed(self):
        for proceeding in self:
            held = "insolvency" in proceeding.item_ids.mapped("verdict")
            proceeding.is_stayed = held and proceeding.state not in ENDED

    # === BUSINESS === #

    def _tell_insolvency(self, record):
        """Tell who follows it of proceedings that stop it; called in sudo mode, once.

        :param record: the collection.insolvency
        """
        going = self.filtered(lambda proceeding: proceeding.state not in ENDED)
        if not going:
            return
        earlier = record._filter_earlier(going.item_ids)
        words = self.env._(
            "Insolvency proceedings as of %s: nothing is sued for or enforced of earlier debts. "
            "What is before the judge waits until the claim is declared.",
            format_date(self.env, record.judgement_date),
        )
        for proceeding in going.filtered(lambda one: one.item_ids & earlier):
            proceeding._message_log(body=words)
            proceeding.message_notify(
                partner_ids=proceeding.case_user_id.filtered("active").partner_id.ids,
                subject=f"{words} {proceeding.display_name}",
                body=words,
            )
