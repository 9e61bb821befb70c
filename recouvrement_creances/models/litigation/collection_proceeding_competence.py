from odoo import fields, models

from ...rules.competence import find_competence
from ...rules.handover_checklist import DISPUTE
from ...rules.routes import RouteFacts, find_route_obstacles


class CollectionProceedingCompetence(models.AbstractModel):
    """Before which court a proceeding belongs, and whether its procedure is open to the claim."""

    _name = "collection.proceeding.competence"
    _description = "Competence of courts for proceedings"

    # === BUSINESS === #

    def _find_competence(self):
        """Return the rules' answer on court and procedure, None while something is missing."""
        self.ensure_one()
        if not (self.procedure_id and self.case_id):
            return None
        today = fields.Date.context_today(self)
        return find_competence(self.procedure_id.kind, self._get_own_claim(today), today)

    def _get_own_claim(self, day):
        """Return what the court is asked for, as the rules want it on a day."""
        company = self.case_id.company_id
        # The law's limits are in EUR.
        euro = self.env.ref("base.EUR")
        asked = self.currency_id._convert(self.amount_claimed, euro, company, day)
        return self._get_claim(asked)

    def _find_closed_way(self, step, day):
        """Return why the procedure is not open to the claim, as the routes of a handover say it."""
        if not self._begins(step):
            return ""
        # In sudo mode to read disputes, which close a way whoever sees them.
        record_sudo = self.sudo()
        facts = RouteFacts(
            record_sudo._get_own_claim(day),
            is_european=record_sudo._is_european(),
            is_disputed=DISPUTE in record_sudo._get_running_holds(day),
        )
        closed, _warnings = find_route_obstacles(self.procedure_id.kind, facts, day)
        words = self.env["collection.handover.route"]._get_words()
        return "\n".join(words[code] for code in closed)

    def _get_court_kind(self):
        """Return the kind of the court that was chosen, or of the one that decides by law."""
        found = None if self.court_id else self._find_competence()
        return self.court_id.kind or (found and found.court)

    def _find_court(self):
        """Return the court of the debtor's place, none when the list of courts has none."""
        found = self._find_competence()
        kind = found and found.court
        postcode = self.case_id.partner_id.sudo().zip
        return self.env["collection.court"]._find_for(kind, postcode)

    def _describe_competence(self):
        """Return in words which court decides, what speaks against it and what to check."""
        found = self._find_competence()
        if not found:
            return False
        kinds = dict(self.env["collection.court"]._fields["kind"]._description_selection(self.env))
        lines = []
        if found.court:
            lines.append(
                self.env._(
                    "%(court)s of the debtor's place (%(article)s)",
                    court=kinds[found.court],
                    article=found.article,
                )
            )
            lines += self._describe_courts(found.court)
        words = self._get_competence_words()
        lines += [words[code] for code in (*found.refusals, *found.warnings)]
        return "\n".join(lines)

    def _describe_courts(self, kind):
        """Yield what is to be done where no court, or several ones, fit the debtor's postcode."""
        postcode = self.case_id.partner_id.sudo().zip
        courts = self.env["collection.court"]._find_candidates(kind, postcode)
        if not courts:
            yield self.env._(
                "None is listed for the debtor's postcode: add it under Configuration, Courts."
            )
        elif len(courts) > 1:
            yield self.env._(
                "Several judge in this department, each some of its cantons: %s. Choose by the "
                "debtor's town.",
                ", ".join(courts.mapped("name")),
            )

    def _get_competence_words(self):
        """Return {code of ``rules.competence``: what it tells people}."""
        return {
            "above_ceiling": self.env._("Not open: the claim is above 5,000 € (CPCE R125-1)."),
            "between_traders": self.env._(
                "Not open: invoices between traders are left out (loi 2026-307)."
            ),
            "not_traders": self.env._("Not open: only between traders (CPCE L126-1)."),
            "public_debtor": self.env._(
                "Not open: a public body is sued before the administrative court, and paid by "
                "order of the prefect (loi 80-539)."
            ),
            "not_abroad": self.env._("Not open: the debtor lives in France."),
            "decree_missing": self.env._(
                "Check first: the decree that sets its forms and tariff was not published when "
                "this version was made."
            ),
            "amicable_first": self.env._(
                "Check first: conciliation or mediation has to be attempted (CPC 750-1)."
            ),
            "trader_unknown": self.env._(
                "Check first: a civil company, an association or a profession is no trader, the "
                "judicial court decides then. Say which on the debtor's form."
            ),
            "lawyer": self.env._("A lawyer is needed above 10,000 € (CPC 761, 853)."),
        }
