from odoo import models

from ..tools.days import write_day


class ReportRecouvrementCreancesAssessment(models.AbstractModel):
    """The synthesis for the debtor: what was declared, what follows, whom else to talk to."""

    _name = "report.recouvrement_creances.assessment"
    _description = "Synthesis letter"
    _inherit = ["collection.paper"]
    _printed = "collection.assessment"

    def _prepare_documents(self, records, data):
        """IMPLEMENTS collection.paper."""
        return [self._prepare_letter(assessment) for assessment in records]

    def _prepare_letter(self, assessment):
        """Return the values of one letter, in the debtor's language."""
        company = assessment.company_id
        # In sudo mode to read addresses and settings, after the check of access above.
        assessment_sudo = assessment.sudo().with_company(company).with_context(lang=assessment.lang)
        frames_sudo = self.env["collection.correspondence"].with_env(assessment_sudo.env)
        bodies_sudo = assessment_sudo.env["collection.help.body"]
        if assessment_sudo.with_bodies:
            bodies_sudo = bodies_sudo._get_for(assessment_sudo.partner_id)
        return {
            **frames_sudo._get_parties(assessment_sudo.case_id, company),
            "record": assessment_sudo,
            "lang": assessment.lang,
            "type_style": self._get_type_style(company),
            "assessment": assessment_sudo,
            "sections": self._get_sections(assessment_sudo),
            "declared_on": self._show(assessment_sudo, "date"),
            "valid_until": self._show(assessment_sudo, "valid_until"),
            "extra_time_until": self._show(assessment_sudo, "extra_time_until"),
            "debtor_number": "",
            "is_registered": False,
            "is_electronic": False,
            "subject": "",
            "help_paragraph": (bodies_sudo | assessment_sudo.body_id)._render_paragraph(),
        }

    def _show(self, assessment, name):
        return write_day(assessment.env, assessment[name])

    def _get_sections(self, assessment):
        """Return [(title, lines, total a month)] of what a household declared."""
        labels = dict(
            self.env["collection.assessment.line"]
            .with_env(assessment.env)
            ._fields["section"]
            ._description_selection(assessment.env)
        )
        return [
            {"title": labels[section], "lines": lines, "total": assessment[total]}
            for section, lines, total in (
                ("resource", assessment.resource_ids, "amount_resources"),
                ("charge", assessment.charge_ids, "amount_charges"),
                ("debt", assessment.debt_ids, "amount_debts"),
            )
            if lines
        ]
