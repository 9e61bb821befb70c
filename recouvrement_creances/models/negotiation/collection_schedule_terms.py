from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ...rules import plan
from ...rules.money import exact
from ...rules.parameters import value_on
from .collection_schedule_life import LIVE

# What lies beyond is a mistype, and no calendar counts its months.
LONGEST_YEARS = 100


class CollectionScheduleTerms(models.AbstractModel):
    """What a schedule is made of: debts, lines that add up, limits, versions.

    Options of ``_propose``: ``lines`` ([(due date, amount, kind)] instead of computed ones),
    ``charges`` (collection.charge records that are memos), ``charges_last``,
    ``down_payment_date``, ``rest_on``, ``skipped_months`` (numbers), ``at_month_end``,
    ``interest_clause``, ``begins_with_down_payment``, ``payment_way``, ``payment_reference``,
    ``note``, ``previous`` (the version that it would replace), ``schedule`` (the draft to change).
    """

    _name = "collection.schedule.terms"
    _description = "Terms of a schedule"

    # === HELPERS === #

    @api.model
    def _get_discount_rate(self, case):
        """Return what money costs, in percent a year, as the debtor's policy says."""
        # In sudo mode to read a rate that the portal's user does not see.
        policy = case.sudo().policy_id or case.company_id.sudo().collection_policy_id
        return Decimal(str(policy.schedule_discount_rate))

    # === PROPOSE === #

    @api.model
    def _propose(
        self,
        case,
        items,
        down_payment=0.0,
        count=None,
        amount=None,
        end=None,
        frequency="month",
        first_date=None,
        requested_by="company",
        **options,
    ):
        """Make the draft of a schedule, with its lines; or change one (option schedule).

        :param case: the collection.case
        :param items: its open collection.item records, all in one currency
        :param count, amount, end: one of them says how many instalments there are
        :return: the draft
        :raise UserError: there is no such plan; says why
        """
        case.check_access("write")
        # In sudo mode to make schedules: nobody makes them by hand, past the computation.
        schedules_sudo = self.sudo()
        covered = schedules_sudo._prepare_covered(case, items, options)
        total = sum(vals["amount"] for vals in covered)
        currency = (items.currency_id or options["charges"].currency_id)[:1]
        ways = {"count": count, "amount": amount, "end": end, "down_payment": down_payment}
        terms = {**options, **ways, "frequency": frequency, "first_date": first_date}
        lines = options.get("lines") or schedules_sudo._compute_lines(currency, total, terms)
        schedules_sudo._check_lines(currency, lines, total)
        values = {
            **schedules_sudo._prepare_terms(case, options, lines),
            **schedules_sudo._prepare_plan(covered, lines),
            "currency_id": currency.id,
            "amount_total": total,
            "frequency": frequency,
            "requested_by": requested_by,
        }
        return schedules_sudo._save_draft(case, values, options).with_env(self.env)

    def _save_draft(self, case, values, options):
        draft = options.get("schedule")
        if draft:
            draft.sudo()._change_draft(values)
            return draft
        return self.create({**values, **self._prepare_number(case, options.get("previous"))})

    def _prepare_plan(self, covered, lines):
        """Return the values of what is covered and of the instalments."""
        instalments = [
            Command.create({"number": number, "due_date": due, "amount": amount, "kind": kind})
            for number, (due, amount, kind) in enumerate(lines, start=1)
        ]
        down = sum(amount for _due, amount, kind in lines if kind == plan.DOWN_PAYMENT)
        return {
            "down_payment": down,
            "first_date": min(due for due, _amount, _kind in lines),
            "item_line_ids": [Command.clear(), *(Command.create(vals) for vals in covered)],
            "instalment_ids": [Command.clear(), *instalments],
        }

    # === THE PLAN === #

    @api.model
    def _compute_lines(self, currency, total, terms):
        """Return [(due date, amount, kind)] of a plan that adds up to the total.

        :param dict terms: first_date, frequency, one of count, amount and end; down_payment,
            down_payment_date, rest_on, skipped_months, at_month_end
        :raise UserError: there is no such plan; says why
        """
        digits = currency.decimal_places
        if not terms.get("first_date"):
            raise UserError(self.env._("Say when the first instalment is due."))
        self._check_days(terms["first_date"])
        try:
            lines = plan.make_plan(
                plan.Terms(
                    total=exact(total, digits),
                    first_date=terms["first_date"],
                    frequency=terms.get("frequency") or "month",
                    count=terms.get("count") or None,
                    amount=exact(terms["amount"], digits) if terms.get("amount") else None,
                    end=terms.get("end") or None,
                    down_payment=exact(terms.get("down_payment") or 0.0, digits),
                    down_payment_date=terms.get("down_payment_date") or None,
                    rest_on=terms.get("rest_on") or plan.LAST,
                    skipped_months=frozenset(terms.get("skipped_months") or ()),
                    at_month_end=bool(terms.get("at_month_end")),
                    unit=Decimal(str(currency.rounding)),
                )
            )
        except plan.PlanError as error:
            raise UserError(self._explain_plan_error(error.reason)) from error
        return [(line.due, float(line.amount), line.kind) for line in lines]

    def _explain_plan_error(self, reason):
        return {
            plan.NOTHING_DUE: self.env._("Nothing is due of the documents."),
            plan.DOWN_PAYMENT_TOO_HIGH: self.env._(
                "The down payment is not more than the total, nor below zero."
            ),
            plan.ONE_WAY: self.env._(
                "Say either how many instalments, or their amount, or the last day."
            ),
            plan.NO_INSTALMENT: self.env._("No instalment falls before the last day."),
            plan.TOO_MANY: self.env._(
                "That makes more than %s instalments.", plan.MOST_INSTALMENTS
            ),
            plan.TOO_SMALL: self.env._("The instalments would be less than the smallest coin."),
            plan.EVERY_MONTH_SKIPPED: self.env._("No month is left for an instalment."),
        }[reason]

    @api.model
    def _check_days(self, *days):
        """Refuse days that are mistyped: the year 9999 for 2027."""
        latest = fields.Date.add(fields.Date.context_today(self), years=LONGEST_YEARS)
        if any(day > latest for day in days):
            raise UserError(
                self.env._("An instalment is due within %s years: check the dates.", LONGEST_YEARS)
            )

    @api.model
    def _check_lines(self, currency, lines, total):
        """Refuse lines that do not add up to the cent, or that make no plan."""
        self._check_days(*(due for due, _amount, _kind in lines))
        digits = currency.decimal_places
        planned = [plan.PlanLine(due, exact(amount, digits)) for due, amount, _kind in lines]
        texts = {
            plan.WRONG_SUM: self.env._(
                "The instalments add up to %(sum)s, and %(total)s is due: correct the lines.",
                sum=currency.format(sum(amount for _due, amount, _kind in lines)),
                total=currency.format(total),
            ),
            plan.NOT_POSITIVE: self.env._("Each instalment is above zero."),
            plan.NOT_IN_ORDER: self.env._("The instalments follow one another by date."),
        }
        problems = plan.find_problems(planned, exact(total, digits))
        if problems:
            raise UserError("\n".join(texts[problem] for problem in problems))

    # === WHAT THE DRAFT SAYS === #

    def _get_covered_items(self):
        """Return the items of what is covered, those of statements that were booked since too."""
        self.ensure_one()
        # In sudo mode to read the ledger: collectors need no accounting right.
        covers_sudo = self.sudo().item_line_ids
        booked_sudo = covers_sudo.charge_id.filtered(
            lambda charge: charge.state == "claimed" and charge._is_booked()
        )
        entries_sudo = booked_sudo.move_id.line_ids
        items_sudo = self.env["collection.item"].sudo()
        if entries_sudo:
            items_sudo = items_sudo.search([("move_line_id", "in", entries_sudo.ids)])
        return (covers_sudo.item_id | items_sudo).with_env(self.env)

    def _falls_at_month_end(self):
        """Tell whether every instalment is due on the last day of its month."""
        self.ensure_one()
        days = self.instalment_ids.filtered(lambda line: line.kind == plan.INSTALMENT).mapped(
            "due_date"
        )
        return (
            self.frequency in plan.MONTHS
            and any(day.day > 28 for day in days)
            and all((day + timedelta(days=1)).day == 1 for day in days)
        )

    def _change_draft(self, values):
        if self.state != "draft":
            raise UserError(self.env._("Only a draft is changed; take the offer back first."))
        self.write(values)

    def _prepare_number(self, case, previous):
        if previous:
            root = previous.name.split("/v", maxsplit=1)[0]
            version = previous.version + 1
            attempts = self.search_count([("previous_id", "=", previous.id)])
            again = f"-{attempts + 1}" if attempts else ""
            return {
                "name": f"{root}/v{version}{again}",
                "version": version,
                "previous_id": previous.id,
            }
        company = case.company_id
        number = company._draw_number("collection.schedule", company._collection_today())
        return {"name": number}

    def _prepare_terms(self, case, options, lines):
        """Return what a schedule says beside its amounts."""
        company = case.company_id
        kind = case.partner_id.sudo().collection_debtor_kind or "professional"
        policy = case.sudo().policy_id or company.sudo().collection_policy_id
        clause = "waived" if kind == "consumer" else options.get("interest_clause", "maintained")
        pays_down = any(line_kind == plan.DOWN_PAYMENT for *_terms, line_kind in lines)
        return {
            "case_id": case.id,
            "begins_with_down_payment": pays_down and bool(options.get("begins_with_down_payment")),
            "interest_clause": clause,
            "cure_days": policy.schedule_cure_days
            or value_on(f"schedule.cure.{kind}", company._collection_today()),
            "skipped_months": ", ".join(str(m) for m in sorted(options.get("skipped_months", ()))),
            "payment_way": options.get("payment_way") or "transfer",
            "payment_reference": options.get("payment_reference") or False,
            "note": options.get("note") or False,
        }

    def _prepare_covered(self, case, items, options):
        """Return the values of what is covered, in the order in which payments settle it."""
        charges = options.setdefault("charges", self.env["collection.charge"])
        self._check_coverable(case, items, charges, options)
        rows = [
            {
                "item_id": item.id,
                "name": item.move_id.name or item.display_name,
                "due_date": item._get_due_date(),
                "amount": item.amount_residual_currency,
            }
            for item in items.sudo().sorted(lambda item: (item._get_due_date(), item.id))
        ]
        memos = [
            {
                "charge_id": charge.id,
                "name": charge.name,
                "due_date": charge.date,
                "amount": charge._get_amount_open(),
            }
            for charge in charges.sudo().sorted("id")
        ]
        ordered = rows + memos if options.get("charges_last") else memos + rows
        return [{**row, "sequence": number} for number, row in enumerate(ordered, start=1)]

    def _check_coverable(self, case, items, charges, options):
        """Refuse what cannot stand in one agreement of this debtor."""
        if not items and not charges:
            raise UserError(self.env._("Choose the documents that the schedule covers."))
        if (items.case_id | charges.case_id) != case:
            raise UserError(self.env._("A schedule covers documents of one debtor's case."))
        if len(items.currency_id | charges.currency_id) != 1:
            raise UserError(self.env._("A schedule is in one currency: make one for each."))
        closed = items.filtered(lambda item: not item.is_open or item.amount_residual_currency <= 0)
        if closed:
            raise UserError(self.env._("Nothing is due of %s.", closed[0].display_name))
        # In sudo mode to read whether a statement was booked: collectors need no accounting right.
        if charges.sudo().filtered(lambda own: own.state != "claimed" or own._is_booked()):
            raise UserError(
                self.env._("Only charges that are claimed and not booked are added as charges.")
            )
        nothing = self.browse()
        own = (options.get("previous") or nothing) | (options.get("schedule") or nothing)
        if own.sudo().case_id - case:
            raise UserError(
                self.env._("Change the schedules of this case only, not of another one.")
            )
        self._check_free(items, charges, own)
        self.env["collection.insolvency"]._check_free(items)

    @api.model
    def _check_free(self, items, charges, own):
        """Refuse to agree twice on one debt: each payment would count for two plans.

        :param own: the schedules that may cover it: the draft itself, the version it replaces
        """
        taken = self.env["collection.schedule.item"].search(
            self._covering_domain(items, charges)
            & Domain("schedule_id.state", "in", LIVE)
            & Domain("schedule_id", "not in", own.ids),
            limit=1,
        )
        if taken:
            raise UserError(
                self.env._(
                    "%(document)s is covered by %(schedule)s already: change that one.",
                    document=taken.name,
                    schedule=taken.schedule_id.name,
                )
            )

    @api.model
    def _covering_domain(self, items, charges):
        return Domain("item_id", "in", items.ids) | Domain("charge_id", "in", charges.ids)
