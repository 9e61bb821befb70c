import hashlib
import json
import secrets

from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..policy.collection_level_step import CHANNELS
from .evidence_triggers import DOOR, EXPIRY, FILES, REFUSAL, TRIGGERS

EVIDENCE_KINDS = [
    ("prepared", "Prepared"),
    ("sent", "Sent"),
    ("posted", "Posted"),
    ("informed", "Debtor informed"),
    ("presented", "Presented"),
    ("acknowledged", "Acknowledged"),
    ("not_collected", "Not collected"),
    ("refused", "Refused by the debtor"),
    ("returned", "Returned"),
    ("outcome", "Outcome"),
    ("failed", "Failed"),
    ("bounced", "Refused by the mail server"),
    ("override", "Rule overridden"),
    ("signed", "Agreement signed"),
]


class CollectionEvidence(models.Model):
    """What was said to a debtor and what became of it: inserted once, never changed.

    ``payload`` is the canonical JSON of the whole record, ``payload_hash`` its SHA-256;
    ``content_hash`` covers that and the hash of the company's previous record. The database refuses
    change and deletion by itself. A purge erases what an old record says and leaves its hashes, so
    that the chain can still be followed; a random salt in the payload keeps an erased text from
    being guessed back from its hash.
    """

    _name = "collection.evidence"
    _description = "Collection evidence"
    _inherit = ["collection.undefaulted"]
    _order = "id desc"
    _rec_name = "subject"
    _log_access = False
    _allow_sudo_commands = False

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    case_id = fields.Many2one(
        "collection.case", required=True, readonly=True, index=True, ondelete="restrict"
    )
    action_id = fields.Many2one("collection.action", readonly=True, index=True, ondelete="restrict")
    kind = fields.Selection(selection=EVIDENCE_KINDS, required=True, readonly=True)
    channel = fields.Selection(selection=CHANNELS, readonly=True)
    occurred_at = fields.Datetime(required=True, readonly=True)
    author = fields.Char(readonly=True, help="The name of the user at that moment.")
    recipient = fields.Char(readonly=True)
    subject = fields.Char(readonly=True)
    body = fields.Html(readonly=True, sanitize=False)
    transport_reference = fields.Char(
        readonly=True, help="Message-Id, tracking number or number of the gateway."
    )
    payload = fields.Text(required=True, readonly=True)
    attachment_ids = fields.Many2many("ir.attachment", readonly=True)
    position = fields.Integer(required=True, readonly=True)
    previous_hash = fields.Char(readonly=True)
    payload_hash = fields.Char(required=True, readonly=True)
    content_hash = fields.Char(required=True, readonly=True)
    erased_on = fields.Date(
        readonly=True, help="The day a purge erased what the record said, after its period."
    )
    purge_id = fields.Many2one("collection.purge", readonly=True, ondelete="restrict")

    _position_unique = models.UniqueIndex(
        "(company_id, position)", "The company's chain of evidence moved on: try again."
    )

    def init(self):
        """Let the database itself refuse change and deletion, whatever code asks for it."""
        self.env.cr.execute("".join((REFUSAL, EXPIRY, DOOR, FILES, TRIGGERS)))

    @api.depends("kind", "channel", "subject")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        channels = dict(self._fields["channel"]._description_selection(self.env))
        for evidence in self:
            parts = [kinds.get(evidence.kind), channels.get(evidence.channel), evidence.subject]
            evidence.display_name = " · ".join(filter(None, parts))

    # === CRUD === #

    def write(self, vals):
        """Refuse: what was sent stays as it was sent."""
        if self:
            raise UserError(self.env._("Evidence cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("Evidence cannot be deleted."))

    # === BUSINESS === #

    @api.model
    def _note(self, actions, kind, facts=None, attachments=None, occurred_at=None):
        """Append one record per action.

        :param str kind: one of EVIDENCE_KINDS
        :param facts: a dict for all actions, or a function of the action that returns one; the
            keys subject, body, recipient and transport_reference are shown, all are hashed
        :param dict attachments: {action: ir.attachment records} that belong to the record
        :param datetime occurred_at: UTC, when what is noted afterwards took place; None is now
        """
        now = occurred_at or fields.Datetime.now()
        prepared = []
        for action in actions:
            files = (attachments or {}).get(action, self.env["ir.attachment"])
            own_facts = facts(action) if callable(facts) else facts or {}
            prepared.append((action, files, self._build(action, kind, own_facts, files, now)))
        vals_list = []
        for company, entries in self._group_by_company(prepared).items():
            payloads = [payload for _action, _files, payload in entries]
            links = self.env["collection.evidence.chain"]._extend(company, payloads)
            vals_list += [
                self._prepare_vals(entry, link) for entry, link in zip(entries, links, strict=True)
            ]
        # In sudo mode to append: nobody has the right to create evidence by hand.
        records_sudo = self.sudo().create(vals_list)
        records_sudo._log_on_cases()
        return records_sudo

    def _log_on_cases(self):
        """Tell the cases' timelines; an e-mail that left stands there by itself."""
        shown = self.filtered(
            lambda record: (
                record.kind != "prepared"
                and not (record.kind == "sent" and record.channel == "email")
            )
        )
        bodies = {
            case.id: Markup("<br/>").join(record._get_headline() for record in records)
            for case, records in shown.grouped("case_id").items()
        }
        if bodies:
            shown.case_id._message_log_batch(bodies=bodies)

    def _get_headline(self):
        """Return one line for the timeline: what, by which channel, at which level, with what."""
        self.ensure_one()
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        channels = dict(self._fields["channel"]._description_selection(self.env))
        facts = json.loads(self.payload)["facts"]
        outcomes = dict(self.action_id._fields["outcome"]._description_selection(self.env))
        parts = (
            channels.get(self.channel),
            self.action_id.level_id.name,
            outcomes.get(facts.get("outcome")) or kinds[self.kind],
            facts.get("reason"),
            self.transport_reference,
            facts.get("note"),
        )
        return escape(" · ".join(part for part in parts if part))

    @api.model
    def _build(self, action, kind, facts, files, now):
        """Return the canonical JSON of one record."""
        return json.dumps(
            {
                "kind": kind,
                "case": action.case_id.name,
                "action": action.id,
                "debtor": action.case_id.partner_id.display_name,
                "channel": action.channel,
                "level": action.level_id.name or "",
                "occurred_at": fields.Datetime.to_string(now),
                "author": self.env.user.name,
                "recipient": facts.get("recipient") or action.recipient or "",
                "facts": facts,
                "attachments": self._describe_files(files),
                "salt": secrets.token_hex(16),
            },
            sort_keys=True,
            ensure_ascii=False,
            separators=(",", ":"),
            default=str,
        )

    @staticmethod
    def _group_by_company(prepared):
        groups = {}
        for entry in prepared:
            groups.setdefault(entry[0].company_id, []).append(entry)
        return groups

    @staticmethod
    def _prepare_vals(entry, link):
        action, files, payload = entry
        content = json.loads(payload)
        facts = content["facts"]
        return {
            "company_id": action.company_id.id,
            "case_id": action.case_id.id,
            "action_id": action.id,
            "kind": content["kind"],
            "channel": action.channel,
            "occurred_at": content["occurred_at"],
            "author": content["author"],
            "recipient": content["recipient"],
            "subject": facts.get("subject"),
            "body": facts.get("body"),
            "transport_reference": facts.get("transport_reference"),
            "payload": payload,
            "attachment_ids": [(6, 0, files.ids)],
            **link,
        }

    @api.model
    def _find_break(self, company):
        """Return the first record of a company's chain that does not fit, or an empty one."""
        found = next(self.env["collection.evidence.check"]._walk(company), None)
        return self.browse(found["evidence_id"]) if found else self.browse()

    def _find_difference(self):
        """Return the first shown field that says something else than what was hashed, or ""."""
        self.ensure_one()
        content = json.loads(self.payload)
        facts = content["facts"]
        shown = {
            "case": self.case_id.name,
            "action": self.action_id.id,
            "kind": self.kind,
            "channel": self.channel,
            "occurred_at": fields.Datetime.to_string(self.occurred_at),
            "author": self.author,
            "recipient": self.recipient,
        }
        said = {name: self[name] for name in ("subject", "body", "transport_reference")}
        for source, values in ((content, shown), (facts, said)):
            for name, value in values.items():
                if (source.get(name) or "") != (value or ""):
                    return name
        return ""

    @staticmethod
    def _describe_files(files):
        """Return the names and hashes of files, as the payload keeps them."""
        return [
            {"name": file.name, "sha256": hashlib.sha256(file.raw or b"").hexdigest()}
            for file in files.sorted("id")
        ]
