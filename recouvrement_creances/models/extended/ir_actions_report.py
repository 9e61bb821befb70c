import io
import os

import segno
from lxml import html

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.pdf import PdfFileReader

from odoo.addons.base.models.ir_actions_report import _wkhtml

# What an administrator may have set for reports whose scripts take longer, and where it goes.
DELAY_PARAMETER, DELAY_OPTION = "report.print_delay", "--javascript-delay"
# Dots of the picture for each module of a QR code: sharp in print at the size of a stamp.
QR_SCALE = 6
# The largest QR code there is; banking apps read the codes of transfers up to 13 (EPC069-12).
QR_MOST_VERSION = 40
TRANSFER_MOST_VERSION = 13
# With more pages than this for each document, most have several: one by one is quicker.
PAGES_WORTH_SPLITTING = 1.5


class IrActionsReport(models.Model):
    """Letters and statements are printed without a call to the server's own address.

    Odoo's layout makes wkhtmltopdf fetch stylesheets over HTTP; where the server does not reach
    itself (a proxy, a wrong ``report.url``), every document would come with a warning.
    """

    _inherit = "ir.actions.report"

    # === BUSINESS === #

    def _render_separately(self, report_ref, res_ids, data=None):
        """Print records in few calls of wkhtmltopdf, whose start takes longer than a page.

        :param list res_ids: ids of the records
        :return: {id: PDF}
        """
        reports = self.with_context(collection_batch=True, force_report_rendering=True)
        streams, _kind = reports._pre_render_qweb_pdf(
            report_ref, res_ids=list(res_ids), data=dict(data or {})
        )
        printed = {
            res_id: streams[res_id]["stream"].getvalue()
            for res_id in res_ids
            if streams.get(res_id, {}).get("stream")
        }
        if len(printed) == len(res_ids):
            self._check_printed(printed.values())
            pages = sum(self._count_pages(content) for content in printed.values())
            # Odoo takes several pages apart by headings, which stand anywhere in a letter.
            if len(res_ids) == 1 or pages == len(res_ids):
                return printed
        else:
            pages = self._count_pages(streams[False]["stream"].getvalue())
        return {
            res_id: content
            for part in self._split_batch(res_ids, pages)
            for res_id, content in self._render_separately(report_ref, part, data).items()
        }

    @api.model
    def _print_file(self, report_ref, record, lang, name, keeper=None):
        """Print one record in a language, and return the file.

        :param record: has ``company_id``, in whose name it is printed
        :param str lang: code of an installed language
        :param str name: of the file
        :param keeper: the record that the file belongs to, in whose mode it is made; the printed
            one where nothing is said
        """
        keeper = record if keeper is None else keeper
        reports = self.with_company(record.company_id).with_context(lang=lang)
        return keeper.env["ir.attachment"].create(
            {
                "name": name,
                "raw": reports._render_separately(report_ref, record.ids)[record.id],
                "mimetype": "application/pdf",
                "res_model": keeper._name,
                "res_id": keeper.id or 0,
            }
        )

    def _count_pages(self, content):
        return PdfFileReader(io.BytesIO(content)).numPages

    def _check_printed(self, contents):
        """Refuse what is no document: wkhtmltopdf may fail with what Odoo takes for a warning."""
        if not all(content.startswith(b"%PDF") for content in contents):
            raise UserError(self.env._("wkhtmltopdf printed no document."))

    def _split_batch(self, res_ids, pages):
        """Return smaller batches: halves, or single records where most take several pages."""
        if pages > PAGES_WORTH_SPLITTING * len(res_ids):
            return [[res_id] for res_id in res_ids]
        middle = len(res_ids) // 2
        return [res_ids[:middle], res_ids[middle:]]

    @api.model
    def _draw_qr_code(self, text, most_version=QR_MOST_VERSION):
        """Return a QR code as the address of a picture, in a tenth of the time of ``barcode``.

        A letter carries two of them: Odoo's way of drawing takes longer than the letter itself.

        :param int most_version: the largest size that whoever reads the code has to know
        :return: empty when the text is too long for it
        """
        try:
            code = self._make_qr_code(text)
        except segno.DataOverflowError:
            return ""
        if code.version > most_version:
            return ""
        return code.png_data_uri(scale=QR_SCALE, border=1)

    @api.model
    def _make_qr_code(self, text):
        """Return the code of a text at level M, the only one that transfers know (EPC069-12).

        It is what paper with a fold needs, too; a higher one where it fits would be another.
        """
        return segno.make_qr(text, error="m", encoding="utf-8", boost_error=False)

    # === RENDERING === #

    def _is_paper(self):
        """Tell whether the report is a document whose styles stand in itself."""
        model = self.env.registry.get(f"report.{self.report_name}")
        return bool(model) and issubclass(model, self.env.registry["collection.paper"])

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """EXTENDS base"""
        reports = self
        if self._get_report(report_ref)._is_paper():
            reports = self.with_context(collection_paper=True, collection_batch=True)
        return super(IrActionsReport, reports)._render_qweb_pdf_prepare_streams(
            report_ref, data, res_ids=res_ids
        )

    def _get_layout(self):
        """EXTENDS base"""
        if self.env.context.get("collection_paper"):
            return self.env.ref("recouvrement_creances.paper_layout")
        return super()._get_layout()

    def _build_wkhtmltopdf_args(self, *args, **kwargs):
        """EXTENDS base: papers have no scripts; Odoo waits for them a second at each call."""
        command = super()._build_wkhtmltopdf_args(*args, **kwargs)
        # In sudo mode to read a setting, as Odoo does.
        is_set = self.env["ir.config_parameter"].sudo().get_param(DELAY_PARAMETER)
        if self.env.context.get("collection_paper") and not is_set and DELAY_OPTION in command:
            command[command.index(DELAY_OPTION) + 1] = "0"
        return command

    def _run_wkhtmltopdf(self, bodies, *args, **kwargs):
        """EXTENDS base: the build without patches prints one document a call."""
        # Qt then numbers fonts in the same order each time: the same page gives the same file.
        os.environ.setdefault("QT_HASH_SEED", "0")
        is_batch = self.env.context.get("collection_batch") and len(bodies) > 1
        if is_batch and not _wkhtml().is_patched_qt:
            bodies = [self._join_bodies(bodies)]
        return super()._run_wkhtmltopdf(bodies, *args, **kwargs)

    def _join_bodies(self, bodies):
        """Return one document in which each body begins on a new page."""
        first, *others = (html.document_fromstring(str(body)) for body in bodies)
        for other in others:
            page = html.Element("div", style="page-break-before: always")
            page.extend(other.body)
            first.body.append(page)
        return html.tostring(first, encoding="unicode", doctype="<!DOCTYPE html>")
