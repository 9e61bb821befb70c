import tempfile

from odoo import api, models

from ...rules.sealed_archive import SealedArchive, file_name, undated_pdf

LETTERS = "ABC"


class CollectionLegalFile(models.AbstractModel):
    """A file for who decides or declares: papers, numbered pieces, their list, sums; a ZIP.

    Of a handover, for lawyer, commissaire de justice or court; of a declaration of claims, for the
    creditors' representative. What it is of says how it is called, and which papers and pieces it
    has (``_get_file_name``, ``_get_file_papers``, ``_gather_file_pieces``). The same, as of the
    same day, gives the same bytes.
    """

    _name = "collection.legal.file"
    _description = "File for litigation"

    @api.model
    def _build(self, source, as_of):
        """Return (content of the ZIP, its name); called in sudo mode.

        Written in the language of the creditor, whose papers they are.

        :param source: the collection.handover or collection.insolvency.declaration
        :param date as_of: last day of interest; the papers are of this day
        :raises UserError: a legal value is missing; it is named
        """
        company = source.company_id
        lang = company.partner_id.lang or self.env.lang
        # Alike whoever builds it: his language, time zone and companies say nothing here.
        context = {
            "lang": lang,
            "tz": company._get_zone(),
            "allowed_company_ids": company.ids,
        }
        writer = self.with_env(self.env(context=context))
        return writer._write_file(source.with_env(writer.env), as_of)

    def _write_file(self, source, as_of):
        with tempfile.TemporaryFile() as stream:
            self._fill(stream, source, as_of)
            stream.seek(0)
            # In memory once, as the attachment that it becomes.
            return stream.read(), file_name(source._get_file_name())

    def _fill(self, stream, source, as_of):
        # What is missing is told before anything is begun; what the store has lost, as it is read.
        pieces = self._number(source._gather_file_pieces())
        papers = source._get_file_papers(pieces, as_of)
        archive = SealedArchive(stream)
        for letter, (name, content) in zip(LETTERS, papers.items(), strict=False):
            archive.add(f"{letter}-{file_name(name)}.pdf", content())
        for piece in pieces:
            piece["sha256"] = archive.add(piece["file"], piece["content"])
        listed = file_name(self.env._("List of pieces"))
        archive.add(f"00-{listed}.pdf", source._print_file_list(pieces, as_of))
        archive.close()

    def _number(self, pieces):
        """Give each piece its number and the name of its file, which sort alike."""
        width = max(2, len(str(len(pieces))))
        for number, piece in enumerate(pieces, 1):
            piece["number"] = number
            piece["file"] = f"{number:0{width}d}-{piece['date']:%Y-%m-%d}-{piece['name']}"
        return pieces

    @api.model
    def _print(self, report, record, company, data):
        """Return a paper of the file, without the moment at which it was printed."""
        reports = self.env["ir.actions.report"].with_company(company)
        printed = reports._render_separately(report, record.ids, data)
        return undated_pdf(printed[record.id])
