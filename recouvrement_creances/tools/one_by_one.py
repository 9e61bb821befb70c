"""How a scheduled action does something for many records, so that one stops no other."""

import logging

from psycopg2 import OperationalError

_logger = logging.getLogger(__name__)


def tell_one_by_one(records, what, tell, wake):
    """Tell of each record in a savepoint of its own; what breaks stands in its chatter.

    :param records: of models with a chatter, one by one
    :param str what: for the log, as "News"
    :param tell: what to do with a record
    :param wake: let it be done again in a new transaction, where somebody works on a record
    """
    for record in records:
        try:
            with record.env.cr.savepoint():
                tell(record)
        except OperationalError:
            wake()
        except Exception as error:
            _logger.info("%s of %s: %s", what, record.display_name, error)
            record._message_log(body=record.env._("Could not be told: %s", error))
