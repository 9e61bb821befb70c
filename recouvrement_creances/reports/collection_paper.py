from odoo import api, models

from odoo.addons.base.models.ir_actions_report import _wkhtml

# Pixels that print as the same size of type: the two builds of wkhtmltopdf scale differently.
TYPE_SIZE = {True: 12.2, False: 16.0}
SYSTEM_FONTS = "'Liberation Sans', Arial, Helvetica, sans-serif"


class CollectionPaper(models.AbstractModel):
    """Every document on paper: one of each record, with its styles in itself.

    What inherits this says what is printed (``_printed``) and prepares it; the sender, the debtor
    and the ways to pay come from ``collection.correspondence``, the layout from
    ``ir.actions.report``.
    """

    _name = "collection.paper"
    _description = "Document on paper"

    # The model of the records that documents are of.
    _printed = None

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return one document per record, for those who may read it."""
        records = self.env[self._printed].browse(docids)
        self._check_readable(records)
        self._check_printable(records)
        return {
            "doc_ids": docids,
            "doc_model": self._printed,
            "docs": records,
            "documents": self._prepare_documents(records, data or {}),
        }

    # === HOOKS === #

    def _check_readable(self, records):
        """Refuse what the present user may not see: what is printed is read in sudo mode."""
        records.check_access("read")

    def _check_printable(self, records):
        """Refuse what is not to be printed, whoever asks for it: nothing, if not said."""

    def _prepare_documents(self, records, data):
        """Return the values of the documents.

        :param dict data: what the caller of the report hands to it
        """
        raise NotImplementedError

    # === TYPE === #

    @api.model
    def _get_type_style(self, company):
        """Return the size and family of the type as CSS.

        The unpatched build draws the outlines of web fonts: text that nobody can search or copy,
        in files twenty times the size. It gets fonts of the system.
        """
        is_patched = _wkhtml().is_patched_qt
        families = f"'{company.font}', {SYSTEM_FONTS}" if is_patched else SYSTEM_FONTS
        return f"font-size: {TYPE_SIZE[is_patched]}px; font-family: {families};"
