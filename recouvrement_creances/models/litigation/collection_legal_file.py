import tempfile

from odoo import api, models

from ...rules.sealed_archive import SealedArchive, file_name, undated_pdf

REPORT = "recouvrement_creances.collection_legal_paper_report"
# The papers that the add-on writes, in the order of the file, and those of one route only.
PAPERS = ("summary", "statement", "request")
REQUEST_ROUTES = ("payment_order",)


class CollectionLegalFile(models.AbstractModel):
    """The file for lawyer, commissaire de justice or court: papers, numbered pieces, sums; a ZIP.

    The same handover, as of the same day, gives the same bytes.
    """

    _name = "collection.legal.file"
    _description = "File for litigation"

    @api.model
    def _build(self, handover, as_of):
        """Return (content of the ZIP, its name); called in sudo mode.

        Written in the language of the creditor, whose papers they are.

        :param date as_of: last day of interest; the papers are of this day
        :raises UserError: a legal value is missing; it is named
        """
        company = handover.company_id
        lang = company.partner_id.lang or self.env.lang
        # Alike whoever builds it: his language, time zone and companies say nothing here.
        context = {
            "lang": lang,
            "tz": company._get_zone(),
            "allowed_company_ids": company.ids,
        }
        writer = self.with_env(self.env(context=context))
        return writer._write_file(handover.with_env(writer.env), as_of)

    def _write_file(self, handover, as_of):
        with tempfile.TemporaryFile() as stream:
            self._fill(stream, handover, as_of)
            stream.seek(0)
            # In memory once, as the attachment that it becomes.
            return stream.read(), file_name(self.env._("File %s.zip", handover.case_id.name))

    def _fill(self, stream, handover, as_of):
        names = self._get_names()
        # What is missing is told before anything is begun.
        pieces = self._number(self.env["collection.legal.pieces"]._gather(handover))
        data = {
            "as_of": as_of,
            "pieces": pieces,
            "statement": self.env["collection.legal.statement"]._prepare(handover, as_of),
        }
        archive = SealedArchive(stream)
        for letter, paper in zip("ABC", self._get_papers(handover), strict=False):
            content = self._print(handover, {**data, "paper": paper})
            archive.add(f"{letter}-{names[paper]}.pdf", content)
        for piece in pieces:
            piece["sha256"] = archive.add(piece["file"], piece["content"])
        archive.add(f"00-{names['list']}.pdf", self._print(handover, {**data, "paper": "list"}))
        archive.close()

    def _get_papers(self, handover):
        return [
            paper for paper in PAPERS if paper != "request" or handover.route_code in REQUEST_ROUTES
        ]

    def _get_names(self):
        """Return {paper: name of its file}."""
        return {
            "summary": file_name(self.env._("Summary of the case")),
            "statement": file_name(self.env._("Statement of the claim")),
            "request": file_name(self.env._("Request for an order for payment")),
            "list": file_name(self.env._("List of pieces")),
        }

    def _number(self, pieces):
        """Give each piece its number and the name of its file, which sort alike."""
        width = max(2, len(str(len(pieces))))
        for number, piece in enumerate(pieces, 1):
            piece["number"] = number
            piece["file"] = f"{number:0{width}d}-{piece['date']:%Y-%m-%d}-{piece['name']}"
        return pieces

    def _print(self, handover, data):
        reports = self.env["ir.actions.report"].with_company(handover.company_id)
        printed = reports._render_separately(REPORT, handover.ids, data)
        return undated_pdf(printed[handover.id])
