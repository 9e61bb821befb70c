from odoo import fields
from odoo.exceptions import UserError
from odoo.http import request

from ..rules.typed_amounts import read_amount
from ..rules.uploads import LARGEST_FILE, MEGABYTE, MOST_FILES, clean_name, find_kind

LONGEST_TEXT = 4000
# Ten years: what is farther away from today was typed wrongly.
FARTHEST_DAYS = 3653


class CollectionPortalForms:
    """How the forms of the debtor's page are read: nothing that comes in is trusted."""

    def _read_ids(self, name):
        """Return the ids that were ticked; what is no number becomes the id of nothing."""
        return [self._to_id(text) for text in request.httprequest.form.getlist(name)]

    @staticmethod
    def _to_id(text):
        text = str(text or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

    def _read_items(self, visit):
        """Return the ticked items, which are the debtor's own and open.

        :raise AccessError: one of them is not
        """
        wanted = self._read_ids("item")
        items = request.env["collection.portal.page"]._get_items(visit.case)
        chosen = items.filtered(lambda item: item.id in wanted)
        if set(wanted) - set(chosen.ids):
            raise self._not_own()
        if not chosen:
            raise UserError(request.env._("Tick at least one document."))
        return chosen

    def _check_payable(self, visit, items):
        """Refuse to agree on what insolvency proceedings bar from being paid (C. com. L622-7)."""
        request.env["collection.portal.page"]._check_payable(visit.case, items)

    def _read_amount(self, text, most=None):
        """Return a typed amount; None when nothing was typed."""
        if not (text or "").strip():
            return None
        amount = read_amount(text)
        if not amount:
            raise UserError(request.env._("Write the amount with digits only, like 1234.56."))
        if most is not None and float(amount) > most + 0.000001:
            raise UserError(request.env._("The amount is more than what is due."))
        return float(amount)

    def _read_date(self, visit, text):
        """Return a typed date."""
        try:
            day = fields.Date.to_date((text or "").strip()[:10] or False)
        except ValueError:
            day = None
        if not day:
            raise UserError(request.env._("Give a date, like 2026-12-31."))
        if abs((day - visit.case.company_id._collection_today()).days) > FARTHEST_DAYS:
            raise UserError(request.env._("This date is too far away."))
        return day

    def _read_text(self, text):
        """Return a text as it was typed, without signs that no text has."""
        clean = (text or "").replace("\0", "").strip()
        # A link that was pasted opens the page for nobody who reads the text.
        clean = request.env["collection.secret.link"]._hide_tokens(clean)
        if len(clean) > LONGEST_TEXT:
            raise UserError(request.env._("The text takes %s characters at most.", LONGEST_TEXT))
        return clean

    def _read_files(self, visit):
        """Return the files of a form as attachments, by their content and size.

        :raise UserError: says which file is not taken and why
        """
        vals_list = []
        uploads = [file for file in request.httprequest.files.getlist("file") if file.filename]
        if len(uploads) > MOST_FILES:
            raise UserError(request.env._("Send %s files at most.", MOST_FILES))
        for upload in uploads:
            # Read before, where the database has let the request begin again: Odoo winds back the
            # first file of a name alone.
            upload.stream.seek(0)
            content = upload.stream.read(LARGEST_FILE + 1)
            kind = find_kind(content)
            shown = clean_name(upload.filename, kind[1] if kind else "file")
            if len(content) > LARGEST_FILE:
                raise UserError(
                    request.env._(
                        "“%(name)s” is too large: %(size)s MB at most.",
                        name=shown,
                        size=LARGEST_FILE // MEGABYTE,
                    )
                )
            if not kind:
                raise UserError(
                    request.env._("“%s” is not taken: send a PDF, a JPEG or a PNG picture.", shown)
                )
            vals_list.append(
                {
                    "name": shown,
                    "raw": content,
                    "mimetype": kind[0],
                    "res_model": "collection.case",
                    "res_id": visit.case.id,
                }
            )
        # In sudo mode to keep what the debtor hands in with its case.
        return request.env["ir.attachment"].sudo().create(vals_list)
