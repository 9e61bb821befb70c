from functools import reduce

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, formatLang

# More items than this are not explained period by period on paper: each tells its sums.
MOST_EXPLAINED = 10
# Lines of charges that stand on a page behind a letter, below its heading.
CHARGE_LINES_ON_PAGE = 38


class CollectionActionCharges(models.AbstractModel):
    """What a contact tells of the charges for late payment, and when it may not leave them out."""

    _name = "collection.action.charges"
    _description = "Charges told by a collection action"

    # === BUSINESS === #

    def _get_charges(self):
        """Return what late payment of the contacts' items has cost, to be shown beside them.

        Left out are contacts of which nothing is claimable. Of many items the sums are told and
        the computation by period is not: the text says how to ask for it.

        :return: {action: values of ``collection.case.charges``, with ``is_brief`` (no periods),
            ``is_partial`` (something could not be computed), and ``pages`` of rows}
        """
        values = {}
        for action_sudo, entries in self._get_charged_entries().items():
            case_sudo = action_sudo.case_id.with_context(lang=action_sudo.lang)
            table = case_sudo._get_table_values(entries, action_sudo._get_charge_day())
            is_brief = len(entries) > MOST_EXPLAINED
            for row in table["rows"]:
                row["problem"] = self._tell_problem(row["entry"])
                row["details"] = [] if is_brief else row["details"]
            values[action_sudo.with_env(self.env)] = {
                **table,
                "is_brief": is_brief,
                "is_partial": any(row["problem"] for row in table["rows"]),
                "pages": self._paginate_charges(table["rows"]),
            }
        return values

    @api.model
    def _paginate_charges(self, rows):
        """Return the rows page by page: a table that goes on has no heading on its next page."""
        pages, room = [[]], CHARGE_LINES_ON_PAGE
        for row in rows:
            height = max(len(row["details"]), 1)
            if height > room and pages[-1]:
                pages.append([])
                room = CHARGE_LINES_ON_PAGE
            pages[-1].append(row)
            room -= height
        return pages

    def _get_charged_entries(self):
        """Return {action in sudo mode: ChargedItems that are claimable or could not be computed}.

        Computed once for all contacts of a day and language. An item that needs a rate which
        nobody has entered is kept with its problem: a total without it would be taken for whole.
        """
        # In sudo mode to read invoices: what is claimed does not depend on who sends it.
        actions_sudo = self.sudo()
        found = {}
        for (day, lang), group_sudo in actions_sudo.grouped(
            lambda action: (action._get_charge_day(), action.lang)
        ).items():
            interest_sudo = group_sudo.env["collection.interest"].with_context(lang=lang)
            charged = interest_sudo._compute_items(group_sudo.line_ids.item_id, day)
            for action_sudo in group_sudo:
                entries = [charged.get(item.id) for item in action_sudo.line_ids.item_id]
                entries = [entry for entry in entries if entry and self._is_told(entry)]
                if entries:
                    found[action_sudo] = sorted(entries, key=lambda entry: entry.due_date)
        return found

    def _get_charge_sentences(self):
        """Return {action: what the law lets a creditor claim on top}, dated, for reminders.

        None for consumers, of whom nothing is due before a formal notice, and none for formal
        notices, behind which the whole computation stands.
        """
        reminders = self.filtered(
            lambda action: (
                not action.level_id.is_formal_notice
                and action.sudo().debtor_id.collection_debtor_kind != "consumer"
            )
        )
        return {
            action_sudo.with_env(self.env): action_sudo._describe_charges(entries)
            for action_sudo, entries in reminders._get_charged_entries().items()
        }

    def _describe_charges(self, entries):
        """Return one sentence: interest with its rates, indemnities, total, and what is missing."""
        env = self.with_context(lang=self.lang).env
        parts = [*self._describe_sums(entries, env)]
        missing = [entry.number for entry in entries if entry.problem]
        if missing:
            parts.append(env._("not computed yet for %s", ", ".join(missing)))
        return env._(
            "Late-payment charges due by law on %(date)s, which may be claimed in addition: "
            "%(parts)s.",
            date=format_date(env, self._get_charge_day()),
            # The space before a semicolon is a matter of the language.
            parts=reduce(
                lambda before, after: env._("%(before)s; %(after)s", before=before, after=after),
                parts,
            ),
        )

    def _describe_sums(self, entries, env):
        """Yield the interest of each currency, the indemnities, and their total when it is one."""
        known = [entry for entry in entries if not entry.problem]
        # Not by env.ref, which asks the database each time whether the euro still exists.
        euro_id = env["ir.model.data"]._xmlid_to_res_id("base.EUR", raise_if_not_found=True)
        euro = env["res.currency"].browse(euro_id)
        totals = {}
        for currency_id in dict.fromkeys(entry.currency_id for entry in known):
            currency = env["res.currency"].browse(currency_id)
            charged = [
                entry.charges.interest for entry in known if entry.currency_id == currency_id
            ]
            interest = sum(float(own.total) for own in charged)
            if not interest:
                continue
            totals[currency] = interest
            rates = sorted({segment.rate for own in charged for segment in own.segments})
            yield env._(
                "interest at %(rates)s %% a year from the day after the due date: %(sum)s",
                rates=" / ".join(formatLang(env, float(rate)) for rate in rates),
                sum=formatLang(env, interest, currency_obj=currency),
            )
        indemnity = sum(float(entry.charges.indemnity) for entry in known)
        if indemnity:
            yield env._(
                "fixed indemnity of %(amount)s per invoice: %(sum)s",
                amount=self.fixed_indemnity,
                sum=formatLang(env, indemnity, currency_obj=euro),
            )
        if indemnity and list(totals) == [euro]:
            total = totals[euro] + indemnity
            yield env._("in all %s", formatLang(env, total, currency_obj=euro))

    def _get_charge_day(self):
        """Return the day up to which charges are counted."""
        return self.date_planned or fields.Date.context_today(self)

    @api.model
    def _is_told(self, entry):
        return bool(entry.problem or (entry.charges and entry.charges.is_claimable))

    @api.model
    def _tell_problem(self, entry):
        """Return what is missing, without the sentence on who enters it: no debtor's matter."""
        return entry.problem.partition(". ")[0].rstrip(".")

    def _check_charges_known(self):
        """Refuse formal notices whose charges cannot be computed, naming what is missing.

        A notice is the ground of what is claimed later: it does not leave with a part of it. A
        statement of account, which informs only, prints "not computed" in its place.

        :raise UserError: with the missing values
        """
        for entries in self.filtered("level_id.is_formal_notice")._get_charged_entries().values():
            problems = dict.fromkeys(entry.problem for entry in entries if entry.problem)
            if problems:
                raise UserError(
                    self.env._(
                        "The formal notice states the late-payment charges, which cannot be "
                        "computed. %s",
                        " ".join(problems),
                    )
                )
