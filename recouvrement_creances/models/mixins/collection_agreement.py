from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...rules.money import exact

HOLD_REASON = "recouvrement_creances.collection_reason_hold_"


class CollectionAgreement(models.AbstractModel):
    """Something agreed with a debtor: it stops contacts, and the ledger alone judges it.

    What inherits this stands in ``collection_settlement.AGREEMENTS``, has ``case_id``,
    ``company_id`` and ``state``, and says three things: what it bears on (``_select_judged``), what
    has to be looked at by a day (``_find_due``), and how it is judged (``_judge``). What is one sum
    that has to be paid by a day inherits ``collection.commitment``, which knows both.
    """

    _name = "collection.agreement"
    _description = "Agreement with a debtor"

    # The kind of the agreement's hold (collection_hold.HOLD_KINDS); it ends the name of its reason.
    _hold_kind = None

    hold_id = fields.Many2one(
        "collection.hold",
        string="Hold on contacts",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
    )

    # === HOOKS === #

    def _judge(self, as_of):
        """Bring the states up to what the ledger says, in a fixed number of queries.

        Called in sudo mode, by the daily run and inside other people's reconciliations: it decides
        no case anew (``collection_deciding`` is in the context) and asks nobody anything.

        :param date as_of: today, where the company of the records is; all are of one company
        """
        raise NotImplementedError

    @api.model
    def _select_judged(self):
        """Return SQL of pairs (``id``, ``item_id``): what may change state with which item.

        Agreements that were kept or broken belong to it as long as a cancelled payment turns
        them back.
        """
        raise NotImplementedError

    @api.model
    def _find_due(self, companies, as_of):
        """Return what a day that has passed may have changed, without any payment."""
        raise NotImplementedError

    def _get_hold_values(self):
        """Return what the hold of one agreement is made with: date_end or review_date, a note.

        ``items`` are the collection.item records held, or ``lines`` the values of the hold's lines
        where parts are, or where there may be none: with no line nothing is held, with no item the
        whole case is.
        """
        raise NotImplementedError

    def _get_agreed_items(self):
        """Return the items that one agreement bears on, whatever case they stand on by now."""
        return self.item_ids

    # === BUSINESS === #

    def _hold_contacts(self, as_of):
        """Stop contacts about what is agreed, from a day on."""
        self._follow_items()
        made, vals_list = self.browse(), []
        # Once for all of them: each look at a record by its name asks the database.
        reason_id = self.env.ref(f"{HOLD_REASON}{self._hold_kind}").id
        for agreement in self:
            values = agreement._get_hold_values()
            items = values.pop("items", self.env["collection.item"])
            lines = values.pop("lines", None)
            if lines == []:
                continue
            lines = lines or [{"item_id": item.id} for item in items]
            made |= agreement
            vals_list.append(
                {
                    "case_id": agreement.case_id.id,
                    "kind": self._hold_kind,
                    "reason_id": reason_id,
                    "date_start": as_of,
                    "line_ids": [Command.create(line) for line in lines],
                    **values,
                }
            )
        # In sudo mode to make what people do not make by hand: a hold that an agreement ends.
        holds_sudo = self.env["collection.hold"].sudo().create(vals_list)
        for agreement, hold in zip(made.sudo(), holds_sudo, strict=True):
            agreement.hold_id = hold

    def _follow_items(self):
        """Go to the case where all items stand by now: another debtor's, or one opened since."""
        # In sudo mode to write what only the flow writes on an agreement.
        for agreement_sudo in self.sudo():
            case = agreement_sudo._get_agreed_items().case_id
            if len(case) == 1 and case != agreement_sudo.case_id:
                agreement_sudo._move_to(case)

    def _release_hold(self, note):
        """Let contacts go on; who, when and why stay on the hold.

        :param str note: why, for all of these agreements
        """
        # In sudo mode to end what people do not end by hand.
        holds_sudo = self.hold_id.sudo().filtered(lambda hold: hold.state == "open")
        if holds_sudo:
            # The line on the case says it for all of them at once; tracking would do it one by one.
            holds_sudo.with_context(mail_notrack=True)._release(note)

    def _apply_judgement(self, event, values=None):
        """Change the state as the ledger says, and show it in the chatter of each agreement.

        Odoo's own tracking would write the messages one by one, after the judgement.

        :param str event: as for ``_apply_event``
        :param dict values: as for ``_apply_event``
        """
        former = {agreement: agreement.state for agreement in self}
        self.with_context(mail_notrack=True)._apply_event(event, values)
        tracks_sudo = self.env["mail.tracking.value"].sudo()
        column = self.fields_get(["state"])["state"]
        # In sudo mode to show a change that nobody made by hand.
        messages_sudo = self._message_log_batch(bodies=dict.fromkeys(self.ids, ""))
        tracks_sudo.create(
            [
                {
                    **tracks_sudo._create_tracking_values(
                        former[agreement], agreement.state, "state", column, agreement
                    ),
                    "mail_message_id": message_sudo.id,
                }
                for agreement, message_sudo in zip(self, messages_sudo, strict=True)
            ]
        )

    def _give_tasks(self, activity_type, as_of, summaries):
        """Give each case's collector a task, a manager where a case has none.

        A batch of a thousand makes them in a fixed number of statements, and mails nobody.

        :param str activity_type: external id of the mail.activity.type
        :param date as_of: when it is due
        :param dict summaries: {agreement: what its task says}
        """
        cases = self.case_id
        # Each task bears the name of its case, which would else be read case by case.
        cases.mapped("display_name")
        responsible = cases._map_responsible()
        type_id = self.env.ref(activity_type).id
        model_id = self.env["ir.model"]._get_id(cases._name)
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [
                {
                    "activity_type_id": type_id,
                    "automated": True,
                    "res_model_id": model_id,
                    "res_id": agreement.case_id.id,
                    "date_deadline": as_of,
                    "user_id": responsible[agreement.case_id].id,
                    "summary": summaries[agreement],
                }
                for agreement in self
            ]
        )

    def _move_to(self, case):
        """Follow the items of merged debtors to the case that stays."""
        self.case_id = case

    def _filter_on(self, case):
        """Return those of which every item stands on a case, and one at least.

        Of others the invoices were deleted, or some of them are another debtor's by now.
        """
        return self.filtered(lambda agreement: agreement._get_agreed_items().case_id == case)

    def _to_decimal(self, amount):
        """Return an amount of the agreement as the exact number that its currency shows."""
        self.ensure_one()
        return exact(amount, self.currency_id.decimal_places)

    def _get_lang(self):
        """Return the language of what the debtor gets of it: his own, else the company's."""
        self.ensure_one()
        # In sudo mode to read the language of a debtor, whoever prints.
        debtor_sudo = self.case_id.sudo().partner_id
        return debtor_sudo._get_collection_lang(self.company_id)

    def _refuse_by_hand(self):
        """Tell whoever touches the hold of an agreement what to change instead."""
        raise UserError(
            self.env._(
                "This hold belongs to “%s” and ends with it: change or withdraw that instead.",
                self[0].display_name,
            )
        )
