from odoo import api, fields, models
from odoo.tools import format_date

from ...tools.dialogs import open_dialog

CHECK_LABELS = [
    ("notice", "Formal notice, and its period over"),
    ("notice_piece", "Formal notice among the pieces"),
    ("dispute", "No open dispute"),
    ("judged", "Not dismissed by a court"),
    ("agreement", "No running agreement"),
    ("limitation", "Limitation"),
    ("identity", "Identity and address checked"),
    ("solvency", "Solvency checked"),
    ("insolvency", "Insolvency notices looked up"),
    ("amount", "Amount"),
    ("invoices", "Invoices"),
    ("order", "Order or contract"),
    ("delivery", "Delivery proven"),
]
RESULT_LABELS = [("passed", "In order"), ("stated", "Stated"), ("missing", "Missing")]
# What is noted as a check of the debtor, and what is a document.
CHECKED = ("identity", "solvency", "insolvency")
DOCUMENTS = {
    "notice_piece": "notice_proof",
    "invoices": "invoice",
    "order": "order",
    "delivery": "delivery",
}
# What nobody can be asked for.
ASKED_OF_NOBODY = ("amount", "judged")


class CollectionHandoverCheck(models.Model):
    """One line of a handover's checklist, as it was last worked out, and whom it was asked from."""

    _name = "collection.handover.check"
    _description = "Checklist of a handover"
    _order = "sequence, id"

    handover_id = fields.Many2one(
        "collection.handover", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="handover_id.company_id", store=True, index=True)
    sequence = fields.Integer(readonly=True)
    code = fields.Selection(selection=CHECK_LABELS, string="What", required=True, readonly=True)
    result = fields.Selection(selection=RESULT_LABELS, required=True, readonly=True)
    because = fields.Char(readonly=True)
    day = fields.Date(readonly=True)
    names = fields.Char(readonly=True, help="What it is about: invoices, files.")
    explanation = fields.Char(compute="_compute_explanation")
    asked_id = fields.Many2one("res.users", string="Asked from", readonly=True)
    asked_on = fields.Date(readonly=True)
    activity_id = fields.Many2one(
        "mail.activity", readonly=True, index="btree_not_null", ondelete="set null"
    )
    can_ask = fields.Boolean(compute="_compute_can_ask")
    can_note = fields.Boolean(compute="_compute_can_ask")

    _code_unique = models.UniqueIndex("(handover_id, code)", "Each line stands here once.")

    # === COMPUTE === #

    @api.depends("code", "result", "because", "day", "names")
    @api.depends_context("lang")
    def _compute_explanation(self):
        words = self._get_words()
        for check in self:
            own, common = f"{check.code}.{check.because or ''}", f".{check.because or ''}"
            text = words.get(own) or words.get(common, "")
            day = format_date(self.env, check.day) if check.day else ""
            check.explanation = text.replace("{date}", day).replace("{names}", check.names or "")

    @api.depends("result", "because", "handover_id.state")
    @api.depends_context("uid")
    def _compute_can_ask(self):
        for check in self:
            handover = check.handover_id
            is_open = check.result != "passed" and handover.state in ("draft", "refused")
            # What comes with the notice itself is asked for by the line of that.
            waits = check.code == "notice_piece" and check.because == "none"
            workable = is_open and handover.can_work and not waits
            check.can_ask = workable and check.code not in ASKED_OF_NOBODY
            check.can_note = workable and check.code in (*CHECKED, *DOCUMENTS)

    # === ACTIONS === #

    def action_ask(self):
        """Give the task of bringing what is missing to whose work it is."""
        self.ensure_one()
        self.handover_id._ask_for(self)

    def action_note(self):
        """Open the form that notes the check, or puts the document on the case."""
        self.ensure_one()
        context = {"default_case_id": self.handover_id.case_id.id}
        if self.code in CHECKED:
            model, name = "collection.debtor.check", self.env._("Note a check")
            context["default_kind"] = self.code
        else:
            model, name = "collection.legal.document", self.env._("Add a document")
            context["default_kind"] = DOCUMENTS[self.code]
            context |= self.handover_id._get_document_defaults(self)
        return open_dialog(model, name, **context)

    # === BUSINESS === #

    def _get_words(self):
        """Return {"code.why": what it tells people}; without a code, for all of them."""
        return {
            **self._get_insolvency_words(),
            **self._get_document_words(),
            "notice.": self.env._("Over since {date}"),
            "notice.none": self.env._("Some items had no formal notice (C. civ. 1344)."),
            "notice.running": self.env._("Its period is not over {date}"),
            "dispute.running": self.env._("A dispute is open on some items."),
            "judged.rejected": self.env._(
                "A court dismissed the claim on {date}: it is not brought again (C. civ. 1355)."
            ),
            "agreement.schedule": self.env._("A schedule is running."),
            "agreement.promise": self.env._("A promise is pending."),
            "limitation.": self.env._("Last day: {date}"),
            "limitation.near": self.env._("Near, last day: {date}"),
            "limitation.expired": self.env._("Expired on {date}"),
            "limitation.none": self.env._("No date is known."),
            "identity.": self.env._("On {date}"),
            "solvency.": self.env._("On {date}"),
            "insolvency.": self.env._("On {date}: nothing published"),
            "identity.none": self.env._("Never checked: look up an extract of the register."),
            "solvency.none": self.env._("Never checked."),
            "insolvency.none": self.env._("Never looked up (BODACC)."),
            ".outdated": self.env._("Of {date}: too old, look again."),
            "amount.below": self.env._("Below the least amount of the company."),
        }

    def _get_insolvency_words(self):
        return {
            "insolvency.opened": self.env._(
                "Insolvency proceedings are open: declare the claim instead (C. com. L622-21)."
            ),
            "insolvency.stopped": self.env._(
                "Insolvency proceedings are open: this route demands nothing of the debtor."
            ),
            "insolvency.insufficient": self.env._(
                "The liquidation was closed on {date} as the assets are insufficient: debts from "
                "before are not pursued any more (C. com. L643-11). Ask the liquidator for the "
                "certificate of irrecoverability, then write the claim off."
            ),
            "insolvency.wiped_out": self.env._(
                "The debts from before were wiped out on {date}: nobody is sued for them any more "
                "(C. conso L741-2, L742-22). Write the claim off."
            ),
        }

    def _get_document_words(self):
        return {
            "notice_piece.none": self.env._("It comes with the formal notice."),
            "notice_piece.letter": self.env._(
                "The file holds no copy of the formal notice of {date}: add the letter or the "
                "e-mail as PDF."
            ),
            "notice_piece.proof": self.env._(
                "Nothing proves that the formal notice of {date} left or arrived: add the scan of "
                "the deposit slip or of the notice of receipt; of an electronic letter, the "
                "provider's proof."
            ),
            "invoices.none": self.env._(
                "Without a document of their own: {names}. Send each from Odoo, or add its PDF or "
                "scan."
            ),
            ".unreadable": self.env._(
                "No court reads {names}: add it as PDF, PNG or JPEG, print it to a PDF first."
            ),
            "order.none": self.env._("No order, quote or contract on file."),
            "delivery.none": self.env._("No proof of delivery on file."),
        }
