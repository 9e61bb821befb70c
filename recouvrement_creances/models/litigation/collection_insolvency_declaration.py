import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import get_lang

from ...rules.transitions import DECLARATION
from ...tools.dialogs import open_dialog

REPORT = "recouvrement_creances.collection_insolvency_declaration_report"
# What the creditor still words while it is prepared.
WORDED_FIELDS = {
    "signatory_name",
    "signatory_quality",
    "security",
    "interest_note",
    "litigation_note",
    "piece_names",
    "recipient_id",
    "deducts_credits",
}
FIGURES = ("principal", "interest", "indemnity")
WAYS = [
    ("registered_letter", "Registered letter with acknowledgement of receipt"),
    ("electronic_letter", "Electronic registered letter"),
    ("platform", "Platform of the creditors' representative"),
    ("email", "E-mail"),
    ("hand", "Delivered against receipt"),
]


class CollectionInsolvencyDeclaration(models.Model):
    """A declaration of claims: worked out as of the judgement, kept for good once it was sent.

    A correction is a further version, that says which one it replaces.
    """

    _name = "collection.insolvency.declaration"
    _description = "Declaration of claims"
    _inherit = [
        "collection.insolvency.figures",
        "collection.insolvency.declaration.sending",
        "collection.insolvency.declaration.file",
        "mail.thread",
        "collection.stateful",
    ]
    _order = "insolvency_id desc, version desc"
    _transitions = DECLARATION

    insolvency_id = fields.Many2one(
        "collection.insolvency",
        string="Insolvency proceedings",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="insolvency_id.company_id", store=True, index=True)
    case_id = fields.Many2one(related="insolvency_id.case_id")
    partner_id = fields.Many2one(related="insolvency_id.partner_id", string="Debtor")
    currency_id = fields.Many2one(related="company_id.currency_id")
    can_work = fields.Boolean(related="insolvency_id.can_work", related_sudo=False)
    is_consumer = fields.Boolean(related="insolvency_id.is_consumer")
    version = fields.Integer(required=True, readonly=True)
    state = fields.Selection(
        selection=[("draft", "In preparation"), ("sent", "Sent"), ("replaced", "Replaced")],
        required=True,
        readonly=True,
        default="draft",
        tracking=True,
    )
    opening_date = fields.Date(string="As of", required=True, readonly=True)
    recipient_id = fields.Many2one("res.partner", string="Declared to")
    line_ids = fields.One2many(
        "collection.insolvency.declaration.line", "declaration_id", readonly=True
    )
    amount_due = fields.Monetary(string="Fallen due", readonly=True)
    amount_coming = fields.Monetary(string="Falls due later", readonly=True)
    amount_credit = fields.Monetary(
        string="In credit",
        readonly=True,
        help="Payments and credit notes from before the opening that nobody has matched.",
    )
    deducts_credits = fields.Boolean(
        string="Deduct what is in credit",
        default=True,
        help="Set-off of connected claims is the one payment that the judgement leaves open (C. "
        "com. L622-7); the claim is declared with it all the same. Left out, the set-off is "
        "reserved in the declaration.",
    )
    amount_total = fields.Monetary(string="Declared", readonly=True)

    # === WORDS === #
    security = fields.Text(string="Securities")
    interest_note = fields.Text(
        string="Interest that goes on",
        help="How interest is worked out that the judgement does not stop (C. com. L622-28, "
        "R622-23).",
    )
    litigation_note = fields.Text(
        string="Court case", help="The court that deals with a claim in dispute (R622-23)."
    )
    piece_names = fields.Text(
        string="Pieces",
        help="One piece a line, numbered as in the file with the pieces, which reads them anew: "
        "put a document on the case to have it among them. What you add here yourself stays behind "
        "them, and is in no file.",
    )
    signatory_name = fields.Char()
    signatory_quality = fields.Char(
        string="In the capacity of",
        help="An employee or agent who is no legal representative has a written special power.",
    )

    # === DOCUMENT AND PROOF === #
    document_id = fields.Many2one(
        "ir.attachment", readonly=True, copy=False, index="btree_not_null"
    )
    document_hash = fields.Char(string="SHA-256", readonly=True, copy=False)
    printed_digest = fields.Char(readonly=True, copy=False)
    printed_on = fields.Date(readonly=True, copy=False)
    sent_on = fields.Date(readonly=True, copy=False)
    sent_way = fields.Selection(selection=WAYS, string="Sent by", readonly=True, copy=False)
    sent_number = fields.Char(string="Tracking number", readonly=True, copy=False)
    proof_ids = fields.Many2many("ir.attachment", string="Proofs of sending", readonly=True)
    is_late = fields.Boolean(
        readonly=True, help="Sent after the last day: relief from the lapse is needed (L622-26)."
    )

    _version_unique = models.UniqueIndex(
        "(insolvency_id, version)", "Two declarations bear the same version."
    )

    # === COMPUTE === #

    @api.depends("version", "insolvency_id")
    def _compute_display_name(self):
        for declaration in self:
            declaration.display_name = self.env._(
                "Declaration %(version)s · %(debtor)s",
                version=declaration.version,
                debtor=declaration.partner_id.sudo().display_name or "",
            )

    # === CRUD === #

    def write(self, vals):
        """Keep what was sent as it was; while it is prepared, let only its words be changed."""
        if not self._through_door():
            if any(declaration.state != "draft" for declaration in self):
                raise UserError(
                    self.env._(
                        "What was declared stays as it was sent: prepare another declaration that "
                        "corrects it."
                    )
                )
            if vals.keys() - WORDED_FIELDS and not self.env.su:
                raise UserError(
                    self.env._("The figures of a declaration are read from the ledger.")
                )
        result = super().write(vals)
        if "deducts_credits" in vals:
            # In sudo mode to read the ledger, after the check of access by the writing itself.
            for declaration_sudo in self.sudo():
                declaration_sudo._fill()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(declaration.state != "draft" for declaration in self):
            raise UserError(self.env._("What was declared is history."))

    # === ACTIONS === #

    def action_print(self):
        """Download the declaration: anew while it is prepared, as it was sent afterwards."""
        self.ensure_one()
        self.check_access("write" if self.state == "draft" else "read")
        document = self._print() if self.state == "draft" else self.document_id
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{document.id}?download=true",
            # A window of its own, so that the form shows what was kept.
            "target": "new",
        }

    def action_compute(self):
        """Read the figures from the ledger again."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "draft":
            raise UserError(self.env._("What was declared stays as it was sent."))
        self.sudo()._fill()

    def action_send(self):
        """Open the dialog that notes how and when it was sent, with its proof."""
        self.ensure_one()
        return open_dialog(
            "collection.insolvency.sending",
            self.env._("Note the sending"),
            default_declaration_id=self.id,
        )

    # === BUSINESS === #

    def _creation_message(self):
        """EXTENDS mail: the words agree in French."""
        return self.env._("Declaration of claims created")

    def _get_document_name(self):
        """Return the name of the printed file: the record's, in the language of the court."""
        name = self.with_context(lang=self._get_lang()).display_name
        return f"{name.replace('/', '-')}.pdf"

    @api.model
    def _prepare_for(self, record):
        """Return the declaration in preparation of proceedings, made anew when there is none.

        :raises UserError: nothing can be declared, and why
        """
        record.ensure_one()
        record.check_access("write")
        if record.kind == "conciliation":
            raise UserError(self.env._("In a conciliation no claims are declared."))
        if not record.judgement_date or not record.case_id:
            raise UserError(
                self.env._("Give the day of the judgement first: claims are declared as of it.")
            )
        draft = record.declaration_ids.filtered(lambda version: version.state == "draft")[:1]
        if draft:
            return draft
        user = self.env.user
        # In sudo mode to read the whole ledger of the debtor, after the check of the record. Who
        # presses at the same moment is shown the declaration that the first one has made.
        record.sudo()._touch()
        draft_sudo = self.sudo().create(
            {
                "insolvency_id": record.id,
                "version": max(record.declaration_ids.mapped("version"), default=0) + 1,
                "opening_date": record.judgement_date,
                "recipient_id": record.representative_id.id,
                "security": record.security,
                "signatory_name": user.name,
                "signatory_quality": user.partner_id.function,
            }
        )
        draft_sudo._fill()
        record.invalidate_recordset(["declaration_ids"])
        return draft_sudo.with_env(self.env)

    def _filter_addressed(self):
        """Return those in preparation that go to whom the record names, if anybody."""
        return self.filtered(
            lambda one: (
                one.state == "draft" and one.recipient_id == one.insolvency_id.representative_id
            )
        )

    def _address(self):
        """Have them go to whom the record names by now."""
        for declaration in self:
            declaration.recipient_id = declaration.insolvency_id.representative_id

    def _fill(self):
        """Read the figures as of the judgement; whatever stood there goes."""
        self.ensure_one()
        lines = self._compute_lines()
        if not lines:
            raise UserError(
                self.env._("Nothing was due before the judgement: there is nothing to declare.")
            )
        credits = self._compute_credits()
        credit = -sum(line["amount_total"] for line in credits)
        due, coming = self._split(lines)
        if self.deducts_credits:
            lines += credits
        total = self.currency_id.round(sum(line["amount_total"] for line in lines))
        if self.currency_id.compare_amounts(total, 0) <= 0:
            raise UserError(
                self.env._(
                    "%s was in credit before the judgement, which covers what was due: there is "
                    "nothing to declare.",
                    self.currency_id.format(credit),
                )
            )
        self.write(
            {
                "opening_date": self.insolvency_id.judgement_date,
                "line_ids": [Command.clear(), *(Command.create(line) for line in lines)],
                "amount_due": due,
                "amount_coming": coming,
                "amount_credit": credit,
                "amount_total": total,
                "interest_note": self._describe_going_interest(lines),
            }
        )
        self._renew_pieces()

    def _get_lang(self):
        """Return the language of the court, else the company's."""
        lang = self.company_id.partner_id.lang
        return get_lang(self.env, lang).code

    def _print(self, day=None):
        """Print the declaration and keep the file with its hash; return the attachment.

        :param date day: of the sending, where it is past: pieces that came later are not listed
        """
        self.ensure_one()
        self._check_complete()
        # In sudo mode to list pieces that the caller may not open one by one.
        self.sudo()._renew_pieces(day)
        # In sudo mode to keep the file with the case, whoever prints.
        document_sudo = self.env["ir.actions.report"]._print_file(
            REPORT,
            self,
            self._get_lang(),
            self._get_document_name(),
            self.sudo(),
        )
        former_sudo = self.sudo().document_id
        self.sudo().write(
            {
                "document_id": document_sudo.id,
                "document_hash": hashlib.sha256(document_sudo.raw).hexdigest(),
                "printed_digest": self._digest(),
                "printed_on": self.company_id._collection_today(),
            }
        )
        former_sudo.unlink()
        self.sudo()._drop_file()
        return document_sudo

    def _digest(self):
        """Return a hash of words and figures: it tells whether they changed since the printing."""
        words = [str(self[name] or "") for name in sorted(WORDED_FIELDS)]
        figures = [
            (line.number, str(line.due_date), *(f"{line[name]:.4f}" for name in FIGURES))
            for line in self.line_ids.sorted(lambda line: (line.due_date, line.number))
        ]
        content = repr((str(self.opening_date), words, figures))
        return hashlib.sha256(content.encode()).hexdigest()

    def _check_complete(self):
        """Refuse to print what the law wants more of.

        :raises UserError: names what is missing (C. com. L622-25, R622-23)
        """
        signatory = (self.signatory_name or "").strip()
        quality = (self.signatory_quality or "").strip()
        wanted = {
            self._name_recipient(): self.recipient_id,
            self.env._("who signs"): signatory,
            self.env._("the capacity of who signs"): quality,
        }
        missing = [name for name, value in wanted.items() if not value]
        if missing:
            raise UserError(self.env._("Still missing: %s.", ", ".join(missing)))

    def _name_recipient(self):
        if self.is_consumer:
            return self.env._("the commission")
        if self.insolvency_id.kind == "liquidation":
            return self.env._("the liquidator")
        return self.env._("the creditors' representative")
