import json
import tempfile

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import email_normalize_all, html2plaintext

from ...rules.sealed_archive import SealedArchive, file_name
from ...rules.third_parties import Mask
from ..mixins.collection_reachable import WISHES
from .collection_person_part import PARTS


class CollectionPersonExport(models.AbstractModel):
    """Answers an access request (GDPR art. 15): what collection holds about one person.

    A ZIP file with the data as JSON, the same as a page to read, and the documents that were sent
    to the person. Colleagues appear as the creditor; other people are left out.
    """

    _name = "collection.person.export"
    _description = "Answer to an access request"
    _inherit = ["collection.person.part"]

    @api.model
    def _check_allowed(self, partner):
        """Raise an AccessError unless the present user may answer for the creditor."""
        if not self.env.user.has_group("recouvrement_creances.group_manager"):
            raise AccessError(self.env._("Only a collection manager answers access requests."))
        partner.check_access("read")

    @api.model
    def _export(self, partner):
        """Write what is held about a person to a temporary file and log it.

        :return: (open file at its beginning, its name)
        """
        self._check_allowed(partner)
        cases = self.env["collection.case"].search(
            [
                ("partner_id", "=", partner.commercial_partner_id.id),
                ("company_id", "in", self.env.companies.ids),
            ],
            order="id",
        )
        # In sudo mode to read what the answer owes to the person, whoever follows the cases.
        export_sudo = self.sudo()
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller reads and closes it
        archive = SealedArchive(file)
        content = export_sudo._gather(partner.sudo(), cases.sudo())
        archive.add("data.json", json.dumps(content, ensure_ascii=False, indent=2).encode())
        archive.add(
            file_name(self.env._("What we hold about you.html")),
            export_sudo._render_page(content).encode(),
        )
        count = export_sudo._add_documents(archive, partner.sudo(), cases.sudo())
        archive.close()
        digest = self.env["collection.evidence.export"]._hash_stream(file)
        for company in cases.company_id or self.env.company:
            self.env["collection.custody.log"]._note(
                company,
                "access",
                self.env._("%(cases)s cases, %(files)s documents", cases=len(cases), files=count),
                about=f"{partner.display_name} ({partner.id})",
                file_hash=digest,
            )
        return file, file_name(f"{partner.display_name}.zip")

    def _render_page(self, content):
        return str(
            self.env["ir.qweb"]._render(
                "recouvrement_creances.person_access_page", {"content": content}
            )
        )

    # === CONTENT === #

    def _gather(self, partner, cases):
        """Return what is held about a person as plain values."""
        mask = self._make_mask(partner, cases)
        is_whole = partner == partner.commercial_partner_id
        return {
            "person": self._describe_person(partner),
            "creditor": [company.name for company in cases.company_id or self.env.company],
            "cases": [self._describe_case(case, partner, mask, is_whole) for case in cases],
        }

    def _make_mask(self, partner, cases):
        """Hide colleagues and the other contacts of the same debtor."""
        companies = cases.company_id or self.env.company
        entity = partner.commercial_partner_id
        # Who was archived is as much somebody else as who was not.
        archived_too = self.env(context={**self.env.context, "active_test": False})
        others = (
            archived_too["res.partner"]
            .search([("id", "child_of", entity.id)])
            .filtered(lambda other: other not in (partner, entity) and not other.is_company)
        )
        colleagues = (
            cases.user_id
            | archived_too["res.users"].search(
                [("partner_id", "in", cases.message_ids.author_id.ids)]
            )
            | cases.action_ids.user_id
            | cases.hold_ids.released_by_id
            | cases.hold_ids.create_uid
        )
        for part in PARTS:
            colleagues |= self.env[part]._get_authors(cases)
        colleagues = colleagues.filtered(
            lambda user: user._is_internal() and user.partner_id != partner
        )
        own = [
            *email_normalize_all(partner.email or ""),
            *email_normalize_all(entity.email or ""),
            *companies.mapped("email"),
            *companies.mapped("collection_email"),
        ]
        return Mask(
            self.env._("[third party]"),
            own,
            [*others.mapped("name"), *colleagues.mapped("name")],
            [phone for phone in others.mapped("phone") if phone not in (partner.phone, False)],
        )

    def _describe_person(self, partner):
        labels = {
            "name": partner.name,
            "address": partner._display_address(without_company=True),
            "email": partner.email,
            "phone": partner.phone,
            "language": partner.lang,
            "kind_of_debtor": self._get_label(partner, "collection_debtor_kind"),
            "refused_email": partner.collection_bounced_email,
            "represented_by": partner.collection_representative_id.name,
            "represented_as": self._get_label(partner, "collection_representative_kind"),
            "guarantors": len(partner.collection_guarantor_ids),
            "wants_no": self._describe_wishes(partner),
            "reason_for_no_contact": partner.collection_no_contact_reason,
            "no_contact_since": str(partner.collection_no_contact_date or ""),
            "agreed_to_electronic_letters": str(partner.collection_electronic_consent_on or ""),
            "vulnerable_person": self.env._("Yes") if partner.collection_is_vulnerable else "",
        }
        return {name: value for name, value in labels.items() if value}

    def _describe_wishes(self, partner):
        wishes = [name for name in WISHES if partner[name]]
        return ", ".join(partner._fields[name]._description_string(self.env) for name in wishes)

    def _describe_case(self, case, partner, mask, is_whole):
        content = {
            "reference": case.name,
            "opened_on": str(case.opened_on or ""),
            "closed_on": str(case.closed_on or ""),
        }
        actions = case.action_ids.sorted("id")
        evidence = case.evidence_ids.sorted("position")
        if is_whole:
            content |= self._describe_whole_case(case, mask)
        else:
            # A debtor's contact is told what was said to that person, not the debtor's affairs.
            actions = actions.filtered(lambda action: action.partner_id == partner)
            evidence = evidence.filtered(lambda record: record.action_id in actions)
        content["contacts"] = [self._describe_action(action, mask) for action in actions]
        content["evidence"] = [self._describe_evidence(record, mask) for record in evidence]
        return content

    def _describe_whole_case(self, case, mask):
        """Return what only the debtor is told, not its contacts."""
        return {
            "stage": case.stage_id.name or "",
            "reason_for_nonpayment": case.nonpayment_reason_id.name or "",
            "reasons_noted": [
                {"day": str(note.noted_on), "reason": note.reason_id.name}
                for note in case.reason_note_ids.sorted("id")
            ],
            "disputes": [
                self._describe_dispute(dispute, mask) for dispute in case.dispute_ids.sorted("id")
            ],
            "invoices": [self._describe_item(item) for item in case.item_ids.sorted("id")],
            "holds": [self._describe_hold(hold, mask) for hold in case.hold_ids.sorted("id")],
            "schedules": [
                self._describe_schedule(schedule, mask)
                for schedule in case.schedule_ids.sorted("id")
            ],
            "promises": [
                self._describe_promise(promise, mask) for promise in case.promise_ids.sorted("id")
            ],
            "messages": self._describe_messages(
                case.message_ids.sorted("id").filtered(
                    lambda message: html2plaintext(message.body or "").strip()
                ),
                mask,
            ),
            **case._describe_portal(),
            **{
                name: content
                for part in PARTS
                for name, content in self.env[part]._describe(case, mask).items()
            },
        }

    def _describe_messages(self, messages, mask):
        return [
            {
                "moment": str(message.date),
                "text": mask.apply(html2plaintext(message.body or "")),
            }
            for message in messages
        ]

    def _describe_item(self, item):
        return {
            "document": item.display_name,
            "due_date": str(item.due_date or ""),
            "still_due": self._format(item, "amount_residual_currency"),
        }

    def _describe_dispute(self, dispute, mask):
        return {
            "number": dispute.name,
            "opened_on": str(dispute.opened_on),
            "category": dispute.category_id.name,
            "state": self._get_label(dispute, "state"),
            "invoices": dispute.line_ids.mapped("invoice_name"),
            "description": mask.apply(dispute.description),
            "answer": mask.apply(dispute.answer),
            "decision": mask.apply(dispute.decision),
            "messages": self._describe_messages(dispute._get_conversation(), mask),
        }

    def _describe_hold(self, hold, mask):
        return {
            "kind": self._get_label(hold, "kind"),
            "reason": hold.reason_id.name,
            "from": str(hold.date_start),
            "until": str(hold.date_end or ""),
            "note": mask.apply(hold.note),
        }

    def _describe_schedule(self, schedule, mask):
        return {
            "number": schedule.name,
            "state": self._get_label(schedule, "state"),
            "total": self._format(schedule, "amount_total"),
            "instalments": ", ".join(
                f"{line.due_date}: {line.amount:.2f}" for line in schedule._get_lines()
            ),
            "signed_on": str(schedule.signed_on or ""),
            "signed_by": mask.apply(schedule.signer_name),
            "signed_from": schedule.signer_address or "",
            "note": mask.apply(schedule.note),
        }

    def _describe_promise(self, promise, mask):
        return {
            "from": str(promise.date_start),
            "until": str(promise.date),
            "amount": promise.amount_label,
            "state": self._get_label(promise, "state"),
            "note": mask.apply(promise.note),
        }

    def _describe_action(self, action, mask):
        return {
            "day": str(action.contact_date or action.date_planned or ""),
            "channel": self._get_label(action, "channel"),
            "state": self._get_label(action, "state"),
            "to": mask.apply(action.recipient),
            "outcome": self._get_label(action, "outcome"),
            "note": mask.apply(action.note),
        }

    def _describe_evidence(self, record, mask):
        content = {
            "moment": str(record.occurred_at),
            "kind": self._get_label(record, "kind"),
            "channel": self._get_label(record, "channel"),
            "to": mask.apply(record.recipient),
            "subject": mask.apply(record.subject),
            "text": mask.apply(html2plaintext(record.body or "")),
        }
        if record.erased_on:
            content["erased_on"] = str(record.erased_on)
        elif not record.body:
            content["facts"] = self._describe_facts(record, mask)
        return content

    def _describe_facts(self, record, mask):
        """Return what a record without a text says, e.g. the outcome of a call."""
        facts = json.loads(record.payload)["facts"]
        return {
            name: mask.apply(str(value))
            for name, value in sorted(facts.items())
            if value and name not in ("items", "totals", "template", "declared_by", "body")
        }

    # === DOCUMENTS === #

    def _add_documents(self, archive, partner, cases):
        """Add each document that was sent to the person, once; return how many there are."""
        is_whole = partner == partner.commercial_partner_id
        pieces, seen = self.env["collection.evidence.pieces"], set()
        for record in cases.evidence_ids.sorted("id"):
            recipient = record.action_id.partner_id
            if recipient != partner and not (is_whole and recipient.is_company):
                continue
            for file in record.attachment_ids.sorted("id"):
                piece = pieces._make_file(file, "", record.occurred_at)
                if piece["identity"] not in seen:
                    seen.add(piece["identity"])
                    name = f"documents/{len(seen):02d}-{piece['date']}-{piece['name']}"
                    archive.add(name, piece["content"])
        if is_whole:
            self._add_own_documents(archive, cases, seen)
        return len(seen)

    def _add_own_documents(self, archive, cases, seen):
        """Add what the person gave or signed, what was made of it, and what a judge decided."""
        pieces = self.env["collection.evidence.pieces"]
        for file, moment in [dated for part in PARTS for dated in self.env[part]._get_files(cases)]:
            piece = pieces._make_file(file, "", moment)
            if piece["identity"] not in seen:
                seen.add(piece["identity"])
                name = f"documents/{len(seen):02d}-{piece['date']}-{piece['name']}"
                archive.add(name, piece["content"])
