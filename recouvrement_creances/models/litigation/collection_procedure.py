from odoo import api, fields, models
from odoo.exceptions import UserError

PROCEDURE_KINDS = [
    ("payment_order", "Order for payment"),
    ("small_claims", "Small claims without a judge"),
    ("traders", "Order to pay between traders"),
    ("interim", "Interim payment"),
    ("summons", "Summons"),
    ("european_order", "European order for payment"),
    ("cheque", "Unpaid cheque"),
    ("attachment", "Protective attachment"),
    ("enforcement", "Enforcement of a title"),
]


class CollectionProcedure(models.Model):
    """A way to a title, or to its enforcement: its steps and the deadlines that they open."""

    _name = "collection.procedure"
    _description = "Court procedure"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(selection=PROCEDURE_KINDS, required=True)
    sequence = fields.Integer(default=10)
    article = fields.Char(required=True, translate=True, help="The texts that rule it.")
    debtor_kind = fields.Selection(
        selection=[("professional", "Professionals"), ("consumer", "Consumers")],
        string="For debtors",
        help="Empty: for all of them.",
    )
    warning = fields.Text(translate=True, help="What has to be checked before it is begun.")
    step_ids = fields.One2many("collection.procedure.step", "procedure_id", copy=True)
    active = fields.Boolean(default=True)

    # === BUSINESS === #

    def _get_facts(self):
        """Return {step: what ``rules.procedure_steps`` wants to know of it}, in their order."""
        self.ensure_one()
        return {step: step._get_facts(position) for position, step in enumerate(self.step_ids)}

    @api.model
    def _find_for(self, kind, debtor):
        """Return the first procedure of a kind for a debtor.

        :param str kind: a kind of PROCEDURE_KINDS
        :raises UserError: the list of procedures has none
        """
        # In sudo mode to read what everybody may know of a debtor that is a contact.
        debtor_sudo = debtor.sudo()
        debtor_kind = debtor_sudo.collection_debtor_kind
        if debtor_kind == "professional" and debtor_sudo._is_trader() is False:
            # The judicial court decides, as for consumers.
            debtor_kind = "consumer"
        found = self.search([("kind", "=", kind), ("debtor_kind", "in", (debtor_kind, False))])
        if not found:
            labels = dict(self._fields["kind"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "No procedure “%(kind)s” fits %(debtor)s: add one under Configuration, Court "
                    "procedures.",
                    kind=labels.get(kind, kind),
                    debtor=debtor.display_name,
                )
            )
        return found[0]
