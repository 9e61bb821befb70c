from .models.contact.evidence_triggers import REMOVAL


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
    """Leave Odoo's own tables clean: address types, tasks and the evidence's database function."""
    env["res.partner"].with_context(active_test=False).search(
        [("type", "=", "collection")]
    ).type = "other"
    env["mail.activity"].with_context(active_test=False).search(
        [("res_model", "=like", "collection.%")]
    ).unlink()
    env.cr.execute(REMOVAL)
    env.cr.execute("DROP FUNCTION IF EXISTS collection_limitation_event_refuse() CASCADE")
