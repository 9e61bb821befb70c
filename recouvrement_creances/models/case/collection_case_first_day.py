from markupsafe import Markup

from odoo import api, models

MANAGER = "recouvrement_creances.group_manager"
ADMINISTRATOR = "base.group_system"
LINK = Markup('<a type="action" href="#" class="fw-bold" name="recouvrement_creances.{}">{}</a>')


class CollectionCaseFirstDay(models.AbstractModel):
    """What a list of cases says while no proposal was ever made: how to begin."""

    _name = "collection.case.first.day"
    _description = "First day of collection"

    @api.model
    def get_empty_list_help(self, help_message):
        """OVERRIDE web: until the first run, the way to it instead of what the list will show."""
        if not self.env.user.has_group(MANAGER) or not self._is_first_day():
            return super().get_empty_list_help(help_message)
        return Markup(
            '<p class="o_view_nocontent_smiling_face">{}</p><p>{}</p><ol class="text-start">{}</ol>'
        ).format(
            self.env._("Four steps to your first proposal"),
            self.env._("Nothing leaves before you press Send."),
            Markup().join(Markup("<li>{}</li>").format(step) for step in self._get_first_steps()),
        )

    @api.model
    def _is_first_day(self):
        # In sudo mode: what colleagues did counts, whoever looks.
        runs_sudo = self.env["collection.run"].sudo()
        return not runs_sudo.search_count([("company_id", "=", self.env.company.id)], limit=1)

    @api.model
    def _get_first_steps(self):
        """Yield what is done on the first day, in its order, each with a link to where."""
        name = self.env._("Settings")
        if self.env.user.has_group(ADMINISTRATOR):
            name = LINK.format("res_config_settings_action_collection", name)
        else:
            name = self.env._("Settings (your administrator of Odoo opens them)")
        yield Markup("{}{}").format(
            name,
            self.env._(": the address that writes, the legal mentions, who gets new cases."),
        )
        yield Markup("{}{}").format(
            LINK.format("collection_policy_action", self.env._("Policies")),
            self.env._(": read what is shipped; confirm it when the proposal suits you."),
        )
        yield Markup("{}{}").format(
            LINK.format("collection_takeover_action", self.env._("Take old items over")),
            self.env._(": what is late already gets the level of its age."),
        )
        yield Markup("{}{}").format(
            LINK.format("collection_run_action", self.env._("Runs")),
            self.env._(": New, then Propose shows who would be contacted, how and why."),
        )
