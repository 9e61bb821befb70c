"""The world before its first day: two companies, colleagues, debtors, policies, a provider."""

from odoo.fields import Command

from .behaviours import CONSUMER, PUBLIC
from .courts import REPRESENTATIVE
from .handovers import LAWYERS
from .world import ACCOUNTANT, COLLECTORS, DIRECTOR, MANAGER

COMPANIES = (
    {
        "name": "Atelier Nord SAS",
        "street": "14 rue du Rabot",
        "zip": "69007",
        "city": "Lyon",
        "email": "contact@atelier-nord.example",
        "collection_email": "recouvrement@atelier-nord.example",
        "company_registry": "00085909000011",
        "collection_legal_form": "SAS",
        "collection_capital": 150000.0,
        "collection_rcs_city": "Lyon",
    },
    {
        "name": "Atelier Sud SARL",
        "street": "3 quai des Docks",
        "zip": "13002",
        "city": "Marseille",
        "email": "contact@atelier-sud.example",
        "collection_email": "recouvrement@atelier-sud.example",
        "company_registry": "00085909000029",
        "collection_legal_form": "SARL",
        "collection_capital": 20000.0,
        "collection_rcs_city": "Marseille",
    },
)
COMMON = {
    "collection_waiver_limit": 50.0,
    "collection_waiver_manager_limit": 500.0,
    "collection_handover_least": 200.0,
    "collection_charge_booking": "payment",
}
IBANS = ("FR7630006000011234567890189", "FR7699999004170005291834695")
OURS = "recouvrement_creances."
ROLES = {
    **{login: (f"{OURS}group_collector",) for login in COLLECTORS},
    ACCOUNTANT: (f"{OURS}group_accountant", "account.group_account_user"),
    MANAGER: (f"{OURS}group_manager",),
    DIRECTOR: (f"{OURS}group_finance_director",),
}
POLICIES = ("business", "consumer", "public")
WITH_DOCUMENTS = "public"
DOLLARS = 1.08
# Scheduled actions of Odoo that have to do with what is simulated; ours run all but one.
KEPT_JOBS = (
    "mail.ir_cron_mail_scheduler_action",
    "payment.cron_post_process_payment_tx",
    "base.autovacuum_job",
)
YEARS = 3
HOUSEKEEPING = 21  # days
# Since when the shipped estimates stand; what the law brought later keeps its day.
ROUTES_FROM = "2026-01-01"
NOWHERE = "http://127.0.0.1:9"
OUTSIDE = f"{OURS}ir_cron_watch_publications"


def found(env, world, start, address, mail_port):
    """Make the world; who lives in it works with their own rights afterwards."""
    env["ir.config_parameter"].set_param("iap.endpoint", NOWHERE)
    companies = _make_companies(env)
    world.companies = world.all_companies = companies.ids
    env = env(context={"allowed_company_ids": companies.ids, "tz": "Europe/Paris"})
    users = _make_users(env, companies)
    world.users = {login: user.id for login, user in users.items()}
    _confirm_policies(env, users)
    for number, company in enumerate(companies):
        _equip(env, company, number, users)
    _make_partners(env, world, users)
    _make_lawyers(env)
    _connect(env, address, mail_port)
    _set_jobs(env, start)
    _begin_years(env, start.year)
    _know_routes(env, start)


def _know_routes(env, start):
    """Let the company know from the first day what ways to court cost: the law had them before."""
    terms = env["collection.route.parameter"].search([("valid_from", "=", ROUTES_FROM)])
    terms.valid_from = start.date()


def _begin_years(env, first):
    """Let the numbers of each year begin: the first two who need one at once would collide."""
    sequences = env["ir.sequence"].search([("use_date_range", "=", True)])
    env["ir.sequence.date_range"].create(
        [
            {
                "sequence_id": sequence.id,
                "date_from": f"{year}-01-01",
                "date_to": f"{year}-12-31",
            }
            for sequence in sequences
            for year in range(first, first + YEARS)
        ]
    )


def _make_companies(env):
    france = env.ref("base.fr")
    first = env.ref("base.main_company")
    first.write({**COMPANIES[0], **COMMON})
    # Nothing more is to be installed for it.
    second = (
        env["res.company"]
        .with_context(install_mode=True)
        .create(
            {
                **COMPANIES[1],
                **COMMON,
                "country_id": france.id,
                "currency_id": first.currency_id.id,
            }
        )
    )
    env["account.chart.template"].try_loading("fr", second, install_demo=False)
    for company in first | second:
        company.partner_id.write({"tz": "Europe/Paris", "lang": "fr_FR"})
    return first | second


def _make_users(env, companies):
    users = env["res.users"].with_context(no_reset_password=True)
    return {
        login: users.create(
            {
                "name": login.capitalize(),
                "login": login,
                "email": f"{login}@atelier.example",
                "lang": "fr_FR",
                "tz": "Europe/Paris",
                "notification_type": "inbox",
                "company_id": companies[0].id,
                "company_ids": [Command.set(companies.ids)],
                "group_ids": [Command.set([env.ref(group).id for group in groups])],
            }
        )
        for login, groups in ROLES.items()
    }


def _equip(env, company, number, users):
    """Give a company its bank, its way to be paid online, and who works for it."""
    env = env(context={**env.context, "allowed_company_ids": company.ids})
    company = company.with_env(env)
    account = env["res.partner.bank"].create(
        {
            "acc_number": IBANS[number],
            "partner_id": company.partner_id.id,
            "company_id": company.id,
        }
    )
    bank = env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
    )
    bank.bank_account_id = account
    _offer_online_payment(env, company, bank)
    income = env["account.account"].search(
        [("account_type", "=", "income_other"), ("company_ids", "in", company.ids)], limit=1
    ) or env["account.account"].search(
        [("account_type", "=", "income"), ("company_ids", "in", company.ids)], limit=1
    )
    expense = env["account.account"].search(
        [("account_type", "=", "expense"), ("company_ids", "in", company.ids)], limit=1
    )
    company.write(
        {
            "collection_policy_id": env.ref(f"{OURS}collection_policy_business").id,
            "collection_user_id": users[COLLECTORS[number]].id,
            "collection_accountant_id": users[ACCOUNTANT].id,
            "collection_senior_user_id": users[MANAGER].id,
            "collection_interest_account_id": income.id,
            "collection_indemnity_account_id": income.id,
            "collection_waiver_account_id": expense.id,
        }
    )


def _offer_online_payment(env, company, bank):
    env.ref("payment_demo.payment_method_demo").active = True
    provider = env.ref("payment.payment_provider_demo")
    if provider.company_id != company:
        provider = provider.copy({"company_id": company.id, "name": f"Demo {company.name}"})
    provider.write({"state": "test", "is_published": True})
    provider.journal_id = bank


def _make_partners(env, world, users):
    countries = {
        code: env["res.country"].search([("code", "=", code)], limit=1).id
        for code in {debtor.country for debtor in world.debtors}
    }
    term = env.ref("account.account_payment_term_30days")
    partners = env["res.partner"].create(
        [
            {
                "name": debtor.name,
                "is_company": debtor.kind != CONSUMER,
                **({"collection_debtor_kind": PUBLIC} if debtor.kind == PUBLIC else {}),
                "street": debtor.street,
                "zip": debtor.zip,
                "city": debtor.city,
                "country_id": countries[debtor.country],
                "email": debtor.email or False,
                "phone": debtor.phone,
                "lang": debtor.lang,
                "collection_user_id": users[debtor.collector].id,
                "property_payment_term_id": term.id,
                # Otherwise both companies write it with their first invoices, at once.
                "customer_rank": 1,
            }
            for debtor in world.debtors
        ]
    )
    for company in world.companies:
        partners.with_company(company).property_payment_term_id = term
    for debtor, partner in zip(world.debtors, partners, strict=True):
        debtor.partner_id = partner.id
        world.by_partner[partner.id] = debtor
        for address in debtor.addresses():
            world.by_email[address] = debtor
    dollar = env.ref("base.USD")
    dollar.active = True
    env["res.currency.rate"].create(
        [
            {
                "currency_id": dollar.id,
                "company_id": company,
                "name": f"{world.day.year - 1}-01-01",
                "rate": DOLLARS,
            }
            for company in world.companies
        ]
    )


def _confirm_policies(env, users):
    """Confirm what is shipped; documents are joined to messages of one policy only, for speed."""
    policies = env["collection.policy"]
    for name in POLICIES:
        policies |= env.ref(f"{OURS}collection_policy_{name}")
    joined = env.ref(f"{OURS}collection_policy_{WITH_DOCUMENTS}")
    steps = (policies - joined).level_ids.step_ids
    steps.write({"attach_invoices": False, "attach_statement": False})
    policies.with_user(users[MANAGER]).action_confirm()


def _make_lawyers(env):
    """Make those to whom cases are handed and claims declared."""
    address = {"street": "6 rue du Palais", "zip": "69002", "city": "Lyon", "lang": "fr_FR"}
    france = env.ref("base.fr").id
    env["res.partner"].create(
        [
            {**address, "name": name, "email": email, "country_id": france}
            for name, email in (
                (LAWYERS[0], "cabinet@carnot.example"),
                (LAWYERS[1], "cabinet@ferrand.example"),
                (REPRESENTATIVE, "creances@vernay.example"),
            )
        ]
    )


def _connect(env, address, mail_port):
    settings = env["ir.config_parameter"]
    for name, value in (
        ("web.base.url", address),
        ("report.url", address),
        ("web.base.url.freeze", "True"),
        # Nothing that is printed here has a script that would have to be waited for.
        ("report.print_delay", "0"),
    ):
        settings.set_param(name, value)
    env["ir.mail_server"].search([]).active = False
    env["ir.mail_server"].create({"name": "sink", "smtp_host": "127.0.0.1", "smtp_port": mail_port})


def _set_jobs(env, start):
    """Leave on what belongs to the simulation; each runs for the first time on the first day."""
    crons = env["ir.cron"].with_context(active_test=False).search([])
    own = env["ir.model.data"].search(
        [("model", "=", "ir.cron"), ("module", "=", "recouvrement_creances")]
    )
    kept = env["ir.cron"].browse(own.mapped("res_id")) - env.ref(OUTSIDE)
    for name in KEPT_JOBS:
        kept |= env.ref(name, raise_if_not_found=False) or env["ir.cron"]
    (crons - kept).active = False
    kept.active = True
    for cron in kept:
        # The hours of the installation, on the first day.
        first = cron.nextcall.replace(year=start.year, month=start.month, day=start.day)
        cron.nextcall = first
    # Odoo's own housekeeping takes seconds: now and then is enough.
    env.ref("base.autovacuum_job").interval_number = HOUSEKEEPING
    env["ir.cron.trigger"].search([]).unlink()
