import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ...rules.gazette import BadNotice, is_insolvency, read_notice, siren_of
from ...tools.gazette_client import BATCH, GazetteClient, GazetteError

_logger = logging.getLogger(__name__)

ADDRESS = "recouvrement_creances.gazette_address"
DEFAULT_ADDRESS = (
    "https://bodacc-datadila.opendatasoft.com/api/explore/v2.1/catalog/datasets/"
    "annonces-commerciales"
)
TASK = "recouvrement_creances.mail_activity_type_publication"
# Notices are put in with some delay: the last days are asked for again.
OVERLAP_DAYS = 7
# How far back the first question about a debtor goes.
FIRST_DAYS = 365


class CollectionPublicationWatch(models.AbstractModel):
    """Looks debtors up in the official gazette, and proposes what it finds: nothing by itself."""

    _name = "collection.publication.watch"
    _description = "Watch of the official gazette"

    # === WHO === #

    @api.model
    def _read_sirens(self, company):
        """Return {SIREN: [case ids]} of the debtors with something due."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT debt.id, partner.company_registry, partner.vat
                  FROM collection_case debt
                  JOIN res_partner partner ON partner.id = debt.partner_id
                 WHERE debt.company_id = %s AND debt.is_open IS TRUE
              ORDER BY debt.id
                """,
                company.id,
            )
        )
        cases = {}
        for case_id, registry, vat in rows:
            siren = siren_of(registry) or siren_of(vat)
            if siren:
                cases.setdefault(siren, []).append(case_id)
        return cases

    def _find_unasked(self, company):
        """Return the ids of open cases whose debtor was not asked for since they opened.

        A case that is closed is asked for anew when it opens again: nobody looked in between.
        """
        self.env.execute_query(
            SQL(
                "UPDATE collection_case SET is_in_gazette_watch = FALSE WHERE company_id = %s "
                "AND is_open IS NOT TRUE AND is_in_gazette_watch IS TRUE RETURNING id",
                company.id,
            )
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM collection_case WHERE company_id = %s AND is_open IS TRUE "
                "AND is_in_gazette_watch IS NOT TRUE",
                company.id,
            )
        )
        self.env["collection.case"].invalidate_model(["is_in_gazette_watch"])
        return {case_id for (case_id,) in rows}

    # === ASKING === #

    @api.model
    def _get_client(self):
        # In sudo mode to read a parameter of the system.
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        return GazetteClient(parameters_sudo.get_param(ADDRESS) or DEFAULT_ADDRESS)

    @api.model
    def _watch(self, company, as_of):
        """Ask for the notices about a company's debtors; note when it worked, or why not.

        What came is proposed even if a later question fails; the next day asks for all again.

        :return: the notices that are new
        """
        self.env.flush_all()
        cases = self._read_sirens(company)
        found, error, problems = self.env["collection.publication"], "", []
        unasked = self._find_unasked(company)
        try:
            client = self._get_client()
            for sirens, since in self._plan_questions(company, as_of, cases, unasked):
                records = client.find(sirens, since)
                new, unread = self._take_records(company, records, cases)
                found |= new
                problems += unread
        except GazetteError as failure:
            error = str(failure)
        self._note_result(company, as_of, error, problems)
        if not error:
            asked = {case_id for ids in cases.values() for case_id in ids} & unasked
            # In sudo mode to write what the watch alone writes.
            asked_sudo = self.env["collection.case"].sudo().browse(sorted(asked))
            asked_sudo.write({"is_in_gazette_watch": True})
        return found

    def _plan_questions(self, company, as_of, cases, unasked):
        """Return [(SIRENs, day since)]: the last days, and the past of who is asked for first."""
        first = as_of - timedelta(days=FIRST_DAYS)
        new = {siren for siren, ids in cases.items() if unasked.intersection(ids)}
        questions = []
        for since, selected in (
            (company.collection_gazette_until or first, cases.keys() - new),
            (first, new),
        ):
            sirens = sorted(selected)
            questions += [
                (sirens[start : start + BATCH], since - timedelta(days=OVERLAP_DAYS))
                for start in range(0, len(sirens), BATCH)
            ]
        return questions

    def _note_result(self, company, as_of, error, problems=()):
        """Note when the gazette answered, or why not, and which notices nobody could read.

        These are shown as long as they are asked for again: somebody reads them in the gazette.
        """
        values = {"collection_gazette_error": error or False}
        if not error:
            values |= {
                "collection_gazette_unread": "\n".join(dict.fromkeys(problems)) or False,
                "collection_gazette_success": fields.Datetime.now(),
                "collection_gazette_until": as_of,
            }
        company.write(values)

    # === TAKING IN === #

    @api.model
    def _take_records(self, company, records, cases=None):
        """Propose what records say of a company's debtors; what is known is left.

        :param records: dicts of the shape of the open data, from the service or from a file
        :param dict cases: of ``_read_sirens``
        :return: (the new notices, [what could not be read])
        """
        cases = self._read_sirens(company) if cases is None else cases
        wanted, problems, today = [], [], company._collection_today()
        for record in records:
            if not is_insolvency(record):
                continue
            try:
                notice = read_notice(record)
            except BadNotice as error:
                problems.append(str(error))
                continue
            if notice.published_on > today:
                problems.append(self._word_to_come(notice))
                continue
            wanted += [
                (notice, siren, case_id)
                for siren in notice.sirens
                for case_id in cases.get(siren, ())
            ]
        wanted.sort(key=lambda found: (found[0].published_on, found[0].reference))
        created, failures = self._propose(company, wanted)
        return created, problems + failures

    def _word_to_come(self, notice):
        """Return why a notice is not read whose day is to come: deadlines would run from it."""
        return self.env._(
            "%(reference)s: published on %(date)s, which is to come",
            reference=notice.reference,
            date=format_date(self.env, notice.published_on),
        )

    def _propose(self, company, wanted):
        """Create the notices that are new, tell of them, and let them overtake earlier ones.

        :return: (the new notices, [what could not be proposed]): one that fails stops no other
        """
        # In sudo mode to write what the watch alone writes.
        notices_sudo = self.env["collection.publication"].sudo()
        known = {
            (found.partner_id.id, found.reference)
            for found in notices_sudo.search(
                [
                    ("company_id", "=", company.id),
                    ("reference", "in", [notice.reference for notice, *_rest in wanted]),
                ]
            )
        }
        cases = self.env["collection.case"].browse(case_id for *_rest, case_id in wanted)
        debtors = {case.id: case.partner_id.id for case in cases}
        created, problems = notices_sudo, []
        for notice, siren, case_id in wanted:
            # As the index: a debtor's notice may stand on a case of his that has ended.
            key = (debtors[case_id], notice.reference)
            if key in known:
                continue
            known.add(key)
            own = {"partner_id": debtors[case_id], "case_id": case_id, "siren": siren}
            try:
                with self.env.cr.savepoint():
                    created |= notices_sudo._create_from(notice, company, own)
            except OperationalError:
                raise
            except Exception as failure:
                _logger.exception("collection company=%s notice not proposed", company.id)
                problems.append(f"{notice.reference}: {type(failure).__name__}")
        created._overtake()
        created.filtered(lambda found: found.state == "proposed")._tell()
        return created.with_env(self.env), problems

    def _create_from(self, notice, company, own):
        """Create what is proposed to a company about one of its debtors."""
        former = self._find_former(notice, company, own["partner_id"])
        return self.create(
            {
                **self._prepare_values(notice),
                **own,
                "company_id": company.id,
                "former_id": former.id,
            }
        )

    def _prepare_values(self, notice):
        return {
            "reference": notice.reference,
            "published_on": notice.published_on,
            "number": notice.number,
            "type": notice.type,
            "effect": notice.effect,
            "kind": notice.kind or False,
            "judgement_date": notice.judgement_date,
            "name": notice.name,
            "court_name": notice.court,
            "nature": notice.nature,
            "text": notice.text,
            "url": notice.url,
            "former_on": notice.former_on,
        }

    def _find_former(self, notice, company, partner_id):
        """Return the notice about a company's debtor that one corrects, by its number and day."""
        # In sudo mode as all that the watch does.
        notices_sudo = self.env["collection.publication"].sudo()
        if notice.type == "initial" or not (notice.former_number or notice.former_on):
            return notices_sudo
        domain = [
            (name, "=", value)
            for name, value in (
                ("number", notice.former_number),
                ("published_on", notice.former_on),
            )
            if value
        ]
        own = [("company_id", "=", company.id), ("partner_id", "=", partner_id)]
        # one query per correction, of which there are few
        return notices_sudo.search(own + domain, limit=1)

    def _overtake(self):
        """Leave the proposals that a later notice corrects or cancels: nobody takes them in."""
        for notice in self.filtered("former_id"):
            former = notice.former_id
            if former.state != "proposed" or former.partner_id != notice.partner_id:
                continue
            former._apply_event(
                "dismiss", {"dismissal": self.env._("Overtaken by %s", notice.reference)}
            )
            former.activity_ids.unlink()
            if notice.type == "cancellation":
                notice._apply_event(
                    "dismiss", {"dismissal": self.env._("Cancels %s", former.reference)}
                )

    def _tell(self):
        """Give the collector of each debtor, or the manager, a task to look at the notice."""
        for notice in self:
            manager = self.env["res.users"]._find_collection_manager(notice.company_id)
            user = notice.case_id.user_id or manager
            if not user:
                continue
            localised = notice.with_context(lang=user.lang or self.env.lang)
            localised.with_context(mail_activity_quick_update=True).activity_schedule(
                TASK,
                summary=localised.env._(
                    "%(debtor)s in the gazette of %(date)s",
                    debtor=notice.partner_id.display_name,
                    date=format_date(localised.env, notice.published_on),
                ),
                user_id=user.id,
            )

    # === CRON === #

    @api.model
    def _cron_watch(self):
        """Ask for every company that wants it; one whose question fails stops no other."""
        companies = self.env["res.company"].search([("collection_gazette_watch", "=", True)])
        for company in companies:
            self.with_company(company)._watch_safely(company)
            self.env["ir.cron"]._commit_progress(1)

    def _watch_safely(self, company):
        """Watch for a company; what breaks is logged and shown in its settings."""
        today = company._collection_today()
        try:
            with self.env.cr.savepoint():
                self._watch(company, today)
        except OperationalError:
            raise
        except Exception as failure:
            self.env.invalidate_all()
            _logger.exception("collection company=%s watch of the gazette failed", company.id)
            self._note_result(company, today, f"{type(failure).__name__}: {failure}")
