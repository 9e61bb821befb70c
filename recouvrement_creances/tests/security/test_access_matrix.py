from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..common import TODAY
from ..negotiation.schedule_common import make_schedule_records
from .common import ROLES, MatrixCommon
from .dispute_access import DISPUTE_BOUND, DISPUTE_DIALOGS, make_dispute
from .insolvency_access import INSOLVENCY_BOUND, INSOLVENCY_DIALOGS, make_insolvency
from .litigation_access import (
    APPROVAL_RULES,
    LITIGATION_BOUND,
    LITIGATION_DIALOGS,
    LITIGATION_SETTINGS,
    make_litigation,
)
from .means_records import MEANS, make_means

# c, r, w, d: create, read, write, delete. A dot: nothing at all.
# Columns: the collector's own case, a colleague's, nobody's, another company's.
WORKED_ON = {
    "reader": "r r r .",
    "collector": "crw r crw .",
    "accountant": "crw crw crw .",
    "manager": "crw crw crw .",
    "finance_director": "r r r .",
}
CASE_BOUND = {
    "collection.case": {
        "reader": "r r r .",
        "collector": "rw r rw .",
        "accountant": "rw rw rw .",
        "manager": "rw rw rw .",
        "finance_director": "r r r .",
    },
    "collection.hold": WORKED_ON,
    "collection.hold.line": {
        "reader": "r r r .",
        "collector": "crwd r crwd .",
        "accountant": "crwd crwd crwd .",
        "manager": "crwd crwd crwd .",
        "finance_director": "r r r .",
    },
    "collection.action": {
        "reader": "r r r .",
        "collector": "rw r rw .",
        "accountant": "rw rw rw .",
        "manager": "rw rw rw .",
        "finance_director": "r r r .",
    },
    **{
        model: {
            "reader": "r r r .",
            "collector": "r r r .",
            "accountant": "r r r .",
            "manager": "r r r .",
            "finance_director": "r r r .",
        }
        for model in (
            "collection.item",
            "collection.action.item",
            "collection.evidence",
            "collection.limitation",
            "collection.limitation.event",
            "collection.limitation.alarm",
            "collection.charge",
            "collection.charge.line",
            "collection.portal.access",
            "collection.portal.attempt",
            "collection.contact.change",
            "collection.schedule",
            "collection.schedule.item",
            "collection.instalment",
        )
    },
    "collection.promise": WORKED_ON,
    **DISPUTE_BOUND,
    **LITIGATION_BOUND,
    **INSOLVENCY_BOUND,
    "collection.judgement": {
        **dict.fromkeys(("reader", "collector", "finance_director"), "r r r ."),
        **dict.fromkeys(("accountant", "manager"), "crw crw crw ."),
    },
    "collection.waiver": {
        **dict.fromkeys(("reader", "collector", "finance_director"), "r r r ."),
        **dict.fromkeys(("accountant", "manager"), "cr cr cr ."),
    },
}
CASE_BOUND |= MEANS
SCOPES = ("own", "other", "unassigned", "foreign")

# Columns: a run that the collector made, one of somebody else, one of another company.
RUN_BOUND = {
    "collection.run": {
        "reader": "r r .",
        "collector": "crw r .",
        "accountant": "crwd crwd .",
        "manager": "crwd crwd .",
        "finance_director": "r r .",
    },
    "collection.run.count": {
        "reader": "r r .",
        "collector": "r r .",
        "accountant": "r r .",
        "manager": "r r .",
        "finance_director": "r r .",
    },
}
RUNS = ("own", "other", "foreign")

# What is kept, and for how long: the same for every case. Columns: own company, another one.
CUSTODY = {
    "collection.custody.log": {"manager": "r .", "finance_director": "r ."},
    "collection.purge": {"manager": "crwd .", "finance_director": "r ."},
    "collection.purge.line": {"manager": "r .", "finance_director": "r ."},
    "collection.note.flag": {"manager": "rw ."},
}

# Settings: the same for every record that a company may use.
SETTINGS = {
    model: {
        "reader": "r",
        "collector": "r",
        "accountant": "r",
        "manager": "crwd",
        "finance_director": "r",
    }
    for model in (
        "collection.stage",
        "collection.reason",
        "collection.dispute.category",
        "collection.policy",
        "collection.level",
        "collection.level.step",
        "collection.rate",
        "collection.help.body",
        *LITIGATION_SETTINGS,
    )
}
SETTINGS["collection.approval.rule"] = APPROVAL_RULES

# Dialogs: who may open them; each person sees but his own.
COLLECTORS_DIALOG = {"collector": "crw", "accountant": "crw", "manager": "crw"}
COLLECTORS_LINES = {"collector": "crwd", "accountant": "crwd", "manager": "crwd"}
ACCOUNTANTS_DIALOG = {"accountant": "crw", "manager": "crw"}
# What people fill in on a form of its own, beside the dialogs.
FILLED_IN = (
    "collection.promise",
    "collection.waiver",
    "collection.hardship",
    "collection.assessment",
)
DIALOGS = {
    "collection.action.untick": COLLECTORS_DIALOG,
    "collection.approval": {"manager": "crw", "finance_director": "crw"},
    "collection.charge.claim": ACCOUNTANTS_DIALOG,
    "collection.charge.claim.line": {"accountant": "crwd", "manager": "crwd"},
    "collection.charge.payment": ACCOUNTANTS_DIALOG,
    "collection.contact.outcome": COLLECTORS_DIALOG,
    "collection.contact.override": {"manager": "crw"},
    "collection.credit.decision": {"manager": "crw"},
    "collection.hardship.decision": {"manager": "crw"},
    **DISPUTE_DIALOGS,
    **LITIGATION_DIALOGS,
    **INSOLVENCY_DIALOGS,
    "collection.letter.post": COLLECTORS_DIALOG,
    "collection.letter.post.line": COLLECTORS_LINES,
    "collection.letter.proof": COLLECTORS_DIALOG,
    "collection.limitation.follow": COLLECTORS_DIALOG,
    "collection.limitation.note": COLLECTORS_DIALOG,
    "collection.limitation.note.payment": COLLECTORS_LINES,
    "collection.schedule.paper": COLLECTORS_DIALOG,
    "collection.schedule.payment.register": ACCOUNTANTS_DIALOG,
    "collection.schedule.plan": COLLECTORS_DIALOG,
    "collection.insolvency.step.line": COLLECTORS_LINES,
    "collection.schedule.plan.line": COLLECTORS_LINES,
    "collection.schedule.restoration": {"manager": "crw"},
    "collection.statement.print": {
        role: "crw" for role in ("reader", "collector", "accountant", "manager", "finance_director")
    },
    "collection.takeover": {"manager": "crw"},
    "collection.takeover.line": {"manager": "crwd"},
}

# The flow's own: nobody reads it but the system's administrator.
ENGINE = {"collection.evidence.chain": {}}


@tagged("post_install", "-at_install")
class TestAccessMatrix(MatrixCommon):
    """Who may do what with what, as one table: what is not in it is refused."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roles = {name: cls.personas.get(name) for name in ROLES}
        cls.roles["portal"] = new_test_user(
            cls.root, login="collection_portal", groups="base.group_portal"
        )
        other_company = cls.setup_other_company()["company"]
        cases = {
            "own": cls._make_case(cls.company, "Own debtor", cls.collector),
            "other": cls._make_case(cls.company, "Other debtor", cls.personas["other_collector"]),
            "unassigned": cls._make_case(cls.company, "Nobody's debtor", None),
            "foreign": cls._make_case(other_company, "Foreign debtor", None),
        }
        cls.case_records = {name: cls._make_records(case) for name, case in cases.items()}
        cls.run_records = {
            "own": cls._make_run(cls.company, cls.collector),
            "other": cls._make_run(cls.company, cls.personas["accountant"]),
            "foreign": cls._make_run(other_company, cls.root.user),
        }

    # === BUILDERS === #

    @classmethod
    def _make_records(cls, case):
        """Return {model: a record of the case}."""
        item = cls._make_item(case)
        promise = cls.root["collection.promise"]._make(
            case, item, 50, TODAY, case.partner_id, "call"
        )
        action = cls.root["collection.action"].create(
            {
                "company_id": case.company_id.id,
                "case_id": case.id,
                "channel": "call",
                "line_ids": [Command.create({"item_id": item.id})],
            }
        )
        hold = cls._make_hold(case, item)
        charge = cls._make_charge(case, item)
        return {
            **cls._make_limitation(case, item),
            **cls._make_portal(case),
            **make_schedule_records(case, item, TODAY),
            **make_means(cls.root, case, cls.personas["manager"]),
            **make_dispute(case, item),
            **make_litigation(case, item),
            **make_insolvency(case, item),
            "collection.charge": charge,
            "collection.charge.line": charge.line_ids,
            "collection.waiver": cls._make_waiver(charge),
            "collection.judgement": cls._judgement(item),
            "collection.case": case,
            "collection.item": item,
            "collection.action": action,
            "collection.action.item": action.line_ids,
            "collection.hold": hold,
            "collection.hold.line": hold.line_ids,
            "collection.promise": promise,
            "collection.evidence": cls.root["collection.evidence"]._note(action, "failed"),
        }

    @classmethod
    def _make_portal(cls, case):
        (access,) = cls.root["collection.portal.access"]._give(case).values()
        moment = {"occurred_at": TODAY, "case_id": case.id}
        return {
            "collection.portal.access": access,
            "collection.portal.attempt": cls.root["collection.portal.attempt"].create(
                {**moment, "event": "opened", "access_id": access.id}
            ),
            "collection.contact.change": cls.root["collection.contact.change"].create(
                {"case_id": case.id, "given_at": TODAY, "city": "Lyon"}
            ),
        }

    @classmethod
    def _make_limitation(cls, case, item):
        event = cls.root["collection.limitation.event"].create(
            {
                "company_id": case.company_id.id,
                "case_id": case.id,
                "kind": "acknowledgement",
                "date": TODAY,
                "item_ids": [Command.set(item.ids)],
                "payment_reference": "BNK/1",
            }
        )
        dates = {"possible_date": TODAY, "confirmed_date": TODAY, "start": TODAY}
        alarm = {"item_id": item.id, "months": 1, "date": TODAY, "raised_on": TODAY}
        return {
            "collection.limitation": cls.root["collection.limitation"].create(
                {"item_id": item.id, "nature": "professional", **dates}
            ),
            "collection.limitation.event": event,
            "collection.limitation.alarm": cls.root["collection.limitation.alarm"].create(alarm),
        }

    @classmethod
    def _make_run(cls, company, user):
        run = cls.root["collection.run"].with_user(user).sudo().create({"company_id": company.id})
        count = cls.root["collection.run.count"].create({"run_id": run.id, "verdict": "remind"})
        return {"collection.run": run, "collection.run.count": count}

    # === TABLE === #

    def test_what_belongs_to_a_case_is_for_its_collector_to_change(self):
        self._check_table(CASE_BOUND, SCOPES, self.case_records)

    def test_runs_are_changed_by_who_made_them_and_by_accountants(self):
        self._check_table(RUN_BOUND, RUNS, self.run_records)

    def _make_custody(self, scope):
        """Return {model: a record} of what is kept, for the company of a case."""
        case = self.case_records[scope]["collection.case"]
        purge = self.root["collection.purge"].create({"company_id": case.company_id.id})
        purge.line_ids = [Command.create({"case_id": case.id})]
        flags = self.root["collection.note.flag"]
        return {
            "collection.custody.log": self.root["collection.custody.log"]._note(
                case.company_id, "check", "All is well"
            ),
            "collection.purge": purge,
            "collection.purge.line": purge.line_ids,
            "collection.note.flag": flags._flag("hold", [(case, purge, "en arrêt maladie")]),
        }

    def test_what_is_kept_is_for_managers_to_look_after(self):
        records = {"own": self._make_custody("own"), "foreign": self._make_custody("foreign")}
        self._check_table(CUSTODY, ("own", "foreign"), records)

    def test_settings_are_changed_by_managers(self):
        records = {model: self.root[model].search([], limit=1) for model in SETTINGS}
        records["collection.policy"] = self.policy
        records["collection.approval.rule"] = self.root["collection.approval.rule"].create(
            {"company_id": self.company.id}
        )
        records["collection.level"] = self.policy.level_ids[0]
        records["collection.level.step"] = self.policy.level_ids[0].step_ids
        self._check_table(SETTINGS, ("any",), {"any": records})

    def test_dialogs_open_for_those_whose_work_they_are(self):
        records = {model: self.root[model] for model in (*DIALOGS, *ENGINE)}
        self._check_table({**DIALOGS, **ENGINE}, ("any",), {"any": records})

    def test_no_form_starts_from_records_of_another_company(self):
        foreign, tried = self.case_records["foreign"], 0
        for name in (*DIALOGS, *FILLED_IN):
            forms = self.root[name].with_user(self.roles["manager"])
            forms = forms.with_context(allowed_company_ids=self.company.ids)
            for field in forms._fields.values():
                if field.type != "many2one" or not field.store or field.comodel_name not in foreign:
                    continue
                with self.subTest(form=name, field=field.name), self.assertRaises(AccessError):
                    values = {field.name: foreign[field.comodel_name].id}
                    forms.onchange(values, [field.name], {field.name: {}})
                tried += 1
        self.assertGreater(tried, 30)

    def test_every_model_stands_in_the_table(self):
        models = {
            name
            for name, model in self.registry.items()
            if name.startswith("collection.") and not model._abstract
        }
        self.assertEqual(
            models,
            CASE_BOUND.keys()
            | RUN_BOUND.keys()
            | CUSTODY.keys()
            | SETTINGS.keys()
            | DIALOGS.keys()
            | ENGINE.keys(),
        )

    def test_the_flow_is_no_model_that_anybody_reads(self):
        for name, model in self.registry.items():
            if name.startswith("collection.") and model._abstract:
                with self.subTest(model=name):
                    self.assertFalse(
                        self.root["ir.model.access"].search([("model_id.model", "=", name)])
                    )

    def test_policies_of_another_company_stay_there(self):
        policy = self._make_policy(
            [(5, "email")],
            confirm=False,
            company_id=self.case_records["foreign"]["collection.case"].company_id.id,
        )
        for record in (policy, policy.level_ids, policy.level_ids.step_ids):
            self.assertEqual(self._granted("manager", record), "")
