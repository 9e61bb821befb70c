import re

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError

# Postal codes begin with these: "69", "2A", "SW1"; a name of a place has no digit.
PREFIX = re.compile(r"(?=.*[0-9])[0-9A-Z]{1,5}")


class CollectionHelpBody(models.Model):
    """A body that helps who cannot pay: named in letters and on the debtor's page."""

    _name = "collection.help.body"
    _description = "Body that helps debtors"
    _inherit = ["collection.kept"]
    _order = "kind, sequence, id"

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        selection=[("consumer", "Consumers"), ("professional", "Professionals")],
        string="Helps",
        required=True,
        default="consumer",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    description = fields.Text(
        translate=True, help="One neutral sentence for the debtor: what this body does, for whom."
    )
    url = fields.Char(string="Website")
    phone = fields.Char()
    country_id = fields.Many2one(
        "res.country",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env.company.country_id,
    )
    territory = fields.Char(
        help="Beginnings of the postal codes that it looks after, e.g. 69, 42. Empty: the whole "
        "country."
    )

    # === CONSTRAINTS === #

    @api.constrains("url")
    def _check_url(self):
        """Letters print the address and pages link to it: nothing but a website."""
        for body in self:
            if body.url and not re.fullmatch(r"https?://[^\s<>\"']+", body.url):
                raise ValidationError(
                    self.env._("“%s” is no address of a website: write it with https://.", body.url)
                )

    @api.constrains("territory")
    def _check_territory(self):
        for body in self:
            if not all(PREFIX.fullmatch(prefix) for prefix in body._get_prefixes()):
                raise ValidationError(
                    self.env._(
                        "“%s”: name the beginnings of postal codes, separated by commas.",
                        body.territory,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Forget which bodies there are."""
        bodies = super().create(vals_list)
        self.env.registry.clear_cache()
        return bodies

    def write(self, vals):
        """Forget which bodies there are."""
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        """Forget which bodies there are."""
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        used = self._find_used(
            (
                ("collection.assessment", ["body_id"]),
                ("collection.hardship", ["body_id", "decided_body_id"]),
            )
        )
        if used:
            raise UserError(
                self.env._("“%s” was recommended to a debtor: archive it instead.", used.name)
            )

    # === BUSINESS === #

    @api.model
    def _get_for(self, partner):
        """Return the bodies that help a debtor, in their order; none for public bodies.

        Local ones are named to the debtors of their territory only. No query per debtor.

        :param partner: one res.partner, or an empty record
        """
        # In sudo mode to read settings that are told to debtors, portal users among them.
        bodies_sudo = self.sudo().browse(self._get_active_ids())
        # In sudo mode to read a field that only internal users see.
        debtor_sudo = partner.sudo().commercial_partner_id
        kind = debtor_sudo.collection_debtor_kind
        country = debtor_sudo.country_id or self.env.company.country_id
        code = re.sub(r"\s", "", debtor_sudo.zip or "").upper()
        found = bodies_sudo.filtered(
            lambda body: (
                body.kind == kind and body.country_id == country and body._looks_after(code)
            )
        )
        return found.with_env(self.env)

    @api.model
    @tools.ormcache()
    def _get_active_ids(self):
        # In sudo mode to list settings that are the same for everybody.
        return tuple(self.sudo().search([("active", "=", True)]).ids)

    def _get_prefixes(self):
        self.ensure_one()
        return [part.strip().upper() for part in (self.territory or "").split(",") if part.strip()]

    def _looks_after(self, postal_code):
        prefixes = self._get_prefixes()
        return not prefixes or any(postal_code.startswith(prefix) for prefix in prefixes)

    def _render_paragraph(self, is_short=False):
        """Return the paragraph that names these bodies, as Markup; empty without any.

        In the language of the context: for templates, letters and the debtor's page.

        :param bool is_short: names and numbers only, where a letter has to stay on its page
        """
        if not self:
            return ""
        # In sudo mode to read settings that are told to debtors, portal users among them.
        return self.env["ir.qweb"]._render(
            "recouvrement_creances.help_bodies", {"bodies": self.sudo(), "is_short": is_short}
        )
