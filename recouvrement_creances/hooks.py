from odoo.tools.sql import create_column

from .models.contact.evidence_triggers import REMOVAL


def pre_init_hook(env):
    """Fill what the add-on computes of every partner in one statement.

    Computed by the ORM, the tracked indemnity would put a message on each partner of the database:
    hours of work for a large one, and noise on every card. Says what
    ``res.partner._compute_collection_debtor_kind`` and ``_compute_collection_owes_indemnity`` say.
    """
    create_column(env.cr, "res_partner", "collection_debtor_kind", "varchar")
    create_column(env.cr, "res_partner", "collection_owes_indemnity", "bool")
    env.cr.execute(
        """
        WITH RECURSIVE family AS (
            SELECT id, CASE WHEN is_company THEN 'professional' ELSE 'consumer' END AS kind
              FROM res_partner
             WHERE parent_id IS NULL
             UNION ALL
            SELECT child.id, family.kind
              FROM res_partner child
              JOIN family ON family.id = child.parent_id
        )
        UPDATE res_partner partner
           SET collection_debtor_kind = family.kind,
               collection_owes_indemnity = family.kind <> 'consumer'
          FROM family
         WHERE family.id = partner.id
        """
    )


def post_init_hook(env):
    """Give every company the professionals' policy, so that the first proposal shows something.

    Nothing is sent: the policies wait for a manager's confirmation.
    """
    policy = env.ref("recouvrement_creances.collection_policy_business", raise_if_not_found=False)
    if policy:
        env["res.company"].search(
            [("collection_policy_id", "=", False)]
        ).collection_policy_id = policy
    # Until its statistics know the new column, PostgreSQL takes every invoice to have a policy of
    # its own: the first decision would read them all.
    env.cr.execute("ANALYZE account_move (collection_policy_id)")


def uninstall_hook(env):
    """Leave Odoo's own tables clean: address types, tasks and the functions of triggers."""
    env["res.partner"].with_context(active_test=False).search(
        [("type", "=", "collection")]
    ).type = "other"
    env["mail.activity"].with_context(active_test=False).search(
        [("res_model", "=like", "collection.%")]
    ).unlink()
    env.cr.execute(REMOVAL)
    env.cr.execute("DROP FUNCTION IF EXISTS collection_limitation_event_refuse() CASCADE")
    env.cr.execute("DROP FUNCTION IF EXISTS collection_handover_decision_refuse() CASCADE")
