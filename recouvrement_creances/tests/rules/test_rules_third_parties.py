from odoo.tests import BaseCase, tagged

from ...rules.third_parties import Mask


@tagged("post_install", "-at_install")
class TestRulesThirdParties(BaseCase):
    """Others are hidden, the person and the figures of the case are not."""

    def setUp(self):
        super().setUp()
        self.mask = Mask(
            "[other]", ["me@x.fr"], ["Anne Roux", "Roux", "Al"], ["+33 6 99 88 77 66", "12"]
        )

    def test_others_are_hidden(self):
        for text in ("anne roux", "ROUX", "a.b+c@sub.example.fr", "06 99 88 77 66", "0699887766"):
            with self.subTest(text=text):
                self.assertEqual(self.mask.apply(f"with {text}."), "with [other].")

    def test_what_is_not_theirs_stays(self):
        for text in (
            "Me@x.fr",
            "Rouxel paid",
            "06 11 22 33 44",
            "FR76 3000 6000 0112 3456 7890 189",
            "INV/2026/00012345",
            "1 234 567,89 EUR on 2026-03-16",
            "",
        ):
            with self.subTest(text=text):
                self.assertEqual(self.mask.apply(text), text)

    def test_nobody_else_is_known(self):
        self.assertEqual(
            Mask("[other]").apply("Anne Roux, 06 99 88 77 66"), "Anne Roux, 06 99 88 77 66"
        )
        self.assertEqual(Mask("[other]").apply(None), "")
