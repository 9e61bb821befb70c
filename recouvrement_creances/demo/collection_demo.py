from stdnum.fr.siren import to_tva

from odoo import api, models
from odoo.fields import Command

from ..rules.rates import half_year_start, next_half_year
from . import atelier
from .debtors import DEBTORS

# The records get external ids outside of the add-on's own: uninstalling it leaves accounting alone.
NAMESPACE = "__collection_demo__"


class CollectionDemo(models.AbstractModel):
    """Loads the portfolio of a fictional joinery: what every screen shows on the first day."""

    _name = "collection.demo"
    _description = "Collection demonstration"

    # === BUSINESS === #

    @api.model
    def _load(self):
        """Create the company, its team and its debtors; once, and without sending anything."""
        if self._find("company"):
            return
        try:
            with self.env.cr.savepoint():
                self._load_portfolio()
        except Exception:
            # What accounting keeps for after the commit speaks of customers who are gone.
            self.env.cr.postcommit.clear()
            raise

    def _load_portfolio(self):
        quiet = self.with_context(
            tracking_disable=True,
            mail_create_nosubscribe=True,
            mail_activity_quick_update=True,
            no_reset_password=True,
        )
        company = quiet._prepare_company()
        quiet = quiet.with_company(company).with_context(allowed_company_ids=company.ids)
        company = company.with_env(quiet.env)
        users = quiet._create_users(company)
        quiet._set_company_defaults(company, users)
        debtors = quiet._create_debtors(company, users)
        today = company._collection_today()
        quiet._enter_rates(today)
        invoices = quiet.env["collection.demo.ledger"]._make_ledger(company, debtors, today)
        # Told in the company's language: chatter keeps the words of the day.
        story = quiet.env["collection.demo.story"].with_context(lang=company.partner_id.lang)
        story._tell(company, debtors, users, invoices, today)

    # === COMPANY === #

    def _prepare_company(self):
        """Return the joinery: the main company while nothing is booked in it, else a new one."""
        company = self.env.ref("base.main_company", raise_if_not_found=False)
        france = self.env.ref("base.fr")
        values = {
            **atelier.COMPANY,
            "country_id": france.id,
            "currency_id": self.env.ref("base.EUR").id,
        }
        # Installing a country's modules in the middle of this one's installation would break it.
        companies = self.env["res.company"].with_context(install_mode=True)
        if company and company.country_id <= france and not company._existing_accounting():
            company.with_env(companies.env).write(values)
        else:
            company = companies.create(values)
        self._remember("company", company)
        self._give_access(company)
        self._load_chart(company)
        company.partner_id.write({"tz": "Europe/Paris", "lang": self._get_lang("fr_FR")})
        self._set_journals(company)
        self._offer_online_payment(company)
        return company

    def _give_access(self, company):
        administrator = self.env.ref("base.user_admin", raise_if_not_found=False)
        if administrator:
            administrator.write(
                {"company_ids": [Command.link(company.id)], "company_id": company.id}
            )

    def _load_chart(self, company):
        """Load the chart of accounts: the French one where it is there already."""
        if company.chart_template:
            return
        installed = self.env["ir.module.module"].search_count(
            [("name", "=", "l10n_fr_account"), ("state", "in", ("installed", "to upgrade"))]
        )
        # Not by try_loading, which complains while modules are still being loaded.
        self.env["account.chart.template"]._load(
            "fr" if installed else "generic_coa", company, install_demo=False
        )
        # The generic chart is American and takes the company's currency with it.
        company.currency_id = self.env.ref("base.EUR")

    def _set_journals(self, company):
        """Number the invoices the French way, and give the bank its account."""
        account = self.env["res.partner.bank"].create(
            {
                "acc_number": atelier.IBAN,
                "partner_id": company.partner_id.id,
                "company_id": company.id,
            }
        )
        journals = self.env["account.journal"].search([("company_id", "=", company.id)])
        journals.filtered(lambda journal: journal.type == "sale")[:1].code = "FAC"
        journals.filtered(lambda journal: journal.type == "bank")[:1].bank_account_id = account

    def _offer_online_payment(self, company):
        """Let debtors pay on their pages with Odoo's demonstration provider, where it is there."""
        provider = self.env.ref("payment.payment_provider_demo", raise_if_not_found=False)
        if not provider or provider.code != "demo" or provider.company_id != company:
            return
        provider.write({"state": "test", "is_published": True})
        provider.with_context(active_test=False).payment_method_ids.active = True
        provider.journal_id = provider.journal_id or self.env["account.journal"].search(
            [("company_id", "=", company.id), ("type", "=", "bank")], limit=1
        )

    def _set_company_defaults(self, company, users):
        """Confirm the policies and name the one and the collector that new cases get."""
        policies = self.env["collection.policy"]
        for name in ("business", "consumer", "public"):
            policies |= self.env.ref(f"recouvrement_creances.collection_policy_{name}")
        policies.filtered(lambda policy: policy.state == "draft").with_user(
            users["helene"]
        ).action_confirm()
        company.write(
            {
                "collection_policy_id": policies[0].id,
                "collection_user_id": users["claire"].id,
                "collection_accountant_id": users["sophie"].id,
            }
        )
        for kind, login in atelier.DISPUTE_OWNERS:
            category = self.env.ref(f"recouvrement_creances.collection_dispute_category_{kind}")
            category.with_company(company).owner_id = users[login]

    def _enter_rates(self, today):
        """Enter the rates that nobody had published yet: the last ones go on.

        Without them no claim can be computed of the half-year, and there is nothing to show.
        """
        rates = self.env["collection.rate"]
        latest = {rate.kind: rate for rate in rates.search([], order="date_start")}
        missing = []
        for kind, rate in latest.items():
            start = next_half_year(rate.date_start)
            while start <= half_year_start(today):
                missing.append(
                    {
                        "kind": kind,
                        "date_start": start,
                        "rate": rate.rate,
                        "source": atelier.RATE_SOURCE,
                    }
                )
                start = next_half_year(start)
        rates.create(missing)

    # === TEAM === #

    def _create_users(self, company):
        """Return {login: user}; each password is the login."""
        lang = self._get_lang("fr_FR")
        users = self.env["res.users"].create(
            [
                {
                    "name": persona.name,
                    "login": login,
                    "password": login,
                    "email": f"{login}@atelier-beaumont.example",
                    "function": persona.function,
                    "lang": lang,
                    "tz": "Europe/Paris",
                    "notification_type": "inbox",
                    "company_id": company.id,
                    "company_ids": [Command.set(company.ids)],
                    "group_ids": [
                        Command.set([self.env.ref(group).id for group in persona.groups])
                    ],
                }
                for login, persona in atelier.PERSONAS.items()
            ]
        )
        for user in users:
            self._remember(f"user_{user.login}", user)
        return dict(zip(atelier.PERSONAS, users, strict=True))

    # === DEBTORS === #

    def _create_debtors(self, company, users):
        """Return {key: partner}, the contacts of a debtor included."""
        self.env["res.lang"]._activate_lang("en_US")
        terms = self._create_terms()
        partners = {}
        for is_contact in (False, True):
            chosen = {
                key: debtor for key, debtor in DEBTORS.items() if bool(debtor.parent) == is_contact
            }
            records = self.env["res.partner"].create(
                [self._prepare_debtor(debtor, partners, users, terms) for debtor in chosen.values()]
            )
            partners.update(zip(chosen, records, strict=True))
        for key, partner in partners.items():
            self._remember(f"partner_{key}", partner)
        return partners

    def _prepare_debtor(self, debtor, partners, users, terms):
        zip_code, _space, city = debtor.city.partition(" ")
        parent = partners[debtor.parent] if debtor.parent else self.env["res.partner"]
        is_company = debtor.kind != "consumer" and not parent
        values = {
            "name": debtor.name,
            "type": debtor.type,
            "parent_id": parent.id,
            "is_company": is_company,
            "street": debtor.street,
            "zip": zip_code,
            "city": city,
            "country_id": self.env.ref(f"base.{debtor.country}").id,
            "email": debtor.email,
            "phone": debtor.phone,
            "lang": self._get_lang(debtor.lang),
            "property_payment_term_id": terms[debtor.term].id,
        }
        if debtor.collector:
            values["collection_user_id"] = users[debtor.collector].id
        if is_company:
            values["collection_debtor_kind"] = debtor.kind
        if debtor.siret:
            values["company_registry"] = debtor.siret
        if debtor.siret and debtor.kind == "professional":
            values["vat"] = f"FR{to_tva(debtor.siret[:9])}"
        return values

    def _create_terms(self):
        """Return {key: payment term}."""
        terms = {
            "immediate": self.env.ref("account.account_payment_term_immediate"),
            "30": self.env.ref("account.account_payment_term_30days"),
        }
        for key, (name, lines) in atelier.TERMS.items():
            terms[key] = self.env["account.payment.term"].create(
                {
                    "name": name,
                    "line_ids": [
                        Command.create(
                            {
                                "value": "percent",
                                "value_amount": share,
                                "nb_days": days,
                                "delay_type": "days_end_of_month_on_the"
                                if end_of_month
                                else "days_after",
                                "days_next_month": "0",
                            }
                        )
                        for share, days, end_of_month in lines
                    ],
                }
            )
        return terms

    # === HELPERS === #

    def _get_lang(self, code):
        """Return the language when it is installed, else English."""
        return code if self.env["res.lang"]._get_data(code=code) else "en_US"

    def _find(self, name):
        return self.env.ref(f"{NAMESPACE}.{name}", raise_if_not_found=False)

    def _remember(self, name, record):
        self.env["ir.model.data"]._update_xmlids(
            [{"xml_id": f"{NAMESPACE}.{name}", "record": record, "noupdate": True}]
        )
