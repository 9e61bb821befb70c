"""Mail that comes in: answers of debtors and the mail servers' own, through Odoo's mail gateway."""

from email.message import EmailMessage
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

OURS = "gateway@atelier.example"


def _deliver(world, raw, what):
    """Hand a mail to Odoo as its mail gateway does, which works as the system."""
    return world.as_system(
        lambda env: env["mail.thread"].message_process("collection.case", raw), f"gateway: {what}"
    )


def do_answer_by_mail(world, debtor, company, **_detail):
    """Answer a reminder by e-mail."""
    mail = debtor.letterbox.get(company)
    if not mail:
        return
    answer = EmailMessage()
    answer["From"] = f"{debtor.name} <{debtor.email}>"
    answer["To"] = mail.headers.get("Reply-To") or mail.sender
    answer["Subject"] = f"Re: {mail.subject}"
    answer["Message-Id"] = f"<{debtor.partner_id}.{world.day:%Y%m%d}@debtor.example>"
    answer["In-Reply-To"] = mail.message_id
    answer["References"] = mail.message_id
    answer.set_content("Bonjour,\nnous réglons cette facture dans la semaine.\n")
    _deliver(world, answer.as_bytes(), "answer")
    world.note("answered", debtor, company=company)


def bounce(world, debtor, mail):
    """Let the mail server of an address tell that nobody lives there."""
    report = MIMEMultipart("report", report_type="delivery-status")
    report["From"] = "Mail Delivery System <MAILER-DAEMON@refused.example>"
    report["To"] = mail.sender
    report["Subject"] = "Undelivered Mail Returned to Sender"
    report["Message-Id"] = f"<bounce.{world.bounces}@refused.example>"
    world.bounces += 1
    report.attach(MIMEText("This mail could not be delivered.", "plain", "utf-8"))
    status = MIMEBase("message", "delivery-status")
    about, recipient = EmailMessage(), EmailMessage()
    about["Reporting-MTA"] = "dns; refused.example"
    recipient["Final-Recipient"] = f"rfc822; {mail.address}"
    recipient["Action"] = "failed"
    recipient["Status"] = "5.1.1"
    status.set_payload([about, recipient])
    report.attach(status)
    original = EmailMessage()
    original["Message-Id"] = mail.message_id
    original["To"] = mail.address
    original["Subject"] = mail.subject
    envelope = MIMEBase("message", "rfc822")
    envelope.set_payload([original])
    report.attach(envelope)
    _deliver(world, report.as_bytes(), "bounce")
    world.note("bounced", debtor, address=mail.address)
