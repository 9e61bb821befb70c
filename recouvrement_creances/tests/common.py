from contextlib import contextmanager
from datetime import date, timedelta
from unittest.mock import patch

from odoo import SUPERUSER_ID, fields
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from .mail_sink import MailSink
from .shared_books import SharedBooks

# A Monday, far from public holidays, month ends and changes of the clock.
TODAY = date(2026, 3, 16)

# Tests count in days: what is promised for a day arrives on that day.
STRICT_PROMISES = {"collection_promise_bank_days": 0, "collection_promise_tolerance": 0}

# Insolvency ends with its record, not by itself.
_ENDS = {"insolvency": "review_date"}

PERSONAS = {
    "reader": "recouvrement_creances.group_reader",
    "collector": "recouvrement_creances.group_collector",
    "other_collector": "recouvrement_creances.group_collector",
    "accountant": "recouvrement_creances.group_accountant,account.group_account_invoice",
    "manager": "recouvrement_creances.group_manager",
    "finance_director": "recouvrement_creances.group_finance_director",
    "invoicing": "account.group_account_invoice",
}


class CollectionCommon(SharedBooks):
    """A company with a ladder of its own, one user per role, and builders in the trade's words.

    Tests run on ``TODAY``; they go on in time with ``self.on(days)``.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        frozen = freeze_time(TODAY.isoformat() + " 09:00:00")
        frozen.start()
        cls.addClassCleanup(frozen.stop)
        cls.company = cls.company_data["company"]
        cls.root = cls.env(user=SUPERUSER_ID, context={"allowed_company_ids": cls.company.ids})
        cls.personas = {name: cls._make_persona(name, groups) for name, groups in PERSONAS.items()}
        cls.collector = cls.personas["collector"]
        cls.other_currency = cls.setup_other_currency("GBP")
        cls._give_bank_account(cls.company)
        cls.template = cls._make_template()
        # Shipped policies stay out of the way: each test says what it relies on.
        cls.root["collection.policy"].search([]).domain = "[('id', '=', 0)]"
        cls.policy = cls._make_policy([(5, "email"), (15, "email"), (30, "call"), (45, "email")])
        cls.company.sudo().write(
            {
                "collection_policy_id": cls.policy.id,
                "collection_user_id": cls.collector.id,
                "email": "company@company.example",
                "collection_email": "collection@company.example",
                **STRICT_PROMISES,
            }
        )
        # In France, where it is 10:00 at the hour that tests run: any contact is lawful.
        france = {"country_id": cls.root.ref("base.fr").id}
        cls.partner_a.write({"email": "a@debtor.example", "phone": "+33 4 00 00 00 01", **france})
        cls.partner_b.write({"email": "b@debtor.example", "phone": "+33 4 00 00 00 02", **france})

    # === BUILDERS === #

    @classmethod
    def _make_persona(cls, name, groups):
        return new_test_user(
            cls.root,
            # Nobody needs the invitations that new users get.
            context={"no_reset_password": True},
            login=f"collection_{name}",
            groups=groups,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
            email=f"{name}@company.example",
            tz="UTC",
        )

    @classmethod
    def _give_bank_account(cls, company, number="FR7630006000011234567890189"):
        """Nobody is asked for money by a company that names no way to pay it."""
        return cls.root["res.partner.bank"].create(
            {"acc_number": number, "partner_id": company.partner_id.id, "company_id": company.id}
        )

    @classmethod
    def _make_template(
        cls, name="Reminder", body="<p>Please pay <t t-out='object.debtor_id.name'/>.</p>"
    ):
        return cls.root["mail.template"].create(
            {
                "name": name,
                "model_id": cls.root["ir.model"]._get_id("collection.action"),
                "subject": "Your account {{ object.case_id.name }}",
                "body_html": body,
                "lang": "{{ object.lang }}",
                "use_default_to": False,
                "auto_delete": False,
            }
        )

    @classmethod
    def _make_policy(cls, levels, confirm=True, **vals):
        """Return a policy with one step per level; ``levels`` are (delay, channel[, step vals])."""
        policy = cls.root["collection.policy"].create(
            {
                "name": "Test policy",
                "company_id": cls.company.id,
                "sequence": 1,
                "minimum_amount": 0,
                "minimum_days_between": 3,
                "weekly_cap": 0,
                "monthly_cap": 0,
                "level_ids": [
                    Command.create(
                        {
                            "name": f"Level {delay:+d}",
                            "delay_days": delay,
                            "step_ids": [
                                Command.create(
                                    {
                                        "channel": channel,
                                        "template_id": cls.template.id,
                                        "mode": "automatic",
                                        **(extra[0] if extra else {}),
                                    }
                                )
                            ],
                        }
                    )
                    for delay, channel, *extra in levels
                ],
                **vals,
            }
        )
        if confirm:
            policy.with_user(cls.personas["manager"]).action_confirm()
        return policy

    @classmethod
    def _overdue_invoice(cls, days_late, amount=1000.0, partner=None, **vals):
        """Return a posted invoice due ``days_late`` days ago, without taxes."""
        due = fields.Date.today() - timedelta(days=days_late)
        return cls._create_invoice_one_line(
            price_unit=amount,
            tax_ids=[],
            partner_id=partner or cls.partner_a,
            invoice_date=vals.pop("invoice_date", due - timedelta(days=30)),
            invoice_date_due=due,
            invoice_payment_term_id=False,
            post=True,
            **vals,
        )

    @classmethod
    def _debtor(cls, name, **vals):
        """Return a new debtor, reachable by e-mail unless told otherwise."""
        login = name.lower().replace(" ", ".")
        return cls.root["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "email": f"{login}@debtor.example",
                "country_id": cls.root.ref("base.fr").id,
                **vals,
            }
        )

    def _pay(self, invoice, amount=None):
        """Pay an invoice, wholly or in part."""
        return self._register_payment(invoice, **({"amount": amount} if amount else {}))

    def _item(self, invoice):
        """Return the item(s) of an invoice."""
        return self.root["collection.item"].search([("move_line_id.move_id", "=", invoice.id)])

    def _case(self, partner=None):
        """Return the latest case of a debtor."""
        return self.root["collection.case"].search(
            [("partner_id", "=", (partner or self.partner_a).id)], order="id desc", limit=1
        )

    def _hold(self, case, kind="manual", **vals):
        """Hold a case until a week from now, unless told otherwise."""
        reason = self.root["collection.reason"].search([("usage", "=", "hold")], limit=1)
        in_a_week = fields.Date.today() + timedelta(days=7)
        return self.root["collection.hold"].create(
            {
                "case_id": case.id,
                "kind": kind,
                "reason_id": reason.id,
                "date_start": fields.Date.today(),
                **({_ENDS.get(kind, "date_end"): in_a_week} if not vals else {}),
                **vals,
            }
        )

    @classmethod
    def _judgement(cls, items, user=None, **vals):
        """Return a judgement of today on items, with its document."""
        case = items.case_id
        document = cls.root["ir.attachment"].create(
            {
                "name": "judgement.pdf",
                "raw": b"%PDF-1.4 judgement",
                "res_model": "collection.case",
                "res_id": case.id,
            }
        )
        return (
            cls.root["collection.judgement"]
            .with_user(user or SUPERUSER_ID)
            .create(
                {
                    "name": "TC Lyon 2026F00123",
                    "case_id": case.id,
                    "date": fields.Date.today(),
                    "item_ids": [Command.set(items.ids)],
                    "attachment_ids": [Command.set(document.ids)],
                    **vals,
                }
            )
        )

    # === TIME AND MAIL === #

    @contextmanager
    def on(self, days):
        """Go on in time: ``with self.on(3):`` is three days after TODAY."""
        moment = TODAY + timedelta(days=days)
        with freeze_time(moment.isoformat() + " 09:00:00"):
            yield moment

    @contextmanager
    def _mail_server(self):
        """Send through a real SMTP server of the test; yield what it receives."""
        sink = MailSink()
        port = sink.start()
        server = self.root["ir.mail_server"].create(
            {"name": "sink", "smtp_host": "127.0.0.1", "smtp_port": port, "sequence": 0}
        )
        try:
            with patch.object(IrMail_Server, "_disable_send", lambda *args: False):
                yield sink
        finally:
            sink.stop()
            server.active = False

    def _run(self, company=None):
        """Do the day's work of a company, as the scheduled action does; return the run."""
        company = company or self.company
        runs = self.root["collection.run"]
        runs._run_company(company)
        return runs.search([("company_id", "=", company.id)], order="id desc", limit=1)

    def _decide(self):
        """Refresh and decide without proposing anything."""
        today = fields.Date.today()
        self.root["collection.refresh"]._refresh(self.company, today)
        self.root["collection.decision"]._decide(self.company, today)

    def _leave_claimed(self, actions):
        """Let the process that claimed these actions have died an hour ago."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE collection_action SET claimed_at = claimed_at - interval '1 hour' "
            "WHERE id IN %s",
            [tuple(actions.ids)],
        )
        actions.invalidate_recordset(["claimed_at"])

    # === ASSERTIONS === #

    def assertVerdict(self, invoice, verdict, **values):
        """Check the verdict of an invoice's only item, and other fields of it."""
        item = self._item(invoice)
        self.assertEqual(item.verdict, verdict)
        for name, value in values.items():
            self.assertEqual(item[name], value, name)
