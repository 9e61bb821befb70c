"""How the addresses of the debtor's page are declared: what they share stands here alone."""

from odoo import http

BASE = "/my/collection/<int:case_id>"
FILE_BASE = "/collection/handed/<int:link_id>"
# The whole body of a form; Odoo takes 128 MB. A drawn signature is the largest text.
LARGEST_TEXTS = 2 * 1024 * 1024
LARGEST_FILES = 30 * 1024 * 1024
# Whoever comes by a link has no login: the controller decides what is shown, of which case.
COMMON = {"auth": "public", "website": True}


def link_route(path):
    """Declare what a message's link opens.

    :param str path: what stands in front of the token
    """
    return file_route("<string:token>", path)


def page_route(path="", base=BASE):
    """Declare a page: it is read, and changes nothing.

    :param str path: what follows the address of the account
    :param str base: the address of what the link opens, where that is no account
    """
    return http.route(f"{base}{path}", type="http", methods=["GET"], sitemap=False, **COMMON)


def file_route(path, base=BASE):
    """Declare a file to download: the same in every language."""
    return http.route(
        f"{base}{path}", type="http", methods=["GET"], multilang=False, sitemap=False, **COMMON
    )


def form_route(path, largest=LARGEST_TEXTS, base=BASE):
    """Declare what a form is sent to, with Odoo's mark against forged forms.

    :param int largest: bytes that the whole form may take
    """
    return http.route(
        f"{base}{path}",
        type="http",
        methods=["POST"],
        max_content_length=largest,
        sitemap=False,
        **COMMON,
    )


def call_route(path):
    """Declare what a script of the page calls."""
    return http.route(f"{BASE}{path}", type="jsonrpc", max_content_length=LARGEST_TEXTS, **COMMON)
