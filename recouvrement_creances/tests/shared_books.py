"""The books that test classes begin with: made once per run instead of once per class.

A company with its chart of accounts, taxes, products, partners and users takes two seconds to make,
and a hundred classes begin with the same. Where the database is dropped after the run, as the one
of ``script/test`` is, the first class that asks makes and commits them, and all classes take them
from there: each in a transaction of its own that is rolled back, as before. Anywhere else, nothing
is committed and every class makes its own.
"""

import inspect
import os

from odoo import api, models
from odoo.sql_db import Cursor

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.base.tests.common import BaseCommon

# What a class can change about its books: one that does makes its own.
CHOICES = (
    "chart_template",
    "country_code",
    "default_env_context",
    "get_default_groups",
    "setup_independent_company",
    "setup_independent_user",
)


class SharedBooks(AccountTestInvoicingCommon):
    """Like account's own class, with its records taken from what is there already."""

    _books = None  # {name: value} of what was made once

    @classmethod
    def default_env_context(cls):
        """EXTENDS base: keep chatter and tracking, which account's tests switch off."""
        return {}

    @classmethod
    def setUpClass(cls):
        if not cls._may_share():
            super().setUpClass()
            return
        if SharedBooks._books is None:
            SharedBooks._books = BooksMaker._make()
        # All that stands between here and there makes books.
        super(BaseCommon, cls).setUpClass()
        env = cls.env
        for name, value in SharedBooks._books.items():
            if name == "env" or name not in vars(cls):
                setattr(cls, name, _in_transaction_of(env, value))

    @classmethod
    def _may_share(cls):
        return bool(os.environ.get("KEEP_BOOKS")) and all(
            inspect.getattr_static(cls, name) is inspect.getattr_static(SharedBooks, name)
            for name in CHOICES
        )


class BooksMaker(SharedBooks):
    """Sets itself up as account's own class does, and commits; nothing is tested in it."""

    @classmethod
    def _may_share(cls):
        return False

    @classmethod
    def _make(cls):
        """Return {name: value} of what was made."""
        try:
            cls.setUpClass()
            # The cursor of a test refuses this, for nobody would take back what is committed.
            Cursor.commit(cls.cr)
            return {name: value for name, value in vars(cls).items() if _is_of_books(value)}
        finally:
            cls.tearDownClass()
            cls.doClassCleanups()
            for _type, error, _traceback in cls.tearDown_exceptions:
                raise error


def _is_of_books(value):
    if isinstance(value, dict):
        return bool(value) and all(map(_is_of_books, value.values()))
    return value is None or isinstance(value, int | api.Environment | models.BaseModel)


def _in_transaction_of(env, value):
    """Return records and environments as they are in another transaction, other values as such."""
    if isinstance(value, dict):
        return {key: _in_transaction_of(env, each) for key, each in value.items()}
    if isinstance(value, api.Environment):
        return env(user=value.uid, context=dict(value.context), su=value.su)
    if isinstance(value, models.BaseModel):
        return value.with_env(_in_transaction_of(env, value.env))
    return value
