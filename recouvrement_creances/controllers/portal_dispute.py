from odoo import http
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import format_date

from .portal_routes import LARGEST_FILES, file_route, form_route, page_route
from .portal_visit import CollectionPortalMixin


class CollectionPortalDispute(CollectionPortalMixin, http.Controller):
    """Dispute an invoice, say that it was paid, and talk about it."""

    @page_route("/dispute")
    def collection_dispute(self, case_id, **_query):
        """Show the form and what is disputed so far."""
        return self._show_dispute(self._enter(case_id))

    @form_route("/dispute", LARGEST_FILES)
    def collection_open_dispute(self, case_id, category="", amount="", description="", **form):
        """Open a dispute with its files.

        :param str category: id of what it is about
        :param str amount: the disputed part of one document, or empty for all
        :param str description: what the debtor says
        """
        visit = self._enter_to_act(case_id, "dispute")
        errors = []
        with self._checked(visit, "dispute", errors):
            items = self._read_items(visit)
            lines = self._read_lines(items, amount)
            text = self._read_text(description)
            if not text:
                raise UserError(request.env._("Say in a few words what is not right."))
            dispute = self._open_dispute(visit, lines, self._read_category(category), text)
        if errors:
            typed = {"category": category, "amount": amount, "description": description}
            return self._show_dispute(visit, errors=errors, typed=typed)
        self._note("handed_in", dispute.name, visit.access, visit.case)
        return self._go(visit, "/dispute", "dispute")

    @page_route("/paid")
    def collection_paid(self, case_id, **_query):
        """Show the form that says what was paid already."""
        return self._show_paid(self._enter(case_id))

    @form_route("/paid", LARGEST_FILES)
    def collection_say_paid(self, case_id, date="", amount="", reference="", **form):
        """Keep what the debtor says of a payment, with its proof, for somebody to look for it.

        :param str date: the day of payment
        :param str amount: what was paid, when it is not all of one document
        :param str reference: what stands on the transfer
        """
        visit = self._enter_to_act(case_id, "already paid")
        errors = []
        with self._checked(visit, "already paid", errors):
            items = self._read_items(visit)
            lines = self._read_lines(items, amount)
            day = self._read_date(visit, date)
            if day > visit.case.company_id._collection_today():
                raise UserError(request.env._("A payment to come is promised, not told here."))
            if not any(file.filename for file in request.httprequest.files.getlist("file")):
                raise UserError(
                    request.env._("Join a proof of the payment: transfer order, bank statement.")
                )
            categories = request.env["collection.dispute.category"].sudo()
            dispute = self._open_dispute(
                visit,
                lines,
                categories._get_of_kind("already_paid"),
                request.env._(
                    "Paid on %(date)s, reference: %(reference)s",
                    date=format_date(request.env, day),
                    reference=self._read_text(reference) or "-",
                ),
            )
        if errors:
            typed = {"date": date, "amount": amount, "reference": reference}
            return self._show_paid(visit, errors=errors, typed=typed)
        self._note("handed_in", dispute.name, visit.access, visit.case)
        return self._go(visit, "/dispute", "paid")

    @form_route("/dispute/<int:dispute_id>", LARGEST_FILES)
    def collection_answer_dispute(self, case_id, dispute_id, message="", **form):
        """Add what the debtor writes, with files, to the conversation of a dispute.

        :param int dispute_id: id of the collection.dispute
        """
        visit = self._enter_to_act(case_id, "dispute message")
        errors = []
        with self._checked(visit, "dispute message", errors):
            dispute = self._get_disputes(visit).filtered(lambda each: each.id == dispute_id)
            if not dispute:
                raise self._not_own()
            text = self._read_text(message)
            if not text:
                raise UserError(request.env._("Write a message."))
            files = self._read_files(visit)
            # As the debtor, whose words they are; a text is escaped by Odoo.
            dispute.message_post(
                body=text,
                author_id=visit.case.partner_id.id,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                attachment_ids=files.ids,
            )
        if errors:
            return self._show_dispute(visit, errors=errors)
        self._note("handed_in", dispute.name, visit.access, visit.case)
        return self._go(visit, "/dispute", "message")

    @file_route("/dispute/<int:dispute_id>/file/<int:file_id>")
    def collection_dispute_file(self, case_id, dispute_id, file_id, **_query):
        """Download a file of the opening or the conversation, never one of the notes inside.

        :param int dispute_id: id of the collection.dispute
        :param int file_id: id of the ir.attachment
        """
        visit = self._enter(case_id)
        dispute = self._get_disputes(visit).filtered(lambda each: each.id == dispute_id)
        files = dispute and dispute._get_opening_files() | dispute._get_conversation_files()
        file = files and files.filtered(lambda each: each.id == file_id)
        if not file:
            return self._send_file(visit, "", b"")
        return self._send_file(visit, file.name, file.raw, file.mimetype)

    # === HELPERS === #

    def _open_dispute(self, visit, lines, category, text):
        return self._get_model(visit, "collection.dispute")._open(
            visit.case,
            lines,
            category,
            text,
            self._read_files(visit),
            visit.case.partner_id,
            how="portal",
            as_of=visit.case.company_id._collection_today(),
        )

    def _read_lines(self, items, amount):
        """Return [(item, disputed part of it)]; without a part it is the whole of each."""
        part = self._read_amount(amount)
        if part and len(items) > 1:
            raise UserError(
                request.env._("A part is of one document: tick one, or leave the part empty.")
            )
        return [(item, part or 0.0) for item in items]

    def _get_categories(self):
        """Return what a debtor may say of an invoice; a payment has a form of its own."""
        categories = request.env["collection.dispute.category"].sudo()
        return categories.search([("kind", "!=", "already_paid")])

    def _read_category(self, text):
        wanted = self._to_id(text)
        category = self._get_categories().filtered(lambda each: each.id == wanted)
        if not category:
            raise UserError(request.env._("Choose what the dispute is about."))
        return category

    def _get_disputes(self, visit):
        disputes = self._get_model(visit, "collection.dispute")
        return disputes.search([("case_id", "=", visit.case.id)], limit=20)

    def _show_dispute(self, visit, **values):
        return self._form_page(
            visit,
            "portal_dispute",
            "/dispute",
            disputes=self._get_disputes(visit),
            categories=self._get_categories(),
            **values,
        )

    def _show_paid(self, visit, **values):
        return self._form_page(visit, "portal_paid", "/paid", **values)
