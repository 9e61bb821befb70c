"""A seeded generator of receivable ledgers of any size, as Odoo itself would have written them.

A few dozen prototypes (partners, invoices, payments, credit notes) are made through the ORM, so
that each row has the shape that Odoo gives it; they are read back and rolled back, then
multiplied by INSERT ... SELECT with scaled amounts. Every amount is a multiple of a prototype's
that is exact to the cent in both currencies: taxes, instalments and residuals are what the ORM
would compute, which `checks` verifies on a sample.

Not written: messages and followers, attachments, bank statements, exchange differences (one
constant rate per currency).
"""
