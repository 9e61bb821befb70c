"""Print the letters of the demonstration, and make pictures of pages small.

Usage: pictures.py print|shrink FOLDER ODOO_OPTIONS...
"""

import sys
from datetime import timedelta
from pathlib import Path

import session
from PIL import Image

LANGUAGES = ("fr_FR", "en_US")
COLOURS = 24
ADDON = "recouvrement_creances"
# Name: (kind of debtor, template, channel, items at most).
LETTERS = {
    "reminder_1": ("professional", "reminder_courteous", "letter", 3),
    "reminder_2": ("professional", "reminder_firm", "letter", 4),
    "reminder_3": ("professional", "reminder_last", "letter", 6),
    "reminder_consumer": ("consumer", "consumer_last", "letter", 3),
    "reminder_public": ("public", "public_last", "letter", 3),
    "formal_notice": ("professional", "formal_notice", "registered_letter", 6),
    "formal_notice_consumer": ("consumer", "consumer_formal_notice", "registered_letter", 6),
    "formal_notice_public": ("public", "public_formal_notice", "registered_letter", 6),
}


def print_letters(env, folder):
    """Write one PDF for each document and language; nothing of it stays in the database."""
    env["ir.config_parameter"].set_param("report.url", "http://127.0.0.1:9")
    company = env["collection.charge"].search([], limit=1).company_id or env.company
    env = env(context={**env.context, "allowed_company_ids": company.ids})
    for lang in LANGUAGES:
        suffix = lang[:2]
        for name, (kind, template, channel, limit) in LETTERS.items():
            action = make_action(env, company, kind, template, channel, limit, lang)
            write(folder, f"{name}_{suffix}", print_letter(env, action, template, lang))
            if name == "reminder_3":
                statement = render(env, "collection_statement_report", action, lang)
                write(folder, f"statement_{suffix}", statement)
                write(folder, f"account_{suffix}", print_account(env, action.case_id, lang))
        write(folder, f"charges_{suffix}", print_charges(env, company, lang))
        write(folder, f"receipt_{suffix}", print_receipt(env, company, lang))
        write(folder, f"waiver_{suffix}", print_waiver(env, company, lang))


def make_action(env, company, kind, template, channel, limit, lang):
    """Return a letter to the debtor of this kind who owes the most documents."""
    steps = env["collection.level.step"].search(
        [("template_id", "=", env.ref(f"{ADDON}.mail_template_{template}").id)]
    )
    cases = env["collection.case"].search(
        [
            ("is_open", "=", True),
            ("company_id", "=", company.id),
            ("partner_id.collection_debtor_kind", "=", kind),
        ]
    )
    case = max(cases, key=lambda case: len(case.open_item_ids.filtered("days_overdue")))
    case.partner_id.lang = lang
    items = case.open_item_ids.filtered("days_overdue")[:limit]
    return (
        env["collection.action"]
        ._with_door()
        .create(
            {
                "company_id": company.id,
                "case_id": case.id,
                "channel": channel,
                "level_id": steps[:1].level_id.id,
                "date_planned": company._collection_today(),
                "line_ids": [(0, 0, {"item_id": item.id}) for item in items],
            }
        )
    )


def print_letter(env, action, template, lang):
    template = env.ref(f"{ADDON}.mail_template_{template}")
    words = {
        action.id: tuple(
            template._render_field(field, action.ids, compute_lang=True)[action.id]
            for field in ("subject", "body_html")
        )
    }
    return render(env, "collection_letter_report", action, lang, {"words": words})


def print_account(env, case, lang):
    """Return the account of a debtor with the movements of half a year."""
    today = case.company_id._collection_today()
    wizard = env["collection.statement.print"].create(
        {"case_id": case.id, "lang": lang, "date_from": today - timedelta(days=180)}
    )
    return render(env, "collection_case_statement_report", wizard, lang)


def print_charges(env, company, lang):
    """Return the statement of charges that the demonstration claimed."""
    charge = env["collection.charge"].search(
        [("company_id", "=", company.id), ("action_id", "!=", False)], limit=1
    )
    action = charge.action_id
    (action.partner_id | action.debtor_id).lang = lang
    return render(env, "collection_charge_report", action, lang)


def print_receipt(env, company, lang):
    payments = env["account.payment"].search(
        [
            ("company_id", "=", company.id),
            ("payment_type", "=", "inbound"),
            ("state", "in", ("in_process", "paid")),
        ],
        order="id desc",
    )
    payment = payments.filtered("reconciled_invoice_ids")[:1]
    payment.partner_id.commercial_partner_id.lang = lang
    return render(env, "payment_receipt_report", payment, lang)


def print_waiver(env, company, lang):
    """Return the confirmation of the waiver that depends on a payment."""
    waiver = env["collection.waiver"].search(
        [
            ("company_id", "=", company.id),
            ("condition_date", "!=", False),
            ("state", "in", ("requested", "approved")),
        ],
        limit=1,
    )
    if waiver.state == "requested":
        waiver._approve_without_asking()
    waiver.partner_id.lang = lang
    return render(env, "collection_waiver_report", waiver, lang)


def render(env, report, record, lang, data=None):
    """Return the PDF of one record."""
    env.flush_all()
    reports = env["ir.actions.report"].with_context(lang=lang, force_report_rendering=True)
    return reports._render_qweb_pdf(f"{ADDON}.{report}", record.ids, data)[0]


def write(folder, name, content):
    (folder / f"{name}.pdf").write_bytes(content)


def shrink(folder):
    """Few colours are enough for text: a page takes a third of the room."""
    for path in folder.glob("*.png"):
        with Image.open(path) as picture:
            small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        small.save(path, optimize=True)


def main(command, folder, *arguments):
    """Run the command on the database that -d names."""
    folder = Path(folder)
    if command == "shrink":
        return shrink(folder)
    database = session.configure([*arguments, "--no-http"])
    with session.environment(database) as env:
        print_letters(env, folder)
        env.cr.rollback()
    return None


if __name__ == "__main__":
    main(*sys.argv[1:])
