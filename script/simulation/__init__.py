"""A ledger's life, day by day: simulated debtors and colleagues work with the real add-on."""
