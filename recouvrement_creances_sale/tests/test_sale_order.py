from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestSaleOrder(TransactionCase):
    """Deliveries that collection has stopped are not ordered past it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create({"name": "Stopped", "is_company": True})
        cls.product = cls.env["product.product"].create({"name": "Door", "list_price": 100})
        groups = "sales_team.group_sale_salesman"
        context = {"no_reset_password": True}
        cls.seller = new_test_user(cls.env, "stop_seller", groups=groups, context=context)
        cls.manager = new_test_user(
            cls.env,
            "stop_manager",
            groups=f"{groups},recouvrement_creances.group_manager",
            context=context,
        )

    def _order(self, user):
        return (
            self.env["sale.order"]
            .with_user(user)
            .create(
                {
                    "partner_id": self.customer.id,
                    "user_id": user.id,
                    "order_line": [Command.create({"product_id": self.product.id})],
                }
            )
        )

    def test_stopped_customer_orders_nothing(self):
        self.customer.collection_stop_reason = "Late since January"
        order = self._order(self.seller)
        self.assertEqual(order.collection_stop_reason, "Late since January")
        with self.assertRaisesRegex(UserError, "Late since January"):
            order.action_confirm()
        self.assertEqual(order.state, "draft")

    def test_manager_of_collection_confirms_and_it_is_logged(self):
        self.customer.collection_stop_reason = "Late since January"
        order = self._order(self.manager)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertIn("Late since January", " ".join(order.sudo().message_ids.mapped("body")))

    def test_others_order_as_ever(self):
        order = self._order(self.seller)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_contact_of_a_stopped_customer_is_stopped(self):
        self.customer.collection_stop_reason = "Late since January"
        buyer = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.customer.id})
        order = self._order(self.seller)
        order.partner_id = buyer
        with self.assertRaises(UserError):
            order.action_confirm()
