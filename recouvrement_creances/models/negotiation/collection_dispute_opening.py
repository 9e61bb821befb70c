from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class CollectionDisputeOpening(models.AbstractModel):
    """How disputes begin: what may be disputed, by whom it was said, who looks into it."""

    _name = "collection.dispute.opening"
    _description = "Opening of disputes"

    document_ids = fields.Many2many(
        "ir.attachment",
        "collection_dispute_document_rel",
        "dispute_id",
        "attachment_id",
        string="Documents received",
        readonly=True,
        copy=False,
        help="What came with the dispute when it was opened.",
    )

    # === BUSINESS === #

    @api.model
    def _open(
        self,
        case,
        lines,
        category,
        description="",
        attachments=None,
        opened_by=None,
        how="other",
        as_of=None,
        deadline=None,
    ):
        """Open a dispute: its amounts are held, its owner gets the task.

        :param case: one collection.case that the caller may change
        :param lines: [(collection.item, amount in the item's currency)]; no amount: all of it
        :param category: a collection.dispute.category record
        :param str description: what the debtor says
        :param attachments: ir.attachment records, the dispute's documents from now on
        :param opened_by: res.partner who disputes; the debtor when empty
        :param str how: one of ``collection_dispute.WAYS``
        :param date as_of: the day on which it was said; today when empty
        :param date deadline: until when to answer; by the category's days when empty
        :raise UserError: when an amount is not due, or disputed already
        """
        case.ensure_one()
        case.check_access("write")
        as_of = as_of or fields.Date.context_today(self)
        values = self._prepare_dispute(case, lines, category, as_of, deadline)
        values |= {"description": description, "how": how}
        values["raised_by_id"] = (opened_by or case.partner_id).id
        # In sudo mode to create what people only open through here, after the check above.
        dispute_sudo = self.sudo().create(values)
        dispute_sudo._hold()
        dispute_sudo._keep_documents(attachments)
        dispute_sudo._give_to_owner()
        if category.nonpayment_reason_id - case.nonpayment_reason_id:
            case._note_nonpayment_reason(category.nonpayment_reason_id, how, as_of)
        self.env["collection.note.flag"]._flag("dispute", [(case, dispute_sudo, description)])
        return dispute_sudo.with_env(self.env)

    @api.model
    def _prepare_dispute(self, case, lines, category, as_of, deadline):
        """Return the values of a new dispute that come from the case, the ledger and the rules."""
        line_values = self._prepare_lines(case, lines)
        return {
            "name": case.company_id._draw_number("collection.dispute", as_of),
            "case_id": case.id,
            "company_id": case.company_id.id,
            "category_id": category.id,
            "opened_on": as_of,
            "owner_id": category._get_owner(case).id,
            "deadline": deadline or fields.Date.add(as_of, days=category.days),
            "amount": sum(values["amount_company"] for values in line_values),
            "line_ids": [Command.create(values) for values in line_values],
        }

    @api.model
    def _get_undisputed(self, items):
        """Return {item: what is due of it and not disputed yet}, in the item's currency."""
        # In sudo mode to read all holds of the items: what is due does not depend on who asks.
        items_sudo = items.sudo()
        free = {}
        for item_sudo in items_sudo._filter_due():
            held = item_sudo.hold_line_ids.filtered(
                lambda line: line.hold_id.kind == "dispute" and line.hold_id.state == "open"
            )
            left = item_sudo.amount_residual_currency - sum(held.mapped("amount"))
            if not all(held.mapped("amount")) or item_sudo.currency_id.compare_amounts(left, 0) < 1:
                continue
            free[item_sudo.with_env(self.env)] = item_sudo.currency_id.round(left)
        return free

    @api.model
    def _prepare_lines(self, case, lines):
        """Return the values of the lines of a new dispute, after checking them."""
        items = case.item_ids.browse([item.id for item, _amount in lines])
        if not items:
            raise UserError(self.env._("Choose the invoices that are disputed."))
        if len(set(items.ids)) < len(items) or any(item.case_id != case for item in items):
            raise UserError(self.env._("Each invoice is disputed once, on its own debtor's case."))
        free = self._get_undisputed(items)
        credited = self.env["collection.dispute.line"].sudo()._read_credited(items)
        values = []
        for item, amount in lines:
            left, currency = free.get(item, 0.0), item.currency_id
            amount = currency.round(amount or left)
            if amount <= 0 or currency.compare_amounts(amount, left) > 0:
                raise UserError(
                    self.env._(
                        "%(amount)s of %(item)s is due and not disputed yet: no more than that "
                        "can be disputed.",
                        amount=currency.format(left),
                        item=item.display_name,
                    )
                )
            residual = item.amount_residual_currency
            values.append(
                {
                    "item_id": item.id,
                    "invoice_name": item.display_name,
                    "currency_id": currency.id,
                    "amount": amount,
                    "is_whole": not currency.compare_amounts(amount, residual),
                    "amount_company": case.currency_id.round(
                        item.amount_residual * amount / residual
                    ),
                    "credited_before": credited.get(item.id, 0.0),
                }
            )
        return values

    def _keep_documents(self, attachments):
        """Make files documents of the dispute: who reads it reads them, nobody else."""
        self.ensure_one()
        if attachments:
            attachments.sudo().write({"res_model": self._name, "res_id": self.id})
            self.document_ids = attachments
            self._message_log(body=self.env._("Documents received"), attachment_ids=attachments.ids)
