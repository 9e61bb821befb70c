"""How a button opens a form over the page; the only place that says so."""


def open_dialog(model, name, **context):
    """Return the action that opens the form of a model as a dialog.

    :param str model: of the form, a wizard mostly
    :param str name: title of the dialog, in the user's language
    :param context: what the form starts with, as ``default_<field>``

    >>> open_dialog("collection.hold", "Hold contacts", default_case_id=7)["context"]
    {'default_case_id': 7}
    """
    return {
        "name": name,
        "type": "ir.actions.act_window",
        "res_model": model,
        "view_mode": "form",
        "target": "new",
        "context": context,
    }
