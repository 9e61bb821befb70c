from markupsafe import Markup

from odoo import api, models

# More lines than this leave the letter for pages of their own, each with its heading: the
# unpatched wkhtmltopdf does not repeat the heading of a table that goes on.
LINES_IN_LETTER = 10
# A formal notice says more: its text leaves less room for lines on its only page.
LINES_IN_NOTICE = 3
LINES_ON_PAGE = 42
# What the charges take on a page beside their lines: heading, totals, the sentence below; and a
# second period of an item, or a reference that does not fit beside its number, in smaller type.
LINES_AROUND_CHARGES = 8
SMALL_LINE = 0.65


class ReportRecouvrementCreancesLetter(models.AbstractModel):
    """The letter to a debtor: the words of the step's template in the company's letterhead."""

    _name = "report.recouvrement_creances.letter"
    _description = "Collection letter"
    _inherit = ["collection.paper"]
    _printed = "collection.action"

    def _check_printable(self, records):
        """IMPLEMENTS collection.paper: what is not asked for any more is not sent."""
        records._check_still_asked()

    def _prepare_documents(self, records, data):
        """IMPLEMENTS collection.paper."""
        notices = records.filtered(lambda action: action.level_id.is_formal_notice)
        charges = notices._get_charges()
        sentences = (records - notices)._get_charge_sentences()
        return [
            self._prepare_letter(action, data, charges.get(action), sentences.get(action, ""))
            for action in records
        ]

    def _prepare_letter(self, action, data, charges, charge_sentence):
        subject, body = self._get_words(action, data)
        document = self._prepare_document(
            action,
            LINES_IN_NOTICE if action.level_id.is_formal_notice else LINES_IN_LETTER,
            subject=subject,
            body=self._sign_links(action, body),
            charges=charges,
            charge_sentence=charge_sentence,
            is_preview=not self._get_frozen_words(action, data),
        )
        return {**document, "shares_sheet": self._do_charges_fit(document)}

    def _do_charges_fit(self, document):
        """Tell whether the charges stand on the annexed page, below the documents they are of.

        A registered letter of two sheets is the usual one: the sheet that lists the documents is
        mostly empty.
        """
        charges, annexes = document["charges"], document["annexes"]
        if not charges or not annexes or len(charges["pages"]) > 1:
            return False
        taken = sum(
            1 + SMALL_LINE * bool(row["reference"]) + bool(document["payment_urls"])
            for row in annexes[-1]["rows"]
        )
        taken += sum(1 + SMALL_LINE * max(len(row["details"]) - 1, 0) for row in charges["rows"])
        return taken + LINES_AROUND_CHARGES + len(charges["totals"]) <= LINES_ON_PAGE

    def _sign_links(self, action, body):
        """Return a text whose link to the debtor's page opens it: paper is the last to carry it."""
        access_sudo = action.sudo().case_id._get_portal_access()
        if not access_sudo or not body:
            return body
        return body.replace(access_sudo._get_unsigned_url(), access_sudo._get_url())

    @api.model
    def _prepare_document(self, action, lines_in_text, **values):
        """Return the values of one document on paper.

        :param int lines_in_text: how many lines stand in the text; more go to annexed pages
        """
        correspondence = self.env["collection.correspondence"]
        frame = correspondence._get_frame(action)
        for block in frame["blocks"]:
            block["qr_code"] = correspondence._get_qr_code(frame["action"].debtor_id, block)
        access_sudo = frame["action"].case_id._get_portal_access()
        line_count = sum(self._count_lines(block) for block in frame["blocks"])
        # Each document's own address to pay it stands below it.
        line_count += len(frame["payment_urls"])
        is_annexed = line_count > lines_in_text
        return {
            **frame,
            "type_style": self._get_type_style(action.company_id),
            "annexes": self._paginate(frame) if is_annexed else [],
            "portal_url": access_sudo._get_url() if access_sudo else "",
            "portal_qr_code": access_sudo._get_qr_code() if access_sudo else "",
            "subject": "",
            "charge_sentence": "",
            "shares_sheet": False,
            **values,
        }

    def _count_lines(self, block):
        """Return how many lines the table of a currency takes, with those below its total."""
        has_part = block["overdue"] and block["overdue"] != block["due"]
        return len(block["rows"]) + 2 * bool(block["credit"]) + bool(has_part)

    def _paginate(self, frame):
        """Return the annexed pages: lines of one currency, the total on its last page."""
        pages = []
        length = LINES_ON_PAGE // 2 if frame["payment_urls"] else LINES_ON_PAGE
        for block in frame["blocks"]:
            starts = range(0, len(block["rows"]), length)
            for start in starts:
                page = {**block, "rows": block["rows"][start : start + length]}
                pages.append({**page, "is_last": start == starts[-1]})
        return pages

    # === WORDS === #

    def _get_frozen_words(self, action, data):
        """Return the (subject, body) that the channel froze for a letter, else None.

        Only server code gives Markup: what a browser adds to the address is not printed.
        """
        words = data.get("words")
        frozen = words.get(action.id) if isinstance(words, dict) else None
        return frozen if frozen and isinstance(frozen[1], Markup) else None

    def _get_words(self, action, data):
        """Return (subject, body): what the channel froze, else the template as it reads now."""
        frozen = self._get_frozen_words(action, data)
        if frozen:
            return frozen
        template = action._get_template()
        if not template:
            return "", ""
        subject = template._render_field("subject", action.ids, compute_lang=True)[action.id]
        body = template._render_field("body_html", action.ids, compute_lang=True)[action.id]
        return subject, body
