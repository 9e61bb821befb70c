from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

from odoo.tests import BaseCase, tagged

from ...rules.attached_mail import DEEPEST, clean_file

SECRET = "the-secret"


def hide(text):
    return text.replace(SECRET, "link-1")


def make_mail(text, code="7bit"):
    """Return a mail with a text, a page and a picture."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = "Rappel d’échéance"
    mail["From"] = "facturation@société.example"
    mail.set_content(text, cte=code)
    mail.add_alternative(f"<p>{text}</p>", subtype="html", cte=code)
    mail.add_attachment(b"\x89PNG\0the-secret", maintype="image", subtype="png", filename="é.png")
    return mail


def nest(mail, name="message.eml"):
    """Return a mail that carries another one as a file of bytes."""
    outer = EmailMessage(policy=SMTP)
    outer.set_content("See the file")
    outer.add_attachment(
        mail.as_bytes(), maintype="application", subtype="octet-stream", filename=name
    )
    return outer


@tagged("post_install", "-at_install")
class TestRulesAttachedMail(BaseCase):
    """A mail that is attached to an answer is kept without what it must not tell."""

    def _texts(self, content):
        """Return the decoded texts of a mail, of those inside it too."""
        texts = []
        for part in message_from_bytes(content, policy=SMTP).walk():
            if part.get_content_maintype() == "text":
                texts.append(part.get_content())
            elif (part.get_filename() or "").endswith(".eml"):
                texts += self._texts(part.get_content())
        return texts

    def test_texts_are_cleaned_whatever_their_code(self):
        for code in ("quoted-printable", "base64", "8bit"):
            # The line is broken in the middle of the secret where it is quoted-printable.
            text = f"{'Voilà l’adresse de votre page, à 5 € près: '}{'x' * 20} {SECRET}, merci"
            for mail in (make_mail(text, code), nest(make_mail(text, code))):
                with self.subTest(code=code):
                    cleaned = clean_file("Rappel.EML", mail.as_bytes(), hide)
                    texts = " ".join(self._texts(cleaned))
                    self.assertNotIn(SECRET, texts)
                    self.assertIn("à 5 € près", texts)
                    self.assertEqual(texts.count("link-1"), 2)

    def test_mail_that_python_has_read_is_cleaned_in_place(self):
        outer = EmailMessage(policy=SMTP)
        outer.set_content("See the mail")
        outer.add_attachment(make_mail(f"Voilà {SECRET}", "base64"))
        inner = next(outer.iter_attachments()).get_content()
        self.assertIs(clean_file("attachment", inner, hide), inner)
        self.assertEqual(" ".join(self._texts(inner.as_bytes())).count("link-1"), 2)

    def test_original_message_is_cleaned(self):
        cleaned = clean_file(
            "original_email.eml", make_mail(f"à {SECRET}", "base64").as_string(), hide
        )
        self.assertIsInstance(cleaned, str)
        self.assertEqual(" ".join(self._texts(cleaned.encode())).count("link-1"), 2)

    def test_names_and_other_parts_stay(self):
        cleaned = clean_file("a.eml", make_mail(SECRET).as_bytes(), hide)
        mail = message_from_bytes(cleaned, policy=SMTP)
        self.assertEqual(mail["Subject"], "Rappel d’échéance")
        picture = next(mail.iter_attachments())
        self.assertEqual(picture.get_filename(), "é.png")
        self.assertEqual(picture.get_content(), b"\x89PNG\0the-secret")

    def test_what_has_nothing_to_hide_keeps_its_bytes(self):
        for name, content in (
            ("a.eml", nest(make_mail("Voilà", "quoted-printable")).as_bytes()),
            ("a.eml", b"no mail \xff\xfe at all"),
            ("a.eml", b"Content-Type: text/plain; charset=klingon\r\n\r\n\xe9"),
            ("a.eml", b""),
            ("a.pdf", b"%PDF-1.4\0" + SECRET.encode()),
            (None, "Voilà"),
        ):
            with self.subTest(name=name, content=content[:20]):
                self.assertEqual(clean_file(name, content, hide), content)

    def test_mail_of_a_code_that_nobody_knows_is_cleaned(self):
        content = f"Content-Type: text/plain; charset=klingon\r\n\r\nsee {SECRET}".encode()
        part = message_from_bytes(clean_file("a.eml", content, hide), policy=SMTP)
        self.assertEqual(part.get_payload(decode=True).strip(), b"see link-1")

    def test_mails_in_mails_end(self):
        mail = make_mail(SECRET)
        for _number in range(DEEPEST + 3):
            mail = nest(mail)
        self.assertTrue(clean_file("a.eml", mail.as_bytes(), hide))
