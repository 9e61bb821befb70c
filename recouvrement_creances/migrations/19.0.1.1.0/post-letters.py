"""Batches of printed letters of 19.0.1.0.0 were kept for ever, as files of nothing.

They are named as what they are, and go with the next clean-up as later ones do. A file that
somebody sent on is his.
"""

# In the languages in which the add-on gave such a file its name.
NAMES = r"^(Letters|Lettres) \([0-9]+\)\.pdf$"


def migrate(cr, version):
    if not version:
        return
    cr.execute(
        """
        UPDATE ir_attachment file SET res_model = 'collection.channel.letter'
         WHERE file.res_model IS NULL AND COALESCE(file.res_id, 0) = 0
           AND file.res_field IS NULL AND file.mimetype = 'application/pdf'
           AND file.name ~ %s
           AND NOT EXISTS (SELECT FROM message_attachment_rel sent
                            WHERE sent.attachment_id = file.id)
        """,
        [NAMES],
    )
