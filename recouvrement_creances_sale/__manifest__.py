{
    "name": "Receivables Collection: Sales Orders",
    "version": "19.0.1.1.0",
    "category": "Accounting/Accounting",
    "summary": "Orders of customers whose deliveries are stopped are not confirmed",
    "author": "Recouvrement Créances contributors",
    "license": "LGPL-3",
    "depends": ["recouvrement_creances", "sale"],
    "data": ["views/sale_order_views.xml"],
    "auto_install": True,
}
