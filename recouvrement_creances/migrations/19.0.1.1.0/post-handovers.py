"""The message with a link asks who took the file on nothing more; what was changed in it stays."""

TEMPLATE = "mail_template_handover_file"
ENGLISH = "The file can be read and downloaded on this page"
FRENCH = "Le fichier se consulte et se télécharge sur cette page"
# (what asks for the answer, what asks for nothing)
SENTENCES = (
    (
        f"<p>{ENGLISH}, where you also tell us whether you take it on:</p>",
        f"<p>{ENGLISH}:</p>",
    ),
    (
        f"<p>{FRENCH}, où vous nous dites aussi si vous l’acceptez\u00a0:</p>",
        f"<p>{FRENCH}\u00a0:</p>",
    ),
)


def migrate(cr, version):
    if not version:
        return
    for asking, plain in SENTENCES:
        accepted = plain.replace("<p>", "<p t-if=\"object.state == 'accepted'\">", 1)
        # one query per language, of which there are two
        cr.execute(
            """
            UPDATE mail_template template
               SET body_html = (SELECT jsonb_object_agg(key, replace(value, %s, %s))
                                  FROM jsonb_each_text(template.body_html))
              FROM ir_model_data data
             WHERE data.module = 'recouvrement_creances' AND data.name = %s
               AND data.model = 'mail.template' AND data.res_id = template.id
            """,
            (asking, accepted + asking.replace("<p>", '<p t-else="">', 1), TEMPLATE),
        )
