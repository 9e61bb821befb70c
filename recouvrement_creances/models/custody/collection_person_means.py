from odoo import api, models


class CollectionPersonMeans(models.AbstractModel):
    """What an access request answers about a person's means: all of it, however narrow it is."""

    _name = "collection.person.means"
    _description = "Answer to an access request: means"
    _inherit = ["collection.person.part"]

    @api.model
    def _describe(self, case, mask):
        """IMPLEMENTS collection.person.part: assessments, and hardship reports."""
        return {
            "assessments": [
                self._describe_assessment(one, mask) for one in self._find("assessment", case)
            ],
            "hardship_reports": [
                self._describe_report(one, mask) for one in self._find("hardship", case)
            ],
        }

    @api.model
    def _get_authors(self, cases):
        """IMPLEMENTS collection.person.part."""
        assessments, reports = self._find("assessment", cases), self._find("hardship", cases)
        return (
            assessments.create_uid
            | assessments.concluded_by_id
            | reports.create_uid
            | reports.manager_id
            | reports.decided_by_id
        )

    @api.model
    def _get_files(self, cases):
        """IMPLEMENTS collection.person.part: what belongs to the assessments."""
        assessments = self._find("assessment", cases)
        return self._date_files(assessments.document_ids | assessments.letter_id)

    def _describe_assessment(self, assessment, mask):
        is_person = assessment.kind == "person"
        content = {
            "declared_on": str(assessment.date),
            "valid_until": str(assessment.valid_until),
            "declared": [self._describe_line(line, mask) for line in assessment.line_ids],
            "facts": [
                {
                    "day": str(fact.date),
                    "kind": self._get_label(fact, "kind"),
                    "description": mask.apply(fact.description),
                    "source": mask.apply(fact.source),
                }
                for fact in assessment.fact_ids
            ],
            "recommendation": self._get_label(assessment, "recommendation"),
            "conclusion": mask.apply(assessment.conclusion),
            "documents": assessment.document_ids.mapped("name"),
        }
        if is_person:
            content |= {
                "persons_in_household": assessment.household_size,
                "ability_to_pay_a_month": self._format(assessment, "amount_ability"),
            }
        else:
            content |= {
                "financial_year": assessment.fiscal_year or "",
                **{
                    name: self._format(assessment, f"amount_{name}")
                    for name in ("turnover", "result", "equity", "cash")
                },
            }
        return content

    def _describe_line(self, line, mask):
        return {
            "kind": self._get_label(line, "section"),
            "what": mask.apply(line._get_title()),
            "amount": self._format(line, "amount"),
            "per": self._get_label(line, "period"),
        }

    def _describe_report(self, report, mask):
        return {
            "day": str(report.create_date.date()),
            "reason": report.nonpayment_reason_id.name,
            "facts": mask.apply(report.facts),
            "proposed": self._get_label(report, "way"),
            "decision": self._get_label(report, "state"),
            "decided": self._get_label(report, "decided_way"),
            "decided_on": str(report.decided_on or ""),
            "why": mask.apply(report.decision_note),
        }
