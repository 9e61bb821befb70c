"""Appeals and dismissals of 19.0.1.0.0: notes and refusals then, steps of their own now.

What was recorded stays; what it is read as follows today's steps, of procedures that an office
copied too. Runs after the scripts that read the former events.
"""

from odoo import SUPERUSER_ID, api

from odoo.addons.recouvrement_creances.rules.procedure_steps import DECIDES

STEP = "recouvrement_creances.collection_procedure_step_"
# What a proceeding without a title was called while its appeal ran.
FORMER = ("rejected", "judged", "hearing")
# (a step, the one it comes after, the shipped one that is copied)
ADDED = (
    ("hear_appeal", "appeal", "summons_appeal_hear"),
    ("refer", "overturn", "summons_refer"),
)


def migrate(cr, version):
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
    _name_steps(env)
    _add_steps(env)
    _tell_dismissals(env)
    for proceeding in env["collection.proceeding"].search([]):
        _put_on_appeal(proceeding)
        _take_hearings_off(proceeding)


def _name_steps(env):
    """An appeal was a note with a hearing; a claim was dismissed as a request is refused."""
    env["collection.procedure.deadline"].search(
        [("effect", "=", "opens_short"), ("step_id.event", "=", "reject")]
    ).filtered(lambda line: _is_request(line.step_id)).unlink()
    appeals = env["collection.procedure.step"].search([("event", "=", "note")])
    appeals.filtered(
        lambda step: any(code.endswith(".own_appeal") for code in step._get_codes("closes"))
    ).write({"event": "appeal", "has_hearing": False})
    env["collection.procedure.step"].search(
        [("event", "=", "reject"), ("procedure_id.kind", "in", ("summons", "interim"))]
    ).write({"event": "dismiss"})


def _is_request(step):
    return "grant" in step.procedure_id.step_ids.mapped("event")


def _add_steps(env):
    """Give procedures that an office copied the steps that the shipped ones have."""
    for procedure in env["collection.procedure"].search([]):
        steps = procedure.step_ids
        events = set(steps.mapped("event"))
        for event, former, name in ADDED:
            if former in events and event not in events:
                before = steps.filtered(lambda step, former=former: step.event == former)[-1:]
                _copy_step(env, name, procedure, before.sequence)
        if {"reject", "oppose", "judge"} <= events and "dismiss" not in events:
            judge = steps.filtered(lambda step: step.event == "judge")[-1:]
            _copy_step(env, "order_commercial_dismiss", procedure, judge.sequence)


def _copy_step(env, name, procedure, sequence):
    step = env.ref(f"{STEP}{name}", raise_if_not_found=False)
    if step:
        step.copy({"procedure_id": procedure.id, "sequence": sequence})


def _tell_dismissals(env):
    """A request that was refused after a hearing was a claim that a judge dismissed."""
    env.flush_all()
    env.cr.execute(
        """
        UPDATE collection_proceeding_event event
           SET step_id = dismissal.id
          FROM collection_procedure_step step
          JOIN LATERAL (SELECT id FROM collection_procedure_step other
                         WHERE other.procedure_id = step.procedure_id
                           AND other.event = 'dismiss'
                      ORDER BY sequence, id LIMIT 1) dismissal ON TRUE
         WHERE step.id = event.step_id
           AND step.event = 'reject'
           AND (event.former_state = 'hearing' OR event.undoes_id IS NOT NULL
                AND EXISTS (SELECT FROM collection_proceeding_event undone
                             WHERE undone.id = event.undoes_id
                               AND undone.former_state = 'hearing'))
        """
    )
    env.invalidate_all()


def _put_on_appeal(proceeding):
    """Say what waits for a decision on its appeal, now and in what is taken back to."""
    has_title, has_appealed, is_on_appeal = bool(proceeding.title_date), False, False
    renamed = "enforcement" if has_title else "appealed"
    former = ("hearing",) if has_title else FORMER
    for event in proceeding._get_effective_events().sorted("id"):
        if is_on_appeal:
            _rename(event, former, renamed)
        kind = event.step_id.event
        # Heard again after a decision: a cassation had sent it back.
        if kind == "appeal" or (kind == "hear" and has_appealed):
            has_appealed = is_on_appeal = True
        elif kind in DECIDES:
            is_on_appeal = False
    if is_on_appeal:
        for name in ("state", "settled_state"):
            if proceeding[name] in former:
                proceeding._with_door()[name] = renamed


def _rename(event, former, renamed):
    values = event.former_values or {}
    if values.get("settled_state") in former:
        event.former_values = {**values, "settled_state": renamed}
    if event.former_state in former:
        event.former_state = renamed


def _take_hearings_off(proceeding):
    """What had ended is heard no more; whoever takes the end back has the hearing again."""
    if proceeding.state not in ("rejected", "withdrawn", "closed"):
        return
    # As people see it: without what is off the calendar already.
    proceeding = proceeding.with_context(active_test=True)
    moves = proceeding._get_effective_events().filtered(lambda one: one.step_id.event != "note")
    end, hearings = moves.sorted("id")[-1:], proceeding.hearing_ids
    proceeding._take_hearings_off()
    taken_off = hearings.filtered(lambda hearing: not hearing.active)
    if end and taken_off:
        end.dropped_hearings = [*(end.dropped_hearings or []), *taken_off.ids]
