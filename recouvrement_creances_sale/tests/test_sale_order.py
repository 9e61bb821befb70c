from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestSaleOrder(TransactionCase):
    """Deliveries that collection has stopped are not ordered past it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create(
            {"name": "Stopped", "is_company": True, "email": "stopped@debtor.example"}
        )
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

    def _order(self, user, **values):
        return (
            self.env["sale.order"]
            .with_user(user)
            .create(
                {
                    "partner_id": self.customer.id,
                    "user_id": user.id,
                    "order_line": [Command.create({"product_id": self.product.id})],
                    **values,
                }
            )
        )

    def _pay(self, order, amount):
        """Let the customer pay online, as far as the order is concerned."""
        provider = self.env["payment.provider"].search(
            [("company_id", "=", order.company_id.id), ("code", "=", "demo")], limit=1
        )
        methods = self.env["payment.method"].with_context(active_test=False)
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": methods.search([("code", "=", "demo")], limit=1).id,
                "amount": amount,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "reference": f"stop-{order.id}-{amount}",
                "state": "done",
                "sale_order_ids": [Command.link(order.id)],
            }
        )
        order.invalidate_recordset()
        # As the customer's return from the payment does it.
        public = self.env.ref("base.public_user")
        transaction.with_user(public).sudo()._check_amount_and_confirm_order()

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

    def test_earlier_debts_stop_no_order_after_an_opening(self):
        self.customer.collection_stop_reason = "Late since January"
        self.env["collection.case"].create(
            {"partner_id": self.customer.id, "company_id": self.env.company.id}
        )
        order = self._order(self.seller)
        self.env["collection.insolvency"].create(
            {
                "partner_id": self.customer.id,
                "kind": "reorganisation",
                "judgement_date": fields.Date.today(),
            }
        )
        self.env.invalidate_all()
        order.action_confirm()
        self.assertEqual(order.state, "sale")

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

    def test_payment_in_advance_is_told_and_stops_nothing(self):
        order = self._order(self.seller)
        self.assertFalse(order.collection_advance_note)
        self.customer.collection_prepays = True
        self.env.invalidate_all()
        self.assertIn("in advance", order.with_user(self.seller).collection_advance_note)
        view = self.env["sale.order"].get_view(view_type="form")["arch"]
        self.assertIn("collection_advance_note", view)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    # === CUSTOMERS CONFIRM BY THEMSELVES === #

    def test_customer_signs_no_stopped_order(self):
        order = self._order(self.seller, require_signature=True, require_payment=False)
        buyer = new_test_user(
            self.env,
            "stop_buyer",
            groups="base.group_portal",
            context={"no_reset_password": True},
        )
        customers = (buyer, self.env.ref("base.public_user"))
        for user in customers:
            self.assertTrue(order.with_user(user).sudo()._has_to_be_signed())
        self.customer.collection_stop_reason = "Late since January"
        self.env.invalidate_all()
        for user in customers:
            seen = order.with_user(user).sudo()
            with self.subTest(user=user.login):
                self.assertFalse(seen._has_to_be_signed())
                with self.assertRaisesRegex(UserError, "get in touch"):
                    seen._validate_order()
        self.assertEqual(order.state, "draft")

    def test_customer_does_not_read_why(self):
        order = self._order(self.seller)
        buyer = new_test_user(
            self.env,
            "stop_buyer",
            groups="base.group_portal",
            partner_id=self.customer.id,
            context={"no_reset_password": True},
        )
        seen = order.with_user(buyer)
        self.assertEqual(seen.read(["name"])[0]["name"], order.name)
        self.assertNotIn("collection_stop_reason", seen.fields_get())

    def test_seller_confirms_nothing_by_a_job_in_his_name(self):
        self.customer.collection_stop_reason = "Late since January"
        order = self._order(self.seller)
        with self.assertRaisesRegex(UserError, "Late since January"):
            order.sudo().action_confirm()

    def test_order_paid_in_full_is_confirmed_and_it_is_logged(self):
        self.customer.collection_stop_reason = "Late since January"
        order = self._order(self.seller, require_payment=True, prepayment_percent=0.3)
        self.assertEqual(order._get_prepayment_required_amount(), order.amount_total)
        self._pay(order, order.amount_total)
        self.assertEqual(order.state, "sale")
        self.assertIn("Late since January", " ".join(order.sudo().message_ids.mapped("body")))

    def test_part_of_the_price_confirms_no_stopped_order(self):
        for values in (
            {"require_payment": True, "prepayment_percent": 0.3},
            {"require_payment": False},
        ):
            with self.subTest(values=values):
                self.customer.collection_stop_reason = False
                free = self._order(self.seller, **values)
                self._pay(free, free.amount_total * 0.3)
                self.assertEqual(free.state, "sale")
                self.customer.collection_stop_reason = "Late since January"
                order = self._order(self.seller, **values)
                self._pay(order, order.amount_total * 0.3)
                self.assertEqual(order.state, "draft")
