from odoo import models
from odoo.tools import get_lang

from ..rules.competence import ORDER, TRADER_UNKNOWN, Claim, find_competence
from ..rules.money import to_decimal
from ..tools.days import write_day

SPELLED = 2
# So many pieces of the list stand on the page of the signature, which never stands alone.
PIECES_WITH_SIGNATURE = 3


class ReportRecouvrementCreancesLegalPaper(models.AbstractModel):
    """The papers of a file for litigation: summary, statement, request, list of pieces."""

    _name = "report.recouvrement_creances.legal_paper"
    _description = "Papers for litigation"
    _inherit = ["collection.paper"]
    _printed = "collection.handover"

    def _prepare_documents(self, records, data):
        """IMPLEMENTS collection.paper."""
        return [self._prepare_paper(handover.sudo(), data) for handover in records]

    def _prepare_paper(self, handover, data):
        company = handover.company_id
        correspondence = self.env["collection.correspondence"]
        statement = data["statement"]
        total = self.env["collection.legal.statement"]._get_total(statement)
        return {
            **correspondence._get_parties(handover.case_id, company),
            "record": handover,
            "handover": handover,
            "debtor": handover.partner_id,
            "debtor_number": correspondence._name_registration(handover.partner_id),
            "debtor_lines": correspondence._get_address_lines(handover.partner_id, company),
            "legal_company": company._get_legal_company(),
            "lang": get_lang(self.env).code,
            "type_style": self._get_type_style(company),
            "paper": data["paper"],
            "pieces": data["pieces"],
            "as_of": data["as_of"],
            "as_of_in_words": write_day(self.env, data["as_of"]),
            "total": total,
            "in_words": correspondence._get_words(statement["currency"], total) if total else "",
            "last_pieces": max(0, len(data["pieces"]) - PIECES_WITH_SIGNATURE),
            "chronology": self._list_chronology(handover),
            "court": self._find_court(handover, statement, data["as_of"]),
            "bank": correspondence._choose_bank(
                company._get_payment_banks(), statement["currency"]
            ),
            "notice": self._find_notice(handover),
            **statement,
        }

    # === CHRONOLOGY === #

    def _list_chronology(self, handover):
        """Return (day, words) of what happened, the oldest first: facts, no note of anybody."""
        case, items = handover.case_id, handover.item_ids
        lines = [
            (
                item.move_id.invoice_date or item.move_id.date,
                0,
                self.env._(
                    "Invoice %(number)s, due on %(due)s",
                    number=item.display_name,
                    due=self._show(item.due_date or item.move_line_id.date),
                ),
            )
            for item in items
        ]
        lines += self._list_contacts(case, items)
        for dispute in case.dispute_ids.filtered(lambda one: one.line_ids.item_id & items):
            states = dict(dispute._fields["state"]._description_selection(self.env))
            words = self.env._("Dispute: %s", states[dispute.state])
            lines.append((dispute.opened_on, 2, words))
        states = dict(
            self.env["collection.promise"]._fields["state"]._description_selection(self.env)
        )
        for promise in case.promise_ids.filtered(lambda one: one.item_ids & items):
            words = self.env._(
                "Promise of %(amount)s: %(state)s",
                amount=promise.currency_id.format(promise.amount),
                state=states[promise.state],
            )
            lines.append((promise.date, 3, words))
        return [(day, words) for day, _order, words in sorted(lines)]

    def _list_contacts(self, case, items):
        channels = dict(
            self.env["collection.action"]._fields["channel"]._description_selection(self.env)
        )
        outcomes = dict(
            self.env["collection.action"]._fields["letter_outcome"]._description_selection(self.env)
        )
        lines = []
        for action in case.action_ids.filtered(
            lambda action: (
                action.state in ("sent", "done")
                and action.channel != "task"
                and action.line_ids.item_id & items
            )
        ):
            words = [channels[action.channel]]
            if action.is_notice:
                words.append(self.env._("formal notice"))
            if action.presented_on:
                words.append(self.env._("presented on %s", self._show(action.presented_on)))
            if action.letter_outcome:
                words.append(outcomes[action.letter_outcome])
            if action.notice_ends_on:
                words.append(self.env._("period over on %s", self._show(action.notice_ends_on)))
            lines.append((action.contact_date, 1, " · ".join(words)))
        return lines

    def _show(self, day):
        return self.env["ir.qweb.field.date"].value_to_html(day, {}) if day else ""

    # === COURT === #

    def _find_court(self, handover, statement, as_of):
        """Return the court of the debtor's place for an order for payment, and its article."""
        partner = handover.partner_id
        is_french = partner.country_id.code in (False, "FR")
        amount = to_decimal(f"{statement['principal'] + statement['interest']:.2f}")
        claim = Claim(
            amount,
            statement["debtor_kind"],
            handover.item_ids[:1].limitation_nature or "",
            ((partner.zip or "")[:SPELLED] or "00") if is_french else "",
            partner._is_trader(),
        )
        found = find_competence(ORDER, claim, as_of)
        kinds = dict(self.env["collection.court"]._fields["kind"]._description_selection(self.env))
        court = self.env["collection.court"]._find_for(found.court, partner.zip)
        return {
            "kind": kinds.get(found.court, ""),
            "article": found.article,
            "is_to_check": TRADER_UNKNOWN in found.warnings,
            "record": court,
            "address": self._get_court_address(court),
        }

    def _get_court_address(self, court):
        """Return where a court is; empty where its name says all that is known."""
        town = " ".join(part for part in (court.zip, court.city) if part)
        is_named = court.city and court.city.lower() in (court.name or "").lower()
        parts = (court.street, "" if is_named and not (court.street or court.zip) else town)
        return ", ".join(part for part in parts if part)

    def _find_notice(self, handover):
        """Return the last formal notice about the items."""
        notices = handover.case_id.action_ids.filtered(
            lambda action: (
                action.is_notice
                and action.state in ("sent", "done")
                and action.line_ids.item_id & handover.item_ids
            )
        )
        return notices.sorted(lambda action: (action.contact_date, action.id))[-1:]
