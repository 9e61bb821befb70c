"""The peer's e-mails, from its lines to the SMTP server: marked, created, rendered, sent."""

from datetime import date

from ..measure import Recorder
from . import contacts
from .peer import POLICY, configure, limited

TEMPLATE = "account_credit_control.email_template_credit_control_base"


def run(env, parameters):
    """Send to so many debtors, three invoices each, without or with its report."""
    count, with_pdf = parameters["count"], parameters["pdf"]
    name = f"{count} e-mails{' with PDF' if with_pdf else ''}"
    recorder = Recorder("peer")
    configure(env)
    env.company.email = "recouvrement@company.example"
    if not with_pdf:
        env.ref(TEMPLATE).report_template_ids = [(5,)]
    if parameters.get("web"):
        for key in ("report.url", "web.base.url"):
            env["ir.config_parameter"].set_param(key, parameters["web"])
    env.cr.commit()
    lines = _make_lines(env, date.fromisoformat(parameters["today"]), count)
    limit = parameters["limit"]
    with (
        # The clock of our e-mails: each look at it costs a little.
        contacts.on_working_day(parameters),
        limited(env, recorder, name, limit),
        recorder.measure(env, name) as figures,
    ):
        lines.write({"state": "to_be_sent"})
        communications = env["credit.control.communication"]
        communications = communications._generate_comm_from_credit_lines(lines)
        communications._generate_emails()
        env.cr.commit()  # its mails leave after the commit
        figures["rows"] = env["mail.mail"].search_count([("state", "=", "sent")])
    return recorder.rows


def _make_lines(env, today, count):
    """Return the peer's lines of so many debtors; not measured."""
    one = env["credit.control.run"].create(
        {"date": today, "policy_ids": [(6, 0, env.ref(POLICY).ids)]}
    )
    one.generate_credit_lines()
    env.cr.commit()
    by_mail = one.line_ids.filtered(lambda line: line.channel == "email")
    partners = by_mail.partner_id.sorted("id")[:count]
    return by_mail.filtered(lambda line: line.partner_id in partners)
