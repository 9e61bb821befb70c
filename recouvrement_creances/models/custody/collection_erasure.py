from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

CASE_MODELS = ("collection.case", "collection.hold", "collection.action", "collection.dispute")


class CollectionErasure(models.AbstractModel):
    """Carries a purge out: what closed cases say of people goes, seals and ledger stay.

    The database decides again, record by record, whether evidence may be erased: a case that was
    opened again since the proposal, closed again for a new period, or held back keeps everything.
    """

    _name = "collection.erasure"
    _description = "Erasure of closed cases"

    @api.model
    def _erase(self, purge):
        """Erase what a purge names, then log it.

        :param purge: one collection.purge record in state done
        """
        lines = purge.line_ids.filtered(lambda line: not line.is_kept)
        # In sudo mode to erase what nobody may change by hand; the manager was checked before.
        cases_sudo = purge._filter_due(lines.case_id.sudo(), purge.executed_on)
        noted_sudo = cases_sudo & lines.filtered("has_notes").case_id
        self.env.flush_all()
        erased = self._erase_evidence(purge, cases_sudo)
        files = self._erase_files(erased)
        self.env.invalidate_all()
        self._erase_notes(noted_sudo, purge.executed_on)
        self.env["collection.custody.log"]._note(
            purge.company_id,
            "purge",
            self.env._(
                "%(cases)s cases, %(records)s records of evidence, %(files)s files erased",
                cases=len(cases_sudo),
                records=len(erased),
                files=files,
            ),
            about=purge.display_name,
            detail="\n".join(cases_sudo.mapped("name")),
        )

    def _erase_evidence(self, purge, cases):
        """Erase what expired records say; their hashes stay. Return their ids."""
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE collection_evidence evidence
                   SET payload = '', subject = NULL, body = NULL, recipient = NULL, author = NULL,
                       transport_reference = NULL, erased_on = %s, purge_id = %s
                 WHERE case_id IN %s
                   AND erased_on IS NULL
                   AND collection_evidence_is_expired(id)
             RETURNING id
                """,
                purge.executed_on,
                purge.id,
                tuple(cases.ids) or (0,),
            )
        )
        return [row[0] for row in rows]

    def _erase_files(self, evidence_ids):
        """Delete the files that only erased records carried; return how many there were."""
        rows = self.env.execute_query(
            SQL(
                "DELETE FROM collection_evidence_ir_attachment_rel "
                "WHERE collection_evidence_id IN %s RETURNING ir_attachment_id",
                tuple(evidence_ids) or (0,),
            )
        )
        # In sudo mode to delete files of records that nobody may change by hand.
        files_sudo = self.env["ir.attachment"].sudo().browse(sorted({row[0] for row in rows}))
        files_sudo = files_sudo._filter_out_collection_evidence()
        # A file of an invoice is the ledger's, not ours.
        files_sudo = files_sudo.filtered(
            lambda file: not file.res_model or file.res_model in CASE_MODELS
        )
        for name in ("attachment_id", "acknowledgement_id"):
            # one query per field, of which there are two
            self.env["collection.action"].sudo().search([(name, "in", files_sudo.ids)]).write(
                {name: False}
            )
        count = len(files_sudo)
        files_sudo.unlink()
        return count

    def _erase_notes(self, cases, today):
        """Erase notes, messages, tasks and addresses of cases whose own period is over."""
        holds, promises = cases.hold_ids, cases.promise_ids
        # In sudo mode as the cases are: what was said of people goes, amounts and dates stay.
        waivers_sudo = self.env["collection.waiver"].sudo().search([("case_id", "in", cases.ids)])
        actions = cases.action_ids
        silent = {"tracking_disable": True, "collection_deciding": True}
        holds._with_door().with_context(**silent).write({"note": False, "release_note": False})
        promises.with_context(**silent).write({"note": False, "promised_by_id": False})
        waivers_sudo._with_door().with_context(**silent).write(
            {"note": "…", "decision_note": False}
        )
        cases.schedule_ids.with_context(**silent)._forget_signer()
        actions.sms_id.unlink()
        actions.with_context(**silent).write(
            dict.fromkeys(("recipient", "note", "failure_reason", "override_note"), False)
        )
        cases.with_context(**silent).write(
            {"nonpayment_reason_id": False, "priority_detail": False, "purged_on": today}
        )
        cases._erase_disputes()
        cases._erase_proceedings()
        cases._erase_handovers()
        self.env["collection.note.flag"].sudo().search([("case_id", "in", cases.ids)]).unlink()
        self._erase_contact_rules(cases.partner_id)
        cases.portal_access_ids._revoke()
        cases.contact_change_ids._forget()
        schedules, changes = cases.schedule_ids, cases.contact_change_ids
        agreed = (promises, waivers_sudo, schedules, cases.dispute_ids, cases.proceeding_ids)
        # Of a handover they hold what was asked, answered and decided.
        others = (holds, cases.judgement_ids, *agreed, changes, cases.handover_ids)
        for records in (cases, cases.charge_ids, *others, *self._get_litigation(cases)):
            self._erase_messages(records)
        cases._erase_means()
        self._erase_proofs(cases)
        self._erase_joined_files(cases)

    def _get_litigation(self, cases):
        """Return what else purged cases have that people write on, model by model."""
        insolvencies = cases.insolvency_ids
        # In sudo mode to see what every procedure, and every colleague, has left.
        deadlines_sudo = self.env["collection.deadline"].sudo()
        notices_sudo = self.env["collection.publication"].sudo()
        return (
            insolvencies,
            insolvencies.declaration_ids,
            insolvencies.claim_ids,
            deadlines_sudo.search([("case_id", "in", cases.ids)]),
            notices_sudo.search([("case_id", "in", cases.ids)]),
        )

    def _erase_joined_files(self, cases):
        """Delete what people joined to purged cases, except what evidence still keeps."""
        # In sudo mode to delete files of colleagues.
        files_sudo = self.env["ir.attachment"].sudo()
        files_sudo.search(
            Domain.OR(
                Domain("res_model", "=", records._name) & Domain("res_id", "in", records.ids)
                for records in (cases, cases.dispute_ids, *self._get_litigation(cases))
            )
        )._filter_out_collection_evidence().unlink()

    def _erase_proofs(self, cases):
        """Take notes and files off judgements and events on limitation of purged cases.

        Kinds, days and items stay. What still counts for an open item (its payment was cancelled
        since) is kept whole.
        """
        self.env.flush_all()
        scope = tuple(cases.ids) or (0,)
        self.env.cr.execute(
            SQL(
                """
                UPDATE collection_limitation_event event SET note = NULL
                 WHERE case_id IN %s AND note IS NOT NULL AND NOT EXISTS (%s)
                """,
                scope,
                self._select_open("limitation_event", SQL("COALESCE(event.event_id, event.id)")),
            )
        )
        self._detach_proofs("limitation_event", scope)
        self._detach_proofs("judgement", scope)
        self.env.invalidate_all()
        self._detach_steps(cases - cases.item_ids.filtered("is_open").case_id)

    def _detach_proofs(self, name, scope):
        """Take the files off events or judgements; they then go with the other files of the case.

        :param str name: "limitation_event" or "judgement"
        :param tuple scope: ids of cases
        """
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM %s file USING %s record
                 WHERE record.id = %s AND record.case_id IN %s AND NOT EXISTS (%s)
                """,
                SQL.identifier(f"collection_{name}_ir_attachment_rel"),
                SQL.identifier(f"collection_{name}"),
                SQL.identifier("file", f"collection_{name}_id"),
                scope,
                self._select_open(name, SQL("record.id")),
            )
        )

    def _detach_steps(self, cases):
        """Take the files off steps of litigation and off declarations; the seals stay."""
        insolvencies = cases.insolvency_ids
        declarations = insolvencies.declaration_ids
        # In sudo mode to see the deadlines of every procedure.
        deadlines_sudo = self.env["collection.deadline"].sudo()
        deadlines_sudo = deadlines_sudo.search([("case_id", "in", cases.ids)])
        # Why they were closed is in people's words; that there was a reason stays.
        told_sudo = deadlines_sudo.filtered("closing_reason")
        told_sudo.with_context(tracking_disable=True).closing_reason = "…"
        for records in (
            cases.proceeding_ids.event_ids,
            insolvencies.event_ids,
            declarations,
            deadlines_sudo,
        ):
            # one query per model, of which there are four
            self.env.cr.execute(
                SQL(
                    "DELETE FROM %s WHERE %s IN %s",
                    SQL.identifier(f"{records._table}_ir_attachment_rel"),
                    SQL.identifier(f"{records._table}_id"),
                    tuple(records.ids) or (0,),
                )
            )
        self.env.invalidate_all()
        written = {"document_id": False, "file_id": False}
        declarations._with_door().with_context(tracking_disable=True).write(written)

    @staticmethod
    def _select_open(name, record_id):
        """Return the query for items of an event or judgement that are open again."""
        return SQL(
            "SELECT FROM %s named JOIN collection_item item ON item.id = named.collection_item_id "
            "WHERE item.is_open IS TRUE AND %s = %s",
            SQL.identifier(f"collection_item_collection_{name}_rel"),
            SQL.identifier("named", f"collection_{name}_id"),
            record_id,
        )

    def _erase_contact_rules(self, debtors):
        """Erase why debtors of whom no case is kept any more are not contacted.

        What they asked for and who represents them stays: they may not have to ask again.
        """
        # In sudo mode to see the cases of all companies.
        kept_sudo = (
            self.env["collection.case"]
            .sudo()
            .search([("partner_id", "in", debtors.ids), ("purged_on", "=", False)])
        )
        # In sudo mode to erase what few people see.
        finished_sudo = (debtors - kept_sudo.partner_id).sudo()
        finished_sudo.filtered("collection_is_vulnerable").collection_is_vulnerable = False
        finished_sudo.filtered(
            "collection_no_contact_reason"
        ).collection_no_contact_reason = self.env._("Erased after its period.")

    def _erase_messages(self, records):
        """Delete the messages and tasks, done or not, of records of one model."""
        domain = [("res_id", "in", records.ids)]
        # In sudo mode to delete what everybody wrote on these records.
        activities_sudo = self.env["mail.activity"].sudo().with_context(active_test=False)
        activities_sudo.search([("res_model", "=", records._name), *domain]).unlink()
        messages_sudo = self.env["mail.message"].sudo()
        messages_sudo = messages_sudo.search([("model", "=", records._name), *domain])
        self.env["mail.mail"].sudo().search([("mail_message_id", "in", messages_sudo.ids)]).unlink()
        # Evidence with documents is kept longer: its files leave the messages, not the evidence.
        kept = messages_sudo.attachment_ids - (
            messages_sudo.attachment_ids._filter_out_collection_evidence()
        )
        if kept:
            for message in messages_sudo.filtered(lambda message: message.attachment_ids & kept):
                message.attachment_ids -= kept
        messages_sudo.exists().unlink()
