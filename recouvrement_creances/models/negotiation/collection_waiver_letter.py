from odoo import models

from ...tools.dialogs import open_dialog


class CollectionWaiverLetter(models.AbstractModel):
    """What is told to the debtor of a waiver: on paper, or as an e-mail of the case."""

    _name = "collection.waiver.letter"
    _description = "Confirmation of waivers"

    def action_send_confirmation(self):
        """Open a message of the case to the debtor, with the confirmation attached.

        The case sends it: it asks the rules of contact, and is kept as evidence.
        """
        self.ensure_one()
        case = self.case_id
        case.check_access("write")
        # In sudo mode to read how the debtor is reached, as the channels do.
        partner, _email, _problem = case.sudo().partner_id._find_collection_contact("email")
        file = self._print_confirmation()
        return open_dialog(
            "mail.compose.message",
            self.env._("Write to the debtor"),
            default_model=case._name,
            default_res_ids=case.ids,
            default_composition_mode="comment",
            default_partner_ids=(partner or case.partner_id).ids,
            default_subject=file.name.removesuffix(".pdf"),
            default_attachment_ids=file.ids,
        )

    def _print_confirmation(self):
        """Return the confirmation as a file of the message that is being written."""
        lang = self._get_lang()
        return self.env["ir.actions.report"]._print_file(
            "recouvrement_creances.collection_waiver_report",
            self,
            lang,
            f"{self.with_context(lang=lang)._get_file_name()}.pdf",
            self.env["mail.compose.message"],
        )

    def _get_file_name(self):
        return self.env._("Confirmation of a waiver %s", self.case_id.name)
