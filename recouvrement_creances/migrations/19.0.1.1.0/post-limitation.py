"""Which step said of an event on limitation that it is void: taking it back undoes just that."""


def migrate(cr, version):
    if not version:
        return
    # What a step did was written together with it, at one moment of the database.
    cr.execute(
        """
        UPDATE collection_proceeding_event event
           SET voided_limitation = found.ids
          FROM (SELECT step.id, jsonb_agg(DISTINCT said.event_id) AS ids
                  FROM collection_proceeding_event step
                  JOIN collection_procedure_step kind ON kind.id = step.step_id
                  JOIN collection_proceeding_event source
                    ON source.proceeding_id = step.proceeding_id
                  JOIN collection_limitation_event said
                    ON said.event_id = source.limitation_event_id
                   AND said.record_kind = 'void'
                   AND said.create_date = step.create_date
                 WHERE kind.event IN ('reject', 'dismiss', 'overturn', 'withdraw', 'close')
                   AND step.undoes_id IS NULL
                   AND step.voided_limitation IS NULL
              GROUP BY step.id) found
         WHERE event.id = found.id
        """
    )
