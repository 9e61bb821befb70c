from odoo import models
from odoo.fields import Domain
from odoo.tools import format_date

# Rows that stand on the first page, below the addresses, and on each of the next ones.
ROWS_ON_FIRST_PAGE, ROWS_ON_PAGE = 30, 42
# A heading, a total and the room between two tables take as much as so many rows; fewer rows are
# not left alone on a page.
ROWS_OF_HEADING, ROWS_TOGETHER = 4, 3


class ReportRecouvrementCreancesCaseStatement(models.AbstractModel):
    """The account of a debtor on paper, as the ledger had it on a day.

    What was paid later counts as open: the statement of a past day can be compared with what the
    debtor's own books said then.
    """

    _name = "report.recouvrement_creances.case_statement"
    _description = "Statement of account of a case"
    _inherit = ["collection.paper"]
    _printed = "collection.statement.print"

    def _check_readable(self, records):
        """OVERRIDES collection.paper: who sees the case may tell its debtor what is open."""
        records.case_id.check_access("read")

    def _prepare_documents(self, records, data):
        """IMPLEMENTS collection.paper."""
        # As a piece of a declaration it goes to the creditors' representative: nothing is demanded.
        is_piece = bool(data.get("is_piece"))
        return [self._prepare_statement(wizard, is_piece) for wizard in records]

    def _prepare_statement(self, wizard, is_piece):
        company = wizard.case_id.company_id
        # In sudo mode as said above.
        case_sudo = wizard.case_id.sudo().with_company(company).with_context(lang=wizard.lang)
        correspondence_sudo = case_sudo.env["collection.correspondence"]
        parts = self._read_account(case_sudo, wizard.date_from, wizard.date_to)
        demands = self._read_demands(case_sudo, parts)
        blocks = [
            correspondence_sudo._get_payment_block(case_sudo, currency, demand["asked"])
            for currency, demand in demands.items()
            if currency.compare_amounts(demand["asked"], 0) > 0
        ]
        return {
            **correspondence_sudo._get_parties(case_sudo, case_sudo.company_id),
            "record": wizard,
            "lang": wizard.lang,
            "type_style": self._get_type_style(company),
            "tables": self._paginate(parts),
            "demands": demands,
            "blocks": blocks,
            "dispute_sentence": correspondence_sudo._get_dispute_sentence(
                correspondence_sudo._get_contact(case_sudo, case_sudo.company_id)
            ),
            "is_registered": False,
            "is_piece": is_piece,
            "debtor_number": "",
            "subject": self._get_subject(case_sudo.env, wizard),
            "payment_url": "",
        }

    def _get_subject(self, env, wizard):
        day = format_date(env, wizard.date_to)
        if not wizard.date_from:
            return env._("Open on %s", day)
        return env._(
            "From %(first)s to %(last)s", first=format_date(env, wizard.date_from), last=day
        )

    # === THE LEDGER === #

    def _read_account(self, case, date_from, date_to):
        """Return {currency: opening, movements, open documents and balance} of a debtor."""
        domain = Domain(
            [
                ("partner_id.commercial_partner_id", "=", case.partner_id.id),
                ("company_id", "=", case.company_id.id),
                ("account_id", "in", case.env["collection.ledger"]._find_accounts()),
                ("parent_state", "=", "posted"),
                ("date", "<=", date_to),
            ]
        )
        lines = case.env["account.move.line"]
        groups = lines._read_group(domain, ["currency_id"], ["amount_currency:sum"])
        parts = {
            currency: {"opening": 0.0, "movements": [], "open": [], "balance": balance}
            for currency, balance in groups
        }
        for row in self._read_open(lines.search(domain & self._open_domain(date_to)), date_to):
            parts[row["currency"]]["open"].append(row)
        if date_from:
            before = domain & Domain("date", "<", date_from)
            for currency, total in lines._read_group(
                before, ["currency_id"], ["amount_currency:sum"]
            ):
                parts[currency]["opening"] = total
            within = domain & Domain("date", ">=", date_from)
            self._add_movements(parts, lines.search(within, order="date, move_name, id"))
        return {
            currency: part
            for currency, part in parts.items()
            if part["open"] or part["movements"] or not currency.is_zero(part["balance"])
        }

    def _read_demands(self, case, parts):
        """Return {currency: what is asked for, held by insolvency and time-barred}.

        What the law takes out is judged as it stands today, for the account of a past day too:
        that is when it is printed. Where something is held, credits lessen nothing: which debts
        they are set off against is declared, as on the debtor's page. Of a consumer, what is
        time-barred is not asked for either (C. conso L218-2).
        """
        today = case.company_id._collection_today()
        held = case._find_held_by_insolvency(today).move_line_id
        barred = case.open_item_ids.filtered(lambda item: item.verdict == "time_barred")
        barred_lines = barred.move_line_id - held
        demands = {}
        for currency, part in parts.items():
            rows = part["open"]
            taken = {
                name: currency.round(sum(row["open"] for row in rows if row["line"] in lines))
                for name, lines in (("held", held), ("time_barred", barred_lines))
            }
            owed = part["balance"]
            if taken["held"]:
                owed = sum(row["open"] for row in rows if row["open"] > 0)
            demands[currency] = {**taken, "asked": currency.round(owed - sum(taken.values()))}
        return demands

    def _open_domain(self, date_to):
        """Return the lines that may have been open on a day: still open, or matched later."""
        return (
            Domain("reconciled", "=", False)
            | Domain("matched_credit_ids.max_date", ">", date_to)
            | Domain("matched_debit_ids.max_date", ">", date_to)
        )

    def _read_open(self, lines, date_to):
        """Yield the documents that were open on a day, with what was open of them."""
        matched = {}
        partials = lines.env["account.partial.reconcile"]
        for side, sign in (("debit", -1), ("credit", 1)):
            # one query per side: two in all
            groups = partials._read_group(
                [(f"{side}_move_id", "in", lines.ids), ("max_date", "<=", date_to)],
                [f"{side}_move_id"],
                [f"{side}_amount_currency:sum"],
            )
            for line, amount in groups:
                matched[line] = matched.get(line, 0.0) + sign * amount
        for line in lines.sorted(lambda line: (line.date_maturity or line.date, line.id)):
            residual = line.currency_id.round(line.amount_currency + matched.get(line, 0.0))
            if line.currency_id.is_zero(residual):
                continue
            due_date = line.date_maturity or line.date
            yield {
                **self._describe(line),
                "due_date": due_date,
                "total": line.amount_currency,
                "paid": line.currency_id.round(line.amount_currency - residual),
                "open": residual,
                "days_overdue": max((date_to - due_date).days, 0) if residual > 0 else 0,
            }

    def _add_movements(self, parts, lines):
        """Add what was booked in the period, each with the balance after it."""
        running = {currency: part["opening"] for currency, part in parts.items()}
        for line in lines:
            currency = line.currency_id
            running[currency] = currency.round(running[currency] + line.amount_currency)
            parts[currency]["movements"].append(
                {
                    **self._describe(line),
                    "due_date": line.date_maturity if line.amount_currency > 0 else False,
                    "debit": max(line.amount_currency, 0.0),
                    "credit": max(-line.amount_currency, 0.0),
                    "balance": running[currency],
                }
            )

    def _describe(self, line):
        return {
            "line": line,
            "number": line.move_id.name,
            "reference": line.move_id.ref or "",
            "date": line.move_id.invoice_date or line.date,
            "currency": line.currency_id,
        }

    # === PAGES === #

    def _paginate(self, parts):
        """Return the tables in their order, cut where a page ends: each has its own heading."""
        tables, room = [], ROWS_ON_FIRST_PAGE
        for currency, part in parts.items():
            for kind in ("movements", "open"):
                rows = part[kind]
                while rows:
                    is_new_page = room < min(len(rows), ROWS_TOGETHER)
                    room = ROWS_ON_PAGE if is_new_page else room
                    taken = min(room, len(rows))
                    if 0 < len(rows) - taken < ROWS_TOGETHER and taken > ROWS_TOGETHER:
                        taken = len(rows) - ROWS_TOGETHER
                    tables.append(
                        {
                            "kind": kind,
                            "currency": currency,
                            "part": part,
                            "rows": rows[:taken],
                            "is_first": rows is part[kind],
                            "is_last": taken == len(rows),
                            "is_new_page": is_new_page,
                        }
                    )
                    rows = rows[taken:]
                    room = 0 if rows else max(room - taken - ROWS_OF_HEADING, 0)
        return tables
