from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

from ...rules.insolvency import FIRST_DAY, LONGEST_TO_PUBLISH, STEPS
from .collection_insolvency_flow import MANAGER
from .insolvency_labels import STAYING

ACCOUNTANT = "recouvrement_creances.group_accountant"


class CollectionInsolvencyPublication(models.AbstractModel):
    """The day of the publication: what is declared in time counts from the first one.

    A correction does not open the time to declare anew, unless somebody has found out that here it
    does: who trusts the later day and is wrong has lost the claim (C. com. L622-24, L622-26).
    """

    _name = "collection.insolvency.publication"
    _description = "Publication of insolvency proceedings"

    rectified_on = fields.Date(
        string="Corrected on",
        readonly=True,
        copy=False,
        help="The last correction that the gazette published. The time to declare claims goes on "
        "counting from the first publication.",
    )
    publication_reason = fields.Char(
        string="Why it counts from a later day",
        copy=False,
        tracking=True,
        help="A manager moves the publication to a later day, or takes it back, with this reason "
        "only.",
    )

    # === CONSTRAINTS === #

    @api.constrains("judgement_date", "publication_date")
    def _check_plausible(self):
        """A year that was mistyped would make earlier debts later ones, and reminders go on."""
        for record in self.filtered("judgement_date"):
            self._check_published(record.judgement_date, record.publication_date)
            if record.judgement_date < FIRST_DAY:
                raise ValidationError(
                    self.env._(
                        "No proceedings were opened on %s: check the year.",
                        format_date(self.env, record.judgement_date),
                    )
                )
            published = record.publication_date
            if published and published - record.judgement_date > LONGEST_TO_PUBLISH:
                raise ValidationError(
                    self.env._(
                        "A judgement of %(opened)s is not published on %(published)s: check the "
                        "years of both.",
                        opened=format_date(self.env, record.judgement_date),
                        published=format_date(self.env, published),
                    )
                )

    @api.constrains("judgement_date", "state")
    def _check_opened(self):
        """What runs since a judgement keeps its day, by which debts are held, those to come too."""
        if self.filtered(lambda record: record.state in STAYING and not record.judgement_date):
            raise ValidationError(
                self.env._(
                    "Proceedings that were opened have the day of their judgement. Were they "
                    "recorded by mistake? Close them with that reason."
                )
            )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse in words, before the database does, a publication of before its judgement."""
        for vals in vals_list:
            days = (vals.get("judgement_date"), vals.get("publication_date"))
            self._check_published(*map(fields.Date.to_date, days))
        return super().create(vals_list)

    # === BUSINESS === #

    @api.model
    def _check_published(self, opened, published):
        if opened and published and published < opened:
            raise ValidationError(self.env._("The publication is not before the judgement."))

    def _check_judgement_moves(self, vals):
        """Let nobody but who keeps the books move the judgement: debts change sides with it."""
        if "judgement_date" not in vals or self.env.user.has_group(ACCOUNTANT):
            return
        day = fields.Date.to_date(vals["judgement_date"])
        moved = self.filtered(lambda record: record.judgement_date and record.judgement_date != day)
        if moved:
            raise AccessError(
                self.env._(
                    "The judgement of %s says which debts are stayed: only an accountant or a "
                    "manager moves its day, as reminders may begin again.",
                    format_date(self.env, moved[0].judgement_date),
                )
            )

    def _check_publication_moves(self, vals):
        """Let nobody but a manager, with a reason, move a publication to a later day."""
        if "publication_date" not in vals:
            return
        day = fields.Date.to_date(vals["publication_date"])
        later = self.filtered(
            lambda record: record.publication_date and (not day or day > record.publication_date)
        )
        if not later:
            return
        known = format_date(self.env, min(later.mapped("publication_date")))
        if not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._(
                    "The time to declare counts from the publication of %s: only a manager lets it "
                    "count from a later day.",
                    known,
                )
            )
        if not (vals.get("publication_reason") or "").strip():
            raise UserError(
                self.env._(
                    "Say why the time to declare does not count from the publication of %s.", known
                )
            )

    def _is_converted(self):
        """Tell whether a step has turned the proceedings into those of another kind."""
        self.ensure_one()
        return any(STEPS[event.code].becomes for event in self._get_effective_events())
