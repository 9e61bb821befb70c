import re

from odoo.tests import HttpCase

from ..common import CollectionCommon

CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class PortalCommon(CollectionCommon, HttpCase):
    """Two debtors with links to their pages, and browsers without any login."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.partner_a | cls.partner_b).is_company = True
        cls.partner_a.write({"lang": "en_US", "street": "1 Old Street", "city": "Lyon"})
        cls.invoice = cls._overdue_invoice(40, amount=1000.0)
        cls.recent = cls._overdue_invoice(10, amount=500.0)
        cls.other_invoice = cls._overdue_invoice(20, amount=300.0, partner=cls.partner_b)

    def setUp(self):
        super().setUp()
        self._decide()
        self.case = self._case()
        self.other_case = self._case(self.partner_b)
        self.base = f"/my/collection/{self.case.id}"

    def _access(self, case):
        """Return the debtor's link to a case."""
        return case._get_portal_access()

    def _path(self, case):
        """Return what a debtor opens, without the server's address."""
        return "/c/" + self._access(case)._get_url().rpartition("/")[2]

    def _open(self, case=None):
        """Open the link of a case in a browser of its own."""
        self.authenticate(None, None)
        return self.url_open(self._path(case or self.case))

    def _get(self, path=""):
        return self.url_open(f"{self.base}{path}")

    def _post(self, path, data=None, files=None, source=None):
        """Send a form of a page, with the page's own mark against forged requests."""
        page = self.url_open(f"{self.base}{path if source is None else source}")
        found = CSRF.search(page.text)
        token = found[1] if found else ""
        return self.url_open(
            f"{self.base}{path}", data={"csrf_token": token, **(data or {})}, files=files
        )

    def _attempts(self, event=None):
        """Return the log of visits, the latest first."""
        self.env.invalidate_all()
        domain = [("event", "=", event)] if event else []
        return self.root["collection.portal.attempt"].search(domain)

    def _item_ids(self, *invoices):
        return [item.id for invoice in invoices for item in self._item(invoice)]

    # === PAYMENT === #

    @classmethod
    def _make_provider(cls, company=None):
        """Return Odoo's demo provider of a company, which takes the money of nobody."""
        company = company or cls.company
        method = cls.root.ref("payment_demo.payment_method_demo")
        method.active = True
        provider = cls.root.ref("payment.payment_provider_demo").copy(
            {
                "company_id": company.id,
                "name": f"Demo {cls.root['payment.provider'].search_count([])}",
            }
        )
        provider.write({"state": "test", "is_published": True})
        provider.journal_id = cls.root["account.journal"].search(
            [("company_id", "=", company.id), ("type", "=", "bank")], limit=1
        )
        return provider

    def _choose(self, invoices, amount="", **data):
        """Tick invoices on the page and return the page with the payment form."""
        return self._post("/pay", {"item": self._item_ids(*invoices), "amount": amount, **data})

    def _signed(self, response):
        """Return the signed choice of a payment form."""
        return re.search(r'data-access-token="([^"]+)"', response.text)[1]

    def _make_transaction(self, signed, **params):
        """Call the route of the payment form; return what it answers."""
        return self.make_jsonrpc_request(
            f"{self.base}/pay/transaction",
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.provider.payment_method_ids[:1].id,
                "token_id": None,
                "amount": None,
                "flow": "direct",
                "tokenization_requested": False,
                "landing_route": "/",
                "is_validation": False,
                "access_token": signed,
                **params,
            },
        )

    def _simulate(self, values, state="done"):
        """Let the provider say what became of a payment, and the debtor come back."""
        self.make_jsonrpc_request(
            "/payment/demo/simulate_payment",
            {"reference": values["reference"], "simulated_state": state},
        )
        self.make_jsonrpc_request("/payment/status/poll")
        self.env.invalidate_all()
        return self.root["payment.transaction"].search([("reference", "=", values["reference"])])

    def _pay_online(self, invoices, amount="", state="done"):
        """Pay invoices on the page; return the transaction."""
        signed = self._signed(self._choose(invoices, amount))
        return self._simulate(self._make_transaction(signed), state)
