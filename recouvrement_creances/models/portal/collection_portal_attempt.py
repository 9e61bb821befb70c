from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...rules.visitors import find_origin

# Refusals from one address within the window, before nothing is answered any more.
WINDOW = timedelta(minutes=15)
MOST_REFUSALS = 20
HOUR = timedelta(hours=1)
# What one debtor may hand in within an hour: far more than a person needs.
MOST_ACTS = 40
# How often one link is opened within an hour: by all the people who got the message.
MOST_OPENINGS = 60
KEPT_MONTHS = 12
REFUSALS = ("unknown", "expired", "revoked", "foreign")
LONGEST_TEXT = 200


class CollectionPortalAttempt(models.Model):
    """Who opened a debtor's page, or tried to, from where: inserted once, never changed.

    Written in a transaction of its own, so that an attempt counts although its request failed, and
    in the database, so that all processes count together.
    """

    _name = "collection.portal.attempt"
    _description = "Visit of a debtor's page"
    _order = "id desc"
    _rec_name = "event"
    _log_access = False
    _allow_sudo_commands = False

    occurred_at = fields.Datetime(required=True, readonly=True)
    event = fields.Selection(
        selection=[
            ("opened", "Page opened"),
            ("acted", "Form sent"),
            ("handed_in", "Handed in"),
            ("unknown", "Refused: unknown link"),
            ("expired", "Refused: expired link"),
            ("revoked", "Refused: revoked link"),
            ("foreign", "Refused: not the person's own"),
            ("invalid", "Refused: wrong input"),
            ("limited", "Refused: too many attempts"),
        ],
        required=True,
        readonly=True,
    )
    detail = fields.Char(readonly=True)
    ip = fields.Char(string="IP address", readonly=True)
    origin = fields.Char(
        readonly=True, help="What attempts are counted by: an address, or a subscriber's network."
    )
    user_agent = fields.Char(string="Browser", readonly=True)
    user_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    access_id = fields.Many2one(
        "collection.portal.access", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    case_id = fields.Many2one(
        "collection.case", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True)

    _origin_idx = models.Index("(origin, occurred_at)")

    # === CRUD === #

    def write(self, vals):
        """Refuse: the log says what happened."""
        if self:
            raise UserError(self.env._("The log of visits cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("The log of visits cannot be deleted."))

    # === BUSINESS === #

    @api.model
    def _note(self, event, visitor, detail="", access=None, case=None):
        """Append one line, whatever becomes of the request.

        :param str event: one of the events of the log
        :param dict visitor: ip, user_agent and user_id of who asks
        :param access: the link that was used, or None
        :param case: the case that was asked for, or None
        """
        with self.env.registry.cursor() as cursor:
            # In sudo mode to append: nobody has the right to write the log by hand.
            attempts_sudo = self.with_env(self.env(cr=cursor, su=True))
            attempts_sudo.create(
                {
                    "occurred_at": fields.Datetime.now(),
                    "event": event,
                    "detail": self._shorten(detail),
                    "ip": visitor["ip"],
                    "origin": find_origin(visitor["ip"]),
                    "user_agent": self._shorten(visitor["user_agent"]),
                    "user_id": visitor["user_id"],
                    "access_id": access.id if access else False,
                    "case_id": case.id if case else False,
                }
            )

    @staticmethod
    def _shorten(text):
        # A zero byte has no place in the database.
        return (text or "").replace("\0", "")[:LONGEST_TEXT]

    @api.model
    def _is_limited(self, ip):
        """Tell whether an address was refused too often lately."""
        return self._count(REFUSALS, WINDOW, SQL("origin = %s", find_origin(ip))) >= MOST_REFUSALS

    @api.model
    def _was_limited(self, ip):
        """Tell whether the log says already that the address is not answered any more."""
        return bool(self._count(("limited",), WINDOW, SQL("origin = %s", find_origin(ip))))

    @api.model
    def _is_overdone(self, case):
        """Tell whether more was handed in for a case lately than a person would."""
        return self._count(("acted",), HOUR, SQL("case_id = %s", case.id)) >= MOST_ACTS

    @api.model
    def _is_overopened(self, detail, access, case):
        """Tell whether a link was opened more often lately than the people who have it would.

        The log knows a link to a debtor's page by its record, one to a file by its detail.
        """
        whose = (
            SQL("access_id = %s", access.id)
            if access
            else SQL("case_id = %s AND detail = %s", case.id, detail)
        )
        return self._count(("opened",), HOUR, whose) >= MOST_OPENINGS

    def _count(self, events, window, whose):
        """Return how many such lines the log got within a span of time up to now."""
        since = fields.Datetime.now() - window
        rows = self.env.execute_query(
            SQL(
                "SELECT COUNT(*) FROM collection_portal_attempt "
                "WHERE occurred_at > %s AND event IN %s AND %s",
                since,
                events,
                whose,
            )
        )
        return rows[0][0]

    @api.autovacuum
    def _gc_attempts(self):
        """Forget visits after a year: addresses are personal data."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), months=KEPT_MONTHS)
        self.env.execute_query(
            SQL("DELETE FROM collection_portal_attempt WHERE occurred_at < %s RETURNING id", limit)
        )
