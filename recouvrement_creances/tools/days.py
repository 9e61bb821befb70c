"""How papers write a day in words; the only place that says so."""

from odoo.tools import format_date, get_lang

from ..rules.french_days import as_written


def write_day(env, day):
    """Return a day with its month in words, in the language of an environment.

    :param date day: empty gives an empty text
    """
    return as_written(format_date(env, day, date_format="long"), get_lang(env).code) if day else ""
