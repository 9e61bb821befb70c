from odoo import api, fields, models
from odoo.exceptions import UserError

TRIGGERS = """
CREATE OR REPLACE FUNCTION collection_handover_decision_refuse() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.note IS NULL AND to_jsonb(NEW) - 'note' = to_jsonb(OLD) - 'note'
           AND EXISTS (SELECT FROM collection_case c
                         JOIN collection_handover h ON h.case_id = c.id
                        WHERE h.id = OLD.handover_id AND c.purged_on IS NOT NULL
                          AND c.is_open IS NOT TRUE)
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'Decisions on handovers can be neither changed nor deleted.'
          USING ERRCODE = 'restrict_violation';
END
$$ LANGUAGE plpgsql;
DROP TRIGGER IF EXISTS collection_handover_decision_immutable ON collection_handover_decision;
CREATE TRIGGER collection_handover_decision_immutable
    BEFORE UPDATE OR DELETE ON collection_handover_decision
    FOR EACH ROW EXECUTE FUNCTION collection_handover_decision_refuse();
DROP TRIGGER IF EXISTS collection_handover_decision_no_truncate ON collection_handover_decision;
CREATE TRIGGER collection_handover_decision_no_truncate
    BEFORE TRUNCATE ON collection_handover_decision
    FOR EACH STATEMENT EXECUTE FUNCTION collection_handover_decision_refuse();
"""


class CollectionHandoverDecision(models.Model):
    """What somebody decided on a request, why, and on which amount: inserted once, never changed.

    The database refuses change and deletion by itself; a purge alone takes the reason off, once the
    case has been erased.
    """

    _name = "collection.handover.decision"
    _description = "Decision on a handover"
    _inherit = ["collection.undefaulted"]
    _order = "id"
    _log_access = False
    _allow_sudo_commands = False

    handover_id = fields.Many2one(
        "collection.handover", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    decision = fields.Selection(
        selection=[
            ("requested", "Asked for"),
            ("approve", "Approved"),
            ("refuse", "Turned down"),
            ("ask", "Question"),
            ("answer", "Answer"),
        ],
        required=True,
        readonly=True,
    )
    round = fields.Integer(readonly=True)
    level = fields.Integer(readonly=True)
    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    substituted_id = fields.Many2one(
        "res.users", string="In the place of", readonly=True, ondelete="restrict"
    )
    decided_at = fields.Datetime(required=True, readonly=True)
    amount = fields.Float(readonly=True, digits=(16, 2))
    currency_id = fields.Many2one("res.currency", readonly=True, ondelete="restrict")
    route_code = fields.Char(string="Route", readonly=True)
    note = fields.Text(string="Why", readonly=True)

    def init(self):
        """Let the database itself refuse change and deletion, whatever code asks for it."""
        self.env.cr.execute(TRIGGERS)

    # === COMPUTE === #

    @api.depends("decision", "user_id")
    def _compute_display_name(self):
        labels = dict(self._fields["decision"]._description_selection(self.env))
        for record in self:
            record.display_name = f"{labels[record.decision]} · {record.user_id.name}"

    # === CRUD === #

    def write(self, vals):
        """Refuse: a decision stays; what a purge takes off it takes off in SQL."""
        if self:
            raise UserError(self.env._("A decision cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("A decision cannot be deleted."))
