"""What proceedings of 19.0.1.0.0 have not noted: where they were settled, what counsel knows.

Their settlements dropped deadlines that run on all the same, and insolvency stopped none.
"""

import logging

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.recouvrement_creances.models.litigation.insolvency_labels import (
    STAYING,
    STAYING_KINDS,
)

_logger = logging.getLogger(__name__)

STEP = "recouvrement_creances.collection_procedure_step_"
# {the service of an order: what its hint said in each language, nothing without one}.
FORMER_HINTS = {
    f"{STEP}order_commercial_serve": {
        "en_US": "record it with that day.",
        "fr_FR": "ou de la première mesure sur les biens\u00a0: indiquez ce jour.",
    },
    f"{STEP}order_civil_serve": {},
}
HINTS = {
    "en_US": "The day is that of the service. Was it not served to the debtor in person, his month "
    "to oppose counts from the first act to the person or the first measure on goods: give that "
    "day under “Deadlines count from”.",
    "fr_FR": "La date est celle de la signification. Si elle n’a pas été faite à personne, le mois "
    "d’opposition court du premier acte signifié à personne ou de la première mesure "
    "d’exécution\u00a0: indiquez ce jour sous «\u00a0Les délais courent du\u00a0».",
}


def migrate(cr, version):
    if not version:
        return
    # A settlement is the last step of a proceeding that is settled, or was followed by notes only.
    cr.execute(
        """
        UPDATE collection_proceeding proceeding
           SET settled_state = event.former_state
          FROM collection_proceeding_event event
          JOIN collection_procedure_step step ON step.id = event.step_id
         WHERE event.proceeding_id = proceeding.id
           AND proceeding.state = 'settled'
           AND proceeding.settled_state IS NULL
           AND step.event = 'settle'
           AND event.undoes_id IS NULL
           AND event.former_state IN ('filed', 'granted', 'served', 'opposed', 'hearing', 'judged',
                                      'enforceable', 'enforcement')
           AND NOT EXISTS (SELECT FROM collection_proceeding_event later
                             JOIN collection_procedure_step other ON other.id = later.step_id
                            WHERE later.proceeding_id = proceeding.id
                              AND later.id > event.id
                              AND other.event = 'settle'
                              AND later.undoes_id IS NULL)
        """
    )
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
    # Nobody is told of what took place before.
    for proceeding in env["collection.proceeding"].search([]):
        proceeding.amount_told = proceeding.amount_open
    _reopen_deadlines(env)
    _stay_proceedings(env)
    _renew_hints(env)


def _reopen_deadlines(env):
    """A settlement stops no time: what it dropped runs on, and is told of by the next alarms."""
    for proceeding in env["collection.proceeding"].search([("state", "=", "settled")]):
        proceeding = _speak(proceeding)
        try:
            with env.cr.savepoint():
                proceeding._reopen_dropped(proceeding._get_last_settlement())
        except UserError as error:
            # A day for which the law is not known keeps nobody from the update.
            _logger.info("Deadlines of proceeding %s: %s", proceeding.id, error)
            proceeding._message_log(body=str(error))


def _stay_proceedings(env):
    """What was insolvent already stops what is sued for of earlier debts; nobody hears of it."""
    insolvencies = env["collection.insolvency"]
    stopping = insolvencies.search(
        Domain("kind", "in", STAYING_KINDS)
        & Domain("judgement_date", "!=", False)
        & (Domain("state", "in", STAYING) | insolvencies._ended_for_good())
    )
    for record in stopping.filtered("case_id"):
        _speak(record).case_id.proceeding_ids._stay(record, is_news=False)


def _speak(record):
    """Let what is noted of a record be in the language of its company."""
    return record.with_context(lang=record.company_id.partner_id.lang)


def _renew_hints(env):
    """The old one asked for the wrong day, or was missing; one that people wrote stays.

    Language by language: who has written his own in one of them has kept the old one of others.
    """
    installed = {code for code, _name in env["res.lang"].get_installed()} | {"en_US"}
    for name, former in FORMER_HINTS.items():
        step = env.ref(name, raise_if_not_found=False)
        if not step:
            continue
        # Read before any is written: a language without words of its own shows the English ones.
        hints = {lang: step.with_context(lang=lang).hint or "" for lang in HINTS}
        for lang, hint in hints.items():
            is_former = any(words in hint for words in former.values()) if former else not hint
            if lang in installed and is_former:
                step.with_context(lang=lang).hint = HINTS[lang]
