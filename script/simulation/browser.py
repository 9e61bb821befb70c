"""A debtor's browser: opens the link of a message and fills in the forms of his page, by HTTP."""

import re

import requests
from lxml import html

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SIGNED_CHOICE = re.compile(r'data-access-token="([^"]+)"')
PROVIDER = re.compile(r'data-provider-id="(\d+)"')
OPTION = re.compile(r'data-payment-option-id="(\d+)"')
AGENT = "Mozilla/5.0 (simulated debtor)"
PATIENCE = 60


class PageRefused(Exception):
    """The page did not take what a debtor handed in; the text says what it answered."""


class Browser:
    """One debtor's session on the page of one case.

    :param bool is_curious: he reads the pages to which he is sent before and after a form, too
    """

    def __init__(self, address, link, is_curious=False):
        self.address = address
        self.is_curious = is_curious
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["User-Agent"] = AGENT
        page = self._request("GET", link, allow_redirects=is_curious)
        opened = page.headers.get("Location", page.url)
        found = re.search(r"/my/collection/(\d+)", opened)
        if not found:
            raise PageRefused(f"the link opened {opened}")
        self.case_id = int(found[1])
        self.base = found[0]

    def close(self):
        """Close the browser."""
        self.session.close()

    def _request(self, method, path, **values):
        answer = self.session.request(method, self.address + path, timeout=PATIENCE, **values)
        if answer.status_code >= 400:
            raise PageRefused(f"{method} {_shape(path)}: status {answer.status_code}")
        return answer

    def page(self, path=""):
        """Return a page, parsed."""
        return html.fromstring(self._request("GET", self.base + path).text)

    def items(self, page):
        """Return [(id of an item that can be ticked, its text)]."""
        return [
            (int(box.get("value")), " ".join(box.getparent().text_content().split()))
            for box in page.xpath("//input[@name='item']")
        ]

    def send(self, path, source=None, files=None, **values):
        """Send the form of a page, with the page's own mark; return the answer's text.

        :raise PageRefused: the page says what is wrong
        """
        page = self.page(source if source is not None else path)
        return self.send_from(page, path, files=files, **values)

    def send_from(self, page, path, files=None, **values):
        """Send a form of a page that is open."""
        mark = page.xpath("//input[@name='csrf_token']/@value")
        data = {"csrf_token": mark[0] if mark else "", **values}
        answer = self._request(
            "POST", self.base + path, data=data, files=files, allow_redirects=self.is_curious
        )
        if answer.is_redirect:
            # What is wrong is answered at once; who is sent on has succeeded.
            return ""
        wrong = "//div[@role='alert'][contains(@class, 'alert-danger')]"
        alert = html.fromstring(answer.text).xpath(wrong)
        if alert:
            text = " ".join(alert[0].text_content().split())
            raise PageRefused(f"{_shape(path)}: {text}")
        return answer.text

    # === PAYMENT === #

    def pay(self, text):
        """Pay what an answered form offers, with the demonstration's provider.

        :param str text: the page with the ways to pay
        :return: what the payment form got, among it reference and amount
        """
        signed = SIGNED_CHOICE.search(text)
        if not signed:
            raise PageRefused("pay: no way to pay is offered")
        provider = PROVIDER.search(text)
        method = OPTION.search(text)
        if not provider or not method:
            raise PageRefused("pay: no provider is offered")
        values = self.call(
            f"{self.base}/pay/transaction",
            provider_id=int(provider[1]),
            payment_method_id=int(method[1]),
            token_id=None,
            amount=None,
            flow="direct",
            tokenization_requested=False,
            landing_route="/",
            is_validation=False,
            access_token=signed[1],
        )
        self.call(
            "/payment/demo/simulate_payment",
            reference=values["reference"],
            simulated_state="done",
        )
        self.call("/payment/status/poll")
        return values

    def call(self, path, **parameters):
        """Call what a script of the page calls."""
        body = {"jsonrpc": "2.0", "method": "call", "id": 1, "params": parameters}
        answer = self._request("POST", path, json=body).json()
        if "error" in answer:
            data = answer["error"].get("data", {})
            raise PageRefused(f"{_shape(path)}: {data.get('name')}: {data.get('message')}")
        # Odoo leaves an empty result out.
        return answer.get("result")


def _shape(path):
    """Leave the numbers and secrets out of an address."""
    return re.sub(r"/c/.*", "/c/...", re.sub(r"\d+", "N", path))
