"""Who is insured follows from the insured amount and its last day: the tick beside them is gone.

A customer with an amount is insured, ticked or not, as its declarations were counted all along. Of
one that was ticked without an amount nobody knows what is covered: a manager is asked for it.
"""

from odoo import SUPERUSER_ID, api
from odoo.tools import sql


def migrate(cr, version):
    if not version or not sql.column_exists(cr, "res_partner", "collection_was_insured"):
        return
    cr.execute(
        """
        SELECT company.id, array_agg(partner.id ORDER BY partner.id)
          FROM res_partner partner
          JOIN LATERAL jsonb_each_text(partner.collection_was_insured) ticked ON TRUE
          JOIN res_company company ON company.id = ticked.key::int
         WHERE ticked.value = 'true' AND partner.commercial_partner_id = partner.id
           AND COALESCE((partner.collection_insured_amount ->> ticked.key)::float, 0) <= 0
      GROUP BY company.id
      ORDER BY company.id
        """
    )
    env = api.Environment(cr, SUPERUSER_ID, {})
    for company_id, partner_ids in cr.fetchall():
        company = env["res.company"].browse(company_id)
        env["collection.insurance"]._ask_for_amounts(company, partner_ids)
    cr.execute("ALTER TABLE res_partner DROP COLUMN collection_was_insured")
