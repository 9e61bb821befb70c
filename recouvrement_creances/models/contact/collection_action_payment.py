from odoo import api, fields, models


class CollectionActionPayment(models.AbstractModel):
    """Where the debtor of a contact pays online."""

    _name = "collection.action.payment"
    _description = "Online payment from a collection action"

    can_pay_online = fields.Boolean(
        compute="_compute_can_pay_online",
        compute_sudo=True,
        help="Odoo's online payment of invoices is installed and has a provider.",
    )

    # === COMPUTE === #

    @api.depends("company_id")
    def _compute_can_pay_online(self):
        providers = self.env["payment.provider"]
        for company, actions in self.grouped("company_id").items():
            # One that is being tested takes no debtor's money.
            domain = [("state", "=", "enabled"), ("is_published", "=", True)]
            actions.can_pay_online = bool(
                # one query per company, for all its contacts
                providers.search_count(
                    [*providers._check_company_domain(company), *domain], limit=1
                )
            )

    # === BUSINESS === #

    def _get_payment_url(self, move):
        """Return the address at which a document is paid online, or nothing where it cannot be.

        It carries the document's access token where it has one, which it got when it was sent:
        none is made here, as contacts write nothing on invoices. Without it the page asks the
        debtor to log in.

        :param move: an account.move that the contact speaks of
        """
        self.ensure_one()
        # In sudo mode to read the providers and the token: what is told depends on no reader.
        move_sudo = move.sudo()
        if not self.can_pay_online or not move_sudo._has_to_be_paid():
            return ""
        token = f"?access_token={move_sudo.access_token}" if move_sudo.access_token else ""
        return f"{self.company_id.get_base_url()}{move_sudo.access_url}{token}"
