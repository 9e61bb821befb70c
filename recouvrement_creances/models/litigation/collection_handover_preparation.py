from dataclasses import replace

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from ...rules.handover_checklist import (
    DELIVERY,
    ORDER,
    PROMISE,
    SCHEDULE,
    Facts,
    check_handover,
)
from ...rules.money import to_decimal
from ...rules.routes import DOUBTFUL, UNDEMANDING, WRITE_OFF, RouteFacts, weigh_routes
from ...tools.dialogs import open_dialog

WORKED_OUT = ("draft", "refused", "requested")


class CollectionHandoverPreparation(models.AbstractModel):
    """Works out the checklist and the routes of a handover from what is known of the case."""

    _name = "collection.handover.preparation"
    _description = "Preparation of a handover"

    # === ACTIONS === #

    def action_work_out(self):
        """Look again: what came in since counts; what was decided on stays as it was seen."""
        self.check_access("write")
        self._work_out_open()

    def action_add_document(self):
        """Put a document on the case."""
        self.ensure_one()
        return open_dialog(
            "collection.legal.document",
            self.env._("Add a document"),
            default_case_id=self.case_id.id,
        )

    # === BUSINESS === #

    def _work_out_open(self):
        """Bring those up to date that are not decided on."""
        self.filtered(lambda handover: handover.state in WORKED_OUT)._work_out()

    def _work_out(self):
        """Write checklist and routes anew; lines stay, with whom they were asked from."""
        # In sudo mode: the lines tell the same whoever looks, and nobody writes them by hand.
        for handover_sudo in self.sudo():
            today = fields.Date.context_today(self)
            facts = handover_sudo._gather_facts(today)
            terms = self.env["collection.route.parameter"]._get_terms(today)
            handover_sudo._write_routes(
                weigh_routes(handover_sudo._gather_route_facts(facts, today), terms, today), today
            )
            # Afterwards: what is wanted depends on the route, which follows what is recommended.
            is_demanded = handover_sudo.route_code not in UNDEMANDING
            handover_sudo._write_checks(
                check_handover(replace(facts, is_demanded=is_demanded), today)
            )

    def _write_checks(self, checks):
        known = {check.code: check for check in self.check_ids}
        new = []
        for sequence, check in enumerate(checks):
            vals = {
                "sequence": sequence,
                "result": check.result,
                "because": check.because,
                "day": check.day,
                "names": ", ".join(check.names),
            }
            if check.code in known:
                known[check.code].write(vals)
            else:
                new.append({"handover_id": self.id, "code": check.code, **vals})
        self.env["collection.handover.check"].create(new)

    def _write_routes(self, routes, today):
        known = {route.code: route for route in self.route_ids}
        # Who has not chosen another way goes on with what is proposed.
        followed = self.route_ids.filtered("is_recommended").code
        follows = self.state in ("draft", "refused") and self.route_code in (False, followed)
        new = []
        for sequence, route in enumerate(routes):
            vals = {"sequence": sequence, **self._prepare_route(route, today)}
            if route.code in known:
                known[route.code].write(vals)
            else:
                new.append({"handover_id": self.id, "code": route.code, **vals})
        self.env["collection.handover.route"].create(new)
        # To give a claim up is chosen by a person.
        if follows and routes[0].is_recommended and routes[0].code != WRITE_OFF:
            self._with_door().route_code = routes[0].code

    def _prepare_route(self, route, today):
        """Return the values of a route; rules and terms count in EUR, the company may not."""
        company = self.company_id
        euro, own = self.env.ref("base.EUR"), company.currency_id
        cost, value, net = (
            euro._convert(float(amount), own, company, today)
            for amount in (route.cost, route.value, route.net)
        )
        return {
            "is_open": route.is_open,
            "is_recommended": route.is_recommended,
            "reason_codes": " ".join(route.reasons),
            "warning_codes": " ".join(route.warnings),
            "cost": cost,
            "days": route.days,
            "chance": int(route.chance),
            "value": value,
            "net": net,
        }

    # === FACTS === #

    def _gather_facts(self, today):
        """Return what the checklist looks at (``rules/handover_checklist``)."""
        self.ensure_one()
        company = self.company_id
        is_notified, over_from = self._read_notices()
        holds = self._get_running_holds(today)
        barring = self._find_barring()
        latest = self.env["collection.debtor.check"]._read_latest(self.case_id)
        last_days = [
            item.limitation_confirmed_date or item.limitation_date for item in self.item_ids
        ]
        return Facts(
            amount=to_decimal(f"{self._get_company_amount():.2f}"),
            least=to_decimal(f"{company._find_inherited('collection_handover_least'):.2f}"),
            is_notified=is_notified,
            notice_over_from=over_from,
            is_disputed="dispute" in holds,
            states_dispute=bool((self.dispute_statement or "").strip()),
            dismissed_on=self._find_dismissed_on(),
            agreements=tuple(kind for kind in (SCHEDULE, PROMISE) if kind in holds),
            limitation=min(last_days) if last_days and all(last_days) else None,
            checked={kind: check.date for kind, check in latest.items()},
            is_insolvent="insolvency" in holds and not barring,
            barred=barring.closing_ground or "",
            barred_on=barring.closed_on or None,
            **self._gather_document_facts(),
            states_documents=bool((self.document_statement or "").strip()),
        )

    def _find_dismissed_on(self):
        """Return the last day on which a claim for one of the items was dismissed, if any was."""
        # In sudo mode as what a court decided counts for everybody.
        dismissed_sudo = self.sudo().case_id.proceeding_ids.filtered(
            lambda one: one.item_ids & self.item_ids and one._get_last_decision()._is_dismissal()
        )
        days = [one._get_last_decision().date for one in dismissed_sudo]
        return max(days, default=None)

    def _find_barring(self):
        """Return the ended insolvency that took the right to ask for items; none while one runs.

        In sudo mode: the law stops everybody, whoever sees the record.
        """
        stopping_sudo = self.env["collection.insolvency"]._find_stopping(
            self.partner_id, self.company_id
        )
        barring_sudo = stopping_sudo.filtered(lambda record: record._are_barring())
        if stopping_sudo - barring_sudo:
            return barring_sudo.browse()
        # one query per record, of which a debtor has few
        return barring_sudo.filtered(lambda record: record._filter_earlier(self.item_ids))[:1]

    def _read_notices(self):
        """Return (each item had a formal notice, first day after the last of their periods)."""
        notices = self.env["collection.action"]._read_notices(self.item_ids.ids)
        days = [over_from for _runs_from, over_from in notices.values()]
        is_notified = bool(days) and len(days) == len(self.item_ids)
        return is_notified, max(days) if days and all(days) else None

    def _gather_route_facts(self, facts, today):
        """Return what the routes depend on (``rules/routes``)."""
        events = self.env["collection.limitation.event"].search_count(
            [("item_ids", "in", self.item_ids.ids), ("kind", "=", "acknowledgement")], limit=1
        )
        known = self.case_id.legal_document_ids.mapped("kind")
        return RouteFacts(
            self._get_claim(self._get_euro_amount(today)),
            is_european=self._is_european(),
            is_proven={ORDER, DELIVERY} <= facts.documents,
            is_acknowledged=bool(events) or "acknowledgement" in known,
            is_disputed=facts.is_disputed,
            is_insolvent=facts.is_insolvent,
            is_barred=bool(facts.barred),
            is_insured=self.env["collection.insurance"]._is_any_covered(self.item_ids),
            solvency=self.solvency or DOUBTFUL,
        )

    # === ASKING === #

    def _ask_for(self, check):
        """Give the task of what is missing to whose work it is; once until it is done."""
        self.ensure_one()
        self.check_access("write")
        if check.result == "passed":
            raise UserError(self.env._("This is in order already."))
        # In sudo mode to look at a colleague's task; a done one is archived.
        task_sudo = check.sudo().activity_id
        if task_sudo.active:
            raise UserError(self.env._("%s has this task already.", task_sudo.user_id.name))
        user = self._find_responsible(check)
        labels = dict(check._fields["code"]._description_selection(self.env))
        # In sudo mode to give a colleague a task, and to note that he has it.
        activity_sudo = self.sudo().activity_schedule(
            "recouvrement_creances.mail_activity_type_handover",
            summary=labels[check.code],
            note=check.explanation and plaintext2html(check.explanation),
            user_id=user.id,
        )
        check.sudo().write(
            {
                "asked_id": user.id,
                "asked_on": fields.Date.context_today(self),
                "activity_id": activity_sudo.id,
            }
        )

    def _find_responsible(self, check):
        """Return whose work a line is, as far as he may see the handover; else the collector's."""
        # In sudo mode to read who sold what, as far as a role in collection goes.
        handover_sudo = self.sudo()
        collector = handover_sudo.case_user_id or self.env.user
        accountant = handover_sudo.company_id.collection_accountant_id
        seller = handover_sudo.item_ids.move_id.invoice_user_id[:1]
        wanted = {
            "dispute": handover_sudo.case_id.dispute_ids.filtered("is_running").owner_id[:1],
            "invoices": accountant,
            "order": seller,
            "delivery": seller,
        }.get(check.code)
        for user in filter(None, (wanted, collector)):
            reads = user.has_group("recouvrement_creances.group_reader")
            # The robot that imported an invoice sees to nothing.
            if user.active and reads and handover_sudo.company_id in user.company_ids:
                return user
        return self.env.user

    # === BUSINESS - WHAT HAS CHANGED SINCE === #

    def _is_amount_changed(self):
        """Tell whether what is due differs by more than the company tolerates."""
        self.ensure_one()
        tolerance = self.company_id._find_inherited("collection_handover_tolerance")
        most = self.amount_requested * tolerance / 100
        difference = abs(self.amount - self.amount_requested)
        return self.currency_id.compare_amounts(difference, most) > 0

    def _is_settled(self):
        """Tell whether nothing of it is due any more."""
        self.ensure_one()
        return self.currency_id.is_zero(self.amount)

    def _needs_new_decision(self):
        """Tell whether the amount has to be decided on again.

        What is in court goes on, held; an approved write-off ends with its own booking.
        """
        self.ensure_one()
        is_written_off = self.state == "approved" and self.route_code == WRITE_OFF
        return not (is_written_off or self._has_started()) and self._is_amount_changed()
