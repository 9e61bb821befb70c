from odoo import models


class CollectionActionPayment(models.AbstractModel):
    """Where the debtor of a contact pays online."""

    _name = "collection.action.payment"
    _description = "Online payment from a collection action"

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
        if not self._can_pay_online() or not move_sudo._has_to_be_paid():
            return ""
        token = f"?access_token={move_sudo.access_token}" if move_sudo.access_token else ""
        return f"{self.company_id.get_base_url()}{move_sudo.access_url}{token}"

    def _can_pay_online(self):
        """Tell whether Odoo's online payment of invoices is installed and has a provider."""
        if not hasattr(self.env["account.move"], "_has_to_be_paid"):
            return False
        # In sudo mode as above.
        providers_sudo = self.env["payment.provider"].sudo()
        return bool(
            providers_sudo.search_count(
                [
                    *providers_sudo._check_company_domain(self.company_id),
                    ("state", "in", ("enabled", "test")),
                ],
                limit=1,
            )
        )
