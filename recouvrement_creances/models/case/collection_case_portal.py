from odoo import fields, models


class CollectionCasePortal(models.AbstractModel):
    """The debtor's page: who has a link to it, who opened it, what was handed in there."""

    _name = "collection.case.portal"
    _description = "Debtor's page of a collection case"

    portal_access_ids = fields.One2many(
        "collection.portal.access", "case_id", string="Links", readonly=True
    )
    portal_attempt_ids = fields.One2many(
        "collection.portal.attempt", "case_id", string="Visits", readonly=True
    )
    contact_change_ids = fields.One2many(
        "collection.contact.change", "case_id", string="Changes of address", readonly=True
    )

    # === ACTIONS === #

    def action_open_portal(self):
        """Show the page as the debtor sees it; nothing can be handed in there by colleagues."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/my/collection/{self.id}",
            "target": "new",
        }

    # === BUSINESS === #

    def _give_portal_accesses(self):
        """Return {case: the debtor's link}, without those whose company sends none."""
        # In sudo mode to read a setting and links: who writes to a debtor has no right to them.
        cases_sudo = self.sudo().filtered(lambda case: case.company_id.collection_portal_link)
        return self.env["collection.portal.access"]._give(cases_sudo)

    def _get_portal_access(self):
        """Return the debtor's link to the case, or an empty record where messages carry none."""
        self.ensure_one()
        return self._give_portal_accesses().get(
            self.sudo(), self.env["collection.portal.access"].sudo()
        )

    def _describe_portal(self):
        """Return what an access request tells of the debtor's page, as plain values."""
        self.ensure_one()
        return {
            "addresses_given": [
                {"moment": str(change.given_at), "text": change.summary, "from": change.ip or ""}
                for change in self.contact_change_ids.sorted("id")
            ],
            "visits_of_the_page": [
                {"moment": str(visit.occurred_at), "what": visit.event, "from": visit.ip or ""}
                for visit in self.portal_attempt_ids.sorted("id")
            ],
        }
