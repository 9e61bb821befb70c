{
    "name": "Contacts at any hour, for the survival tests",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "license": "LGPL-3",
    "author": "recouvrement_creances",
    "depends": ["recouvrement_creances"],
    "installable": True,
}
