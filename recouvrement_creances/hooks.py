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


def uninstall_hook(env):
    """Leave Odoo's own tables clean: address types, tasks and the evidence's database function."""
    env["res.partner"].with_context(active_test=False).search(
        [("type", "=", "collection")]
    ).type = "other"
    env["mail.activity"].with_context(active_test=False).search(
        [("res_model", "=like", "collection.%")]
    ).unlink()
    env.cr.execute(REMOVAL)
