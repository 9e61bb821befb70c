"""What was said of cases that opened again after their purge is proposed for a purge of its own."""


def migrate(cr, version):
    if not version:
        return
    # Nothing is purged on the day of its closing: what closed since has opened again.
    cr.execute(
        """
        UPDATE collection_case
           SET purged_on = NULL
         WHERE purged_on IS NOT NULL AND (is_open IS TRUE OR closed_on >= purged_on)
        """
    )
