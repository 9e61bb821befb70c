"""Make the database's company a French one, with the French chart of accounts.

Run before accounting is installed it sets the country, as the person does who creates a database
for a French company: Odoo then installs by itself what every French company has. Run after, it
makes sure of the chart of accounts.
"""

import sys

import session

CHART = "fr"


def main(arguments):
    """Set the country; load the chart of accounts if there are charts yet."""
    database = session.configure([*arguments, "--no-http"])
    with session.environment(database) as env:
        env.company.country_id = env.ref("base.fr")
    with session.environment(database) as env:
        if "account.chart.template" not in env:
            return
        if env.company.chart_template != CHART:
            chart = env["account.chart.template"]
            chart.try_loading(CHART, company=env.company, install_demo=False)
    with session.environment(database) as env:
        _check(env.company)


def _check(company):
    if company.chart_template != CHART or company.currency_id.name != "EUR":
        sys.exit(f"{company.name}: {company.chart_template}, {company.currency_id.name}")


if __name__ == "__main__":
    main(sys.argv[1:])
