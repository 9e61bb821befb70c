"""Makes a ledger in a database, and says what is wrong with it."""

import random

from . import checks, debtors, load, plan, prototypes


def generate(env, settings):
    """Fill the company's ledger; return the numbers of what was written."""
    company = env["res.company"].browse(settings.company)
    prototypes.configure_currencies(env, company, settings)
    found = prototypes.Maker(env, company, settings).make()
    chance = random.Random(settings.seed)
    prototypes.store(env.cr, found)
    customers, contacts = debtors.make(env.cr, found, settings, chance)
    planned = plan.make(found, customers, settings, chance)
    counts = load.write(env, found, planned)
    return {"debtors": len(customers), "contacts": contacts, **counts}


def verify(env, settings, sample=50):
    """Return what is wrong with a generated ledger, as lines; empty when nothing is."""
    return checks.find_contradictions(env.cr) + checks.compare_with_orm(env, settings, sample)
