"""Buttons and dialogs as the web client handles them: defaults, onchanges, required fields."""

from odoo.tests import Form


def press(record, button, **values):
    """Press a button that opens a dialog, fill it in, apply it.

    :return: what the dialog's own button returns
    """
    return fill(record.env, getattr(record, button)(), **values)


def fill(env, action, **values):
    """Fill in the dialog that an action opens, and apply it.

    :param values: {field: value, or a function that takes the form}
    """
    return open_dialog(env, action, **values).save().action_apply()


def open_dialog(env, action, **values):
    """Return the dialog that an action opens, filled in."""
    view = next((one[0] for one in action.get("views", ()) if one[1] == "form"), None)
    form = Form(env[action["res_model"]].with_context(**(action.get("context") or {})), view)
    for name, value in values.items():
        if callable(value):
            value(form)
        else:
            setattr(form, name, value)
    return form
