from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from .portal_routes import file_route, form_route, page_route
from .portal_visit import CollectionPortalMixin

# A debtor asks for one plan at a time.
UNDER_WAY = ("draft", "to_approve", "proposed", "signed", "running", "late")
UNSIGNED = ("draft", "to_approve", "proposed")
MOST_INSTALMENTS = 36


class CollectionPortalSchedule(CollectionPortalMixin, http.Controller):
    """Ask for a schedule, sign it in one's own words, follow it."""

    @page_route("/schedule")
    def collection_schedule(self, case_id, **_query):
        """Show the schedule, or the form that asks for one."""
        return self._show_schedule(self._enter(case_id))

    @form_route("/schedule")
    def collection_ask_schedule(self, case_id, count="", first_date="", down_payment="", **form):
        """Make the plan; within the policy's limits it can be signed at once.

        :param str count: number of instalments
        :param str first_date: day of the first one
        :param str down_payment: paid at once, or empty
        """
        visit = self._enter_to_act(case_id, "schedule")
        errors = []
        with self._checked(visit, "schedule", errors):
            if self._get_under_way(visit):
                raise UserError(request.env._("A schedule is under way already."))
            items = self._read_items(visit)
            self._check_payable(visit, items)
            today = visit.case.company_id._collection_today()
            day = self._read_date(visit, first_date)
            if day < today:
                raise UserError(request.env._("The first instalment is today at the earliest."))
            number = self._to_id(count)
            if not 1 <= number <= MOST_INSTALMENTS:
                raise UserError(
                    request.env._("Choose a number of instalments up to %s.", MOST_INSTALMENTS)
                )
            schedule = self._get_model(visit, "collection.schedule")._propose(
                visit.case,
                items,
                down_payment=self._read_amount(down_payment) or 0.0,
                down_payment_date=today,
                count=number,
                frequency="month",
                first_date=day,
                requested_by="portal",
            )
            schedule._submit()
        if errors:
            typed = {"count": count, "first_date": first_date, "down_payment": down_payment}
            return self._show_schedule(visit, errors=errors, typed=typed)
        self._note("handed_in", schedule.name, visit.access, visit.case)
        return self._go(visit, "/schedule", "asked")

    @form_route("/schedule/<int:schedule_id>/sign")
    def collection_sign_schedule(
        self, case_id, schedule_id, typed_amount="", signer_name="", signature="", **form
    ):
        """Take the debtor's signature.

        :param int schedule_id: id of the collection.schedule
        :param str typed_amount: the whole amount in words, typed by the debtor
        :param str signer_name: who signs
        :param str signature: a drawn signature as a picture, or empty
        """
        visit = self._enter_to_act(case_id, "signature")
        errors = []
        with self._checked(visit, "signature", errors):
            schedule = self._get_own(visit, schedule_id)
            self._check_payable(visit, schedule.item_line_ids.item_id)
            if form.get("agreed") != "1":
                raise UserError(request.env._("Tick that you have read the agreement."))
            visitor = self._get_visitor()
            schedule._sign(
                signature,
                self._read_text(typed_amount),
                self._read_text(signer_name),
                ip=visitor["ip"],
                user_agent=visitor["user_agent"],
            )
        if errors:
            typed = {
                "schedule_id": schedule_id,
                "typed_amount": typed_amount,
                "signer_name": signer_name,
            }
            return self._show_schedule(visit, errors=errors, typed=typed)
        self._note("handed_in", schedule.name, visit.access, visit.case)
        return self._go(visit, "/schedule", "signed")

    @form_route("/schedule/<int:schedule_id>/withdraw")
    def collection_withdraw_schedule(self, case_id, schedule_id, **form):
        """Give up a plan that nobody has signed.

        :param int schedule_id: id of the collection.schedule
        """
        visit = self._enter_to_act(case_id, "withdraw schedule")
        errors = []
        with self._checked(visit, "withdraw schedule", errors):
            schedule = self._get_own(visit, schedule_id)
            if schedule.state not in UNSIGNED:
                raise UserError(request.env._("What is signed is not given up here: write to us."))
            schedule._cancel(request.env._("Given up by the debtor on its page."))
        if errors:
            return self._show_schedule(visit, errors=errors)
        self._note("handed_in", schedule.name, visit.access, visit.case)
        return self._go(visit, "/schedule", "withdrawn")

    @file_route("/schedule/<int:schedule_id>/agreement.pdf")
    def collection_agreement(self, case_id, schedule_id, **_query):
        """Download the agreement: the signed one, else the offered one.

        :param int schedule_id: id of the collection.schedule
        """
        visit = self._enter(case_id)
        schedule = self._get_schedules(visit).filtered(lambda each: each.id == schedule_id)
        file = schedule.signed_agreement_id or schedule.agreement_id
        return self._send_file(visit, file.name, file.raw, file.mimetype)

    # === HELPERS === #

    def _get_schedules(self, visit):
        schedules = self._get_model(visit, "collection.schedule")
        return schedules.search([("case_id", "=", visit.case.id), ("state", "!=", "draft")])

    def _get_under_way(self, visit):
        return self._get_schedules(visit).filtered(lambda each: each.state in UNDER_WAY)

    def _get_own(self, visit, schedule_id):
        """Return a schedule of the debtor.

        :raise AccessError: the id is another's
        """
        schedule = self._get_schedules(visit).filtered(lambda each: each.id == schedule_id)
        if not schedule:
            raise self._not_own()
        return schedule

    def _get_payable(self, visit, schedules):
        """Return those of which nothing is barred from being paid by insolvency proceedings."""
        page = request.env["collection.portal.page"]
        barred = page._find_barred(
            visit.case,
            schedules.item_line_ids.item_id,
            visit.case.company_id._collection_today(),
        )
        return schedules.filtered(lambda each: not each.item_line_ids.item_id & barred)

    def _show_schedule(self, visit, **values):
        schedules = self._get_schedules(visit)
        return self._form_page(
            visit,
            "portal_schedule",
            "/schedule",
            is_payable=True,
            schedules=schedules,
            payable=self._get_payable(visit, schedules),
            under_way=self._get_under_way(visit),
            unsigned=UNSIGNED,
            most_instalments=MOST_INSTALMENTS,
            **values,
        )
